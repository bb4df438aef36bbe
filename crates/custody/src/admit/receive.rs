//! Receiving and refusing what a sender has announced.

use theriac_gs1::Identifier;

use super::select::{Selection, select};
use crate::breach::{Breach, BreachCode, WaitsFor};
use crate::item::ItemStatus;
use crate::operation::Operation;
use crate::world::World;

/// Takes announced goods into stock. What was received before stays: a second scan of the same goods
/// changes nothing.
pub(super) fn receive(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    let here = |status| matches!(status, ItemStatus::InStock | ItemStatus::Quarantined);
    let announced = announced(epcs, world, here)?;
    announced.detach(world);
    world.set_status(&announced.items, ItemStatus::InStock);
    if announced.units.is_empty() {
        return Ok(vec![Operation::Anchor]);
    }
    Ok(vec![Operation::Receive { received: announced.units, refused: Vec::new() }])
}

/// Refuses announced goods; they go back to their sender. What was received before cannot be
/// refused any more.
pub(super) fn refuse(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    let announced = announced(epcs, world, |status| status == ItemStatus::Refused)?;
    announced.detach(world);
    world.set_status(&announced.items, ItemStatus::Refused);
    if announced.units.is_empty() {
        return Ok(vec![Operation::Anchor]);
    }
    Ok(vec![Operation::Receive { received: Vec::new(), refused: announced.units }])
}

/// The part of what the event names that is announced and neither received nor refused yet. The
/// rest must be as the event would leave it.
fn announced(
    epcs: &[Identifier],
    world: &World,
    done: impl Fn(ItemStatus) -> bool,
) -> Result<Selection, Breach> {
    let selection = select(world, epcs)?;
    for id in &selection.items {
        let Some(item) = world.items.get(id) else { continue };
        if item.status != ItemStatus::Expected && !done(item.status) {
            return Err(not_announced(id, item.status));
        }
    }
    Ok(selection.filtered(world, |status| status == ItemStatus::Expected))
}

fn not_announced(id: &Identifier, status: ItemStatus) -> Breach {
    let (code, what_to_do) = match status {
        ItemStatus::Retired(_) => (
            BreachCode::AlreadyRetired,
            "look at the pack: a second one with this code is a copy; quarantine it and report it",
        ),
        ItemStatus::InStock | ItemStatus::Quarantined => {
            (BreachCode::NotHeld, "send it back with a shipping event instead")
        }
        _ => (
            BreachCode::NotHeld,
            "check the label, and ask the sender whom the goods are addressed to",
        ),
    };
    let breach = Breach::new(
        code,
        format!("expected goods that a sender has announced to this member, found {id} {status}"),
        what_to_do,
    )
    .on([id]);
    match status {
        // The sender's data may be late.
        ItemStatus::HandedOver | ItemStatus::InTransit => breach.until(WaitsFor::Item(id.clone())),
        _ => breach,
    }
}
