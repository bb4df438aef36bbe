//! What an endpoint tells of the blocks of a bundle, asked before the bundle is checked.

use std::collections::BTreeMap;

use alloy::primitives::{B256, U64};
use alloy::rpc::client::RpcClient;
use serde::Deserialize;
use theriac_custody::Hash;

use super::block::CheckedHeader;
use super::collect::told_transaction;
use super::{Bundle, BundleError, LedgerProof, ToldTransaction};
use crate::bindings::convert::hash;
use crate::connect::{ConnectError, Ledger, chain_id};
use crate::request::{RequestError, ask as request, ask_all};
use crate::transport::Endpoint;

/// Most blocks asked for in one batch.
const BATCH: usize = 100;

/// What an endpoint told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// Its chain id.
    pub chain_id: u64,
    /// Its blocks by number, of those asked for; the ones that it does not know are missing.
    pub blocks: BTreeMap<u64, ToldBlock>,
    /// Its transactions by hash, for a network whose headers prove none.
    pub transactions: BTreeMap<Hash, ToldTransaction>,
}

/// A block as an endpoint told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldBlock {
    /// Its hash.
    pub hash: Hash,
    /// When it was made, in seconds since 1970-01-01T00:00Z.
    pub timestamp: u64,
}

/// An endpoint that could not be asked about a bundle.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The endpoint cannot be used at all.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The bundle has a header that cannot be read.
    #[error(transparent)]
    Bundle(#[from] BundleError),
}

#[derive(Debug, Deserialize)]
struct RawBlock {
    number: U64,
    hash: B256,
    timestamp: U64,
}

/// Asks an endpoint what must be known to check the bundle: of linked blocks the last one, else each,
/// and the transactions that no header proves.
///
/// # Errors
///
/// [`AskError`] if the endpoint cannot be asked, or the bundle has a header that cannot be read.
pub async fn ask(endpoint: &Endpoint, bundle: &Bundle) -> Result<Answers, AskError> {
    let connection = endpoint.connection(None).map_err(ConnectError::from)?;
    let wanted = numbers(&bundle.ledger)?;
    Ok(answers(connection.client(), &bundle.ledger, &wanted).await?)
}

/// As [`ask`], of the endpoint that the client speaks to.
///
/// # Errors
///
/// [`RequestError`] if it does not answer; of a bundle with headers that cannot be read nothing is
/// asked.
pub async fn ask_ledger(ledger: &Ledger, bundle: &Bundle) -> Result<Answers, RequestError> {
    let wanted = numbers(&bundle.ledger).unwrap_or_default();
    answers(ledger.client(), &bundle.ledger, &wanted).await
}

async fn answers(
    client: &RpcClient,
    ledger: &LedgerProof,
    wanted: &[u64],
) -> Result<Answers, RequestError> {
    let mut answers = Answers { chain_id: chain_id(client).await?, ..Answers::default() };
    for numbers in wanted.chunks(BATCH) {
        let all = numbers.iter().map(|number| (U64::from(*number), false));
        for block in ask_all(client, "eth_getBlockByNumber", all).await {
            let block: Option<RawBlock> = block?;
            if let Some(block) = block {
                let told = ToldBlock { hash: hash(block.hash), timestamp: block.timestamp.to() };
                answers.blocks.insert(block.number.to(), told);
            }
        }
    }
    if let LedgerProof::NotEthereum { transactions } = ledger {
        answers.transactions = transactions_at(client, transactions).await?;
    }
    Ok(answers)
}

async fn transactions_at(
    client: &RpcClient,
    transactions: &[ToldTransaction],
) -> Result<BTreeMap<Hash, ToldTransaction>, RequestError> {
    let mut found = BTreeMap::new();
    for one in transactions {
        let hash = B256::from(one.hash.0);
        let receipt: Option<serde_json::Value> =
            request(client, "eth_getTransactionReceipt", (hash,)).await?;
        if let Some(told) = receipt.as_ref().and_then(told_transaction) {
            found.insert(told.hash, told);
        }
    }
    Ok(found)
}

/// The blocks that must be asked for.
fn numbers(ledger: &LedgerProof) -> Result<Vec<u64>, BundleError> {
    let number = |bytes| CheckedHeader::of(bytes).map(|header| header.number);
    match ledger {
        LedgerProof::Chain { blocks, between } => {
            let of_blocks = blocks.iter().map(|block| &block.header);
            let all: Result<Vec<u64>, _> = of_blocks.chain(between).map(number).collect();
            Ok(all?.into_iter().max().into_iter().collect())
        }
        LedgerProof::History { head, .. } => Ok(vec![number(head)?]),
        LedgerProof::Separate { blocks } => {
            blocks.iter().map(|block| number(&block.header)).collect()
        }
        LedgerProof::NotEthereum { transactions } => {
            let mut all: Vec<u64> = transactions.iter().map(|one| one.block).collect();
            all.dedup();
            Ok(all)
        }
    }
}
