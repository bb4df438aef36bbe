//! Ends of life: dispensed, exported, destroyed, sampled …

use jiff::civil::Date;
use theriac_gs1::Identifier;

use super::select::{in_stock, select};
use super::ship::fit_for_sale;
use super::state::may_become;
use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::item::{ItemStatus, Reason, is_unit};
use crate::operation::Operation;
use crate::profile::Condition;
use crate::world::{Role, World};

/// Ends the lives of the named items and of all that is packed in them.
pub(super) fn retire(
    epcs: &[Identifier],
    reason: Reason,
    world: &mut World,
    today: Date,
) -> Result<Vec<Operation>, Breach> {
    let selection = select(world, epcs)?;
    for id in &selection.items {
        may_retire(id, reason, world)?;
    }
    if reason.is_use() {
        may_use(reason, world)?;
        own(&selection.items, reason, world)?;
        fit_for_sale(&selection.items, world, today)?;
    }
    may_become(&selection.items, Condition::Retired(reason), world, today)?;
    selection.detach(world);
    world.set_status(&selection.items, ItemStatus::Retired(reason));
    if selection.units.is_empty() {
        // Logistic units have no leaf on the ledger.
        return Ok(vec![Operation::Anchor]);
    }
    Ok(vec![Operation::Retire { units: selection.units, reason }])
}

/// Stock may be retired for any reason; what was set apart, only for one that is no use.
fn may_retire(id: &Identifier, reason: Reason, world: &World) -> Result<(), Breach> {
    let status = world.items.get(id).map(|item| item.status);
    let apart =
        matches!(status, Some(ItemStatus::Quarantined | ItemStatus::Stolen | ItemStatus::Lost));
    if apart && !reason.is_use() {
        return Ok(());
    }
    if !is_unit(id) && matches!(status, Some(ItemStatus::Retired(_))) {
        return Ok(());
    }
    in_stock(world, id, &reason.to_string())
}

/// Who holds goods for another member does not use them up.
fn own(items: &[Identifier], reason: Reason, world: &World) -> Result<(), Breach> {
    let owner_of = |id: &Identifier| world.items.get(id).and_then(|item| item.owner);
    let Some((id, owner)) = items.iter().find_map(|id| Some((id, owner_of(id)?))) else {
        return Ok(());
    };
    Err(Breach::new(
        BreachCode::NotOwner,
        format!("expected goods of this member's own to be {reason}, found {id}, owned by {owner}"),
        "these goods are held for their owner: ship them in its name, by its order",
    )
    .on([id]))
}

/// Only some roles may put packs to use.
fn may_use(reason: Reason, world: &World) -> Result<(), Breach> {
    let wanted: &[Role] = match reason {
        Reason::Dispensed => &[Role::Dispenser],
        Reason::Exported => &[Role::Wholesaler, Role::Labeler, Role::Repackager],
        _ => &[Role::Repackager, Role::Labeler],
    };
    if wanted.iter().any(|role| world.roles.has(*role)) {
        return Ok(());
    }
    let words: Vec<&str> = wanted.iter().map(|role| role.word()).collect();
    Err(Breach::new(
        BreachCode::RoleMissing,
        format!("expected the role {} for packs to be {reason}, found none", words.join(" or ")),
        "ask the governors for the role",
    )
    .by(Actor::Governor)
    .until(WaitsFor::Member(world.me)))
}
