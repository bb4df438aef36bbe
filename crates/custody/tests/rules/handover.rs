//! Shipping, taking back, receiving, refusing.

use jiff::civil::date;
use theriac_custody::breach::WaitsFor;
use theriac_custody::{Actor, BreachCode, Item, ItemStatus, LotStatus, Operation, Reason};
use theriac_epcis::{BizStep, Disposition, PartyType};
use theriac_gs1::Identifier;

use crate::scene::*;
use crate::{
    admitted, assert_held, held, in_part, parent, set_status, status, stocked, stocked_at,
};

fn shipped(ids: &[Identifier]) -> Operation {
    Operation::Ship { units: units(ids), consignee: wholesaler() }
}

#[test]
fn a_pallet_leaves_with_all_that_is_on_it() {
    let mut world = stocked();
    let operations = admitted(&mut world, &ship(&[sscc(9)], wholesaler()));
    assert_eq!(operations, [shipped(&packs(0..6))]);
    for id in [sscc(9), sscc(1), pack(0)] {
        assert_eq!(status(&world, &id), ItemStatus::InTransit);
    }
    assert_eq!(parent(&world, &pack(0)), Some(sscc(1)));
}

#[test]
fn what_leaves_alone_leaves_its_logistic_unit() {
    let mut world = stocked();
    admitted(&mut world, &ship(&[sscc(1)], wholesaler()));
    assert_eq!(parent(&world, &sscc(1)), None);
    assert_eq!(status(&world, &sscc(9)), ItemStatus::InStock);
}

/// Some systems name the pallet, its cases and their packs all at once.
#[test]
fn naming_contents_too_does_not_unpack_them() {
    let mut world = stocked();
    let all = [sscc(9), sscc(1), pack(0), pack(1)];
    assert_eq!(admitted(&mut world, &ship(&all, wholesaler())), [shipped(&packs(0..6))]);
    assert_eq!(parent(&world, &pack(0)), Some(sscc(1)));
    assert_eq!(parent(&world, &sscc(1)), Some(sscc(9)));
}

#[test]
fn only_stock_is_shipped() {
    let mut world = stocked();
    admitted(&mut world, &ship(&[sscc(9)], wholesaler()));
    let breach = assert_held(
        &mut world,
        &ship(&[pack(0)], wholesaler()),
        BreachCode::NotHeld,
        &format!("expected {} in stock to be shipped, found it in_transit", pack(0)),
    );
    // If the goods come back, this event must not send them off again.
    assert_eq!(breach.waits_for, None);
    admitted(&mut world, &quarantine(&[pack(6)]));
    let reason = format!("expected {} in stock to be shipped, found it quarantined", pack(6));
    assert_held(&mut world, &ship(&[pack(6)], wholesaler()), BreachCode::SetApart, &reason);
    admitted(&mut world, &destroy(&[pack(7)]));
    let reason =
        format!("expected {} in stock to be shipped, found that it is already destroyed", pack(7));
    assert_held(&mut world, &ship(&[pack(7)], wholesaler()), BreachCode::AlreadyRetired, &reason);
    let breach = held(&mut world, &ship(&[pack(77)], wholesaler()));
    assert_eq!(breach.code, BreachCode::ItemUnknown);
}

#[test]
fn a_shipment_has_packs() {
    let mut world = stocked();
    admitted(&mut world, &commission(&[sscc(5)], "L1"));
    let reason = format!("expected packs to be shipped, found none on record in {}", sscc(5));
    assert_held(&mut world, &ship(&[sscc(5)], wholesaler()), BreachCode::Empty, &reason);
    let reason = "expected packs to be shipped, found none on record in nothing";
    assert_held(&mut world, &ship(&[], wholesaler()), BreachCode::Empty, reason);
}

#[test]
fn a_shipment_names_its_consignee() {
    let mut world = stocked();
    let event = observe(BizStep::Shipping, Disposition::InTransit, &packs(6..7));
    let reason = "expected a destination with a GLN in destinationList, found none";
    assert_held(&mut world, &event, BreachCode::ConsigneeMissing, reason);
    let reason = format!("expected the GLN of a member as destination, found {}", gln(77));
    let event = ship(&packs(6..7), gln(77));
    let breach = assert_held(&mut world, &event, BreachCode::ConsigneeUnknown, &reason);
    assert_eq!(breach.waits_for, Some(WaitsFor::Member(gln(77))));
    assert_eq!(breach.actor, Actor::Governor);
}

#[test]
fn the_owner_comes_before_the_place() {
    let (owner, place) = (PartyType::OwningParty, PartyType::Location);
    for parties in [
        [(place.clone(), pharmacy()), (owner.clone(), wholesaler())],
        [(owner, gln(77)), (place, wholesaler())],
    ] {
        let event = observe(BizStep::Shipping, Disposition::InTransit, &packs(6..7));
        let operations = admitted(&mut stocked(), &destined(event, &parties));
        assert_eq!(operations, [shipped(&packs(6..7))]);
    }
}

#[test]
fn between_own_sites_nothing_changes_hands() {
    let mut world = stocked();
    assert_eq!(admitted(&mut world, &ship(&packs(6..7), maker())), [Operation::Anchor]);
    assert_eq!(status(&world, &pack(6)), ItemStatus::InStock);
}

#[test]
fn unfit_packs_are_only_sent_back() {
    let mut world = stocked();
    let id = pack(6);
    for (status, found) in
        [(LotStatus::RecalledII, "recalled, class 2"), (LotStatus::Blocked, "blocked")]
    {
        put_lot(&mut world, &lot("L1"), expiry(), status);
        let reason =
            format!("expected a pack of a lot fit for sale, found {id} of lot L1: {found}");
        let event = ship(std::slice::from_ref(&id), wholesaler());
        assert_held(&mut world, &event, BreachCode::LotNotNormal, &reason);
    }
    put_lot(&mut world, &lot("L1"), date(2026, 2, 28), LotStatus::Normal);
    let reason = format!("expected a pack that is not expired, found {id}, expired on 2026-02-28");
    let event = ship(std::slice::from_ref(&id), wholesaler());
    assert_held(&mut world, &event, BreachCode::Expired, &reason);
    admitted(&mut world, &send_back(&[id], wholesaler()));
    // The last day counts.
    put_lot(&mut world, &lot("L1"), today(), LotStatus::Normal);
    admitted(&mut world, &ship(&packs(7..8), wholesaler()));
}

#[test]
fn a_shipment_is_taken_back() {
    let mut world = stocked();
    admitted(&mut world, &ship(&[sscc(9)], wholesaler()));
    let operations = admitted(&mut world, &void_shipping(&[sscc(9)]));
    assert_eq!(operations, [Operation::Cancel { units: units(&packs(0..6)) }]);
    assert_eq!(status(&world, &sscc(1)), ItemStatus::InStock);
}

#[test]
fn only_what_is_on_its_way_is_taken_back() {
    let mut world = stocked();
    let reason = format!("expected goods of this member on their way, found {} in_stock", pack(0));
    assert_held(&mut world, &void_shipping(&[sscc(9)]), BreachCode::NotHeld, &reason);
    let breach = held(&mut world, &void_shipping(&[]));
    assert_eq!(breach.code, BreachCode::Empty);
    admitted(&mut world, &ship(&packs(6..8), wholesaler()));
    set_status(&mut world, &[pack(7)], ItemStatus::HandedOver);
    let breach = held(&mut world, &void_shipping(&packs(6..8)));
    assert_eq!((breach.code, breach.items), (BreachCode::NotHeld, vec![pack(7)]));
}

fn receipt(received: &[Identifier], refused: &[Identifier]) -> Vec<Operation> {
    vec![Operation::Receive { received: units(received), refused: units(refused) }]
}

#[test]
fn announced_goods_are_received_once() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    let operations = admitted(&mut world, &receive(&[sscc(9)]));
    assert_eq!(operations, receipt(&packs(0..6), &[]));
    assert_eq!(status(&world, &pack(0)), ItemStatus::InStock);
    // A second scan, of the pallet or of a part of it, changes nothing.
    assert_eq!(admitted(&mut world, &receive(&[sscc(9), pack(0)])), [Operation::Anchor]);
}

#[test]
fn goods_are_received_in_parts() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    assert_eq!(admitted(&mut world, &receive(&[sscc(1)])), receipt(&packs(0..4), &[]));
    assert_eq!(parent(&world, &sscc(1)), None);
    assert_eq!(admitted(&mut world, &refuse(&[pack(4)])), receipt(&[], &packs(4..5)));
    assert_eq!(admitted(&mut world, &receive(&[sscc(9)])), receipt(&packs(5..6), &[]));
    assert_eq!(status(&world, &sscc(9)), ItemStatus::InStock);
    // An empty tray that travelled along.
    set_status(&mut world, &[sscc(9)], ItemStatus::Expected);
    admitted(&mut world, &unpack(&sscc(1), &[]));
    set_status(&mut world, &[sscc(1)], ItemStatus::Expected);
    assert_eq!(admitted(&mut world, &receive(&[sscc(1)])), [Operation::Anchor]);
    assert_eq!(status(&world, &sscc(1)), ItemStatus::InStock);
}

#[test]
fn what_was_received_is_not_refused() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    admitted(&mut world, &receive(&[pack(0)]));
    let reason = format!(
        "expected goods that a sender has announced to this member, found {} in_stock",
        pack(0)
    );
    let breach = assert_held(&mut world, &refuse(&[pack(0)]), BreachCode::NotHeld, &reason);
    assert_eq!(breach.what_to_do, "send it back with a shipping event instead");
    let rest = vec![(BreachCode::NotHeld, vec![pack(0)])];
    let refused = (receipt(&[], &packs(1..4)), rest);
    assert_eq!(in_part(&mut world, &refuse(&[sscc(1), pack(0)])), refused);
    assert_eq!(admitted(&mut world, &refuse(&[sscc(1)])), [Operation::Anchor]);
    assert_eq!(held(&mut world, &receive(&[sscc(1)])).code, BreachCode::NotHeld);
}

#[test]
fn copies_do_not_slip_in_with_a_delivery() {
    let mut world = stocked_at(world_of(pharmacy()), ItemStatus::Expected);
    set_status(&mut world, &[pack(7)], ItemStatus::Retired(Reason::Dispensed));
    let rest = vec![(BreachCode::AlreadyRetired, vec![pack(7)])];
    assert_eq!(in_part(&mut world, &receive(&packs(6..8))), (receipt(&packs(6..7), &[]), rest));
    let breach = held(&mut world, &receive(&packs(7..8)));
    assert_eq!((breach.code, breach.items), (BreachCode::AlreadyRetired, vec![pack(7)]));
}

/// The goods may arrive before the sender's data.
#[test]
fn goods_before_their_data_are_waited_for() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::HandedOver);
    let breach = held(&mut world, &receive(&[sscc(9)]));
    assert_eq!(breach.code, BreachCode::NotHeld);
    assert_eq!(breach.waits_for, Some(WaitsFor::Item(sscc(9))));
    let breach = held(&mut world, &receive(&[pack(77)]));
    assert_eq!(breach.waits_for, Some(WaitsFor::Item(pack(77))));
}

/// A receiving event with the disposition `returned` takes a return in.
#[test]
fn a_return_is_received() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    let event = observe(BizStep::Receiving, Disposition::Returned, &packs(6..7));
    world.verified.insert(pack(6), true);
    assert_eq!(admitted(&mut world, &event), receipt(&packs(6..7), &[]));
}

/// A case comes back with some of its packs; the others are with the customer for good.
#[test]
fn what_was_handed_over_is_not_in_what_comes_back() {
    let mut world = stocked();
    let shipped = world.subtree(&[sscc(1)]);
    admitted(&mut world, &ship(&[sscc(1)], wholesaler()));
    set_status(&mut world, &shipped, ItemStatus::HandedOver);
    for (id, parent) in [(sscc(1), None), (pack(0), Some(sscc(1)))] {
        let before = world.items[&id].clone();
        world.load(Item { status: ItemStatus::Expected, parent, ..before });
    }
    assert_eq!(admitted(&mut world, &receive(&[sscc(1)])), receipt(&packs(0..1), &[]));
    admitted(&mut world, &ship(&[sscc(1)], pharmacy()));
    assert_eq!(status(&world, &pack(1)), ItemStatus::HandedOver);
    // One that comes back alone is in nothing.
    set_status(&mut world, &[sscc(1)], ItemStatus::HandedOver);
    set_status(&mut world, &[pack(1)], ItemStatus::InStock);
    admitted(&mut world, &pack_into(&sscc(2), &[pack(1)]));
}
