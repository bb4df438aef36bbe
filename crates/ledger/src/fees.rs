//! What a transaction offers for its gas.

use alloy::primitives::{U128, U256};
use alloy::rpc::client::RpcClient;

use crate::block::{no_block, raw_block};
use crate::connect::Ledger;
use crate::request::{RequestError, ask};

/// Fees of an EIP-1559 transaction, in wei per gas. Both are 0 on the embedded ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fees {
    /// The most that is paid in all.
    pub max_fee_per_gas: u128,
    /// The most that the block's maker gets of it.
    pub max_priority_fee_per_gas: u128,
}

impl Fees {
    /// Enough for six full blocks in a row: the base fee grows by an eighth with each (EIP-1559).
    fn new(base_fee: u128, tip: u128) -> Self {
        Self {
            max_fee_per_gas: base_fee.saturating_mul(2).saturating_add(tip),
            max_priority_fee_per_gas: tip,
        }
    }
}

pub(crate) async fn fees(client: &RpcClient) -> Result<Fees, RequestError> {
    let block = raw_block(client, "latest".into()).await?.ok_or_else(|| no_block("latest"))?;
    let base_fee = block.base_fee_per_gas.unwrap_or(U256::ZERO).saturating_to::<u128>();
    let tip: Result<U128, _> = ask(client, "eth_maxPriorityFeePerGas", ()).await;
    let tip = match tip {
        Ok(tip) => tip.to(),
        // Not every endpoint has the method; the older one includes the base fee.
        Err(RequestError::Refused { .. }) => {
            let price: U128 = ask(client, "eth_gasPrice", ()).await?;
            price.to::<u128>().saturating_sub(base_fee)
        }
        Err(error) => return Err(error),
    };
    Ok(Fees::new(base_fee, tip))
}

impl Ledger {
    /// What a transaction should offer now, by the endpoint's word.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn fees(&self) -> Result<Fees, RequestError> {
        fees(self.client()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offer_covers_twice_the_base_fee() {
        assert_eq!(Fees::new(0, 0), Fees::default());
        let fees = Fees::new(7, 3);
        assert_eq!((fees.max_fee_per_gas, fees.max_priority_fee_per_gas), (17, 3));
        assert_eq!(Fees::new(u128::MAX, 1).max_fee_per_gas, u128::MAX);
    }
}
