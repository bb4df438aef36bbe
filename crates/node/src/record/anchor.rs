//! Events that move nothing: one transaction puts the root over all their hashes on the ledger.

use theriac_custody::{Hash, tree};
use theriac_ledger::Call;
use theriac_store::OutboxRecord;

use super::plan::{Plan, Planned};

/// Anchors all the events at once.
pub(super) fn plan_anchor(rows: Vec<OutboxRecord>) -> Planned {
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let calls = vec![Call::Anchor { root: cause(&rows), count }];
    Planned::Ready(Plan { calls, rows, openings: Vec::new() })
}

/// The cause that a call names for the events of these operations.
pub(super) fn cause(rows: &[OutboxRecord]) -> Hash {
    let mut hashes: Vec<Hash> = rows.iter().map(|row| row.event_hash).collect();
    hashes.dedup();
    tree::cause(&hashes).unwrap_or(Hash::ZERO)
}
