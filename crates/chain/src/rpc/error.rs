//! Errors of JSON-RPC calls, with the codes of the standard, of EIP-1474 and of geth.

use revm::primitives::Bytes;

use crate::{
    error::StoreError,
    limits::{
        BATCH_CALLS_MAX, LOG_CRITERIA_MAX, LOG_RANGE_BLOCKS_MAX, LOGS_RETURNED_MAX,
        REQUEST_BYTES_MAX, SUBSCRIPTIONS_MAX,
    },
    miner::SendError,
    transaction::Refusal,
};

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RpcError {
    #[error("parse error: {0}")]
    Parse(serde_json::Error),
    #[error("invalid request: {why}")]
    InvalidRequest { why: &'static str },
    #[error("request too large: expected at most {REQUEST_BYTES_MAX} bytes, found {found}")]
    RequestTooLarge { found: usize },
    #[error("batch too long: expected at most {BATCH_CALLS_MAX} calls, found {found}")]
    BatchTooLong { found: usize },
    #[error("the method {method} does not exist or is not available")]
    MethodNotFound { method: String },
    #[error("missing value for required argument {index}")]
    MissingParam { index: usize },
    #[error("invalid argument {index}: {source}")]
    InvalidParam { index: usize, source: serde_json::Error },
    #[error("invalid params: {why}")]
    InvalidParams { why: &'static str },
    #[error("header not found: expected a block up to {head}, found {wanted}")]
    UnknownBlock { wanted: String, head: u64 },
    #[error(
        "state of block {wanted} is not kept: this ledger answers state at its latest block, {head}"
    )]
    StateNotKept { wanted: u64, head: u64 },
    #[error("pruned history unavailable: expected a block from {from} on, found {wanted}")]
    Pruned { wanted: u64, from: u64 },
    #[error(
        "eth_getProof is not supported: stateRoot is a hash chain over state changes, not a Merkle Patricia root; \
         prove a receipt against receiptsRoot instead"
    )]
    NoProofs,
    #[error("notifications are not supported on this connection: subscribe over WebSocket")]
    NoNotifications,
    #[error("too many subscriptions: expected at most {SUBSCRIPTIONS_MAX} on one connection")]
    TooManySubscriptions,
    #[error("block range too large: expected at most {LOG_RANGE_BLOCKS_MAX} blocks, found {found}")]
    LogRange { found: u64 },
    #[error("query returned more than {LOGS_RETURNED_MAX} results: ask for fewer blocks at a time")]
    TooManyLogs,
    #[error("too many addresses and topics: expected at most {LOG_CRITERIA_MAX}, found {found}")]
    TooManyCriteria { found: usize },
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{}", reverted_text(data))]
    Reverted { data: Bytes },
    #[error("{reason}")]
    Halted { reason: String },
    #[error("gas required exceeds allowance ({allowance})")]
    GasAllowance { allowance: u64 },
    #[error(transparent)]
    Send(SendError),
    #[error("internal error: {0}")]
    Store(#[from] StoreError),
    #[error("internal error: the answer cannot be written as JSON: {0}")]
    Unserializable(serde_json::Error),
    #[error("internal error: the call did not end, which is this program's fault")]
    Panicked,
}

/// The stages of JSON-RPC 2.0 section 5.1, then EIP-1474's and geth's codes.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const INTERNAL_ERROR: i64 = -32603;
const SERVER_ERROR: i64 = -32000;
const LIMIT_EXCEEDED: i64 = -32005;
const NOT_SUPPORTED: i64 = -32004;
const EXECUTION_REVERTED: i64 = 3;
/// EIP-4444, as geth answers it.
const PRUNED: i64 = 4444;

impl RpcError {
    /// The error object's code.
    pub(crate) fn code(&self) -> i64 {
        match self {
            Self::Parse(_) => PARSE_ERROR,
            Self::InvalidRequest { .. }
            | Self::RequestTooLarge { .. }
            | Self::BatchTooLong { .. } => INVALID_REQUEST,
            Self::MethodNotFound { .. } => METHOD_NOT_FOUND,
            Self::MissingParam { .. } | Self::InvalidParam { .. } | Self::InvalidParams { .. } => {
                INVALID_PARAMS
            }
            Self::LogRange { .. }
            | Self::TooManyLogs
            | Self::TooManyCriteria { .. }
            | Self::TooManySubscriptions => LIMIT_EXCEEDED,
            Self::NoProofs | Self::NoNotifications => NOT_SUPPORTED,
            Self::Pruned { .. } => PRUNED,
            Self::Reverted { .. } => EXECUTION_REVERTED,
            Self::UnknownBlock { .. }
            | Self::StateNotKept { .. }
            | Self::Refused(_)
            | Self::Halted { .. }
            | Self::GasAllowance { .. }
            | Self::Send(SendError::Refused(_) | SendError::Full) => SERVER_ERROR,
            Self::Send(_) | Self::Store(_) | Self::Unserializable(_) | Self::Panicked => {
                INTERNAL_ERROR
            }
        }
    }

    /// The error object's data: what a reverted call returned.
    pub(crate) fn data(&self) -> Option<&Bytes> {
        match self {
            Self::Reverted { data } => Some(data),
            _ => None,
        }
    }
}

/// "execution reverted", with the reason when the data is Solidity's `Error(string)`.
fn reverted_text(data: &Bytes) -> String {
    match reason(data) {
        Some(reason) => format!("execution reverted: {reason}"),
        None => "execution reverted".to_owned(),
    }
}

/// The string of `Error(string)` (selector 0x08c379a0).
fn reason(data: &[u8]) -> Option<&str> {
    let body = data.strip_prefix(&[0x08, 0xc3, 0x79, 0xa0])?;
    let (offset, rest) = body.split_at_checked(32)?;
    let (length, text) = rest.split_at_checked(32)?;
    let small = |word: &[u8]| {
        let (high, low) = word.split_at_checked(28)?;
        high.iter().all(|byte| *byte == 0).then_some(())?;
        Some(u32::from_be_bytes(low.try_into().ok()?) as usize)
    };
    (small(offset)? == 32).then_some(())?;
    std::str::from_utf8(text.get(..small(length)?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_of_a_solidity_error() {
        let mut data = vec![0x08, 0xc3, 0x79, 0xa0];
        data.extend([0; 31]);
        data.push(32);
        data.extend([0; 31]);
        data.push(3);
        data.extend(*b"no!");
        data.extend([0; 29]);
        assert_eq!(reason(&data), Some("no!"));
        for end in 0..data.len() - 29 {
            assert_eq!(reason(&data[..end]), None, "cut at {end}");
        }
        assert_eq!(reverted_text(&Bytes::new()), "execution reverted");
    }
}
