//! Auditing the blocks whose bodies are pruned: their headers, and the state that they led to.

use alloy_consensus::{Header, Sealed};

use super::{Difference, Executed, Part, blocks};
use crate::{
    error::AuditError,
    store::{StoredSnapshot, View},
};

/// Audits all blocks up to the snapshot's and loads the state after it; answers its header.
pub(super) fn up_to(
    view: &View<'_>,
    chain_id: u64,
    snapshot: &StoredSnapshot,
    executed: &mut Executed,
) -> Result<Sealed<Header>, AuditError> {
    let mut parent = blocks::genesis(view, chain_id, executed)?;
    for number in 1..=snapshot.number {
        parent = blocks::header_only(view, &parent, number, executed)?;
    }
    executed.state = view.state_at_snapshot(snapshot.number)?;
    executed.counters = snapshot.counters;
    let found = executed.state.hash();
    Difference::check(snapshot.number, None, Part::Snapshot, &snapshot.state_hash, &found)?;
    Ok(parent)
}
