//! Receiving and refusing what a sender has announced.

use theriac_gs1::Identifier;

use super::select::{Selection, select};
use crate::breach::{Breach, BreachCode};
use crate::item::ItemStatus;
use crate::operation::Operation;
use crate::world::World;

/// Takes announced goods into stock.
pub(super) fn receive(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    let announced = match announced(epcs, world)? {
        // Received before: a second scan of the same goods changes nothing.
        None => return Ok(vec![Operation::Anchor]),
        Some(announced) => announced,
    };
    world.set_status(&announced.items, ItemStatus::InStock);
    detach(epcs, world);
    Ok(vec![Operation::Receive { received: announced.units, refused: Vec::new() }])
}

/// Refuses announced goods; they go back to their sender.
pub(super) fn refuse(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    let Some(announced) = announced(epcs, world)? else {
        let first = epcs.first();
        return Err(Breach::new(
            BreachCode::NotHeld,
            "expected announced goods to refuse, found goods already in stock".to_owned(),
            "send them back with a shipping event instead",
        )
        .on(first));
    };
    world.set_status(&announced.items, ItemStatus::Refused);
    detach(epcs, world);
    Ok(vec![Operation::Receive { received: Vec::new(), refused: announced.units }])
}

/// The part of what the event names that is announced and not received yet; `None` if all of it
/// is in stock already.
fn announced(epcs: &[Identifier], world: &World) -> Result<Option<Selection>, Breach> {
    let selection = select(world, epcs)?;
    let expected = selection.filtered(world, |status| status == ItemStatus::Expected);
    if !expected.units.is_empty() {
        return Ok(Some(expected));
    }
    let elsewhere = selection
        .items
        .iter()
        .find(|id| world.items.get(*id).is_none_or(|item| item.status != ItemStatus::InStock));
    match elsewhere {
        None => Ok(None),
        Some(id) => Err(Breach::new(
            BreachCode::NotHeld,
            format!(
                "expected goods that a sender has announced to this member, found {id} {}",
                world.items.get(id).map_or("unknown", |item| item.status.word())
            ),
            "check the label, and ask the sender whom the goods are addressed to",
        )
        .on([id])),
    }
}

/// What was scanned on its own has been taken out of what it travelled in.
fn detach(epcs: &[Identifier], world: &mut World) {
    for id in epcs {
        let parent = world.items.get(id).and_then(|item| item.parent.clone());
        if parent.is_some_and(|parent| !epcs.contains(&parent)) {
            world.set_parent(id, None);
        }
    }
}
