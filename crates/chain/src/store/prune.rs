//! Taking the bodies of old blocks out of the store.
//!
//! The snapshot moves first, in one commit; from then on the bodies up to it count as gone. Their
//! rows follow, some blocks a commit, so that the producer of blocks never waits long. A process
//! that is killed in between leaves rows that nobody reads; the next pruning takes them out.

use redb::{ReadableDatabase, ReadableTable, WriteTransaction};

use super::{
    Store, begin_durable, counters, snapshot,
    snapshot::StoredSnapshot,
    tables::{
        self, HEADERS, LOCATIONS, LOG_INDEX, META, META_BODIES_BYTES, META_HISTORY_FROM, RECEIPTS,
        TRANSACTIONS,
    },
    view::View,
    write::{self, criteria},
};
use crate::{error::StoreError, limits::PRUNED_TRANSACTIONS_PER_COMMIT, state::MemoryState};

impl Store {
    /// Moves the snapshot to a later block; `state` is the one after it, found by execution.
    pub(crate) fn move_snapshot(
        &self,
        snapshot: &StoredSnapshot,
        state: &MemoryState,
    ) -> Result<(), StoreError> {
        let transaction = begin_durable(&self.database)?;
        snapshot::write(&transaction, snapshot, state)?;
        transaction.commit()?;
        self.with_totals(|totals| totals.bodies_from = snapshot.number + 1);
        Ok(())
    }

    /// Deletes what is left of bodies up to the snapshot.
    pub(crate) fn delete_pruned(&self) -> Result<(), StoreError> {
        let Some(snapshot) = snapshot::read(&self.database.begin_read()?)? else { return Ok(()) };
        loop {
            let transaction = begin_durable(&self.database)?;
            let (rows, bytes) = delete_some(&transaction, snapshot.number)?;
            let mut meta = transaction.open_table(META)?;
            let kept = counters::bodies_bytes(&meta)?.saturating_sub(bytes);
            meta.insert(META_BODIES_BYTES, kept)?;
            drop(meta);
            transaction.commit()?;
            self.with_totals(|totals| totals.bodies_bytes = kept);
            if rows < PRUNED_TRANSACTIONS_PER_COMMIT {
                return Ok(());
            }
        }
    }

    /// Gives back to the file system what is free in the file. Nobody else may use the store.
    pub(crate) fn compact(&mut self) -> Result<(), redb::CompactionError> {
        while self.database.compact()? {}
        Ok(())
    }
}

/// Deletes transactions of blocks up to `last` with all that belongs to them, whole blocks, until
/// enough for one commit are gone; answers how many, and the bytes of their bodies.
fn delete_some(transaction: &WriteTransaction, last: u64) -> Result<(usize, u64), StoreError> {
    let mut tables = Bodies {
        transactions: transaction.open_table(TRANSACTIONS)?,
        receipts: transaction.open_table(RECEIPTS)?,
        locations: transaction.open_table(LOCATIONS)?,
        log_index: transaction.open_table(LOG_INDEX)?,
    };
    let (mut rows, mut bytes) = (0, 0);
    while rows < PRUNED_TRANSACTIONS_PER_COMMIT {
        let first = tables.transactions.first()?.map(|(place, _)| place.value().0);
        let Some(number) = first.filter(|number| *number <= last) else { break };
        let (more_rows, more_bytes) = tables.delete(number)?;
        rows += more_rows;
        bytes += more_bytes;
    }
    Ok((rows, bytes))
}

/// The tables that a block's body lies in.
struct Bodies<'t> {
    transactions: redb::Table<'t, tables::Place, &'static [u8]>,
    receipts: redb::Table<'t, tables::Place, &'static [u8]>,
    locations: redb::Table<'t, [u8; 32], tables::Place>,
    log_index: redb::Table<'t, (u64, u64), ()>,
}

impl Bodies<'_> {
    /// Deletes one block's body; answers its transactions and the bytes of its rows.
    fn delete(&mut self, number: u64) -> Result<(usize, u64), StoreError> {
        let (mut rows, mut bytes) = (0, 0);
        let mut hashes = Vec::new();
        for row in self.transactions.extract_from_if(block(number), |_, _| true)? {
            let row = row?.1;
            bytes += row.value().len() as u64;
            hashes.push(tables::hash_of_transaction(row.value()));
            rows += 1;
        }
        let mut receipts = Vec::new();
        for row in self.receipts.extract_from_if(block(number), |_, _| true)? {
            let row = row?.1;
            bytes += row.value().len() as u64;
            receipts.push(tables::decode_rlp("receipts", row.value())?);
        }
        for hash in hashes {
            self.locations.remove(hash)?;
        }
        for criterion in criteria(&receipts) {
            self.log_index.remove((criterion, number))?;
        }
        Ok((rows, bytes))
    }
}

/// The places of a block.
fn block(number: u64) -> std::ops::RangeInclusive<tables::Place> {
    (number, 0)..=(number, u32::MAX)
}

impl View<'_> {
    /// The last block to prune so that what remains has at most `bytes_max` bytes of bodies;
    /// `None` when nothing needs to go. The newest block always stays.
    pub(crate) fn last_to_prune(&self, bytes_max: u64) -> Result<Option<u64>, StoreError> {
        let from = self.bodies_from()?;
        let head = self.head()?.number;
        let transactions = self.inner().open_table(TRANSACTIONS)?;
        let receipts = self.inner().open_table(RECEIPTS)?;
        let mut kept = 0;
        let mut newest_first = (from..=head).rev();
        for number in newest_first.by_ref() {
            for table in [&transactions, &receipts] {
                for row in table.range(block(number))? {
                    kept += row?.1.value().len() as u64;
                }
            }
            if kept > bytes_max {
                let last = number.min(head.saturating_sub(1));
                return Ok((last >= from.max(1)).then_some(last));
            }
        }
        Ok(None)
    }

    /// How many rows of bodies up to the snapshot are still to be deleted: transactions (and as
    /// many locations and receipts), and rows of the log index.
    pub(crate) fn left_over(&self, snapshot: &StoredSnapshot) -> Result<(u64, u64), StoreError> {
        let table = self.inner().open_table(TRANSACTIONS)?;
        let (mut transactions, mut log_index, mut number) = (0, 0, 0);
        while let Some(row) = table.range((number, 0)..=(snapshot.number, u32::MAX))?.next() {
            let found = row?.0.value().0;
            let receipts = self.receipts(found)?;
            transactions += receipts.len() as u64;
            log_index += criteria(&receipts).len() as u64;
            number = found + 1;
        }
        Ok((transactions, log_index))
    }
}

/// Gives a file of an earlier format, which knows no snapshot or history, the tables and totals it lacks.
pub(super) fn upgrade(transaction: &WriteTransaction) -> Result<(), StoreError> {
    let mut bytes = 0;
    for table in [TRANSACTIONS, RECEIPTS] {
        for row in transaction.open_table(table)?.iter()? {
            bytes += row?.1.value().len() as u64;
        }
    }
    let mut hashes = Vec::new();
    for row in transaction.open_table(HEADERS)?.iter()? {
        let (number, row) = row?;
        hashes.push((number.value(), tables::hash_of_header(row.value())?));
    }
    for (number, hash) in &hashes {
        write::history(transaction, *number, *hash)?;
    }
    let mut meta = transaction.open_table(META)?;
    meta.insert(META_BODIES_BYTES, bytes)?;
    meta.insert(META_HISTORY_FROM, hashes.len() as u64)?;
    drop(meta);
    write::snapshot_tables(transaction)
}
