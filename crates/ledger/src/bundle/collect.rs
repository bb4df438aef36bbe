//! Collecting the ledger's part of a bundle over JSON-RPC.

use std::collections::{BTreeMap, BTreeSet};

use alloy::consensus::{Header, TxEnvelope};
use alloy::primitives::{B256, U64, keccak256};
use alloy::rpc::types::{Block, TransactionReceipt};
use alloy_eips::eip2718::Encodable2718;
use serde_json::Value;
use theriac_custody::Hash;

use super::block::CheckedHeader;
use super::{
    BlockProof, BundleError, HexBytes, LedgerProof, ToldLog, ToldTransaction, TransactionProof,
    history, trie,
};
use crate::bindings::convert::{account, b256, hash};
use crate::connect::Ledger;
use crate::request::{RequestError, ask_all};

/// Most headers between the first step and the head that a bundle carries.
pub(super) const HEADERS_MAX: u64 = 20_000;

/// Most headers asked for in one batch.
const BATCH: usize = 200;

/// JSON-RPC error code of a method that an endpoint does not have.
const NO_SUCH_METHOD: i64 = -32601;

/// The transactions that a bundle must prove.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    places: BTreeMap<u64, BTreeSet<Hash>>,
}

/// A transaction and its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Number of the block.
    pub block: u64,
    /// The transaction.
    pub transaction: Hash,
}

impl Evidence {
    /// Adds a transaction; one that is there already stays.
    pub fn add(&mut self, place: Place) {
        self.places.entry(place.block).or_default().insert(place.transaction);
    }

    /// Takes transactions out.
    pub fn leave_out(&mut self, transactions: &[Hash]) {
        self.places.retain(|_, list| {
            list.retain(|transaction| !transactions.contains(transaction));
            !list.is_empty()
        });
    }

    /// The block of the last transaction.
    pub fn last_block(&self) -> Option<u64> {
        self.places.keys().next_back().copied()
    }
}

/// Why the proofs of transactions cannot be collected.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The endpoint does not have a block, or not its transactions any more.
    #[error(
        "expected block {number} with its transactions at the endpoint, found none: ask an endpoint that keeps old blocks"
    )]
    NoBlock {
        /// Number of the block.
        number: u64,
    },
    /// A transaction is not where it should be: the chain was reorganised.
    #[error(
        "expected the transaction {transaction} in block {block}, found it elsewhere: try again when the node has followed the ledger"
    )]
    Moved {
        /// The transaction.
        transaction: Hash,
        /// Number of the block.
        block: u64,
    },
    /// The head that was asked for is before a step.
    #[error(
        "expected a block after the last step in block {last}, found {found}: ask for a later block"
    )]
    HeadTooEarly {
        /// Number of the block of the last step.
        last: u64,
        /// Number of the block that was asked for.
        found: u64,
    },
    /// A header of the endpoint cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

/// A block of which every root was computed again.
enum Proven {
    Block(BlockProof),
    /// Its hash or a root is not what Ethereum's rules give.
    NotEthereum,
}

/// Proves the transactions up to the block `head`; without one up to the newest final block, or the
/// last step.
///
/// # Errors
///
/// [`CollectError`] if the endpoint does not answer as it should, or does not have the blocks.
pub async fn collect(
    ledger: &Ledger,
    evidence: &Evidence,
    head: Option<u64>,
) -> Result<LedgerProof, CollectError> {
    let last = evidence.last_block().ok_or(BundleError::NoBlock)?;
    let head = match head {
        Some(found) if found < last => return Err(CollectError::HeadTooEarly { last, found }),
        Some(head) if head > ledger.head().await?.number => {
            return Err(CollectError::NoBlock { number: head });
        }
        Some(head) => head,
        None => newest(ledger).await?.max(last),
    };
    let mut blocks = Vec::with_capacity(evidence.places.len());
    for (number, transactions) in &evidence.places {
        match block(ledger, *number, transactions).await? {
            Proven::Block(block) => blocks.push(block),
            Proven::NotEthereum => return told(ledger, evidence).await,
        }
    }
    if let Some(paths) = paths(ledger, evidence, head).await?
        && let Some(head) = headers(ledger, vec![head]).await?.pop()
        && leads(&blocks, &paths, &head)?
    {
        return Ok(LedgerProof::History { blocks, paths, head });
    }
    let first = evidence.places.keys().next().copied().unwrap_or(last);
    if head - first > HEADERS_MAX {
        return Ok(LedgerProof::Separate { blocks });
    }
    let missing = (first..=head).filter(|number| !evidence.places.contains_key(number)).collect();
    let between = headers(ledger, missing).await?;
    Ok(LedgerProof::Chain { blocks, between })
}

/// The newest block that is final; on endpoints that know no such, the newest.
async fn newest(ledger: &Ledger) -> Result<u64, RequestError> {
    let finalized = ledger.ask::<_, Option<Value>>("eth_getBlockByNumber", ("finalized", false));
    let number = finalized.await.ok().flatten().and_then(|block| number_of(&block));
    match number {
        Some(number) => Ok(number),
        None => Ok(ledger.ask::<_, U64>("eth_blockNumber", ()).await?.to()),
    }
}

fn number_of(block: &Value) -> Option<u64> {
    let number: U64 = serde_json::from_value(block.get("number")?.clone()).ok()?;
    Some(number.to())
}

/// A block with the proofs of its transactions.
async fn block(
    ledger: &Ledger,
    number: u64,
    wanted: &BTreeSet<Hash>,
) -> Result<Proven, CollectError> {
    let told: Option<Value> = ledger.ask("eth_getBlockByNumber", (U64::from(number), true)).await?;
    let told = told.ok_or(CollectError::NoBlock { number })?;
    let Ok(told) = serde_json::from_value::<Block>(told) else { return Ok(Proven::NotEthereum) };
    let header = alloy_rlp::encode(&told.header.inner);
    if keccak256(&header) != told.header.hash {
        return Ok(Proven::NotEthereum);
    }
    let Some(transactions) = told.transactions.as_transactions() else {
        return Err(CollectError::NoBlock { number });
    };
    let mut raw = Vec::with_capacity(transactions.len());
    let mut hashes = Vec::with_capacity(transactions.len());
    for transaction in transactions {
        let envelope: &TxEnvelope = transaction.inner.inner();
        raw.push(envelope.encoded_2718());
        hashes.push(hash(*envelope.tx_hash()));
    }
    let receipts: Option<Value> = ledger.ask("eth_getBlockReceipts", (U64::from(number),)).await?;
    let Some(receipts) = receipts.and_then(|list| encoded_receipts(&list)) else {
        return Ok(Proven::NotEthereum);
    };
    let mut indices = Vec::new();
    for transaction in wanted {
        let moved = CollectError::Moved { transaction: *transaction, block: number };
        indices.push(hashes.iter().position(|hash| hash == transaction).ok_or(moved)?);
    }
    indices.sort_unstable();
    Ok(proven(&told.header.inner, header, (&raw, &receipts), &indices))
}

/// The receipts of a block as the header commits to them.
fn encoded_receipts(list: &Value) -> Option<Vec<Vec<u8>>> {
    let receipts: Vec<TransactionReceipt> = serde_json::from_value(list.clone()).ok()?;
    let encoded =
        |receipt: TransactionReceipt| receipt.into_inner().into_primitives_receipt().encoded_2718();
    Some(receipts.into_iter().map(encoded).collect())
}

fn proven(
    header: &Header,
    encoded: Vec<u8>,
    (transactions, receipts): (&[Vec<u8>], &[Vec<u8>]),
    indices: &[usize],
) -> Proven {
    if transactions.len() != receipts.len() {
        return Proven::NotEthereum;
    }
    let (transactions_root, of_transactions) = trie::prove(transactions, indices);
    let (receipts_root, of_receipts) = trie::prove(receipts, indices);
    if transactions_root != header.transactions_root || receipts_root != header.receipts_root {
        return Proven::NotEthereum;
    }
    let proofs = indices.iter().zip(of_transactions).zip(of_receipts);
    let transactions = proofs
        .map(|((index, transaction), receipt)| TransactionProof {
            index: *index as u64,
            transaction,
            receipt,
        })
        .collect();
    Proven::Block(BlockProof { header: HexBytes(encoded), transactions })
}

/// Paths from the blocks to the head's history; `None` if the endpoint keeps none.
async fn paths(
    ledger: &Ledger,
    evidence: &Evidence,
    head: u64,
) -> Result<Option<Vec<Vec<Hash>>>, RequestError> {
    let mut paths = Vec::with_capacity(evidence.places.len());
    for number in evidence.places.keys() {
        if *number == head {
            paths.push(Vec::new());
            continue;
        }
        let range = (U64::from(*number), U64::from(head));
        match ledger.ask::<_, Vec<B256>>("theriac_getHistoryProof", range).await {
            Ok(path) => paths.push(path.into_iter().map(hash).collect()),
            Err(RequestError::Refused { code: NO_SUCH_METHOD, .. }) => return Ok(None),
            // Some endpoints have codes of their own for methods that they do not know.
            Err(RequestError::Refused { .. } | RequestError::Malformed { .. }) => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(paths))
}

/// Whether the head commits to the blocks as the paths say.
fn leads(blocks: &[BlockProof], paths: &[Vec<Hash>], head: &HexBytes) -> Result<bool, BundleError> {
    let head = CheckedHeader::of(head)?;
    for (block, path) in blocks.iter().zip(paths) {
        let header = CheckedHeader::of(&block.header)?;
        if !history::commits(&head, &header, path) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Headers by number.
async fn headers(ledger: &Ledger, numbers: Vec<u64>) -> Result<Vec<HexBytes>, CollectError> {
    let mut headers = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(BATCH) {
        let all = numbers.iter().map(|number| (U64::from(*number), false));
        let blocks = ask_all(ledger.client(), "eth_getBlockByNumber", all).await;
        for (number, block) in numbers.iter().zip(blocks) {
            let block: Option<Block> = block?;
            let block = block.ok_or(CollectError::NoBlock { number: *number })?;
            headers.push(HexBytes(alloy_rlp::encode(&block.header.inner)));
        }
    }
    Ok(headers)
}

/// The transactions as the endpoint tells of them, without proof.
///
/// # Errors
///
/// As [`collect`].
pub async fn told(ledger: &Ledger, evidence: &Evidence) -> Result<LedgerProof, CollectError> {
    let mut transactions = Vec::new();
    for (block, hashes) in &evidence.places {
        for transaction in hashes {
            let receipt: Option<Value> =
                ledger.ask("eth_getTransactionReceipt", (b256(*transaction),)).await?;
            let moved = CollectError::Moved { transaction: *transaction, block: *block };
            transactions.push(receipt.as_ref().and_then(told_transaction).ok_or(moved)?);
        }
    }
    transactions.sort_by_key(|told| (told.block, told.index));
    Ok(LedgerProof::NotEthereum { transactions })
}

/// A transaction that took effect, as a receipt tells of it.
pub(super) fn told_transaction(receipt: &Value) -> Option<ToldTransaction> {
    let receipt: RawReceipt = serde_json::from_value(receipt.clone()).ok()?;
    let log = |log: RawLog| ToldLog {
        address: account(log.address),
        topics: log.topics.into_iter().map(hash).collect(),
        data: HexBytes(log.data.to_vec()),
    };
    (receipt.status == U64::from(1)).then(|| ToldTransaction {
        block: receipt.block_number.to(),
        block_hash: hash(receipt.block_hash),
        index: receipt.transaction_index.to(),
        hash: hash(receipt.transaction_hash),
        logs: receipt.logs.into_iter().map(log).collect(),
    })
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawReceipt {
    status: U64,
    block_number: U64,
    block_hash: B256,
    transaction_index: U64,
    transaction_hash: B256,
    logs: Vec<RawLog>,
}

#[derive(Debug, serde::Deserialize)]
struct RawLog {
    address: alloy::primitives::Address,
    topics: Vec<B256>,
    data: alloy::primitives::Bytes,
}
