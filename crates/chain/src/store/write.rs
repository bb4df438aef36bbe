//! Writing one block with all that belongs to it into one database transaction.

use std::collections::BTreeSet;

use alloy_consensus::{TxEnvelope, transaction::Recovered};
use alloy_eips::Encodable2718;
use redb::{ReadableTable, WriteTransaction};
use revm::primitives::B256;

use super::{
    counters::{self, Counters},
    snapshot,
    tables::{
        self, ACCOUNTS, BASE_ACCOUNTS, BASE_STORAGE, CODES, HEADERS, HISTORY, LOCATIONS, LOG_INDEX,
        META, META_BODIES_BYTES, NUMBERS, RECEIPTS, SNAPSHOT, STORAGE, TRANSACTIONS,
    },
};
use crate::{
    block::ExecutedBlock, error::StoreError, history::join, receipt::StoredReceipt,
    state::StateChanges,
};

/// Empties a database that somebody began to fill.
pub(super) fn clear(transaction: &WriteTransaction) -> Result<(), StoreError> {
    let tables: Vec<_> = transaction.list_tables()?.collect();
    for table in tables {
        transaction.delete_table(table)?;
    }
    Ok(())
}

/// Writes what a file says about itself.
pub(super) fn identity(
    transaction: &WriteTransaction,
    format: u64,
    chain_id: u64,
) -> Result<(), StoreError> {
    let mut meta = transaction.open_table(META)?;
    meta.insert(tables::META_FORMAT, format)?;
    meta.insert(tables::META_CHAIN_ID, chain_id)?;
    Ok(())
}

/// Creates the tables that stay empty until the first pruning.
pub(super) fn snapshot_tables(transaction: &WriteTransaction) -> Result<(), StoreError> {
    transaction.open_table(SNAPSHOT)?;
    transaction.open_table(BASE_ACCOUNTS)?;
    transaction.open_table(BASE_STORAGE)?;
    Ok(())
}

/// Writes a block, its transactions and receipts, the log index, the state and the totals;
/// answers the counters and the bytes of all bodies that are kept.
pub(super) fn append(
    transaction: &WriteTransaction,
    block: &ExecutedBlock,
) -> Result<(Counters, u64), StoreError> {
    let number = block.header.number;
    let mut row = block.header.hash().to_vec();
    alloy_rlp::Encodable::encode(block.header.inner(), &mut row);
    transaction.open_table(HEADERS)?.insert(number, row.as_slice())?;
    transaction.open_table(NUMBERS)?.insert(block.header.hash().0, number)?;
    history(transaction, number, block.header.hash())?;
    let mut bytes = bodies(transaction, number, &block.transactions)?;
    bytes += receipts(transaction, number, &block.receipts)?;
    if snapshot::exists(transaction)? {
        keep_base(transaction, &block.changes)?;
    }
    state(transaction, &block.changes)?;
    let mut meta = transaction.open_table(META)?;
    let mut counters = Counters::read(&meta)?;
    counters.add(&block.receipts, &block.changes);
    counters.write(&mut meta)?;
    bytes += counters::bodies_bytes(&meta)?;
    meta.insert(META_BODIES_BYTES, bytes)?;
    Ok((counters, bytes))
}

/// Adds the next block's hash to the tree over all, with the subtrees that it makes complete.
pub(super) fn history(
    transaction: &WriteTransaction,
    number: u64,
    hash: B256,
) -> Result<(), StoreError> {
    let mut table = transaction.open_table(HISTORY)?;
    let (mut height, mut index, mut top) = (0, number, hash);
    table.insert((height, index), top.0)?;
    while index & 1 == 1 {
        let left = table.get((height, index - 1))?.map(|row| B256::from(row.value()));
        let left = left.ok_or_else(|| tables::missing("history", index - 1))?;
        top = join(left, top);
        (height, index) = (height + 1, index >> 1);
        table.insert((height, index), top.0)?;
    }
    Ok(())
}

fn bodies(
    transaction: &WriteTransaction,
    number: u64,
    bodies: &[Recovered<TxEnvelope>],
) -> Result<u64, StoreError> {
    let mut bytes = 0;
    let mut rows = transaction.open_table(TRANSACTIONS)?;
    let mut locations = transaction.open_table(LOCATIONS)?;
    for (index, body) in (0u32..).zip(bodies) {
        let mut row = body.signer().to_vec();
        body.encode_2718(&mut row);
        rows.insert((number, index), row.as_slice())?;
        locations.insert(body.tx_hash().0, (number, index))?;
        bytes += row.len() as u64;
    }
    Ok(bytes)
}

fn receipts(
    transaction: &WriteTransaction,
    number: u64,
    receipts: &[StoredReceipt],
) -> Result<u64, StoreError> {
    let mut bytes = 0;
    let mut rows = transaction.open_table(RECEIPTS)?;
    for (index, receipt) in (0u32..).zip(receipts) {
        let row = alloy_rlp::encode(receipt);
        rows.insert((number, index), row.as_slice())?;
        bytes += row.len() as u64;
    }
    let mut index = transaction.open_table(LOG_INDEX)?;
    for criterion in criteria(receipts) {
        index.insert((criterion, number), ())?;
    }
    Ok(bytes)
}

/// All criteria that some log of a block meets.
pub(crate) fn criteria(receipts: &[StoredReceipt]) -> BTreeSet<u64> {
    let mut criteria = BTreeSet::new();
    for log in receipts.iter().flat_map(|receipt| &receipt.logs) {
        criteria.insert(tables::criterion_of_address(log.address));
        for (position, topic) in log.data.topics().iter().enumerate() {
            criteria.insert(tables::criterion_of_topic(position, *topic));
        }
    }
    criteria
}

/// Keeps what a block changes as it was at the snapshot, where no block after it changed it before.
fn keep_base(transaction: &WriteTransaction, changes: &StateChanges) -> Result<(), StoreError> {
    let mut accounts = transaction.open_table(BASE_ACCOUNTS)?;
    let mut storage = transaction.open_table(BASE_STORAGE)?;
    for change in &changes.accounts {
        let address = change.address.0.0;
        if change.record_changed() && accounts.get(address)?.is_none() {
            accounts.insert(address, change.before.as_ref().map(tables::encode_account))?;
        }
        for (slot, before, _) in &change.storage {
            let key = tables::storage_key(change.address, *slot);
            if storage.get(key)?.is_none() {
                storage.insert(key, before.to_be_bytes::<32>())?;
            }
        }
    }
    Ok(())
}

fn state(transaction: &WriteTransaction, changes: &StateChanges) -> Result<(), StoreError> {
    let mut accounts = transaction.open_table(ACCOUNTS)?;
    let mut storage = transaction.open_table(STORAGE)?;
    for change in &changes.accounts {
        if change.record_changed() {
            match &change.after {
                Some(account) => {
                    accounts.insert(change.address.0.0, tables::encode_account(account))?
                }
                None => accounts.remove(change.address.0.0)?,
            };
        }
        for (slot, _, value) in &change.storage {
            let key = tables::storage_key(change.address, *slot);
            match value.is_zero() {
                true => storage.remove(key)?,
                false => storage.insert(key, value.to_be_bytes::<32>())?,
            };
        }
    }
    let mut codes = transaction.open_table(CODES)?;
    for (hash, code) in &changes.codes {
        codes.insert(hash.0, code.as_ref())?;
    }
    Ok(())
}
