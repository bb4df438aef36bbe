//! The receipt of a transaction as it is stored, and as the receipts root sees it.

use alloy_consensus::{Eip658Value, Receipt, ReceiptEnvelope, ReceiptWithBloom, TxType};
use alloy_rlp::{RlpDecodable, RlpEncodable};
use revm::primitives::{Bytes, Log, alloy_primitives::Bloom};

/// What execution of one transaction left behind.
#[derive(Clone, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(crate) struct StoredReceipt {
    /// Whether the transaction took effect (status 1).
    pub(crate) success: bool,
    /// Gas charged to this transaction.
    pub(crate) gas_used: u64,
    /// Gas charged to this transaction and all before it in the block.
    pub(crate) cumulative_gas_used: u64,
    /// How many logs earlier transactions of the block emitted.
    pub(crate) first_log_index: u64,
    /// The logs, in the order of emission; none when it failed.
    pub(crate) logs: Vec<Log>,
    /// What a reverted transaction returned; empty when it succeeded or ran out of gas.
    pub(crate) revert_data: Bytes,
}

impl StoredReceipt {
    /// The bloom filter over addresses and topics of the logs.
    pub(crate) fn bloom(&self) -> Bloom {
        self.logs.iter().collect()
    }

    /// The receipt in the form that the receipts root is built of, with logs of type `L`.
    pub(crate) fn envelope<L>(&self, kind: TxType, logs: Vec<L>) -> ReceiptEnvelope<L> {
        let receipt = Receipt {
            status: Eip658Value::Eip658(self.success),
            cumulative_gas_used: self.cumulative_gas_used,
            logs,
        };
        let receipt = ReceiptWithBloom { receipt, logs_bloom: self.bloom() };
        match kind {
            TxType::Eip2930 => ReceiptEnvelope::Eip2930(receipt),
            TxType::Eip1559 => ReceiptEnvelope::Eip1559(receipt),
            TxType::Eip4844 => ReceiptEnvelope::Eip4844(receipt),
            TxType::Eip7702 => ReceiptEnvelope::Eip7702(receipt),
            _ => ReceiptEnvelope::Legacy(receipt),
        }
    }
}
