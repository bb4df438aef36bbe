//! Creating a ledger's file: whole or not at all.
//!
//! The file is made under another name, with its first block, and only then gets its own: a kill
//! at any moment leaves either no ledger or a valid one.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use redb::{Database, DatabaseError};

use super::{FORMAT, LEDGER_FILE, begin_durable, builder, open_error, write};
use crate::{
    block::{ExecutedBlock, genesis_header},
    error::{OpenError, StoreError},
    state::StateChanges,
};

/// Name of the file while it is made.
const NEW_FILE: &str = "ledger.redb.new";

/// Creates the ledger's file in `folder`, unless another process is quicker.
pub(super) fn create(folder: &Path, chain_id: u64) -> Result<(), OpenError> {
    let (new, path) = (folder.join(NEW_FILE), folder.join(LEDGER_FILE));
    let database = create_new(&new)?;
    first_block(&database, chain_id)?;
    drop(database);
    publish(&new, &path).map_err(|source| OpenError::Folder { path, source })?;
    sync(folder).map_err(|source| OpenError::Folder { path: folder.to_owned(), source })
}

/// An empty database; what a killed process left half made is thrown away.
fn create_new(new: &PathBuf) -> Result<Database, OpenError> {
    match builder().create(new) {
        Err(DatabaseError::DatabaseAlreadyOpen) => Err(OpenError::InUse { path: new.clone() }),
        Ok(database) => Ok(database),
        Err(_) => {
            let path = || new.clone();
            fs::remove_file(new).map_err(|source| OpenError::Folder { path: path(), source })?;
            builder().create(new).map_err(|error| open_error(new, error))
        }
    }
}

fn first_block(database: &Database, chain_id: u64) -> Result<(), StoreError> {
    let transaction = begin_durable(database)?;
    write::clear(&transaction)?;
    write::identity(&transaction, FORMAT, chain_id)?;
    let genesis = ExecutedBlock {
        header: genesis_header(chain_id),
        transactions: Vec::new(),
        receipts: Vec::new(),
        changes: StateChanges::default(),
    };
    write::snapshot_tables(&transaction)?;
    write::append(&transaction, &genesis)?;
    Ok(transaction.commit()?)
}

/// Gives the file its name, without taking it from a file that has it already.
fn publish(new: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(new, path) {
        Ok(()) => fs::remove_file(new),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => fs::remove_file(new),
        // A file system without hard links.
        Err(_) => fs::rename(new, path),
    }
}

/// Makes the new name durable.
fn sync(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => fs::File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}
