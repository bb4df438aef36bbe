//! What a transaction offers for its gas.

use alloy::primitives::{U128, U256};
use alloy::rpc::client::RpcClient;
use serde::{Deserialize, Serialize};

use crate::block::{no_block, raw_block};
use crate::connect::Ledger;
use crate::request::{RequestError, ask};

/// How a transaction names its fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// A fee cap and a tip (EIP-1559), on chains whose blocks have a base fee.
    #[default]
    Dynamic,
    /// A gas price (EIP-155), on the others; the fee cap is the price.
    Legacy,
}

/// What a transaction offers, in wei per gas. All is 0 on the embedded ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Fees {
    /// The most that is paid in all.
    pub max_fee_per_gas: u128,
    /// The most that the block's maker gets of it; not more than the former.
    pub max_priority_fee_per_gas: u128,
    /// How a transaction names them.
    #[serde(default)]
    pub kind: FeeKind,
}

/// Which fees are offered, where that is not left to the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FeePolicy {
    /// How fees are chosen.
    pub mode: FeeMode,
    /// The most that is ever offered per gas, in wei; no limit without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_fee_per_gas: Option<u64>,
}

/// How fees are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeMode {
    /// By the chain: a fee cap and a tip if its blocks have a base fee, else a gas price.
    #[default]
    Auto,
    /// A fee cap and a tip.
    Dynamic,
    /// A gas price.
    Legacy,
    /// Nothing, on a network that takes no fees.
    Zero,
}

impl FeePolicy {
    fn cap(self) -> u128 {
        self.max_fee_per_gas.map_or(u128::MAX, u128::from)
    }
}

impl Fees {
    /// Enough for six full blocks in a row: the base fee grows by an eighth with each (EIP-1559).
    fn dynamic(base_fee: u128, tip: u128) -> Self {
        Self {
            max_fee_per_gas: base_fee.saturating_mul(2).saturating_add(tip),
            max_priority_fee_per_gas: tip,
            kind: FeeKind::Dynamic,
        }
    }

    fn legacy(price: u128) -> Self {
        Self { max_fee_per_gas: price, max_priority_fee_per_gas: price, kind: FeeKind::Legacy }
    }

    /// The fees of a transaction that takes the place of one with these: both an eighth higher,
    /// rounded up, and at least by 1 wei, which every known client accepts (geth and Besu ask for a
    /// tenth). `None` if `cap` does not allow it, or if nothing is paid: then fees are not what holds
    /// the transaction up.
    pub fn bumped(self, cap: u128) -> Option<Self> {
        let more = |fee: u128| fee.saturating_add((fee / 8).saturating_add(1));
        let max_fee_per_gas = more(self.max_fee_per_gas);
        let allowed = self.max_fee_per_gas > 0 && max_fee_per_gas <= cap;
        let tip = more(self.max_priority_fee_per_gas).min(max_fee_per_gas);
        allowed.then_some(Self { max_fee_per_gas, max_priority_fee_per_gas: tip, ..self })
    }

    /// These fees, or the other's where they are higher.
    pub fn at_least(self, other: Self) -> Self {
        let tip = self.max_priority_fee_per_gas.max(other.max_priority_fee_per_gas);
        Self {
            max_fee_per_gas: self.max_fee_per_gas.max(other.max_fee_per_gas),
            max_priority_fee_per_gas: tip,
            kind: self.kind,
        }
    }

    fn capped(self, cap: u128) -> Self {
        Self {
            max_fee_per_gas: self.max_fee_per_gas.min(cap),
            max_priority_fee_per_gas: self.max_priority_fee_per_gas.min(cap),
            kind: self.kind,
        }
    }
}

pub(crate) async fn fees(client: &RpcClient, policy: FeePolicy) -> Result<Fees, RequestError> {
    let block = raw_block(client, "latest".into()).await?.ok_or_else(|| no_block("latest"))?;
    let base_fee = block.base_fee_per_gas.map(|fee: U256| fee.saturating_to::<u128>());
    let kind = match policy.mode {
        FeeMode::Dynamic => FeeKind::Dynamic,
        FeeMode::Legacy => FeeKind::Legacy,
        FeeMode::Auto | FeeMode::Zero if base_fee.is_some() => FeeKind::Dynamic,
        FeeMode::Auto | FeeMode::Zero => FeeKind::Legacy,
    };
    if policy.mode == FeeMode::Zero {
        return Ok(Fees { kind, ..Fees::default() });
    }
    let base_fee = base_fee.unwrap_or(0);
    let fees = match kind {
        FeeKind::Dynamic => Fees::dynamic(base_fee, tip(client, base_fee).await?),
        // With a base fee that grows, the price must do for the blocks to come.
        FeeKind::Legacy => Fees::legacy(price(client).await?.max(base_fee.saturating_mul(2))),
    };
    Ok(fees.capped(policy.cap()))
}

async fn tip(client: &RpcClient, base_fee: u128) -> Result<u128, RequestError> {
    let tip: Result<U128, _> = ask(client, "eth_maxPriorityFeePerGas", ()).await;
    match tip {
        Ok(tip) => Ok(tip.to()),
        // Not every endpoint has the method; the older one includes the base fee.
        Err(RequestError::Refused { .. }) => Ok(price(client).await?.saturating_sub(base_fee)),
        Err(error) => Err(error),
    }
}

async fn price(client: &RpcClient) -> Result<u128, RequestError> {
    let price: U128 = ask(client, "eth_gasPrice", ()).await?;
    Ok(price.to())
}

impl Ledger {
    /// What a transaction should offer now, by the endpoint's word and the policy.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn fees(&self) -> Result<Fees, RequestError> {
        fees(self.client(), self.fee_policy()).await
    }

    /// What a transaction should offer that takes the place of one with `fees`: see
    /// [`Fees::bumped`]; the cap is the policy's.
    pub fn bumped(&self, fees: Fees) -> Option<Fees> {
        fees.bumped(self.fee_policy().cap())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offer_covers_twice_the_base_fee() {
        assert_eq!(Fees::dynamic(0, 0), Fees::default());
        let fees = Fees::dynamic(7, 3);
        assert_eq!((fees.max_fee_per_gas, fees.max_priority_fee_per_gas), (17, 3));
        assert_eq!(Fees::dynamic(u128::MAX, 1).max_fee_per_gas, u128::MAX);
    }

    /// geth asks of both fields that they grow, and by a tenth (core/txpool/legacypool/list.go).
    #[test]
    fn a_bump_is_accepted_by_clients_that_ask_for_a_tenth() {
        for (base_fee, tip) in [(0, 1), (7, 0), (1_000_000_000, 2), (12_345, 678_901)] {
            let mut fees = Fees::dynamic(base_fee, tip);
            for _ in 0..20 {
                let more = fees.bumped(u128::MAX).unwrap();
                let tenth_more = |old: u128, new: u128| new > old && new * 100 >= old * 110;
                assert!(tenth_more(fees.max_fee_per_gas, more.max_fee_per_gas));
                assert!(tenth_more(fees.max_priority_fee_per_gas, more.max_priority_fee_per_gas));
                assert!(more.max_fee_per_gas * 8 >= fees.max_fee_per_gas * 9);
                assert!(more.max_priority_fee_per_gas <= more.max_fee_per_gas);
                fees = more;
            }
        }
    }

    #[test]
    fn no_bump_goes_beyond_the_cap_or_helps_where_nothing_is_paid() {
        let fees = Fees::legacy(800);
        assert_eq!(fees.bumped(901), Some(Fees::legacy(901)));
        assert_eq!(fees.bumped(900), None);
        assert_eq!(Fees::default().bumped(u128::MAX), None);
        assert_eq!(Fees::legacy(u128::MAX).bumped(u128::MAX - 1), None);
    }

    #[test]
    fn caps_and_floors() {
        let fees = Fees::dynamic(100, 50);
        assert_eq!(
            fees.capped(40),
            Fees { max_fee_per_gas: 40, max_priority_fee_per_gas: 40, ..fees }
        );
        assert_eq!(fees.at_least(Fees::dynamic(10, 90)).max_priority_fee_per_gas, 90);
        assert_eq!(fees.at_least(Fees::dynamic(10, 90)).max_fee_per_gas, 250);
    }
}
