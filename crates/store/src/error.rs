//! Why the store could not be opened, read or written.

use std::path::PathBuf;

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its directory cannot be created or protected; the operator must act.
    #[error("cannot open the database file {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The database was written by a newer version of this program.
    #[error("expected a database of schema version {expected} or older, found version {found}")]
    Newer {
        /// The version that this program writes.
        expected: u32,
        /// The version found.
        found: u32,
    },
    /// The file holds a database of another program.
    #[error("expected a theriac database in {path}, found tables of another program")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The database did not answer as it should.
    #[error("cannot read or prepare the database")]
    Store(#[from] StoreError),
}

impl OpenError {
    /// What the operator can do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::File { .. } => "check the path, the owner and the free space of its directory",
            Self::Newer { .. } => "run the newer program, or restore a backup from before it ran",
            Self::Foreign { .. } => "check the path: give the node a file of its own",
            Self::Store(error) => error.hint(),
        }
    }
}

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space is left; nothing was written.
    #[error("the disk that holds the database is full")]
    DiskFull,
    /// More requests read than there are connections, and this one waited too long.
    #[error("all connections to the database are in use")]
    Overloaded,
    /// Another process holds the database.
    #[error("the database is locked by another process")]
    Locked,
    /// An earlier statement of the transaction failed in a way that undid all of it; nothing more
    /// is taken, so that nothing is written alone.
    #[error("an earlier error rolled the transaction back")]
    RolledBack,
    /// A write names a row that is not on record; a bug of the caller.
    #[error("expected {what} {id} on record, found none")]
    Missing {
        /// What kind of row.
        what: &'static str,
        /// Its id.
        id: i64,
    },
    /// A stored value is not one that this program writes.
    #[error("expected {expected} in column {column:?}, found {found}")]
    Corrupt {
        /// The column.
        column: &'static str,
        /// What the column holds.
        expected: &'static str,
        /// What was found, cut to 80 characters.
        found: String,
    },
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// What the operator can do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::DiskFull => "free space on the disk; what was acknowledged is safe",
            Self::Overloaded => "send fewer requests at a time, and this one again later",
            Self::Locked => "stop the other program that has the database file open",
            Self::RolledBack => "look for the earlier error in the log; then try again",
            Self::Missing { .. } => "this is a bug: report it with the log",
            Self::Corrupt { .. } => {
                "the file was changed by another program or is damaged: restore a backup"
            }
            Self::Database(_) => "look at the cause; if the disk is sound, report it with the log",
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Overloaded;
        }
        match primary_code(&error) {
            Some(SQLITE_FULL) => Self::DiskFull,
            Some(SQLITE_BUSY | SQLITE_LOCKED) => Self::Locked,
            _ => Self::Database(error),
        }
    }
}

/// Whether the database may have rolled back the whole transaction, and not the statement alone
/// (<https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction>).
pub(crate) fn ends_transaction(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(_) => matches!(
            primary_code(error),
            None | Some(SQLITE_BUSY | SQLITE_NOMEM | SQLITE_INTERRUPT | SQLITE_IOERR | SQLITE_FULL)
        ),
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse().ok().map(|code: u32| code & 0xff)
}

/// Primary result codes of SQLite (<https://sqlite.org/rescode.html>).
const SQLITE_BUSY: u32 = 5;
const SQLITE_LOCKED: u32 = 6;
const SQLITE_NOMEM: u32 = 7;
const SQLITE_INTERRUPT: u32 = 9;
const SQLITE_IOERR: u32 = 10;
const SQLITE_FULL: u32 = 13;
