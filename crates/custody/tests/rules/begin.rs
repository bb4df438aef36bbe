//! Commissioning and repackaging.

use jiff::civil::date;
use theriac_custody::breach::WaitsFor;
use theriac_custody::{Actor, BreachCode, ItemStatus, LotStatus, Operation, Reason, Roles, World};
use theriac_epcis::{Action, BizStep};

use crate::scene::*;
use crate::{admitted, assert_held, held, status, stocked};

#[test]
fn a_labeler_commissions_its_packs() {
    let mut world = world_of(maker());
    let operations = admitted(&mut world, &commission(&packs(0..3), "L1"));
    let units = units(&packs(0..3));
    assert_eq!(operations, [Operation::Commission { lot: lot("L1"), expiry: expiry(), units }]);
    assert_eq!(status(&world, &pack(0)), ItemStatus::InStock);
    assert_eq!(world.lots[&lot("L1")].expiry, expiry());
    assert_eq!((world.changed.len(), world.changed_lots.len()), (3, 1));
}

#[test]
fn a_serial_number_named_twice_is_one_pack() {
    let twice = [pack(0), pack(0)];
    let operations = admitted(&mut world_of(maker()), &commission(&twice, "L1"));
    assert!(matches!(&operations[..], [Operation::Commission { units, .. }] if units.len() == 1));
}

#[test]
fn an_unregistered_product_waits_for_its_registration() {
    let id = pack_of(unknown_gtin(), 0);
    let reason = format!("expected a GTIN in the registry, found {}", unknown_gtin());
    let event = commission(&[id], "L1");
    let breach = assert_held(&mut world_of(maker()), &event, BreachCode::ProductUnknown, &reason);
    assert_eq!(breach.what_to_do, format!("register it: theriac product add {}", unknown_gtin()));
    assert_eq!(breach.waits_for, Some(WaitsFor::Product(unknown_gtin())));
    assert_eq!(breach.actor, Actor::Governor);
}

#[test]
fn only_the_labeler_commissions() {
    let mut world = world_of(wholesaler());
    for id in [pack(0), pack_of(case_gtin(), 0)] {
        let breach = held(&mut world, &commission(&[id], "L1"));
        assert_eq!((breach.code, breach.actor), (BreachCode::NotLabeler, Actor::Labeler));
    }
}

#[test]
fn a_labeler_needs_its_role() {
    let mut world = World { roles: Roles::default(), ..world_of(maker()) };
    let reason = format!("expected the role labeler or repackager, found none for {}", maker());
    let event = commission(&packs(0..1), "L1");
    let breach = assert_held(&mut world, &event, BreachCode::RoleMissing, &reason);
    assert_eq!(breach.waits_for, Some(WaitsFor::Member(maker())));
}

#[test]
fn packs_have_a_lot_and_an_expiry_date() {
    let mut world = world_of(maker());
    let bare = object(Action::Add, BizStep::Commissioning, None, &packs(0..1));
    let no_lot = "expected the lot number of the commissioned packs in ilmd, found none";
    assert_held(&mut world, &bare, BreachCode::LotMissing, no_lot);
    let no_date = "expected the expiry date of the commissioned packs in ilmd, found none";
    let mut fields = label("L1", expiry());
    fields.truncate(1);
    let event = with_ilmd(bare, fields);
    assert_held(&mut world, &event, BreachCode::LotMissing, no_date);
    // A lot on record has its date already.
    put_lot(&mut world, &lot("L1"), expiry(), LotStatus::Normal);
    admitted(&mut world, &event);
}

#[test]
fn a_lot_has_one_expiry_date() {
    let mut world = stocked();
    let event = with_ilmd(commission(&packs(20..21), "L1"), label("L1", date(2029, 1, 1)));
    let reason = "expected expiry 2028-12-31 of lot L1, found 2029-01-01";
    assert_held(&mut world, &event, BreachCode::LotMismatch, reason);
}

#[test]
fn a_serial_number_is_used_once() {
    let mut world = stocked();
    let reason = format!("expected a new item, found {} already on record as in_stock", pack(0));
    let event = commission(&[pack(50), pack(0)], "L1");
    let breach = assert_held(&mut world, &event, BreachCode::AlreadyCommissioned, &reason);
    assert_eq!(breach.items, [pack(0)]);
    admitted(&mut world, &destroy(&[pack(0)]));
    assert_eq!(held(&mut world, &event).code, BreachCode::AlreadyCommissioned);
}

/// Lines send the packing of a case before or after its commissioning.
#[test]
fn logistic_units_may_be_commissioned_after_packing() {
    let mut world = stocked();
    assert_eq!(admitted(&mut world, &commission(&[sscc(1)], "L1")), [Operation::Anchor]);
    assert_eq!(admitted(&mut world, &commission(&[sscc(5)], "L1")), [Operation::Anchor]);
    assert_eq!(status(&world, &sscc(5)), ItemStatus::InStock);
    admitted(&mut world, &ship(&[sscc(9)], wholesaler()));
    assert_eq!(
        held(&mut world, &commission(&[sscc(1)], "L1")).code,
        BreachCode::AlreadyCommissioned
    );
}

#[test]
fn repackaging_uses_up_packs_for_new_ones() {
    let mut world = stocked();
    let operations = admitted(&mut world, &transform(&packs(6..8), &packs(30..31), "L2"));
    assert_eq!(
        operations,
        [
            Operation::Retire { units: units(&packs(6..8)), reason: Reason::Repackaged },
            Operation::Commission {
                lot: lot("L2"),
                expiry: expiry(),
                units: units(&packs(30..31))
            },
        ]
    );
    // Nothing is used up if nothing can be made of it, and the other way round.
    let breach = held(&mut world, &transform(&packs(8..9), &packs(30..31), "L2"));
    assert_eq!(breach.code, BreachCode::AlreadyCommissioned);
    let breach = held(&mut world, &transform(&packs(6..7), &packs(31..32), "L2"));
    assert_eq!(breach.code, BreachCode::AlreadyRetired);
}
