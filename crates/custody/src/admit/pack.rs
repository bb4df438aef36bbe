//! Packing and unpacking: an item is in one logistic unit at a time.

use std::collections::HashSet;

use theriac_gs1::Identifier;

use super::select::{in_stock, item_unknown, product_unknown};
use crate::breach::{Breach, BreachCode};
use crate::item::{Item, ItemStatus};
use crate::operation::Operation;
use crate::world::World;

/// Packs `children` into `parent`, which need not be on record before.
pub(super) fn pack(
    parent: &Identifier,
    children: &[Identifier],
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    if let (Identifier::Sgtin(sgtin), None) = (parent, world.items.get(parent)) {
        if !world.products.contains_key(&sgtin.gtin) {
            return Err(product_unknown(sgtin.gtin).on([parent]));
        }
    }
    if world.items.contains_key(parent) {
        in_stock(world, parent, "packed into")?;
    }
    for child in children {
        in_stock(world, child, "packed")?;
        one_parent(child, parent, world)?;
    }
    if !world.items.contains_key(parent) {
        let status = ItemStatus::InStock;
        world.create(Item { id: parent.clone(), lot: None, status, parent: None, place: None });
    }
    for child in children {
        world.set_parent(child, Some(parent));
    }
    Ok(vec![Operation::Anchor])
}

/// The item must not be packed elsewhere, nor contain what it is to be packed into.
fn one_parent(child: &Identifier, parent: &Identifier, world: &World) -> Result<(), Breach> {
    let now_in = world.items.get(child).and_then(|item| item.parent.as_ref());
    if let Some(other) = now_in.filter(|other| *other != parent) {
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
