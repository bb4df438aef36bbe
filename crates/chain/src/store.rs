//! The ledger's file: blocks, transactions, receipts, the log index, the state and the snapshot, in
//! redb.

mod counters;
mod create;
mod prune;
mod read_state;
mod snapshot;
mod sweep;
mod tables;
mod view;
mod write;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use redb::{
    Builder, Database, DatabaseError, Durability, ReadableDatabase, TableError, WriteTransaction,
};

pub use counters::LedgerStats;
pub(crate) use counters::{Counters, Totals};
pub(crate) use snapshot::StoredSnapshot;
pub(crate) use sweep::RowCounts;
pub(crate) use tables::{criterion_of_address, criterion_of_topic};
pub(crate) use view::{StoredTransaction, View};
pub(crate) use write::criteria;

use crate::{
    block::ExecutedBlock,
    error::{OpenError, StoreError},
    limits::PAGE_CACHE_BYTES,
    state::CodeCache,
};

/// Name of the ledger's file inside its folder.
pub const LEDGER_FILE: &str = "ledger.redb";

/// The format of the file; a change of tables or encodings raises it.
const FORMAT: u64 = 3;

/// The first format, without snapshots; it and those after it are brought up to date when they are opened.
const FORMAT_FIRST: u64 = 1;

/// An open ledger file.
///
/// # Invariants
///
/// - Every commit is durable (fsync) and holds whole blocks only.
/// - Two write: the producer appends blocks, the pruner takes bodies away; redb makes one wait for the
///   other.
/// - One process at a time: redb locks the file.
pub(crate) struct Store {
    database: Database,
    path: PathBuf,
    codes: CodeCache,
    totals: Mutex<Totals>,
}

impl Store {
    /// Opens the ledger in `folder`, or creates it with its first block.
    ///
    /// # Errors
    ///
    /// Another chain id or format, a file in use, damaged or out of reach.
    pub(crate) fn open_or_create(folder: &Path, chain_id: u64) -> Result<Self, OpenError> {
        fs::create_dir_all(folder)
            .map_err(|source| OpenError::Folder { path: folder.to_owned(), source })?;
        if !folder.join(LEDGER_FILE).exists() {
            create::create(folder, chain_id)?;
        }
        let (store, found) = Self::open_existing(folder)?;
        if found != chain_id {
            return Err(OpenError::OtherChain { path: store.path, expected: chain_id, found });
        }
        Ok(store)
    }

    /// Opens the ledger in `folder`, whatever its chain id; answers the chain id too.
    ///
    /// # Errors
    ///
    /// As [`Store::open_or_create`], and [`OpenError::Missing`].
    pub(crate) fn open_existing(folder: &Path) -> Result<(Self, u64), OpenError> {
        let path = folder.join(LEDGER_FILE);
        if !path.is_file() {
            return Err(OpenError::Missing { path });
        }
        let database = builder().open(&path).map_err(|error| open_error(&path, error))?;
        let codes = CodeCache::new();
        let store = Self { database, path, codes, totals: Mutex::default() };
        let chain_id = store.checked_chain_id()?;
        let totals = store.view()?.totals()?;
        store.with_totals(|kept| *kept = totals);
        Ok((store, chain_id))
    }

    /// A snapshot of the ledger after its newest durable block.
    pub(crate) fn view(&self) -> Result<View<'_>, StoreError> {
        Ok(View::new(self.database.begin_read()?, &self.codes))
    }

    /// Makes `block` durable: when this returns, it is on disk.
    pub(crate) fn append(&self, block: &ExecutedBlock) -> Result<(), StoreError> {
        let transaction = begin_durable(&self.database)?;
        let (counters, bodies_bytes) = write::append(&transaction, block)?;
        transaction.commit()?;
        self.with_totals(|totals| {
            totals.counters = counters;
            totals.bodies_bytes = bodies_bytes;
        });
        Ok(())
    }

    /// Totals after the newest durable block.
    pub(crate) fn stats(&self) -> LedgerStats {
        let totals = self.with_totals(|totals| *totals);
        totals.with_size(fs::metadata(&self.path).map_or(0, |metadata| metadata.len()))
    }

    fn with_totals<T>(&self, act: impl FnOnce(&mut Totals) -> T) -> T {
        act(&mut self.totals.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Format and chain id, `None` in a database that holds no ledger.
    fn identity(&self) -> Result<Option<(u64, u64)>, StoreError> {
        let transaction = self.database.begin_read()?;
        let table = match transaction.open_table(tables::META) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            table => table?,
        };
        let value = |key: &'static str| -> Result<u64, StoreError> {
            let row = table.get(key)?.map(|value| value.value());
            row.ok_or_else(|| tables::missing("meta", key))
        };
        Ok(Some((value(tables::META_FORMAT)?, value(tables::META_CHAIN_ID)?)))
    }

    fn checked_chain_id(&self) -> Result<u64, OpenError> {
        let missing = || OpenError::Missing { path: self.path.clone() };
        let (mut found, chain_id) = self.identity()?.ok_or_else(missing)?;
        if (FORMAT_FIRST..FORMAT).contains(&found) {
            self.upgrade(chain_id)?;
            found = FORMAT;
        }
        if found != FORMAT {
            let path = self.path.clone();
            return Err(OpenError::OtherFormat { path, expected: FORMAT, found });
        }
        Ok(chain_id)
    }
}

impl Store {
    fn upgrade(&self, chain_id: u64) -> Result<(), StoreError> {
        let transaction = begin_durable(&self.database)?;
        prune::upgrade(&transaction)?;
        write::identity(&transaction, FORMAT, chain_id)?;
        Ok(transaction.commit()?)
    }
}

/// A write transaction whose commit ends with an fsync.
fn begin_durable(database: &Database) -> Result<WriteTransaction, StoreError> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    Ok(transaction)
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(PAGE_CACHE_BYTES);
    builder
}

fn open_error(path: &Path, error: DatabaseError) -> OpenError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen => OpenError::InUse { path },
        DatabaseError::Storage(redb::StorageError::Io(source))
            if source.kind() != std::io::ErrorKind::InvalidData =>
        {
            OpenError::Folder { path, source }
        }
        error => OpenError::Damaged { path, source: Box::new(error) },
    }
}
