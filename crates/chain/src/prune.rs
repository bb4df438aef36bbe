//! Pruning: executing old blocks once more, then keeping of them the headers and what they led to.
//!
//! ```text
//!  blocks up to N ─▶ audited (executed again, compared) ─▶ state after N, its hash
//!      ─▶ snapshot moves to N (one commit) ─▶ bodies up to N deleted (many commits) ─▶ file compacted
//! ```
//!
//! Nothing is deleted that does not agree with its own execution.

mod automatic;

pub(crate) use automatic::Pruner;

use std::{fs, path::Path};

use crate::{
    audit::{self, Executed, Snapshot},
    error::PruneError,
    store::{LEDGER_FILE, Store, StoredSnapshot},
};

/// What a pruning did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PruneReport {
    /// Blocks whose bodies this pruning took away.
    pub blocks: u64,
    /// Where the kept bodies begin; `None` when all are kept.
    pub snapshot: Option<Snapshot>,
    /// Size of the ledger's file before, in bytes.
    pub bytes_before: u64,
    /// Size of the ledger's file after, in bytes.
    pub bytes_after: u64,
}

/// Prunes the ledger in `folder`, which no process has open, and compacts its file.
pub(crate) fn folder(
    folder: &Path,
    keep_blocks: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<PruneReport, PruneError> {
    let (mut store, chain_id) = Store::open_existing(folder)?;
    let before = store.stats();
    let head = store.view()?.head()?;
    let last = head.number.saturating_sub(keep_blocks.max(1));
    up_to(&store, chain_id, last, &mut |done| {
        progress(done, last + 1);
        true
    })?;
    store.compact()?;
    let bodies_from = store.stats().bodies_from;
    let snapshot = store.view()?.snapshot()?;
    // Closing takes away the room that an open file keeps free.
    drop(store);
    let bytes_after = fs::metadata(folder.join(LEDGER_FILE)).map_or(0, |metadata| metadata.len());
    Ok(PruneReport {
        blocks: bodies_from.saturating_sub(before.bodies_from.max(1)),
        snapshot: snapshot.as_ref().map(Snapshot::from),
        bytes_before: before.bytes_on_disk,
        bytes_after,
    })
}

/// Prunes up to block `last`, and deletes what an earlier pruning left; `go_on` is told how many
/// blocks are executed, and ends the pruning by saying no.
fn up_to(
    store: &Store,
    chain_id: u64,
    last: u64,
    go_on: &mut dyn FnMut(u64) -> bool,
) -> Result<(), PruneError> {
    let view = store.view()?;
    if last >= view.bodies_from()?.max(1) {
        let mut executed = Executed::default();
        if !audit::execute(&view, chain_id, last, &mut executed, go_on)? {
            return Ok(());
        }
        // Pages that a view holds cannot be used again.
        drop(view);
        let (state_hash, counters) = (executed.state.hash(), executed.counters);
        let snapshot = StoredSnapshot { number: last, state_hash, counters };
        store.move_snapshot(&snapshot, &executed.state)?;
    }
    Ok(store.delete_pruned()?)
}
