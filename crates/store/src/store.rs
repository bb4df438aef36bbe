//! The open database: a pool of readers and one writer.

mod files;
mod reads;
#[cfg(test)]
mod tests;

pub(crate) use reads::reads;

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::connection::Connection;
use crate::error::{OpenError, StoreError};
use crate::migrate;

/// Connections that read at the same time.
const READERS_MAX: u32 = 8;

/// The store of a node. Cheap to clone; all clones share the pool and the one writer.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    readers: SqlitePool,
    writer: SqlitePool,
    turn: Arc<Mutex<()>>,
}

/// An open transaction to read from: all reads see the same commit.
#[derive(Debug)]
pub struct ReadTx {
    transaction: Transaction<'static, Sqlite>,
    /// Whether an error undid the transaction.
    lost: bool,
}

impl ReadTx {
    fn new(transaction: Transaction<'static, Sqlite>) -> Self {
        Self { transaction, lost: false }
    }
}

/// The one open write transaction, and all reads within it. Dropped without
/// [`commit`](Self::commit) it rolls back.
#[derive(Debug)]
pub struct WriteTx {
    // Dropped before the turn is given up: fields drop in order.
    reads: ReadTx,
    _turn: OwnedMutexGuard<()>,
}

impl Deref for WriteTx {
    type Target = ReadTx;

    fn deref(&self) -> &ReadTx {
        &self.reads
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.reads
    }
}

/// A connection to read from.
pub(crate) enum Reader {
    /// Each statement sees the last commit.
    Statement(PoolConnection<Sqlite>),
    /// All statements see the same commit.
    Snapshot(Transaction<'static, Sqlite>),
}

impl Store {
    /// Opens the database file at `path`, creates it (readable by its owner only) when it is not
    /// there, brings its schema up to date, and deletes captures that were never acknowledged.
    ///
    /// # Errors
    ///
    /// [`OpenError`] when the file cannot be used or a newer program wrote it.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        files::protect(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let writer = files::pool(path, 1).await?;
        let store = Self {
            path: path.to_owned(),
            readers: files::pool(path, READERS_MAX).await?,
            writer,
            turn: Arc::default(),
        };
        migrate::run(&store).await?;
        let mut tx = store.write().await?;
        tx.delete_unsealed_captures().await?;
        tx.commit().await?;
        Ok(store)
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for its turn, then begins a write transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] when another process writes; [`StoreError::Database`].
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let transaction = match self.begin_writing().await {
            // An error undid the last transaction (a full disk, say), and the driver still counts
            // it as open: that connection is of no use any more.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                tracing::warn!("the last write was undone by an error; opening a new connection");
                self.writer.acquire().await?.close().await?;
                self.begin_writing().await?
            }
            begun => begun?,
        };
        Ok(WriteTx { reads: ReadTx::new(transaction), _turn: turn })
    }

    async fn begin_writing(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    /// Begins a transaction to read from: all reads see the same commit.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn read(&self) -> Result<ReadTx, StoreError> {
        Ok(ReadTx::new(self.readers.begin().await?))
    }

    /// Closes all connections, after what is under way on them has ended.
    pub async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    /// For a read of one statement.
    pub(crate) async fn statement(&self) -> Result<Reader, StoreError> {
        Ok(Reader::Statement(self.readers.acquire().await?))
    }

    /// For a read of several statements.
    pub(crate) async fn snapshot(&self) -> Result<Reader, StoreError> {
        Ok(Reader::Snapshot(self.readers.begin().await?))
    }
}

impl WriteTx {
    /// Makes everything written durable and visible.
    ///
    /// # Errors
    ///
    /// [`StoreError::DiskFull`], [`StoreError::RolledBack`] when an earlier error undid it,
    /// [`StoreError::Database`]; nothing was written then.
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.reads.lost {
            return Err(StoreError::RolledBack);
        }
        Ok(self.reads.transaction.commit().await?)
    }

    /// Undoes everything written, and waits until that is done.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`]; everything is undone all the same.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        if self.reads.lost {
            return Ok(());
        }
        Ok(self.reads.transaction.rollback().await?)
    }
}

impl ReadTx {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        Connection::in_transaction(&mut self.transaction, &mut self.lost)
    }
}

impl Reader {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        let connection: &mut SqliteConnection = match self {
            Self::Statement(connection) => connection,
            Self::Snapshot(transaction) => transaction,
        };
        Connection::reader(connection)
    }
}
