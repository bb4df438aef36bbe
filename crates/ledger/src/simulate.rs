//! Trying calls without sending them.

use alloy::primitives::{Bytes, U64};
use serde_json::json;
use theriac_custody::Account;

use crate::bindings::convert::address;
use crate::call::{Call, JoinError, join};
use crate::connect::Ledger;
use crate::gas::Gas;
use crate::request::RequestError;
use crate::revert::Revert;

/// The JSON-RPC code of a call that a contract reverted.
const REVERTED: i64 = 3;

/// Calls that would not take effect, or could not be tried.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// Caller: the calls cannot be one transaction.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// The contract refuses the calls in the present state.
    #[error("the contract refuses: {0}")]
    Reverted(Revert),
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(RequestError),
}

impl From<RequestError> for SimulateError {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Refused { data: Some(data), .. } => Self::Reverted(Revert::decode(&data)),
            // cosmos/evm gives no data of errors that are not texts; the code is that of a revert.
            RequestError::Refused { code: REVERTED, .. } => Self::Reverted(Revert::decode(&[])),
            other => Self::Request(other),
        }
    }
}

impl Ledger {
    /// Tries one transaction with all `calls` from `account` on the newest state.
    ///
    /// # Errors
    ///
    /// When the contract refuses, or the endpoint does not answer as it should.
    pub async fn simulate(&self, account: Account, calls: &[Call]) -> Result<(), SimulateError> {
        let joined = join(calls, &self.deployment())?;
        let call = json!({
            "from": address(account),
            "to": self.contract(joined.target),
            "input": Bytes::from(joined.input),
            "gas": U64::from(Gas::TRANSACTION_MAX.0),
        });
        let _: Bytes = self.ask("eth_call", (call, "latest")).await?;
        Ok(())
    }
}
