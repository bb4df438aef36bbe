//! Quarantine, theft, loss, and release.

use jiff::civil::Date;
use theriac_gs1::Identifier;

use super::observe::observe;
use super::select::{Selection, empty, in_stock, select};
use super::state::may_become;
use crate::breach::{Actor, Breach, BreachCode};
use crate::item::{ItemStatus, is_unit};
use crate::operation::{HoldingState, Operation};
use crate::profile::Condition;
use crate::world::World;

/// Sets stock apart. What is set apart in the same way already stays so.
pub(super) fn set_apart(
    epcs: &[Identifier],
    state: HoldingState,
    world: &mut World,
    today: Date,
) -> Result<Vec<Operation>, Breach> {
    let status = match state {
        HoldingState::Stolen => ItemStatus::Stolen,
        HoldingState::Lost => ItemStatus::Lost,
        _ => ItemStatus::Quarantined,
    };
    let named = select(world, epcs)?;
    if named.units.is_empty() {
        return Err(empty(epcs, "set apart"));
    }
    let selection = named.filtered(world, |found| found != status);
    for id in selection.items.iter().filter(|id| is_unit(id)) {
        in_stock(world, id, "set apart")?;
    }
    may_become(&selection.items, Condition::of_status(status), world, today)?;
    if selection.units.is_empty() {
        return Ok(vec![Operation::Anchor]);
    }
    selection.detach(world);
    world.set_status(&selection.items, status);
    Ok(vec![Operation::Segregate { units: selection.units, state }])
}

/// Brings quarantined or lost goods back to stock; for goods that are in stock it is an observation.
///
/// The ledger releases whole holdings: what was set apart by one event is released together.
pub(super) fn release(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    observe(epcs, world)?;
    let on_record: Vec<Identifier> =
        epcs.iter().filter(|id| world.items.contains_key(*id)).cloned().collect();
    let selection = select(world, &on_record)?;
    not_stolen(&selection, world)?;
    let apart = selection
        .filtered(world, |status| matches!(status, ItemStatus::Quarantined | ItemStatus::Lost));
    apart.detach(world);
    world.set_status(&apart.items, ItemStatus::InStock);
    if apart.units.is_empty() {
        return Ok(vec![Operation::Anchor]);
    }
    Ok(vec![Operation::Release { units: apart.units }])
}

/// Stolen goods that turn up again are no stock before somebody has looked at them.
fn not_stolen(selection: &Selection, world: &World) -> Result<(), Breach> {
    let stolen = selection
        .items
        .iter()
        .find(|id| world.items.get(*id).is_some_and(|item| item.status == ItemStatus::Stolen));
    let Some(id) = stolen else { return Ok(()) };
    Err(Breach::new(
        BreachCode::SetApart,
        format!("expected goods fit for sale, found {id} stolen"),
        "keep it apart and call the authority; stolen goods do not return to stock",
    )
    .by(Actor::Regulator)
    .on([id]))
}
