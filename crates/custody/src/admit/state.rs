//! Whether the jurisdiction lets packs go from their state to another.

use jiff::civil::Date;
use theriac_gs1::{Identifier, Lgtin};

use crate::breach::{Breach, BreachCode};
use crate::item::{ItemStatus, is_unit};
use crate::profile::Condition;
use crate::world::World;

/// Each unit of `items` that is in this member's custody must be in a state after which that of `to`
/// may come.
pub(super) fn may_become(
    items: &[Identifier],
    to: Condition,
    world: &World,
    today: Date,
) -> Result<(), Breach> {
    let profile = &world.profile;
    if profile.states.iter().all(|state| state.next.is_none()) {
        return Ok(());
    }
    for id in items.iter().filter(|id| is_unit(id)) {
        let Some(from) = in_custody(id, world, today) else { continue };
        if profile.may_become(from, to).is_err() {
            let (before, after) = (&profile.state(from).name, &profile.state(to).name);
            return Err(Breach::new(
                BreachCode::StateNotNext,
                format!("expected a state after which {} lets {after} follow, found {id} {before}", profile.name),
                "keep the pack apart; undo what brought it into this state first, if it may be undone",
            )
            .on([id]));
        }
    }
    Ok(())
}

/// The condition of a unit, on its own and by its lot; `None` for one that is not in custody here.
fn in_custody(id: &Identifier, world: &World, today: Date) -> Option<Condition> {
    let item = world.items.get(id)?;
    match item.status {
        ItemStatus::InStock | ItemStatus::Quarantined | ItemStatus::Stolen | ItemStatus::Lost => {
            Some(condition(id, item.status, world, today))
        }
        _ => None,
    }
}

/// The condition of a unit with this status, on its own and by its lot.
pub(super) fn condition(
    id: &Identifier,
    status: ItemStatus,
    world: &World,
    today: Date,
) -> Condition {
    let own = Condition::of_status(status);
    let lot = world.items.get(id).and_then(|item| item.lot.clone());
    let (Identifier::Sgtin(unit), Some(lot)) = (id, lot) else { return own };
    match world.lots.get(&Lgtin { gtin: unit.gtin, lot }) {
        Some(record) => own.within(record.status, record.expiry, today),
        None => own,
    }
}
