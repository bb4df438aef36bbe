//! The file of a closed ledger, changed behind its back.

use std::path::Path;

use alloy::primitives::Address;
use redb::{Database, TableDefinition};
use theriac_chain::LEDGER_FILE;

/// Slots by account and number.
pub(crate) const STORAGE: TableDefinition<[u8; 52], [u8; 32]> = TableDefinition::new("storage");
/// Receipts by block and position.
pub(crate) const RECEIPTS: TableDefinition<(u64, u32), &[u8]> = TableDefinition::new("receipts");
/// Transactions by block and position.
pub(crate) const TRANSACTIONS: TableDefinition<(u64, u32), &[u8]> =
    TableDefinition::new("transactions");
/// Where a transaction is, by its hash.
pub(crate) const LOCATIONS: TableDefinition<[u8; 32], (u64, u32)> =
    TableDefinition::new("locations");
/// What the file says of itself.
pub(crate) const META: TableDefinition<&str, u64> = TableDefinition::new("meta");

/// Changes a closed ledger's file.
pub(crate) fn write(folder: &Path, change: impl FnOnce(&redb::WriteTransaction)) {
    let database = Database::open(folder.join(LEDGER_FILE)).expect("open");
    let transaction = database.begin_write().expect("begin");
    change(&transaction);
    transaction.commit().expect("commit");
}

/// The key of a slot of an account.
pub(crate) fn key(address: Address, slot: u8) -> [u8; 52] {
    let mut key = [0; 52];
    key[..20].copy_from_slice(address.as_slice());
    key[51] = slot;
    key
}
