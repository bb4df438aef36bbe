//! What an account deployed before.

use alloy::primitives::{Address, B256, Bytes, U64, U256, keccak256};
use alloy::rpc::client::RpcClient;
use theriac_custody::Account;

use super::{DeployError, DeployPlan, code};
use crate::bindings::convert::{account, address};
use crate::bindings::custody::Custody as C;
use crate::bindings::documents::Documents as D;
use crate::bindings::registry::Registry as R;
use crate::bindings::timelock::Timelock as T;
use crate::call::Target;
use crate::connect::Deployment;
use crate::read::{ReadError, read_at};
use crate::request::{ask, ask_all};

/// How many of an account's last transactions are looked at for contracts that it made.
const LOOKED_BACK: u64 = 256;

/// The contracts found or made so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Places([Address; 4]);

impl Places {
    pub(super) fn of(&self, contract: Target) -> Address {
        self.0[contract as usize]
    }

    pub(super) fn put(&mut self, contract: Target, address: Address) {
        self.0[contract as usize] = address;
    }

    pub(super) fn deployment(&self, chain_id: u64) -> Deployment {
        let of = |contract| account(self.of(contract));
        Deployment {
            chain_id,
            registry: of(Target::Registry),
            custody: of(Target::Custody),
            documents: of(Target::Documents),
            timelock: of(Target::Timelock),
        }
    }
}

/// A contract that the account made, and its code.
pub(super) struct Candidate {
    address: Address,
    code: Bytes,
}

/// The contracts that an account made with its last transactions, the oldest first.
pub(super) async fn candidates(
    client: &RpcClient,
    of: Account,
) -> Result<Vec<Candidate>, DeployError> {
    let nonce: U64 = ask(client, "eth_getTransactionCount", (address(of), "latest")).await?;
    let nonce: u64 = nonce.to();
    let addresses: Vec<_> =
        (nonce.saturating_sub(LOOKED_BACK)..nonce).map(|n| address(of).create(n)).collect();
    let mut candidates = Vec::new();
    for part in addresses.chunks(64) {
        let params = part.iter().map(|address| (*address, "latest"));
        let codes = ask_all::<_, Bytes>(client, "eth_getCode", params).await;
        for (address, code) in part.iter().zip(codes) {
            let (address, code) = (*address, code?);
            if !code.is_empty() {
                candidates.push(Candidate { address, code });
            }
        }
    }
    Ok(candidates)
}

/// The first candidate that is the contract, as the plan makes it after those before it.
pub(super) async fn find(
    client: &RpcClient,
    plan: &DeployPlan,
    contract: Target,
    places: &Places,
    candidates: &[Candidate],
) -> Result<Option<Address>, DeployError> {
    for one in candidates.iter().filter(|one| code::is_of(contract, &one.code)) {
        if is_as_planned(client, plan, contract, places, one.address).await? {
            return Ok(Some(one.address));
        }
    }
    Ok(None)
}

/// Whether the contract at an address is the one that the plan makes after those before it.
pub(super) async fn is_ours(
    client: &RpcClient,
    plan: &DeployPlan,
    contract: Target,
    places: &Places,
    at: Address,
) -> Result<bool, DeployError> {
    let found: Bytes = ask(client, "eth_getCode", (at, "latest")).await?;
    Ok(code::is_of(contract, &found) && is_as_planned(client, plan, contract, places, at).await?)
}

/// Whether a contract's state is what its constructor makes of the plan.
async fn is_as_planned(
    client: &RpcClient,
    plan: &DeployPlan,
    contract: Target,
    places: &Places,
    at: Address,
) -> Result<bool, ReadError> {
    let governor = address(plan.governor);
    let role = |name: &str| keccak256(name);
    let registry = places.of(Target::Registry);
    Ok(match contract {
        Target::Timelock => {
            let call = T::hasRoleCall { role: role("PROPOSER_ROLE"), account: governor };
            read_at(client, at, T::getMinDelayCall {}).await? == U256::from(plan.delay_s)
                && read_at(client, at, call).await?
        }
        Target::Registry => {
            let admin = R::hasRoleCall { role: B256::ZERO, account: places.of(Target::Timelock) };
            let call = R::hasRoleCall { role: role("GOVERNOR_ROLE"), account: governor };
            read_at(client, at, admin).await? && read_at(client, at, call).await?
        }
        Target::Custody => {
            read_at(client, at, C::registryCall {}).await? == registry
                && read_at(client, at, C::graceDaysCall {}).await? == plan.grace_days
        }
        Target::Documents => read_at(client, at, D::registryCall {}).await? == registry,
    })
}
