//! What became of a transaction.

use alloy::primitives::{Address, B256, Bytes, U64};
use serde::{Deserialize, Serialize};
use serde_json::json;
use theriac_custody::Hash;

use crate::bindings::convert::{b256, hash};
use crate::connect::Ledger;
use crate::gas::Gas;
use crate::request::{RequestError, ask_all};
use crate::revert::Revert;

/// A mined transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The transaction.
    pub hash: Hash,
    /// Number of its block.
    pub block: u64,
    /// Hash of its block.
    pub block_hash: Hash,
    /// Whether it took effect.
    pub success: bool,
    /// Gas that it used.
    pub gas_used: u64,
    /// Why it took no effect, where that can be found out.
    pub revert: Option<Revert>,
}

/// A receipt as JSON-RPC gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawReceipt {
    transaction_hash: B256,
    block_number: U64,
    block_hash: B256,
    status: U64,
    gas_used: U64,
    /// Besu with `--revert-reason-enabled`, and the embedded ledger.
    #[serde(default)]
    revert_reason: Option<Bytes>,
}

/// A transaction, as far as it can be replayed.
#[derive(Debug, Clone, Deserialize)]
struct Replay {
    from: Address,
    to: Option<Address>,
    input: Bytes,
    gas: U64,
}

impl RawReceipt {
    pub(crate) fn succeeded(&self) -> bool {
        self.status == U64::from(1)
    }
}

impl Ledger {
    /// The receipt of a transaction; `None` while it is not mined.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should.
    pub async fn receipt(&self, transaction: Hash) -> Result<Option<Receipt>, RequestError> {
        let raw: Option<RawReceipt> =
            self.ask("eth_getTransactionReceipt", (b256(transaction),)).await?;
        match raw {
            Some(raw) => self.read_receipt(raw).await.map(Some),
            None => Ok(None),
        }
    }

    /// The receipt of whichever of several transactions is mined, as of one that was signed anew with
    /// higher fees; `None` while none is. At most one is where they have the same nonce and sender.
    ///
    /// # Errors
    ///
    /// When the endpoint does not answer as it should, and none is known to be mined.
    pub async fn receipt_of_any(
        &self,
        transactions: &[Hash],
    ) -> Result<Option<Receipt>, RequestError> {
        const METHOD: &str = "eth_getTransactionReceipt";
        let params = transactions.iter().map(|hash| (b256(*hash),));
        let mut failed = None;
        for answer in ask_all::<_, Option<RawReceipt>>(self.client(), METHOD, params).await {
            match answer {
                Ok(Some(raw)) => return self.read_receipt(raw).await.map(Some),
                Ok(None) => {}
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(None), Err)
    }

    async fn read_receipt(&self, raw: RawReceipt) -> Result<Receipt, RequestError> {
        let success = raw.succeeded();
        let revert = match &raw.revert_reason {
            _ if success => None,
            Some(data) => Some(Revert::decode(data)),
            None => self.replay(&raw).await?,
        };
        Ok(Receipt {
            hash: hash(raw.transaction_hash),
            block: raw.block_number.to(),
            block_hash: hash(raw.block_hash),
            success,
            gas_used: raw.gas_used.to(),
            revert,
        })
    }

    /// Repeats a failed transaction as a call: first on the state after its block, which has all
    /// transactions that came before it, then on the state before.
    async fn replay(&self, raw: &RawReceipt) -> Result<Option<Revert>, RequestError> {
        let found: Option<Replay> =
            self.ask("eth_getTransactionByHash", (raw.transaction_hash,)).await?;
        let Some(found) = found else { return Ok(None) };
        let call = json!({
            "from": found.from, "to": found.to, "input": found.input, "gas": found.gas,
        });
        for block in [raw.block_number, raw.block_number.saturating_sub(U64::from(1))] {
            let answer: Result<Bytes, _> = self.ask("eth_call", (&call, block)).await;
            match answer {
                Ok(_) => {}
                Err(RequestError::Refused { data: Some(data), .. }) => {
                    return Ok(Some(Revert::decode(&data)));
                }
                // A pruned state, or words without data: this state does not tell.
                Err(RequestError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        // Checked last: where the input is the greatest cost, a refusal uses the whole limit too.
        let used_up = raw.gas_used == found.gas;
        Ok(used_up.then(|| Revert::out_of_gas(Gas(found.gas.to()))))
    }
}
