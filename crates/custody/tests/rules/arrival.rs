//! Goods that arrive with others: what is announced goes into stock, the rest is set aside.

use jiff::civil::date;
use theriac_custody::breach::WaitsFor;
use theriac_custody::{
    Actor, Announced, BreachCode, Footprint, Hash, Hindrance, HoldingState, ItemStatus, Operation,
    Place, Role, World,
};
use theriac_epcis::{BizStep, Disposition};
use theriac_gs1::Identifier;

use crate::scene::*;
use crate::{admitted, held, in_part, set_status, status, stocked_at};

/// The wholesaler expects the maker's goods, all in one shipment.
fn awaited(is_return: bool) -> World {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    let holding = Hash([7; 32]);
    for (position, item) in world.items.values_mut().enumerate() {
        item.place = Some(Place { holding, position: position as u64 });
    }
    world.announced.insert(holding, Announced { from: maker(), is_return });
    world
}

fn received(ids: &[Identifier]) -> Operation {
    Operation::Receive { received: units(ids), refused: Vec::new() }
}

/// Fifty arrive, and there is data for forty-eight.
#[test]
fn what_is_announced_goes_into_stock_and_a_case_is_about_exactly_the_others() {
    let mut world = awaited(false);
    set_status(&mut world, &[pack(9)], ItemStatus::HandedOver);
    let event = receive(&[sscc(9), pack(6), pack(70), pack(9), pack(71)]);
    let (operations, rest) = in_part(&mut world, &event);
    assert_eq!(operations, [received(&packs(0..7))]);
    let unknown = (BreachCode::ItemUnknown, vec![pack(70), pack(71)]);
    assert_eq!(rest, [unknown, (BreachCode::NotHeld, vec![pack(9)])]);
    for id in [sscc(9), sscc(1), pack(0), pack(6)] {
        assert_eq!(status(&world, &id), ItemStatus::InStock);
    }
    assert_eq!(status(&world, &pack(9)), ItemStatus::HandedOver);
    // The data comes: the event, cut down to the rest, lets it in.
    set_status(&mut world, &[pack(9)], ItemStatus::Expected);
    let operations = admitted(&mut world, &receive(&[pack(9)]));
    assert_eq!(operations, [received(&packs(9..10))]);
}

#[test]
fn the_reason_says_how_many_more_there_are() {
    let mut world = awaited(false);
    let event = receive(&[pack(0), pack(70), pack(71), pack(72)]);
    let theriac_custody::Admission::InPart(_, rest) =
        theriac_custody::admit(&event, &mut world, today())
    else {
        panic!("expected a part admitted");
    };
    assert!(rest[0].breach.reason.ends_with("; 2 more like it"), "{}", rest[0].breach.reason);
    assert_eq!(rest[0].breach.items, [pack(70), pack(71), pack(72)]);
    assert_eq!(rest[0].breach.actor, Actor::Sender);
}

/// If nothing of what an event names is announced, all of it is held, as one.
#[test]
fn an_event_about_unknown_goods_alone_is_held() {
    let mut world = awaited(false);
    let breach = held(&mut world, &receive(&packs(70..72)));
    assert_eq!((breach.code, breach.items), (BreachCode::ItemUnknown, packs(70..72)));
    let breach = held(&mut world, &refuse(&packs(70..72)));
    assert_eq!(breach.code, BreachCode::ItemUnknown);
}

#[test]
fn a_part_that_waits_does_not_unpack_the_others() {
    let mut world = awaited(false);
    set_status(&mut world, &[pack(4)], ItemStatus::Retired(theriac_custody::Reason::Dispensed));
    let (operations, rest) = in_part(&mut world, &receive(&[sscc(9)]));
    assert_eq!(operations, [received(&[packs(0..4), packs(5..6)].concat())]);
    assert_eq!(rest, [(BreachCode::AlreadyRetired, vec![pack(4)])]);
    assert_eq!(crate::parent(&world, &pack(5)), Some(sscc(2)));
}

#[test]
fn a_suspended_senders_goods_are_not_stock() {
    for (hindrance, why) in [
        (Hindrance::Suspended, "suspended"),
        (Hindrance::Revoked, "revoked"),
        (Hindrance::LicenceExpired(date(2026, 2, 28)), "which expired on 2026-02-28"),
    ] {
        let mut world = awaited(false);
        let member = world.members.get_mut(&maker()).expect("a member");
        (member.hindrance, member.roles) = (Some(hindrance), theriac_custody::Roles::default());
        let breach = held(&mut world, &receive(&[sscc(9)]));
        assert_eq!(breach.code, BreachCode::SenderNotAuthorised);
        assert!(breach.reason.contains(why), "{}", breach.reason);
        assert_eq!(breach.waits_for, Some(WaitsFor::Member(maker())));
        // They can always be refused.
        let refused = Operation::Receive { received: Vec::new(), refused: units(&packs(0..6)) };
        assert_eq!(admitted(&mut world, &refuse(&[sscc(9)])), [refused]);
    }
}

#[test]
fn a_sender_without_a_role_to_trade_is_not_received_from() {
    let mut world = awaited(false);
    world.members.get_mut(&maker()).expect("a member").roles =
        [Role::Regulator].into_iter().collect();
    let breach = held(&mut world, &receive(&packs(0..1)));
    let found = format!("found {} ({}) with the role regulator alone", maker(), maker());
    assert!(breach.reason.ends_with(&found), "{}", breach.reason);
}

/// Saleable returns are verified before they are stock again (DSCSA, section 582(c)(4)(D)).
#[test]
fn returned_packs_wait_for_their_verification() {
    let event = observe(BizStep::Receiving, Disposition::Returned, &packs(6..9));
    for (is_return, event) in [(false, event), (true, receive(&packs(6..9)))] {
        let mut world = awaited(is_return);
        let (operations, rest) = in_part(&mut world, &event);
        assert_eq!(operations, [Operation::Anchor]);
        assert_eq!(rest, [(BreachCode::ReturnUnverified, packs(6..9))]);
        assert_eq!(status(&world, &pack(6)), ItemStatus::Expected);
        // Two pass and one does not.
        world.verified = [(pack(6), true), (pack(7), true), (pack(8), false)].into();
        let operations = admitted(&mut world, &event);
        let apart =
            Operation::Segregate { units: units(&packs(8..9)), state: HoldingState::Quarantined };
        assert_eq!(operations, [received(&packs(6..9)), apart]);
        assert_eq!(status(&world, &pack(7)), ItemStatus::InStock);
        assert_eq!(status(&world, &pack(8)), ItemStatus::Quarantined);
        let footprint = Footprint::of(&operations, &world);
        assert_eq!(footprint.items.len(), 1);
        assert_eq!(Footprint::explicit(&world).items.len(), 3);
    }
}

/// Returns that nobody means to sell again need no verification, and are no stock.
#[test]
fn what_is_received_unfit_is_set_apart() {
    for disposition in [
        Disposition::NonSellableOther,
        Disposition::Recalled,
        Disposition::Expired,
        Disposition::Disposed,
    ] {
        let mut world = awaited(true);
        let event = observe(BizStep::Receiving, disposition, &[sscc(9)]);
        let apart =
            Operation::Segregate { units: units(&packs(0..6)), state: HoldingState::Quarantined };
        assert_eq!(admitted(&mut world, &event), [received(&packs(0..6)), apart]);
        assert_eq!(status(&world, &pack(0)), ItemStatus::Quarantined);
    }
}
