//! Why a bundle proves nothing.

use theriac_custody::{Account, Hash};

/// A bundle that does not prove what it should. Unless said otherwise the bundle is at fault: it was
/// altered, or made wrongly, and another must be asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The text is no bundle.
    #[error("expected a proof bundle, found {found}")]
    NotJson {
        /// What is wrong with it, and where.
        found: String,
    },
    /// The bundle is of another format.
    #[error(
        "expected the format {:?}, found {found:?}: a newer program may read it",
        super::FORMAT
    )]
    Format {
        /// The format that it names.
        found: String,
    },
    /// The text is not as it was written.
    #[error(
        "expected the bundle as it was written, to the byte, found a difference at byte {at}: it was altered, or formatted anew"
    )]
    NotAsWritten {
        /// Offset of the first byte that differs.
        at: usize,
    },
    /// The reader trusts another ledger than the bundle is about.
    #[error(
        "expected the chain id {expected}, found a bundle about {found}: it is of another network"
    )]
    OtherChain {
        /// The chain id that is trusted.
        expected: u64,
        /// The bundle's.
        found: u64,
    },
    /// The reader trusts another contract than the bundle is about.
    #[error(
        "expected the {contract} contract {expected}, found a bundle about {found}: it is of another deployment"
    )]
    OtherContract {
        /// `custody` or `registry`.
        contract: &'static str,
        /// The address that is trusted.
        expected: Account,
        /// The bundle's.
        found: Account,
    },
    /// Bytes that are no header of a block.
    #[error("expected the header of a block, found {found}")]
    HeaderUnreadable {
        /// What is wrong with them.
        found: String,
    },
    /// No block at all.
    #[error("expected a block with a transaction, found none")]
    NoBlock,
    /// Blocks are out of order or listed twice.
    #[error("expected blocks in ascending order, found block {found} after block {before}")]
    BlocksNotAscending {
        /// Number of the block before.
        before: u64,
        /// Number of the block.
        found: u64,
    },
    /// A header is missing in the chain, or does not name the one before.
    #[error(
        "expected block {number} to follow the block with the hash {expected}, found that it follows {found}"
    )]
    NotLinked {
        /// Number of the block.
        number: u64,
        /// Hash of the block before in the bundle.
        expected: Hash,
        /// The parent that its header names.
        found: Hash,
    },
    /// Chain and headers between are not one chain.
    #[error("expected the header of block {number}, found none")]
    HeaderMissing {
        /// Number of the block.
        number: u64,
    },
    /// A path does not lead to the head's history root.
    #[error(
        "expected block {number} in the history of block {head}, found that its path leads elsewhere"
    )]
    NotInHistory {
        /// Number of the block.
        number: u64,
        /// Number of the head.
        head: u64,
    },
    /// Not one path for each block.
    #[error("expected {expected} paths to the head's history, found {found}")]
    Paths {
        /// Number of blocks.
        expected: usize,
        /// Number of paths.
        found: usize,
    },
    /// The trusted block hash is not one of the bundle's.
    #[error(
        "expected the trusted block hash {expected}, found {found} as that of the last block {number}: the bundle is of another chain, or must be made with theriac prove --block for the trusted block"
    )]
    OtherBlock {
        /// The hash that is trusted.
        expected: Hash,
        /// Hash of the last block.
        found: Hash,
        /// Number of the last block.
        number: u64,
    },
    /// The trusted block is older than a step.
    #[error(
        "expected all steps up to block {trusted}, found one in block {found}: trust the hash of a later block"
    )]
    AfterTrusted {
        /// Number of the trusted block.
        trusted: u64,
        /// Number of the block of the step.
        found: u64,
    },
    /// Only an endpoint can tell whether the blocks are those of the chain. The reader must name one.
    #[error(
        "expected an endpoint that is asked for each block, found none: the headers in this bundle are {headers}; give --rpc URL"
    )]
    NeedsEndpoint {
        /// Why.
        headers: &'static str,
    },
    /// The endpoint has another block, or none.
    #[error("expected block {number} with the hash {expected} at the endpoint, found {}: the bundle, or the endpoint, is of another chain", .found.map_or_else(|| "none".to_owned(), |found| found.to_string()))]
    NotAtEndpoint {
        /// Number of the block.
        number: u64,
        /// Hash in the bundle.
        expected: Hash,
        /// Hash at the endpoint.
        found: Option<Hash>,
    },
    /// The endpoint tells otherwise of a transaction, or does not know it.
    #[error(
        "expected the transaction {transaction} with its logs at the endpoint, found it otherwise or not at all"
    )]
    TransactionDiffers {
        /// The transaction.
        transaction: Hash,
    },
    /// A transaction or receipt is not in its block.
    #[error("expected {what} {index} of block {number}, found {found}")]
    NotInBlock {
        /// `transaction` or `receipt`.
        what: &'static str,
        /// Number of the block.
        number: u64,
        /// Number in the block.
        index: u64,
        /// What is wrong with the proof.
        found: String,
    },
    /// Transactions of a block are out of order or listed twice.
    #[error(
        "expected transactions in ascending order, found {index} of block {number} out of order"
    )]
    TransactionsNotAscending {
        /// Number of the block.
        number: u64,
        /// Number in the block.
        index: u64,
    },
    /// A transaction is of another chain.
    #[error("expected transactions of the chain {expected}, found one of {}", .found.map_or_else(|| "any chain".to_owned(), |found| found.to_string()))]
    TransactionOfOtherChain {
        /// The bundle's chain id.
        expected: u64,
        /// The transaction's.
        found: Option<u64>,
    },
    /// A transaction had no effect.
    #[error("expected a transaction that took effect, found that {transaction} was reverted")]
    Reverted {
        /// The transaction.
        transaction: Hash,
    },
    /// A log of the contracts cannot be read.
    #[error("expected a log of the contracts in transaction {transaction}, found {found}")]
    LogUnreadable {
        /// The transaction.
        transaction: Hash,
        /// What is wrong with it.
        found: String,
    },
    /// A position outside its tree.
    #[error(
        "expected a position below 2^{siblings}, as many as its {siblings} siblings prove, found {position}"
    )]
    Path {
        /// Number of siblings.
        siblings: usize,
        /// The position.
        position: u64,
    },
    /// An expiry date that the ledger cannot have.
    #[error("expected an expiry date from 1970-01-01 on, found {found}")]
    ExpiryOutOfRange {
        /// The date.
        found: String,
    },
    /// An event cannot be read.
    #[error("expected event {number} in EPCIS 2.0 JSON, found {found}")]
    EventUnreadable {
        /// Its number in the bundle, from 0.
        number: usize,
        /// What is wrong with it, and where.
        found: String,
    },
    /// An event has parts that its hash does not cover.
    #[error(
        "expected event {number} as this program writes it, found more, less or other words in it"
    )]
    EventNotAsWritten {
        /// Its number in the bundle, from 0.
        number: usize,
    },
    /// An event is listed twice.
    #[error("expected each event once, found event {number} ({hash}) again")]
    EventTwice {
        /// Its number in the bundle, from 0.
        number: usize,
        /// Its hash.
        hash: Hash,
    },
    /// An event that no step names.
    #[error(
        "expected each event to be the cause of a step, found that nothing on the ledger names event {number} ({hash})"
    )]
    EventUnproven {
        /// Its number in the bundle, from 0.
        number: usize,
        /// Its hash.
        hash: Hash,
    },
    /// Events are not in the order of the steps that they caused.
    #[error(
        "expected events in the order of the steps that name them, found event {number} out of order"
    )]
    EventsNotInOrder {
        /// Its number in the bundle, from 0.
        number: usize,
    },
    /// An event stands elsewhere among those anchored with it.
    #[error(
        "expected event {number} among the {count} events of its anchor, found a path of {siblings} siblings to position {position}"
    )]
    AnchorCount {
        /// Its number in the bundle, from 0.
        number: usize,
        /// Number of events that were anchored together.
        count: u32,
        /// Number of siblings of its path.
        siblings: usize,
        /// Its position.
        position: u64,
    },
    /// A transaction that proves nothing.
    #[error(
        "expected each transaction to prove a step or a member, found that {transaction} proves nothing here"
    )]
    TransactionUnused {
        /// The transaction.
        transaction: Hash,
    },
    /// No log opened the lot.
    #[error(
        "expected a log that opens the lot of the pack, found none: its lot, or its salt, is not what the ledger knows"
    )]
    LotUnknown,
    /// The lot has another expiry date on the ledger.
    #[error(
        "expected the expiry date that the ledger has ({expected} days since 1970-01-01), found {found}"
    )]
    ExpiryDiffers {
        /// The ledger's.
        expected: u32,
        /// The bundle's.
        found: u32,
    },
    /// The lot was not opened by the labeler of the GTIN.
    #[error("expected the lot to be opened by the labeler of the GTIN ({}), found the account {account} of {}", gln(*.labeler), gln(*.member))]
    NotLabeler {
        /// GLN of the labeler; `None`: no proof that the GTIN is registered.
        labeler: Option<u64>,
        /// The account that opened the lot.
        account: Account,
        /// GLN of the member that it acts for; `None`: no proof that it acts for one.
        member: Option<u64>,
    },
    /// The pack was commissioned by another member than the one that opened its lot.
    #[error(
        "expected the pack to be commissioned by the member that opened its lot (GLN {expected}), found the account {account} of GLN {found}"
    )]
    OtherMaker {
        /// GLN of the lot's labeler.
        expected: String,
        /// The account that commissioned it.
        account: Account,
        /// GLN of the member that it acts for.
        found: String,
    },
    /// No log commissioned the pack.
    #[error(
        "expected a log that commissions a holding with the root {root}, found none: the pack, or a secret of it, is not what the ledger knows"
    )]
    NotCommissioned {
        /// The root that the pack's path leads to.
        root: Hash,
    },
    /// The pack's leaf stands in a holding of another lot.
    #[error(
        "expected a holding of the lot {expected}, found that the pack was commissioned in one of the lot {found}"
    )]
    OtherLot {
        /// Tag of the pack's lot.
        expected: Hash,
        /// Tag of the lot that the holding was commissioned as.
        found: Hash,
    },
    /// A bundle without a pack and without an event.
    #[error("expected a pack or an event, found neither")]
    NoSubject,
    /// An account acts for a member that is not proven.
    #[error("expected a proof of the member for whom the account {account} acts, found none")]
    AccountUnknown {
        /// The account.
        account: Account,
    },
    /// A step that the contracts do not allow after the ones before: one is missing.
    #[error(
        "expected a step that can follow, found that the pack was {what} while {standing}: a step is missing"
    )]
    StepMissing {
        /// The step.
        what: String,
        /// How the pack stood.
        standing: String,
    },
}

fn gln(number: Option<u64>) -> String {
    number.map_or_else(|| "not proven".to_owned(), |number| format!("GLN {number:013}"))
}
