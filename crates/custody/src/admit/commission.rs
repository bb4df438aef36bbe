//! Commissioning: units begin their life with a lot and an expiry date, under their labeler's GTIN.

use jiff::civil::Date;
use theriac_epcis::Event;
use theriac_gs1::{Gtin, Identifier, Lgtin, Lot, Sgtin};

use super::select::product_unknown;
use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::item::{Item, ItemStatus, is_unit};
use crate::operation::{LotStatus, Operation};
use crate::world::{LotRecord, Role, World};

/// What is to be created once all rules are obeyed.
pub(super) struct Commissioning {
    items: Vec<Item>,
    lots: Vec<(Lgtin, Date)>,
    operations: Vec<Operation>,
}

/// Creates the items that the event commissions.
pub(super) fn commission(
    event: &Event,
    epcs: &[Identifier],
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    let commissioning = check(event, epcs, world)?;
    Ok(apply(commissioning, world))
}

/// Checks the rules of commissioning.
pub(super) fn check(
    event: &Event,
    epcs: &[Identifier],
    world: &World,
) -> Result<Commissioning, Breach> {
    let mut items = Vec::with_capacity(epcs.len());
    let mut batches: Vec<(Lgtin, Date, Vec<Sgtin>)> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for id in epcs {
        if let Identifier::Sgtin(sgtin) = id {
            own_product(sgtin.gtin, world)?;
        }
        let fresh = not_commissioned(id, world)? && seen.insert(id);
        let Identifier::Sgtin(sgtin) = id else {
            items.extend(fresh.then(|| new_item(id, None)));
            continue;
        };
        if !is_unit(id) {
            items.extend(fresh.then(|| new_item(id, None)));
            continue;
        }
        if fresh {
            let (lot, expiry) = lot_of(event, sgtin.gtin, world)?;
            items.push(new_item(id, Some(lot.lot.clone())));
            match batches.iter_mut().find(|(batch, ..)| *batch == lot) {
                Some((_, _, units)) => units.push(sgtin.clone()),
                None => batches.push((lot, expiry, vec![sgtin.clone()])),
            }
        }
    }
    let lots = batches.iter().map(|(lot, expiry, _)| (lot.clone(), *expiry)).collect();
    let mut operations: Vec<Operation> = batches
        .into_iter()
        .map(|(lot, expiry, units)| Operation::Commission { lot, expiry, units })
        .collect();
    if operations.is_empty() {
        operations.push(Operation::Anchor);
    }
    Ok(Commissioning { items, lots, operations })
}

/// Puts what was checked on record.
pub(super) fn apply(commissioning: Commissioning, world: &mut World) -> Vec<Operation> {
    for item in commissioning.items {
        world.create(item);
    }
    for (lot, expiry) in commissioning.lots {
        if !world.lots.contains_key(&lot) {
            world.set_lot(&lot, LotRecord { expiry, status: LotStatus::Normal });
        }
    }
    commissioning.operations
}

fn new_item(id: &Identifier, lot: Option<Lot>) -> Item {
    Item {
        id: id.clone(),
        lot,
        status: ItemStatus::InStock,
        parent: None,
        place: None,
        owner: None,
    }
}

/// Only the labeler of a GTIN creates items under it.
fn own_product(gtin: Gtin, world: &World) -> Result<(), Breach> {
    let labeler = *world.products.get(&gtin).ok_or_else(|| product_unknown(gtin))?;
    if labeler != world.me {
        return Err(Breach::new(
            BreachCode::NotLabeler,
            format!(
                "expected a GTIN of this member ({}), found {gtin}, whose labeler is {labeler}",
                world.me
            ),
            "only the labeler commissions under its GTIN: let its node capture this event",
        )
        .by(Actor::Labeler));
    }
    if !world.roles.has(Role::Labeler) && !world.roles.has(Role::Repackager) {
        return Err(Breach::new(
            BreachCode::RoleMissing,
            format!("expected the role labeler or repackager, found none for {}", world.me),
            "ask the governors for the role",
        )
        .by(Actor::Governor)
        .until(WaitsFor::Member(world.me)));
    }
    Ok(())
}

/// Whether the item is new. A logistic unit that packing has already put on record may be
/// commissioned afterwards: lines send these events in either order.
fn not_commissioned(id: &Identifier, world: &World) -> Result<bool, Breach> {
    match world.items.get(id) {
        None => Ok(true),
        Some(item) if !is_unit(id) && item.status == ItemStatus::InStock => Ok(false),
        Some(item) => Err(Breach::new(
            BreachCode::AlreadyCommissioned,
            format!("expected a new item, found {id} already on record as {}", item.status),
            "a serial number is used once: find out which of the two packs is wrong",
        )
        .on([id])),
    }
}

/// The lot and expiry date that the event gives, if they agree with what is on record.
fn lot_of(event: &Event, gtin: Gtin, world: &World) -> Result<(Lgtin, Date), Breach> {
    let missing = |what: &str| {
        Breach::new(
            BreachCode::LotMissing,
            format!("expected {what} of the commissioned packs in ilmd, found none"),
            "send the event again with lotNumber and itemExpirationDate in ilmd",
        )
    };
    let lot = event.lot().ok_or_else(|| missing("the lot number"))?;
    let lot = Lgtin { gtin, lot };
    let on_record = world.lots.get(&lot).map(|record| record.expiry);
    match (event.expiry(), on_record) {
        (None, None) => Err(missing("the expiry date")),
        (Some(found), Some(expected)) if found != expected => Err(Breach::new(
            BreachCode::LotMismatch,
            format!("expected expiry {expected} of lot {}, found {found}", lot.lot),
            "correct the expiry date: a lot has one",
        )),
        (Some(expiry), _) | (None, Some(expiry)) => Ok((lot, expiry)),
    }
}
