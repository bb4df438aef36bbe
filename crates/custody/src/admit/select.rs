//! Finding the units that an event means, and the breaches of naming ones that are not there.

use std::collections::HashSet;

use theriac_gs1::{Gtin, Identifier, Sgtin};

use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::item::{ItemStatus, is_unit};
use crate::world::World;

/// Items on record that an event names, with everything packed in them.
#[derive(Default)]
pub(super) struct Selection {
    /// Units and logistic units, containers before contents.
    pub(super) items: Vec<Identifier>,
    /// The units among them.
    pub(super) units: Vec<Sgtin>,
}

impl Selection {
    /// Takes the items out of logistic units that do not move with them.
    pub(super) fn detach(&self, world: &mut World) {
        let moving: HashSet<&Identifier> = self.items.iter().collect();
        for id in &self.items {
            let parent = world.items.get(id).and_then(|item| item.parent.as_ref());
            if parent.is_some_and(|parent| !moving.contains(parent)) {
                world.set_parent(id, None);
            }
        }
    }

    /// The items whose status `wanted` accepts, with the units among them.
    pub(super) fn filtered(&self, world: &World, wanted: impl Fn(ItemStatus) -> bool) -> Self {
        self.among(|id| world.items.get(id).is_some_and(|item| wanted(item.status)))
    }

    /// The items that `wanted` accepts, with the units among them.
    pub(super) fn among(&self, wanted: impl Fn(&Identifier) -> bool) -> Self {
        let items: Vec<Identifier> = self.items.iter().filter(|id| wanted(id)).cloned().collect();
        let units = units_among(&items);
        Self { items, units }
    }
}

/// Everything that `named` and their contents are; a breach if one of them is not on record.
pub(super) fn select(world: &World, named: &[Identifier]) -> Result<Selection, Breach> {
    if let Some(unknown) = named.iter().find(|id| !world.items.contains_key(*id)) {
        return Err(item_unknown(world, unknown));
    }
    let items = world.subtree(named);
    let units = units_among(&items);
    Ok(Selection { items, units })
}

fn units_among(items: &[Identifier]) -> Vec<Sgtin> {
    items
        .iter()
        .filter(|id| is_unit(id))
        .filter_map(|id| match id {
            Identifier::Sgtin(sgtin) => Some(sgtin.clone()),
            _ => None,
        })
        .collect()
}

/// As [`select`], and every unit must be in this node's stock, and there must be at least one.
pub(super) fn select_stock(
    world: &World,
    named: &[Identifier],
    purpose: &str,
) -> Result<Selection, Breach> {
    let selection = select(world, named)?;
    if selection.units.is_empty() {
        return Err(empty(named, purpose));
    }
    for id in selection.items.iter().filter(|id| is_unit(id)) {
        in_stock(world, id, purpose)?;
    }
    Ok(selection)
}

/// As [`select_stock`], quarantined units as well; the second list names them.
pub(super) fn select_held(
    world: &World,
    named: &[Identifier],
    purpose: &str,
) -> Result<(Selection, Vec<Sgtin>), Breach> {
    let selection = select(world, named)?;
    if selection.units.is_empty() {
        return Err(empty(named, purpose));
    }
    let apart = selection.filtered(world, |status| status == ItemStatus::Quarantined).units;
    for id in selection.items.iter().filter(|id| is_unit(id)) {
        let status = world.items.get(id).map(|item| item.status);
        if status != Some(ItemStatus::Quarantined) {
            in_stock(world, id, purpose)?;
        }
    }
    Ok((selection, apart))
}

/// A breach unless the item is in this node's stock.
pub(super) fn in_stock(world: &World, id: &Identifier, purpose: &str) -> Result<(), Breach> {
    let Some(item) = world.items.get(id) else { return Err(item_unknown(world, id)) };
    match item.status {
        ItemStatus::InStock => Ok(()),
        ItemStatus::Retired(reason) => Err(Breach::new(
            BreachCode::AlreadyRetired,
            format!("expected {id} in stock to be {purpose}, found that it is already {reason}"),
            "look at the pack: a second one with this code is a copy; quarantine it and report it",
        )
        .on([id])),
        ItemStatus::Quarantined | ItemStatus::Stolen | ItemStatus::Lost => Err(Breach::new(
            BreachCode::SetApart,
            format!("expected {id} in stock to be {purpose}, found it {}", item.status),
            "release it first, if it is fit",
        )
        .on([id])
        .until(WaitsFor::Item(id.clone()))),
        ItemStatus::Expected => Err(not_held(
            id,
            item.status,
            purpose,
            "receive the shipment first; this event follows by itself",
        )
        .until(WaitsFor::Item(id.clone()))),
        // Should they come back one day, an event of today must not move them by itself.
        status => Err(not_held(
            id,
            status,
            purpose,
            "check which goods were meant: these are not here any more",
        )),
    }
}

/// The breach of moving goods that are not in this node's stock.
fn not_held(id: &Identifier, status: ItemStatus, purpose: &str, what_to_do: &str) -> Breach {
    Breach::new(
        BreachCode::NotHeld,
        format!("expected {id} in stock to be {purpose}, found it {status}"),
        what_to_do,
    )
    .on([id])
}

/// The breach of naming an item that is not on record.
pub(super) fn item_unknown(world: &World, id: &Identifier) -> Breach {
    if let Identifier::Sgtin(sgtin) = id
        && !world.products.contains_key(&sgtin.gtin)
    {
        return product_unknown(sgtin.gtin).on([id]);
    }
    Breach::new(
        BreachCode::ItemUnknown,
        format!("expected an item on record, found {id}, which nobody has commissioned here or announced"),
        "wait for the data, or ask the sender for it; this event follows by itself",
    )
    .by(Actor::Sender)
    .on([id])
    .until(WaitsFor::Item(id.clone()))
}

/// The breach of a GTIN that nobody has registered.
pub(super) fn product_unknown(gtin: Gtin) -> Breach {
    Breach::new(
        BreachCode::ProductUnknown,
        format!("expected a GTIN in the registry, found {gtin}"),
        format!("register it: theriac product add {gtin}"),
    )
    .by(Actor::Governor)
    .until(WaitsFor::Product(gtin))
}

pub(super) fn empty(named: &[Identifier], purpose: &str) -> Breach {
    let first = named.first().map_or_else(|| "nothing".to_owned(), ToString::to_string);
    Breach::new(
        BreachCode::Empty,
        format!("expected packs to be {purpose}, found none on record in {first}"),
        "capture the aggregation events that say what was packed in it",
    )
    .on(named)
}
