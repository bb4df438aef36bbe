//! Walking over whole tables: what an audit needs of a view.

use redb::{ReadTransaction, ReadableTable, ReadableTableMetadata, TableDefinition};
use revm::{
    primitives::{Address, B256, Bytes, U256},
    state::AccountInfo,
};

use super::{
    tables::{
        self, ACCOUNTS, CODES, HEADERS, LOCATIONS, LOG_INDEX, NUMBERS, RECEIPTS, STORAGE,
        TRANSACTIONS,
    },
    view::View,
};
use crate::error::{AuditError, StoreError};

/// Rows that blocks, transactions and logs should have in the tables about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowCounts {
    pub(crate) blocks: u64,
    pub(crate) transactions: u64,
    pub(crate) log_index: u64,
}

impl RowCounts {
    /// The counts of all tables, by name, that agree with these.
    pub(crate) fn all(self) -> Vec<(&'static str, u64)> {
        vec![
            ("headers", self.blocks),
            ("numbers", self.blocks),
            ("transactions", self.transactions),
            ("locations", self.transactions),
            ("receipts", self.transactions),
            ("log_index", self.log_index),
        ]
    }
}

impl View<'_> {
    /// The number of rows of each table about blocks, as [`RowCounts::all`] orders them.
    pub(crate) fn row_counts(&self) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let transaction = self.inner();
        Ok(vec![
            ("headers", rows(transaction, HEADERS)?),
            ("numbers", rows(transaction, NUMBERS)?),
            ("transactions", rows(transaction, TRANSACTIONS)?),
            ("locations", rows(transaction, LOCATIONS)?),
            ("receipts", rows(transaction, RECEIPTS)?),
            ("log_index", rows(transaction, LOG_INDEX)?),
        ])
    }

    /// Shows every stored account to `visit`.
    pub(crate) fn each_account(
        &self,
        mut visit: impl FnMut(Address, AccountInfo) -> Result<(), AuditError>,
    ) -> Result<(), AuditError> {
        for row in open(self, ACCOUNTS)?.iter().map_err(StoreError::from)? {
            let (address, account) = row.map_err(StoreError::from)?;
            visit(Address::from(address.value()), tables::decode_account(&account.value()))?;
        }
        Ok(())
    }

    /// Shows every stored code to `visit`.
    pub(crate) fn each_code(
        &self,
        mut visit: impl FnMut(B256, Bytes) -> Result<(), AuditError>,
    ) -> Result<(), AuditError> {
        for row in open(self, CODES)?.iter().map_err(StoreError::from)? {
            let (hash, code) = row.map_err(StoreError::from)?;
            visit(B256::from(hash.value()), Bytes::copy_from_slice(code.value()))?;
        }
        Ok(())
    }

    /// Shows every stored slot to `visit`.
    pub(crate) fn each_slot(
        &self,
        mut visit: impl FnMut(Address, U256, U256) -> Result<(), AuditError>,
    ) -> Result<(), AuditError> {
        for row in open(self, STORAGE)?.iter().map_err(StoreError::from)? {
            let (key, value) = row.map_err(StoreError::from)?;
            let (address, slot) = tables::split_storage_key(&key.value());
            visit(address, slot, U256::from_be_bytes(value.value()))?;
        }
        Ok(())
    }

    /// One stored account.
    pub(crate) fn account(&self, address: Address) -> Result<Option<AccountInfo>, StoreError> {
        let row = open(self, ACCOUNTS)?.get(address.0.0)?;
        Ok(row.map(|row| tables::decode_account(&row.value())))
    }

    /// One stored slot; zero when it has no row.
    pub(crate) fn slot(&self, address: Address, slot: U256) -> Result<U256, StoreError> {
        let row = open(self, STORAGE)?.get(tables::storage_key(address, slot))?;
        Ok(row.map_or(U256::ZERO, |row| U256::from_be_bytes(row.value())))
    }
}

fn open<K: redb::Key + 'static, V: redb::Value + 'static>(
    view: &View<'_>,
    table: TableDefinition<'static, K, V>,
) -> Result<redb::ReadOnlyTable<K, V>, StoreError> {
    Ok(view.inner().open_table(table)?)
}

fn rows<K: redb::Key + 'static, V: redb::Value + 'static>(
    transaction: &ReadTransaction,
    table: TableDefinition<'static, K, V>,
) -> Result<u64, StoreError> {
    Ok(transaction.open_table(table)?.len()?)
}
