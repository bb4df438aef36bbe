//! Totals over the whole ledger, kept up to date with each block.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use redb::{ReadableTable, Table};

use super::tables::META_BODIES_BYTES;
use crate::{error::StoreError, receipt::StoredReceipt, state::StateChanges};

/// Totals of a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerStats {
    /// Blocks, the first one (height 0) included.
    pub blocks: u64,
    /// Mined transactions, reverted ones included.
    pub transactions: u64,
    /// Gas used by all transactions.
    pub gas_used: u64,
    /// Slots of all contracts that hold a value other than zero.
    pub storage_slots: u64,
    /// Accounts that exist (sent a transaction, hold code or balance).
    pub accounts: u64,
    /// Bytes of the transactions and receipts that are kept.
    pub bodies_bytes: u64,
    /// The first block whose transactions, receipts and logs are kept.
    pub bodies_from: u64,
    /// Size of the ledger's file in bytes.
    pub bytes_on_disk: u64,
}

/// The totals of what was executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(crate) struct Counters {
    pub(crate) blocks: u64,
    pub(crate) transactions: u64,
    pub(crate) gas_used: u64,
    pub(crate) storage_slots: u64,
    pub(crate) accounts: u64,
}

impl Counters {
    /// Adds what one block brought.
    pub(crate) fn add(&mut self, receipts: &[StoredReceipt], changes: &StateChanges) {
        let add = |total: &mut u64, more: u64| *total = total.saturating_add(more);
        add(&mut self.blocks, 1);
        add(&mut self.transactions, receipts.len() as u64);
        add(&mut self.gas_used, receipts.last().map_or(0, |receipt| receipt.cumulative_gas_used));
        for change in &changes.accounts {
            let existed = (change.before.is_some(), change.after.is_some());
            follow(&mut self.accounts, existed);
            for (_, before, after) in &change.storage {
                follow(&mut self.storage_slots, (!before.is_zero(), !after.is_zero()));
            }
        }
    }

    pub(super) fn read(table: &impl ReadableTable<&'static str, u64>) -> Result<Self, StoreError> {
        let value = |key| -> Result<u64, StoreError> {
            Ok(table.get(key)?.map_or(0, |value| value.value()))
        };
        Ok(Self {
            blocks: value("blocks")?,
            transactions: value("transactions")?,
            gas_used: value("gas_used")?,
            storage_slots: value("storage_slots")?,
            accounts: value("accounts")?,
        })
    }

    pub(super) fn write(&self, table: &mut Table<'_, &'static str, u64>) -> Result<(), StoreError> {
        table.insert("blocks", self.blocks)?;
        table.insert("transactions", self.transactions)?;
        table.insert("gas_used", self.gas_used)?;
        table.insert("storage_slots", self.storage_slots)?;
        table.insert("accounts", self.accounts)?;
        Ok(())
    }
}

/// Bytes of the rows of transactions and receipts that are kept.
pub(super) fn bodies_bytes(
    table: &impl ReadableTable<&'static str, u64>,
) -> Result<u64, StoreError> {
    Ok(table.get(META_BODIES_BYTES)?.map_or(0, |value| value.value()))
}

/// What the store knows of itself without asking its file: [`LedgerStats`] without the file's size.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Totals {
    pub(crate) counters: Counters,
    pub(crate) bodies_bytes: u64,
    pub(crate) bodies_from: u64,
}

impl Totals {
    /// The totals with the size of the file.
    pub(crate) fn with_size(self, bytes_on_disk: u64) -> LedgerStats {
        let Self { counters, bodies_bytes, bodies_from } = self;
        let Counters { blocks, transactions, gas_used, storage_slots, accounts } = counters;
        LedgerStats {
            blocks,
            transactions,
            gas_used,
            storage_slots,
            accounts,
            bodies_bytes,
            bodies_from,
            bytes_on_disk,
        }
    }
}

/// Counts something that was there before or not, and is there after or not.
fn follow(total: &mut u64, before_and_after: (bool, bool)) {
    *total = match before_and_after {
        (false, true) => total.saturating_add(1),
        (true, false) => total.saturating_sub(1),
        _ => *total,
    };
}
