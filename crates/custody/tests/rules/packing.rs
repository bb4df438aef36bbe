//! Packing and unpacking.

use theriac_custody::breach::WaitsFor;
use theriac_custody::{BreachCode, ItemStatus, Operation};
use theriac_gs1::Identifier;

use crate::scene::*;
use crate::{admitted, assert_held, held, parent, set_status, status, stocked};

#[test]
fn packing_puts_a_logistic_unit_on_record() {
    let mut world = stocked();
    assert_eq!(admitted(&mut world, &pack_into(&sscc(3), &packs(6..8))), [Operation::Anchor]);
    assert_eq!(status(&world, &sscc(3)), ItemStatus::InStock);
    assert_eq!(parent(&world, &pack(6)), Some(sscc(3)));
    let contents: Vec<Identifier> = world.children[&sscc(3)].iter().cloned().collect();
    assert_eq!(contents, packs(6..8));
    // The same event content again changes nothing.
    admitted(&mut world, &pack_into(&sscc(3), &packs(6..8)));
    assert_eq!(world.children[&sscc(3)].len(), 2);
}

#[test]
fn packing_commissions_no_unit() {
    let mut world = stocked();
    let breach = held(&mut world, &pack_into(&pack(77), &packs(6..7)));
    assert_eq!(breach.code, BreachCode::ItemUnknown);
    let breach = held(&mut world, &pack_into(&sscc(3), &[pack(77)]));
    assert_eq!(breach.waits_for, Some(WaitsFor::Item(pack(77))));
    let unknown = pack_of(unknown_gtin(), 1);
    assert_eq!(
        held(&mut world, &pack_into(&unknown, &packs(6..7))).code,
        BreachCode::ProductUnknown
    );
    admitted(&mut world, &pack_into(&pack_of(case_gtin(), 1), &packs(6..7)));
}

/// A pallet packed before its cases are on record waits for them.
#[test]
fn unknown_logistic_units_are_waited_for() {
    let mut world = stocked();
    let breach = held(&mut world, &pack_into(&sscc(8), &[sscc(7)]));
    assert_eq!(breach.code, BreachCode::ItemUnknown);
    assert_eq!(breach.waits_for, Some(WaitsFor::Item(sscc(7))));
}

#[test]
fn an_item_is_in_one_logistic_unit() {
    let mut world = stocked();
    let event = pack_into(&sscc(2), &[pack(0)]);
    let reason = format!("expected {} unpacked, found it packed in {}", pack(0), sscc(1));
    assert_held(&mut world, &event, BreachCode::PackedElsewhere, &reason);
    admitted(&mut world, &unpack(&sscc(1), &[pack(0)]));
    admitted(&mut world, &event);
    assert_eq!(parent(&world, &pack(0)), Some(sscc(2)));
}

#[test]
fn nothing_is_inside_of_itself() {
    let mut world = stocked();
    for inner in [sscc(9), sscc(1)] {
        let event = pack_into(&inner, &[sscc(9)]);
        let reason = format!("expected {} outside of {inner}, found that it contains it", sscc(9));
        assert_held(&mut world, &event, BreachCode::PackedElsewhere, &reason);
    }
}

#[test]
fn only_stock_is_packed() {
    let mut world = stocked();
    admitted(&mut world, &destroy(&[pack(6)]));
    assert_eq!(held(&mut world, &pack_into(&sscc(3), &[pack(6)])).code, BreachCode::AlreadyRetired);
    admitted(&mut world, &quarantine(&[pack(7)]));
    assert_eq!(held(&mut world, &pack_into(&sscc(3), &[pack(7)])).code, BreachCode::SetApart);
    admitted(&mut world, &ship(&[pack(8)], wholesaler()));
    assert_eq!(held(&mut world, &pack_into(&sscc(3), &[pack(8)])).code, BreachCode::NotHeld);
}

/// A tote that went to a customer comes back without goods, which no event tells.
#[test]
fn a_returned_tote_is_packed_again() {
    let mut world = stocked();
    admitted(&mut world, &ship(&[sscc(9)], wholesaler()));
    let shipped: Vec<Identifier> = world.subtree(&[sscc(9)]);
    set_status(&mut world, &shipped, ItemStatus::HandedOver);
    admitted(&mut world, &pack_into(&sscc(1), &packs(6..7)));
    assert_eq!(parent(&world, &sscc(1)), None);
    assert_eq!(parent(&world, &pack(0)), None);
    assert_eq!(world.subtree(&[sscc(1)]), [sscc(1), pack(6)]);
    // A unit is not taken back by packing something into it.
    assert_eq!(held(&mut world, &pack_into(&pack(0), &packs(7..8))).code, BreachCode::NotHeld);
}

#[test]
fn unpacking_empties_all_or_some() {
    let mut world = stocked();
    assert_eq!(admitted(&mut world, &unpack(&sscc(1), &[pack(1)])), [Operation::Anchor]);
    assert_eq!(parent(&world, &pack(1)), None);
    assert_eq!(parent(&world, &pack(0)), Some(sscc(1)));
    admitted(&mut world, &unpack(&sscc(1), &[]));
    assert!(world.children[&sscc(1)].is_empty());
    admitted(&mut world, &unpack(&sscc(1), &[]));
}

#[test]
fn unpacking_takes_out_only_what_is_in() {
    let mut world = stocked();
    let event = unpack(&sscc(1), &[pack(0), pack(4)]);
    let reason = format!("expected {} in {}, found it elsewhere", pack(4), sscc(1));
    assert_held(&mut world, &event, BreachCode::PackedElsewhere, &reason);
    let event = unpack(&sscc(1), &[pack(77)]);
    assert_eq!(held(&mut world, &event).code, BreachCode::ItemUnknown);
    assert_eq!(held(&mut world, &unpack(&sscc(7), &[])).code, BreachCode::ItemUnknown);
    admitted(&mut world, &ship(&[sscc(9)], wholesaler()));
    assert_eq!(held(&mut world, &unpack(&sscc(1), &[])).code, BreachCode::NotHeld);
}
