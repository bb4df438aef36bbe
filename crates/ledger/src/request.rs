//! One JSON-RPC request and how it can fail.

use alloy::primitives::hex;
use alloy::rpc::client::RpcClient;
use alloy::rpc::json_rpc::{ErrorPayload, RpcError, RpcRecv, RpcSend};
use alloy::transports::TransportErrorKind;
use serde_json::Value;

/// A JSON-RPC request that brought no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Network or endpoint: no answer came; try again later.
    #[error("the ledger's endpoint did not answer {method}: {source}")]
    Unreachable {
        /// The JSON-RPC method.
        method: &'static str,
        /// What went wrong on the way.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The endpoint understood the request and refused it.
    #[error("the ledger's endpoint refused {method}: {message} (code {code})")]
    Refused {
        /// The JSON-RPC method.
        method: &'static str,
        /// JSON-RPC error code.
        code: i64,
        /// The endpoint's words.
        message: String,
        /// Revert data, where the refusal is that of a contract.
        data: Option<Vec<u8>>,
    },
    /// Endpoint: the answer is not what the method promises.
    #[error("the ledger's endpoint answered {method} with something else than expected: {found}")]
    Malformed {
        /// The JSON-RPC method.
        method: &'static str,
        /// What is wrong with the answer.
        found: String,
    },
}

impl RequestError {
    /// Whether the same request may succeed later without anything being changed.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unreachable { .. })
    }

    /// Whether the refusal says of a transaction that it is not there, for which Ethereum's
    /// specification has the answer `null`: cosmos/evm does ("GetTxByEthHash 0x…: ethereum tx not
    /// found").
    fn is_nothing_found(&self) -> bool {
        let Self::Refused { method, message, .. } = self else { return false };
        matches!(*method, "eth_getTransactionReceipt" | "eth_getTransactionByHash")
            && message.contains("tx not found")
    }

    fn new(method: &'static str, error: RpcError<TransportErrorKind>) -> Self {
        match error {
            RpcError::ErrorResp(payload) => Self::refused(method, payload),
            RpcError::Transport(source) => Self::Unreachable { method, source: source.into() },
            RpcError::DeserError { err, .. } => Self::Malformed { method, found: err.to_string() },
            other => Self::Malformed { method, found: other.to_string() },
        }
    }

    fn refused(method: &'static str, payload: ErrorPayload) -> Self {
        let data = payload.data.as_ref().and_then(|raw| serde_json::from_str(raw.get()).ok());
        Self::Refused {
            method,
            code: payload.code,
            message: payload.message.into_owned(),
            data: data.as_ref().and_then(revert_data),
        }
    }
}

/// Revert data in the `data` of a JSON-RPC error: text itself (geth, Besu), or one level inside an
/// object (others).
fn revert_data(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => {
            let digits = text.trim_start_matches("Reverted ").strip_prefix("0x")?;
            hex::decode(digits).ok()
        }
        Value::Object(fields) => fields.values().find_map(revert_data),
        _ => None,
    }
}

/// What an answer comes to.
fn answered<Answer: RpcRecv>(
    method: &'static str,
    answer: Result<Answer, RpcError<TransportErrorKind>>,
) -> Result<Answer, RequestError> {
    answer.or_else(|error| {
        let error = RequestError::new(method, error);
        let nothing = error.is_nothing_found().then(|| serde_json::from_value(Value::Null));
        nothing.and_then(Result::ok).ok_or(error)
    })
}

/// Sends one request and waits for its answer.
pub(crate) async fn ask<Params: RpcSend, Answer: RpcRecv>(
    client: &RpcClient,
    method: &'static str,
    params: Params,
) -> Result<Answer, RequestError> {
    answered(method, client.request(method, params).await)
}

/// Sends several requests as one batch and waits for all answers, in the order of the requests.
pub(crate) async fn ask_all<Params: RpcSend, Answer: RpcRecv>(
    client: &RpcClient,
    method: &'static str,
    all_params: impl Iterator<Item = Params>,
) -> Vec<Result<Answer, RequestError>> {
    let mut batch = client.new_batch();
    let waiting: Vec<_> =
        all_params.map(|params| batch.add_call::<_, Answer>(method, &params)).collect();
    if waiting.is_empty() {
        return Vec::new();
    }
    let failed = batch.send().await.err().map(|error| error.to_string());
    let mut answers = Vec::with_capacity(waiting.len());
    for waiter in waiting {
        answers.push(match (waiter, &failed) {
            (Ok(waiter), None) => answered(method, waiter.await),
            (Ok(_), Some(text)) => {
                Err(RequestError::Unreachable { method, source: text.as_str().into() })
            }
            (Err(error), _) => Err(RequestError::new(method, error)),
        });
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_that_is_not_there_is_none() {
        let refused = |message: &str| {
            let text = format!(r#"{{"code":-32000,"message":"{message}"}}"#);
            RpcError::ErrorResp(serde_json::from_str(&text).unwrap())
        };
        let missing = || refused("GetTxByEthHash 0x00: ethereum tx not found");
        assert!(matches!(
            answered::<Option<u64>>("eth_getTransactionReceipt", Err(missing())),
            Ok(None)
        ));
        assert!(answered::<Option<u64>>("eth_getBlockByNumber", Err(missing())).is_err());
        assert!(answered::<u64>("eth_getTransactionReceipt", Err(missing())).is_err());
        let other = refused("header not found");
        assert!(answered::<Option<u64>>("eth_getTransactionReceipt", Err(other)).is_err());
    }

    #[test]
    fn revert_data_is_found_where_endpoints_put_it() {
        for json in [
            r#""0x08c379a0""#,
            r#""Reverted 0x08c379a0""#,
            r#"{"txHash":5,"data":"0x08c379a0"}"#,
            r#"{"originalError":{"data":"0x08c379a0"}}"#,
        ] {
            let value = serde_json::from_str(json).unwrap();
            assert_eq!(revert_data(&value), Some(vec![0x08, 0xc3, 0x79, 0xa0]), "{json}");
        }
        assert_eq!(revert_data(&Value::String("no data".into())), None);
    }
}
