//! Whether the jurisdiction lets an end of life be undone.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use theriac_epcis::Event;
use theriac_gs1::Identifier;

use super::declare::{Done, Stage};
use super::state::condition;
use crate::breach::Breach;
use crate::item::ItemStatus;
use crate::operation::Operation;
use crate::profile::{Condition, may_undo};
use crate::world::World;

/// Judges the declaration of an event by the profile's rules of undoing, at `now`; `done` are the
/// event's operations, and it was put on record at `recorded`. Events that end no life, or not in a way that the ledger can undo, are judged
/// by [`neutralise`](super::neutralise) alone.
///
/// # Errors
///
/// A [`Breach`] with the rule that stands against it.
pub fn undo_allowed(
    declaration: &Event,
    done: &[Done],
    world: &World,
    recorded: Timestamp,
    now: Timestamp,
) -> Result<(), Breach> {
    for done in done.iter().filter(|done| !matches!(done.stage, Stage::ForGood { .. })) {
        let Operation::Retire { units, reason } = &done.operation else { continue };
        if !reason.is_undoable() {
            continue;
        }
        let today = now.to_zoned(TimeZone::UTC).date();
        // Back in stock, the packs are what their lot and their expiry date make of them.
        let conditions: Vec<(Identifier, Condition)> = units
            .iter()
            .map(|unit| Identifier::Sgtin(unit.clone()))
            .map(|id| (id.clone(), condition(&id, ItemStatus::InStock, world, today)))
            .collect();
        may_undo(&world.profile, declaration, *reason, &conditions, recorded, now)?;
    }
    Ok(())
}
