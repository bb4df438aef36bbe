//! Several calls in one transaction.

use alloy::sol_types::SolCall;

use super::{Call, Target};
use crate::bindings::custody::Custody;
use crate::connect::Deployment;

/// The contract and the input of one transaction.
pub(crate) struct Joined {
    pub(crate) target: Target,
    pub(crate) input: Vec<u8>,
}

/// Calls that cannot be one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// Caller: there is no call.
    #[error("expected at least one call for a transaction, found none")]
    NoCalls,
    /// Caller: only custody calls go together; give each call of another contract a transaction of
    /// its own.
    #[error(
        "expected one call of another contract or any number of custody calls in a transaction, found {others} of other contracts and {custody} custody calls"
    )]
    NotTogether {
        /// Number of calls of other contracts.
        others: usize,
        /// Number of custody calls.
        custody: usize,
    },
}

/// One call as it is; several custody calls through the contract's `multicall`.
pub(crate) fn join(calls: &[Call], at: &Deployment) -> Result<Joined, JoinError> {
    let custody = calls.iter().filter(|call| call.target() == Target::Custody).count();
    match calls {
        [] => Err(JoinError::NoCalls),
        [call] => Ok(Joined { target: call.target(), input: call.calldata(at) }),
        _ if custody < calls.len() => {
            Err(JoinError::NotTogether { others: calls.len() - custody, custody })
        }
        _ => {
            let data = calls.iter().map(|call| call.calldata(at).into()).collect();
            let input = Custody::multicallCall { data }.abi_encode();
            Ok(Joined { target: Target::Custody, input })
        }
    }
}
