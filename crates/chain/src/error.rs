//! The errors of opening, reading and auditing a ledger folder.

use std::path::PathBuf;

use crate::{audit::Difference, limits::SUBSCRIPTION_LAG_BLOCKS_MAX};

/// Why a ledger folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder belongs to another chain (own configuration).
    #[error(
        "expected chain id {expected} in {}, found {found}: check the configured chain id or choose another folder",
        path.display()
    )]
    OtherChain {
        /// The ledger file.
        path: PathBuf,
        /// The chain id asked for.
        expected: u64,
        /// The chain id that the folder was created with.
        found: u64,
    },
    /// Another process, or another handle in this one, has the ledger open.
    #[error("{} is open in another process: stop that process first", path.display())]
    InUse {
        /// The ledger file.
        path: PathBuf,
    },
    /// The file was written by a version of this program with another format.
    #[error("expected format {expected} in {}, found {found}: use the version that wrote it", path.display())]
    OtherFormat {
        /// The ledger file.
        path: PathBuf,
        /// The format this version reads and writes.
        expected: u64,
        /// The format found.
        found: u64,
    },
    /// There is no ledger in the folder.
    #[error("no ledger in {}", path.display())]
    Missing {
        /// The ledger file that is not there.
        path: PathBuf,
    },
    /// The folder cannot be created or the file cannot be reached.
    #[error("cannot reach {}: {source}", path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is not a ledger, or is damaged.
    #[error("cannot open {}: {source}", path.display())]
    Damaged {
        /// The ledger file.
        path: PathBuf,
        /// What the store said.
        source: Box<redb::DatabaseError>,
    },
    /// The miner's thread cannot be started (the operating system refused).
    #[error("cannot start the block producer: {0}")]
    Thread(std::io::Error),
    /// Reading or writing the first block failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the ledger's store cannot be read or written: the disk's fault, or a damaged file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database engine failed (disk full, I/O error, damaged page).
    #[error("the ledger's file cannot be used: {0}")]
    Engine(Box<redb::Error>),
    /// A row that must exist is missing.
    #[error("the ledger's file is damaged: expected a row of {table} for {key}, found none")]
    MissingRow {
        /// The table's name.
        table: &'static str,
        /// The key in words.
        key: String,
    },
    /// A row cannot be decoded.
    #[error("the ledger's file is damaged: a row of {table} cannot be decoded: {source}")]
    Undecodable {
        /// The table's name.
        table: &'static str,
        /// What the decoder said.
        source: alloy_rlp::Error,
    },
    /// revm stopped for a reason that is neither the transaction's nor the store's.
    #[error("the execution engine failed: {reason}")]
    Execution {
        /// What revm said.
        reason: String,
    },
}

impl revm::database_interface::DBErrorMarker for StoreError {}

/// Lets `?` turn every error of the database engine into [`StoreError::Engine`].
macro_rules! from_engine {
    ($($error:ty),*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Engine(Box::new(error.into()))
            }
        }
    )*};
}
from_engine!(
    redb::StorageError,
    redb::TableError,
    redb::TransactionError,
    redb::CommitError,
    redb::SetDurabilityError
);

/// Why an audit did not end with "everything agrees".
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// What is stored is not what execution gives.
    #[error("{0}")]
    Different(Difference),
    /// The folder cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a session ends.
#[derive(Debug, thiserror::Error)]
pub enum SessionEnd {
    /// The client takes its notifications too slowly.
    #[error(
        "a subscription is {blocks} blocks behind, expected at most {SUBSCRIPTION_LAG_BLOCKS_MAX}: subscribe again, and read \
         what was missed by eth_getLogs"
    )]
    TooSlow {
        /// How far it is behind.
        blocks: u64,
    },
    /// The ledger is closed.
    #[error("the ledger is stopping: connect again after its restart")]
    Stopped,
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A notification cannot be written as JSON.
    #[error("internal error: a notification cannot be written as JSON: {0}")]
    Unserializable(#[from] serde_json::Error),
}

/// Why a pruning did not end.
#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    /// What is stored is not what execution gives, or cannot be read; nothing was deleted.
    #[error("nothing was pruned: {0}")]
    Audit(#[from] AuditError),
    /// The folder cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Bodies are deleted, but the file could not be made shorter; it grows no further until the free
    /// room in it is used up.
    #[error("the ledger's file could not be compacted: {0}")]
    Compact(#[from] redb::CompactionError),
}
