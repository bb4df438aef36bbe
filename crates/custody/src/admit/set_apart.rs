//! Quarantine, theft, loss, and release.

use theriac_gs1::Identifier;

use super::observe::observe;
use super::select::{select, select_stock};
use crate::breach::Breach;
use crate::item::ItemStatus;
use crate::operation::{HoldingState, Operation};
use crate::world::World;

/// Sets stock apart.
pub(super) fn set_apart(
    epcs: &[Identifier],
    state: HoldingState,
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    let selection = select_stock(world, epcs, "set apart")?;
    let status = match state {
        HoldingState::Stolen => ItemStatus::Stolen,
        HoldingState::Lost => ItemStatus::Lost,
        _ => ItemStatus::Quarantined,
    };
    for id in epcs {
        world.set_parent(id, None);
    }
    world.set_status(&selection.items, status);
    Ok(vec![Operation::Segregate { units: selection.units, state }])
}

/// Brings quarantined or lost goods back to stock; for goods that are in stock it is an observation.
///
/// The ledger releases whole holdings: what was set apart by one event is released together.
pub(super) fn release(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    let selection = select(world, epcs)?;
    let apart = selection
        .filtered(world, |status| matches!(status, ItemStatus::Quarantined | ItemStatus::Lost));
    if apart.units.is_empty() {
        return observe(epcs, world);
    }
    world.set_status(&apart.items, ItemStatus::InStock);
    Ok(vec![Operation::Release { units: apart.units }])
}
