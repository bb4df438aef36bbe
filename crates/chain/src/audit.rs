//! Executing the chain again, from genesis or from the snapshot, and comparing it with what is stored.
//!
//! ```text
//!  stored bodies and times ─▶ signers recovered ─▶ executed into a fresh state ─▶ compared:
//!  each block: receipts (status, gas, logs, revert data), header, hash, indexes
//!  up to a snapshot: headers, their hashes and links, the hash of the state there
//!  at the end: accounts, codes, storage, counters, number of rows of every table
//! ```

mod blocks;
mod difference;
mod pruned;
mod world;

pub use difference::{Difference, Part};

use revm::primitives::B256;

use crate::{
    error::AuditError,
    history::Peaks,
    state::MemoryState,
    store::{Counters, StoredSnapshot, View},
};

/// A ledger that agrees with its own execution, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Blocks of the chain, the first one (height 0) included.
    pub blocks: u64,
    /// Transactions of the chain.
    pub transactions: u64,
    /// Gas they used.
    pub gas_used: u64,
    /// Where execution began, if bodies are pruned; else it began at the first block.
    pub snapshot: Option<Snapshot>,
    /// Accounts compared.
    pub accounts: u64,
    /// Non-zero storage slots compared.
    pub storage_slots: u64,
    /// Hash of the newest block.
    pub head: B256,
}

/// Where the bodies begin that are kept: those of this block and of all before it are pruned, and it
/// is taken on trust in the pruning that what they led to is the state with this hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Height of the block.
    pub block: u64,
    /// Hash of all accounts and slots after it.
    pub state_hash: B256,
}

impl From<&StoredSnapshot> for Snapshot {
    fn from(stored: &StoredSnapshot) -> Self {
        Self { block: stored.number, state_hash: stored.state_hash }
    }
}

/// What the executed part of the chain amounts to.
#[derive(Default)]
pub(crate) struct Executed {
    pub(crate) state: MemoryState,
    pub(crate) counters: Counters,
    log_index_rows: u64,
    history: Peaks,
}

/// Audits all of `view`.
///
/// # Errors
///
/// The first difference, or a store that cannot be read.
pub(crate) fn run(
    view: &View<'_>,
    chain_id: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, AuditError> {
    let head = view.head()?;
    let of = head.number + 1;
    let snapshot = view.snapshot()?;
    let mut executed = Executed::default();
    execute(view, chain_id, head.number, &mut executed, &mut |done| {
        progress(done, of);
        true
    })?;
    world::compare(view, head.number, &executed)?;
    let Counters { blocks, transactions, gas_used, storage_slots, accounts } = executed.counters;
    let (head, snapshot) = (head.hash(), snapshot.as_ref().map(Snapshot::from));
    Ok(AuditReport { blocks, transactions, gas_used, snapshot, accounts, storage_slots, head })
}

/// Executes from the first block or the snapshot up to block `last`, comparing block by block.
///
/// `go_on` is told how many blocks are done; when it says no, execution ends and the answer is no.
pub(crate) fn execute(
    view: &View<'_>,
    chain_id: u64,
    last: u64,
    executed: &mut Executed,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<bool, AuditError> {
    let mut parent = match view.snapshot()? {
        None => blocks::genesis(view, chain_id, executed)?,
        Some(snapshot) => pruned::up_to(view, chain_id, &snapshot, executed)?,
    };
    for number in parent.number + 1..=last {
        if !go_on(number) {
            return Ok(false);
        }
        parent = blocks::next(view, chain_id, &parent, number, executed)?;
    }
    Ok(go_on(last + 1))
}
