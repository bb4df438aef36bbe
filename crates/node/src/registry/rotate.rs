//! Giving a node another key: for one that may be known to others, or as a habit.
//!
//! The steps, each of which can be the last before a crash; doing all of it again goes on from there:
//!
//! 1. A new key is written to `keys/account.next.json`.
//! 2. The ledger lets its account act for the member.
//! 3. The old key is kept as `keys/account.0x….json`, and the new one takes its place at once.
//! 4. The ledger ends the old account's right to act.

use std::path::{Path, PathBuf};

use serde::Serialize;
use theriac_custody::Account;
use theriac_ledger::{Cost, Keystore, Passphrase, ReadError};

use super::RegistryAction;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::NodeError;
use crate::folder::{FolderError, NodeFolder};
use crate::node::{Node, OpenError};

/// What came of a rotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RotateReport {
    /// The account that acts for the member from then on.
    pub account: Account,
    /// The accounts whose right to act was ended.
    pub revoked: Vec<Account>,
}

/// Why a node's key was not changed, or not to the end; doing it again goes on.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// The node cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The folder or a key in it cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The ledger did not take a step.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The account is a governor's, which is not its member's to pass on.
    #[error(
        "expected an account that is no governor, found the governor {account}: governors are changed by the timelock"
    )]
    Governor {
        /// The account.
        account: Account,
    },
    /// Work of the old key is not on the ledger yet.
    #[error("expected no transaction of the old key that waits, found some: try again later")]
    Waiting,
}

impl From<ReadError> for RotateError {
    fn from(error: ReadError) -> Self {
        Self::Node(error.into())
    }
}

/// Gives the node in the folder `dir`, which no process has open, another key of the same passphrase.
///
/// # Errors
///
/// [`RotateError`]; what was done stays, and is not done again.
pub async fn rotate(
    dir: &Path,
    config: &Config,
    passphrase: &Passphrase,
    cost: Cost,
    clock: Clock,
) -> Result<RotateReport, RotateError> {
    let folder = NodeFolder::at(dir);
    let next = folder.path().join("keys").join("account.next.json");
    let node = Node::open(dir, config.clone(), passphrase, clock.clone()).await?;
    let begun = begin(&node, &folder, &next, passphrase, cost).await;
    node.close().await;
    if begun? {
        switch(&folder, &next)?;
    }
    let node = Node::open(dir, config.clone(), passphrase, clock).await?;
    let revoked = revoke_kept(&node, &folder).await;
    let account = node.account();
    node.close().await;
    Ok(RotateReport { account, revoked: revoked? })
}

/// Steps 1 and 2; no if a rotation before this one came to step 3, so that step 4 is left.
async fn begin(
    node: &Node,
    folder: &NodeFolder,
    next: &Path,
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<bool, RotateError> {
    node.see_contracts().await?;
    if node.inner().ledger.is_governor(node.account()).await? {
        return Err(RotateError::Governor { account: node.account() });
    }
    if !next.is_file() && !acting_kept(node, folder).await?.is_empty() {
        return Ok(false);
    }
    prepare(node, next, passphrase, cost).await.map(|()| true)
}

/// Steps 1 and 2.
async fn prepare(
    node: &Node,
    next: &Path,
    passphrase: &Passphrase,
    cost: Cost,
) -> Result<(), RotateError> {
    if !next.is_file() {
        Keystore::create_at(next, passphrase, cost).map_err(FolderError::from)?;
    }
    let account = Keystore::unlock(next, passphrase).map_err(FolderError::from)?.account();
    let ledger = &node.inner().ledger;
    if ledger.member_of(account).await? != Some(node.gln().value()) {
        node.act(&RegistryAction::AddAccount { account }).await?;
    }
    node.settle().await?;
    let (mined, sent) = (
        ledger.mined_nonce(node.account()).await.map_err(NodeError::from)?,
        ledger.next_nonce(node.account()).await.map_err(NodeError::from)?,
    );
    let waits = node.inner().store.transactions_in(theriac_store::TransactionState::Signed).await;
    match waits.map_err(NodeError::from)?.is_empty() && mined == sent {
        true => Ok(()),
        false => Err(RotateError::Waiting),
    }
}

/// Step 3: at every moment there is a whole key at the node's place for it.
fn switch(folder: &NodeFolder, next: &Path) -> Result<(), RotateError> {
    let current = folder.account_key();
    let account = Keystore::account(&current).map_err(FolderError::from)?.unwrap_or_default();
    let kept = folder.path().join("keys").join(format!("account.{account}.json"));
    let io = |action, path: &Path| {
        let path = path.to_owned();
        move |source| FolderError::Io { action, path, source }
    };
    if !kept.is_file() {
        std::fs::hard_link(&current, &kept).map_err(io("keep", &kept))?;
    }
    std::fs::rename(next, &current).map_err(io("replace", &current))?;
    let keys = folder.path().join("keys");
    let synced = std::fs::File::open(&keys).and_then(|keys| keys.sync_all());
    synced.map_err(io("write", &keys))?;
    Ok(())
}

/// Step 4.
async fn revoke_kept(node: &Node, folder: &NodeFolder) -> Result<Vec<Account>, RotateError> {
    let acting = acting_kept(node, folder).await?;
    for account in &acting {
        node.act(&RegistryAction::RevokeAccount { account: *account }).await?;
    }
    Ok(acting)
}

/// The accounts of keys that were kept and still act for the member.
async fn acting_kept(node: &Node, folder: &NodeFolder) -> Result<Vec<Account>, RotateError> {
    let mut acting = Vec::new();
    for key in kept_keys(folder)? {
        let Some(account) = Keystore::account(&key).map_err(FolderError::from)? else { continue };
        let member = node.inner().ledger.member_of(account).await?;
        if account != node.account() && member == Some(node.gln().value()) {
            acting.push(account);
        }
    }
    Ok(acting)
}

/// The files of keys that the node had before.
fn kept_keys(folder: &NodeFolder) -> Result<Vec<PathBuf>, FolderError> {
    let keys = folder.path().join("keys");
    let io = |source| FolderError::Io { action: "list", path: keys.clone(), source };
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(&keys).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("account.0x") && name.ends_with(".json") {
            kept.push(path);
        }
    }
    kept.sort();
    Ok(kept)
}
