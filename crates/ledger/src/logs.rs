//! Following what happens on the ledger.

mod complete;
mod receipts;

use alloy::primitives::{Address, B256, Bytes, LogData, U64};
use serde::{Deserialize, Serialize};
use serde_json::json;
use theriac_custody::Hash;

use crate::bindings::convert::hash;
use crate::call::Target;
use crate::connect::Ledger;
use crate::event::LedgerEvent;
use crate::event::decode::{DecodeError, decode};
use crate::request::RequestError;

/// Most blocks asked for at once. Endpoints that allow fewer are asked for fewer.
pub const BLOCKS_PER_REQUEST: u64 = 10_000;

/// The contracts whose logs are followed.
const FOLLOWED: [Target; 3] = [Target::Custody, Target::Registry, Target::Documents];

/// One occurrence on the ledger and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerLog {
    /// Number of the block.
    pub block: u64,
    /// Hash of the block.
    pub block_hash: Hash,
    /// Number of the log in the block, from 0.
    pub index: u64,
    /// The transaction.
    pub transaction: Hash,
    /// What happened.
    pub event: LedgerEvent,
}

/// Logs that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LogsError {
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Endpoint: it left out logs or blocks, or has others than a moment ago. Never to be skipped: try
    /// again, with another endpoint if there is one.
    #[error(
        "the ledger's endpoint has a gap at block {block}: {found}; other endpoints may have none"
    )]
    Gap {
        /// Number of the block.
        block: u64,
        /// What is wrong.
        found: String,
    },
    /// Deployment: the contract at the address is not of the interface that this program was built
    /// with.
    #[error("cannot read log {index} of block {block}: {source}")]
    NotOfInterface {
        /// Number of the block.
        block: u64,
        /// Number of the log in the block.
        index: u64,
        /// What is wrong with it.
        source: DecodeError,
    },
}

impl LogsError {
    /// Whether the same may succeed later, or with another endpoint, without anything being changed.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Request(error) => error.is_retryable(),
            Self::Gap { .. } => true,
            Self::NotOfInterface { .. } => false,
        }
    }
}

/// A log as JSON-RPC gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawLog {
    address: Address,
    topics: Vec<B256>,
    data: Bytes,
    block_number: U64,
    block_hash: B256,
    log_index: U64,
    transaction_hash: B256,
    #[serde(default)]
    removed: bool,
}

impl RawLog {
    pub(crate) fn block(&self) -> u64 {
        self.block_number.to()
    }
}

impl Ledger {
    /// What happened in the contracts in the blocks from `from_block` to `to_block`, both included,
    /// in order.
    ///
    /// What an endpoint in another process says is compared with the headers of all these blocks, so
    /// that logs which it left out are noticed, and found in the receipts of their block. All that is
    /// read is of one endpoint; if it does not answer or has a gap, the next one is asked.
    ///
    /// # Errors
    ///
    /// When no endpoint answers as it should, or a log is not of the contracts' interface;
    /// [`LogsError::Gap`] if logs or blocks are missing and are not found.
    pub async fn logs(&self, from_block: u64, to_block: u64) -> Result<Vec<LedgerLog>, LogsError> {
        let mut failed = None;
        for connection in self.connection().each() {
            let ledger = self.over(connection);
            match ledger.logs_of_one(from_block, to_block).await {
                Ok(logs) => {
                    ledger.connection().prefer();
                    return Ok(logs);
                }
                Err(error) if error.is_retryable() => {
                    ledger.connection().distrust(&error.to_string());
                    failed = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(failed.expect("an error of the last endpoint because there is at least one"))
    }

    async fn logs_of_one(&self, from: u64, to: u64) -> Result<Vec<LedgerLog>, LogsError> {
        let mut logs = Vec::new();
        let mut from = from;
        let mut span = BLOCKS_PER_REQUEST;
        while from <= to {
            let last = to.min(from.saturating_add(span - 1));
            let raw = match self.raw_logs(from, last).await {
                Ok(raw) => raw,
                // Endpoints limit blocks or logs per answer in words of their own, so any refusal is
                // tried with less.
                Err(RequestError::Refused { .. }) if last > from => {
                    span = (last - from).div_ceil(2);
                    continue;
                }
                Err(error @ RequestError::Refused { .. }) => {
                    self.logs_of_receipts(from).await?.ok_or(error)?
                }
                Err(error) => return Err(error.into()),
            };
            let raw = match self.connection().is_local() {
                true => raw,
                false => self.complete(from, last, raw).await?,
            };
            logs.extend(self.decoded(raw)?);
            let Some(next) = last.checked_add(1) else { break };
            from = next;
            span = span.saturating_mul(2).min(BLOCKS_PER_REQUEST);
        }
        logs.sort_by_key(|log| (log.block, log.index));
        Ok(logs)
    }

    async fn raw_logs(&self, from: u64, to: u64) -> Result<Vec<RawLog>, RequestError> {
        let filter = json!({
            "fromBlock": U64::from(from),
            "toBlock": U64::from(to),
            "address": FOLLOWED.map(|of| self.contract(of)),
        });
        self.ask("eth_getLogs", (filter,)).await
    }

    /// The contracts' logs of one block that has more logs than the endpoint gives at once; `None`
    /// if there is no such block.
    async fn logs_of_receipts(&self, block: u64) -> Result<Option<Vec<RawLog>>, RequestError> {
        let logs = receipts::logs_of_block(self.client(), block).await?;
        Ok(logs.map(|logs| logs.into_iter().filter(|log| self.is_followed(log)).collect()))
    }

    fn is_followed(&self, log: &RawLog) -> bool {
        FOLLOWED.iter().any(|of| self.contract(*of) == log.address)
    }

    pub(crate) fn decoded(&self, raw: Vec<RawLog>) -> Result<Vec<LedgerLog>, LogsError> {
        raw.into_iter()
            .filter(|log| !log.removed)
            .filter_map(|log| self.decode(log).transpose())
            .collect()
    }

    fn decode(&self, raw: RawLog) -> Result<Option<LedgerLog>, LogsError> {
        let of_address = |of: &Target| self.contract(*of) == raw.address;
        let Some(of) = FOLLOWED.into_iter().find(of_address) else { return Ok(None) };
        let (block, index) = (raw.block_number.to(), raw.log_index.to());
        let data = LogData::new_unchecked(raw.topics, raw.data);
        let event = decode(of, &data).map_err(|source| LogsError::NotOfInterface {
            block,
            index,
            source,
        })?;
        Ok(event.map(|event| LedgerLog {
            block,
            block_hash: hash(raw.block_hash),
            index,
            transaction: hash(raw.transaction_hash),
            event,
        }))
    }
}
