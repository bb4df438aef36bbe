//! Several calls in one transaction.

use alloy::sol_types::SolCall;

use super::{Call, Target};
use crate::bindings::custody::Custody;

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
    /// Caller: only custody calls go together; give each registry call a transaction of its own.
    #[error(
        "expected one registry call or any number of custody calls in a transaction, found {registry} registry and {custody} custody calls"
    )]
    NotTogether {
        /// Number of registry calls.
        registry: usize,
        /// Number of custody calls.
        custody: usize,
    },
}

/// One call as it is; several custody calls through the contract's `multicall`.
pub(crate) fn join(calls: &[Call]) -> Result<Joined, JoinError> {
    let registry = calls.iter().filter(|call| call.target() == Target::Registry).count();
    match calls {
        [] => Err(JoinError::NoCalls),
        [call] => Ok(Joined { target: call.target(), input: call.calldata() }),
        _ if registry > 0 => {
            Err(JoinError::NotTogether { registry, custody: calls.len() - registry })
        }
        _ => {
            let data = calls.iter().map(|call| call.calldata().into()).collect();
            let input = Custody::multicallCall { data }.abi_encode();
            Ok(Joined { target: Target::Custody, input })
        }
    }
}
