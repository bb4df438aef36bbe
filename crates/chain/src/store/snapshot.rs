//! Where the kept bodies begin: the snapshot, its record, and the state at it.

use alloy_rlp::{RlpDecodable, RlpEncodable};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use revm::{
    bytecode::Bytecode,
    primitives::{Address, B256, U256},
};

use super::{
    counters::Counters,
    tables::{self, BASE_ACCOUNTS, BASE_STORAGE, SNAPSHOT},
    view::View,
};
use crate::{
    error::{AuditError, StoreError},
    state::MemoryState,
};

/// The block up to which bodies are pruned, and what the state was after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, RlpEncodable, RlpDecodable)]
pub(crate) struct StoredSnapshot {
    /// Height of the block.
    pub(crate) number: u64,
    /// [`MemoryState::hash`] of the state after it.
    pub(crate) state_hash: B256,
    /// The totals up to and with it.
    pub(crate) counters: Counters,
}

/// The snapshot's record; `None` when all bodies are kept.
pub(super) fn read(transaction: &ReadTransaction) -> Result<Option<StoredSnapshot>, StoreError> {
    let table = transaction.open_table(SNAPSHOT)?;
    table.get(())?.map(|row| tables::decode_rlp("snapshot", row.value())).transpose()
}

/// Whether blocks must note in the base tables what they change.
pub(super) fn exists(transaction: &WriteTransaction) -> Result<bool, StoreError> {
    Ok(transaction.open_table(SNAPSHOT)?.get(())?.is_some())
}

/// Moves the snapshot: `state` is the one after its block, found by execution.
///
/// The base tables are written anew from the newest state, so this visits every account and slot.
pub(super) fn write(
    transaction: &WriteTransaction,
    snapshot: &StoredSnapshot,
    state: &MemoryState,
) -> Result<(), StoreError> {
    base_accounts(transaction, state)?;
    base_storage(transaction, state)?;
    let mut table = transaction.open_table(SNAPSHOT)?;
    table.insert((), alloy_rlp::encode(snapshot).as_slice())?;
    Ok(())
}

fn base_accounts(transaction: &WriteTransaction, state: &MemoryState) -> Result<(), StoreError> {
    transaction.delete_table(BASE_ACCOUNTS)?;
    let mut base = transaction.open_table(BASE_ACCOUNTS)?;
    let newest = transaction.open_table(tables::ACCOUNTS)?;
    for row in newest.iter()? {
        let (address, account) = row?;
        let before =
            state.accounts.get(&Address::from(address.value())).map(tables::encode_account);
        if before != Some(account.value()) {
            base.insert(address.value(), before)?;
        }
    }
    for (address, account) in &state.accounts {
        if newest.get(address.0.0)?.is_none() {
            base.insert(address.0.0, Some(tables::encode_account(account)))?;
        }
    }
    Ok(())
}

fn base_storage(transaction: &WriteTransaction, state: &MemoryState) -> Result<(), StoreError> {
    transaction.delete_table(BASE_STORAGE)?;
    let mut base = transaction.open_table(BASE_STORAGE)?;
    let newest = transaction.open_table(tables::STORAGE)?;
    for row in newest.iter()? {
        let (key, value) = row?;
        let before = state.slots.get(&tables::split_storage_key(&key.value()));
        let before = before.copied().unwrap_or_default().to_be_bytes::<32>();
        if before != value.value() {
            base.insert(key.value(), before)?;
        }
    }
    for ((address, slot), value) in &state.slots {
        let key = tables::storage_key(*address, *slot);
        if newest.get(key)?.is_none() {
            base.insert(key, value.to_be_bytes::<32>())?;
        }
    }
    Ok(())
}

impl View<'_> {
    /// The snapshot's record; `None` when all bodies are kept.
    pub(crate) fn snapshot(&self) -> Result<Option<StoredSnapshot>, StoreError> {
        read(self.inner())
    }

    /// The first block whose transactions, receipts and logs are kept.
    pub(crate) fn bodies_from(&self) -> Result<u64, StoreError> {
        Ok(self.snapshot()?.map_or(0, |snapshot| snapshot.number + 1))
    }

    /// The state after the snapshot's block `number`, with the hashes of the blocks up to it that
    /// execution can ask for.
    pub(crate) fn state_at_snapshot(&self, number: u64) -> Result<MemoryState, AuditError> {
        let mut state = MemoryState::default();
        self.each_account(|address, account| {
            state.accounts.insert(address, account);
            Ok(())
        })?;
        self.each_slot(|address, slot, value| {
            state.slots.insert((address, slot), value);
            Ok(())
        })?;
        self.each_code(|hash, code| {
            state.codes.insert(hash, Bytecode::new_legacy(code));
            Ok(())
        })?;
        self.lay_base_over(&mut state)?;
        for number in number.saturating_sub(255)..=number {
            let hash = self.header(number)?.map(|header| header.hash());
            state.block_hashes.insert(number, hash.unwrap_or_default());
        }
        Ok(state)
    }

    fn lay_base_over(&self, state: &mut MemoryState) -> Result<(), StoreError> {
        for row in self.inner().open_table(BASE_ACCOUNTS)?.iter()? {
            let (address, account) = row?;
            let address = Address::from(address.value());
            match account.value() {
                Some(row) => state.accounts.insert(address, tables::decode_account(&row)),
                None => state.accounts.remove(&address),
            };
        }
        for row in self.inner().open_table(BASE_STORAGE)?.iter()? {
            let (key, value) = row?;
            let key = tables::split_storage_key(&key.value());
            match U256::from_be_bytes(value.value()) {
                U256::ZERO => state.slots.remove(&key),
                value => state.slots.insert(key, value),
            };
        }
        Ok(())
    }
}
