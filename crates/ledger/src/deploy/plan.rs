//! What is to be deployed.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolConstructor;
use serde::{Deserialize, Serialize};
use theriac_custody::Account;

use super::found::Places;
use crate::bindings::convert::address;
use crate::bindings::custody::Custody;
use crate::bindings::documents::Documents;
use crate::bindings::registry::Registry;
use crate::bindings::timelock::Timelock;
use crate::call::Target;

/// The parameters of new contracts, which cannot be changed later, but for the governor and the delay
/// (by the timelock).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeployPlan {
    /// The first governor: admits members, and proposes and executes what waits in the timelock.
    pub governor: Account,
    /// How long governors' gravest decisions wait, in seconds.
    pub delay_s: u64,
    /// Days after their last day on which goods can be pruned from the ledger.
    pub grace_days: u16,
}

impl DeployPlan {
    /// Two days, in seconds.
    pub const DELAY_S: u64 = 2 * 86_400;
    /// A year, in days.
    pub const GRACE_DAYS: u16 = 365;

    /// The usual parameters, with a governor.
    pub fn new(governor: Account) -> Self {
        Self { governor, delay_s: Self::DELAY_S, grace_days: Self::GRACE_DAYS }
    }

    /// The input of the transaction that creates a contract, after those before it.
    pub(super) fn creation(&self, contract: Target, places: &Places) -> Vec<u8> {
        let governor = address(self.governor);
        let registry = places.of(Target::Registry);
        let (code, arguments): (&[u8], _) = match contract {
            Target::Timelock => {
                let call = Timelock::constructorCall {
                    minDelay: U256::from(self.delay_s),
                    proposers: vec![governor],
                    executors: vec![governor],
                    admin: Address::ZERO,
                };
                (&Timelock::BYTECODE, call.abi_encode())
            }
            Target::Registry => {
                let timelock = places.of(Target::Timelock);
                (&Registry::BYTECODE, Registry::constructorCall { timelock, governor }.abi_encode())
            }
            Target::Custody => {
                let call =
                    Custody::constructorCall { registry_: registry, graceDays_: self.grace_days };
                (&Custody::BYTECODE, call.abi_encode())
            }
            Target::Documents => {
                let call = Documents::constructorCall { registry_: registry };
                (&Documents::BYTECODE, call.abi_encode())
            }
        };
        [code, &arguments].concat()
    }
}
