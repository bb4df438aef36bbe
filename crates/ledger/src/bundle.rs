//! Proof bundles: what a third party needs to be convinced of a pack and of each recorded step of
//! its life, trusting a block hash and the addresses of the contracts (DESIGN section 4).
//!
//! ```text
//! unit's secrets ── leaf ── Merkle path ── root, seed ── holding ──┐
//! EPCIS event ── event hash ── path ── cause ─────────────────────┤
//!                                                                 ▼
//!   header ── receiptsRoot ── Merkle-Patricia proof ── receipt ── log ── step of the walk
//!     └── parentHash, or the history of the head ── trusted block hash
//! ```
//!
//! # Invariants
//!
//! - A bundle claims nothing that is not checked: steps are not in it, they follow from the proven
//!   logs; a part that proves nothing is refused; it is read only in the one form it is written in.
//! - [`check`] is pure, and asks nobody: what an endpoint says comes in as [`Trust`].

mod answers;
mod block;
mod bytes;
mod check;
mod collect;
mod error;
mod evidence;
mod find;
mod history;
mod link;
mod origin;
mod party;
mod report;
mod subject;
mod text;
mod trie;
mod trust;
mod walk;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use theriac_custody::{Account, Hash, Salt};
use theriac_gs1::{Gtin, Lot, Serial};

pub use answers::{Answers, AskError, ToldBlock, ask, ask_ledger};
pub use bytes::HexBytes;
pub use check::{check, draft};
pub use collect::{CollectError, Evidence, Place, collect, told};
pub use error::BundleError;
pub use find::{ends_of_life, lot_logs, registry_logs};
pub use report::{
    Headers, Kind, Party, ProvenStep, ProvenUnit, Report, Standing, Told, TrustedBy, Until,
};
pub use subject::event_as_proven;
pub use trust::{Blocks, Trust};
pub use walk::Draft;

/// The value of [`Bundle::format`].
pub const FORMAT: &str = "theriac proof bundle 1";

/// Everything that proves a pack or an event, in one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: String,
    /// The ledger that it is about.
    pub network: Network,
    /// The pack; `null` in a bundle about events alone.
    pub unit: Option<UnitSecrets>,
    /// Events that the steps name as their causes, or that were anchored.
    pub events: Vec<EventProof>,
    /// The transactions that recorded it, and the blocks that they are in.
    pub ledger: LedgerProof,
}

/// A ledger: its chain id, and the contracts on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Chain id (EIP-155).
    pub chain_id: u64,
    /// Address of the contract of holdings and lots.
    pub custody: Account,
    /// Address of the contract of members, accounts and products.
    pub registry: Account,
}

/// A pack with the secrets that make its leaf, and the leaf's path in one of the holdings that it has
/// been in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSecrets {
    /// GTIN.
    pub gtin: Gtin,
    /// Serial number.
    pub serial: Serial,
    /// Lot number.
    pub lot: Lot,
    /// Last day on which it may be used.
    pub expiry: jiff::civil::Date,
    /// Salt of the lot's tag.
    pub lot_salt: Salt,
    /// Salt of the unit's hash.
    pub unit_salt: Salt,
    /// Leaf position.
    pub position: u64,
    /// Siblings up to the root, the lowest first.
    pub path: Vec<Hash>,
}

/// An EPCIS event, and the way from its hash to the cause or anchor that the ledger has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventProof {
    /// EPCIS 2.0 JSON as Theriac writes it, without `eventID` and `recordTime`, which no hash covers.
    pub event: Value,
    /// Number of the event among those of one cause, from 0.
    pub position: u64,
    /// Siblings up to the cause, the lowest first; empty if the event's hash is the cause.
    pub path: Vec<Hash>,
}

/// The transactions, and how their blocks lead to one that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "headers", rename_all = "snake_case", deny_unknown_fields)]
pub enum LedgerProof {
    /// All headers from the first block with a transaction to the head: each names the one before
    /// by its hash.
    Chain {
        /// The blocks with transactions, ascending.
        blocks: Vec<BlockProof>,
        /// The headers of the blocks in between, and up to the head, ascending.
        between: Vec<HexBytes>,
    },
    /// The head commits to all blocks before it (the embedded ledger).
    History {
        /// The blocks with transactions, ascending, the head not among them.
        blocks: Vec<BlockProof>,
        /// For each block the siblings from its hash up to the head's history root.
        paths: Vec<Vec<Hash>>,
        /// The header of the head.
        head: HexBytes,
    },
    /// Nothing links the blocks: there are too many between them. An endpoint can tell of each.
    Separate {
        /// The blocks with transactions, ascending.
        blocks: Vec<BlockProof>,
    },
    /// The network's block hashes are not those of its headers, so that receipts are not proven by
    /// them: only an endpoint can tell.
    NotEthereum {
        /// The transactions, in the order of the chain.
        transactions: Vec<ToldTransaction>,
    },
}

/// A block, and the transactions of it that matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockProof {
    /// The header in RLP; its keccak256 is the block's hash.
    pub header: HexBytes,
    /// The transactions, ascending.
    pub transactions: Vec<TransactionProof>,
}

/// A transaction and its receipt, as the header commits to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransactionProof {
    /// Its number in the block, from 0: the key in both tries.
    pub index: u64,
    /// Nodes from `transactionsRoot` to the transaction, which the last one holds (EIP-2718).
    pub transaction: Vec<HexBytes>,
    /// Nodes from `receiptsRoot` to the receipt, which the last one holds (EIP-2718).
    pub receipt: Vec<HexBytes>,
}

/// A transaction as an endpoint told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldTransaction {
    /// Number of its block.
    pub block: u64,
    /// Hash of its block.
    pub block_hash: Hash,
    /// Its number in the block, from 0.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
    /// The logs that it made.
    pub logs: Vec<ToldLog>,
}

/// A log as an endpoint told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldLog {
    /// The contract.
    pub address: Account,
    /// The topics.
    pub topics: Vec<Hash>,
    /// The data.
    pub data: HexBytes,
}
