//! Packing and unpacking: an item is in one logistic unit at a time.

use std::collections::HashSet;

use theriac_gs1::Identifier;

use super::select::{in_stock, item_unknown, product_unknown};
use crate::breach::{Breach, BreachCode};
use crate::item::{Item, ItemStatus, is_unit};
use crate::operation::Operation;
use crate::world::World;

/// Packs `children` into `parent`, which need not be on record before.
pub(super) fn pack(
    parent: &Identifier,
    children: &[Identifier],
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    let found = may_hold(parent, world)?;
    for child in children {
        in_stock(world, child, "packed")?;
        one_parent(child, parent, world)?;
    }
    match found {
        Found::InStock => {}
        Found::Nowhere => {
            world.create(Item {
                id: parent.clone(),
                lot: None,
                status: ItemStatus::InStock,
                parent: None,
                place: None,
                owner: None,
            });
        }
        Found::Returned => take_back_empty(parent, world),
    }
    for child in children {
        world.set_parent(child, Some(parent));
    }
    Ok(vec![Operation::Anchor])
}

/// Where a logistic unit is found that something is packed into.
enum Found {
    InStock,
    /// Not on record: packing puts it there.
    Nowhere,
    /// Handed over before: a tote or another asset that has come back without goods.
    Returned,
}

/// Whether goods may be packed into `parent`. Units are never put on record by packing: their
/// labeler commissions them.
fn may_hold(parent: &Identifier, world: &World) -> Result<Found, Breach> {
    match world.items.get(parent).map(|item| item.status) {
        None if is_unit(parent) => Err(item_unknown(world, parent)),
        None => match parent {
            Identifier::Sgtin(sgtin) if !world.products.contains_key(&sgtin.gtin) => {
                Err(product_unknown(sgtin.gtin).on([parent]))
            }
            _ => Ok(Found::Nowhere),
        },
        Some(ItemStatus::HandedOver) if !is_unit(parent) => Ok(Found::Returned),
        Some(_) => in_stock(world, parent, "packed into").map(|()| Found::InStock),
    }
}

/// A logistic unit is here again; what was handed over with it is not.
fn take_back_empty(id: &Identifier, world: &mut World) {
    world.set_parent(id, None);
    let contents: Vec<Identifier> = world.children.get(id).into_iter().flatten().cloned().collect();
    for child in &contents {
        world.set_parent(child, None);
    }
    world.set_status(std::slice::from_ref(id), ItemStatus::InStock);
}

/// The item must not be packed elsewhere, nor contain what it is to be packed into. What it was in
/// when both were handed over does not count, if it alone has come back.
fn one_parent(child: &Identifier, parent: &Identifier, world: &World) -> Result<(), Breach> {
    let now_in = world.items.get(child).and_then(|item| item.parent.as_ref());
    let is_gone = |id: &Identifier| {
        world.items.get(id).is_some_and(|item| item.status == ItemStatus::HandedOver)
    };
    if let Some(other) = now_in.filter(|other| *other != parent && !is_gone(other)) {
        return Err(Breach::new(
            BreachCode::PackedElsewhere,
            format!("expected {child} unpacked, found it packed in {other}"),
            "capture the event that took it out (aggregation, action DELETE) first",
        )
        .on([child]));
    }
    if world.is_within(parent, child) {
        return Err(Breach::new(
            BreachCode::PackedElsewhere,
            format!("expected {child} outside of {parent}, found that it contains it"),
            "check which logistic unit was packed into which",
        )
        .on([child, parent]));
    }
    Ok(())
}

/// Takes `children` out of `parent`; all of its contents when none is named.
pub(super) fn unpack(
    parent: &Identifier,
    children: &[Identifier],
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    if !world.items.contains_key(parent) {
        return Err(item_unknown(world, parent));
    }
    in_stock(world, parent, "unpacked")?;
    let inside: HashSet<Identifier> =
        world.children.get(parent).into_iter().flatten().cloned().collect();
    if let Some(stranger) = children.iter().find(|child| !inside.contains(*child)) {
        if !world.items.contains_key(stranger) {
            return Err(item_unknown(world, stranger));
        }
        return Err(Breach::new(
            BreachCode::PackedElsewhere,
            format!("expected {stranger} in {parent}, found it elsewhere"),
            "check which logistic unit it was taken out of",
        )
        .on([stranger]));
    }
    let mut taken: Vec<Identifier> =
        if children.is_empty() { inside.into_iter().collect() } else { children.to_vec() };
    taken.sort_unstable();
    for child in &taken {
        world.set_parent(child, None);
    }
    Ok(vec![Operation::Anchor])
}
