//! Whom goods go to, whose they are, and what one may do who holds them for another.

use theriac_custody::breach::WaitsFor;
use theriac_custody::{
    BreachCode, Consignment, Hindrance, ItemStatus, Operation, Role, Roles, World, consignment,
};
use theriac_epcis::{BizStep, Disposition, Event, Extension, ExtensionValue, PartyType, Source};
use theriac_gs1::{Epc, Gln, Identifier};

use crate::scene::*;
use crate::{admitted, held, stocked, stocked_at};

fn carrier() -> Gln {
    gln(5)
}

/// A shipment of pack 6, to these parties.
fn to(parties: &[(PartyType, Gln)]) -> Event {
    destined(observe(BizStep::Shipping, Disposition::InTransit, &packs(6..7)), parties)
}

fn owned_by(mut event: Event, owner: Gln) -> Event {
    let id = Epc::from(Identifier::Pgln(owner));
    event.common_mut().sources = vec![Source { kind: PartyType::OwningParty, id }];
    event
}

fn with_carrier(mut world: World) -> World {
    world.members.insert(carrier(), member(carrier(), Role::Logistics));
    world
}

use PartyType::{Location, OwningParty, PossessingParty};

#[test]
fn custody_follows_possession() {
    let world = with_carrier(stocked());
    for (parties, expected) in [
        (vec![(OwningParty, wholesaler()), (PossessingParty, pharmacy())], pharmacy()),
        (vec![(Location, pharmacy()), (OwningParty, wholesaler())], wholesaler()),
        (vec![(Location, pharmacy())], pharmacy()),
        (vec![(OwningParty, gln(77)), (Location, pharmacy())], pharmacy()),
        (vec![(PossessingParty, gln(77)), (OwningParty, wholesaler())], wholesaler()),
    ] {
        let found = consignment(&to(&parties), &world).expect("a consignee").consignee;
        assert_eq!(found, expected, "{parties:?}");
    }
}

#[test]
fn a_logistics_provider_holds_for_the_owner_and_anybody_else_has_bought_from_it() {
    let world = with_carrier(stocked());
    let held_for = [(OwningParty, wholesaler()), (PossessingParty, carrier())];
    let found = consignment(&to(&held_for), &world).expect("a consignee");
    let expected = Consignment { consignee: carrier(), owner: Some(wholesaler()), passed: None };
    assert_eq!(found, expected);
    let dropped = [(OwningParty, wholesaler()), (PossessingParty, pharmacy())];
    let found = consignment(&to(&dropped), &world).expect("a consignee");
    let expected = Consignment { consignee: pharmacy(), owner: None, passed: Some(wholesaler()) };
    assert_eq!(found, expected);
    // The guideline's flag alone says it too, and over a logistics provider's role.
    for (value, party) in [
        (ExtensionValue::Text("true".to_owned()), pharmacy()),
        (ExtensionValue::Boolean(true), carrier()),
    ] {
        let mut event = to(&[(OwningParty, wholesaler()), (Location, party)]);
        event.common_mut().extensions.push(Extension {
            namespace: "http://epcis.gs1us.org/hc/ns".to_owned(),
            name: "dropShipment".to_owned(),
            value,
            attributes: Vec::new(),
        });
        let found = consignment(&event, &world).expect("a consignee");
        let expected = Consignment { consignee: party, owner: None, passed: Some(wholesaler()) };
        assert_eq!(found, expected);
    }
}

#[test]
fn goods_go_to_who_may_trade_only() {
    let cases: [(Option<Hindrance>, Roles, &str); 4] = [
        (Some(Hindrance::Suspended), Roles::default(), "suspended"),
        (Some(Hindrance::LicenceExpired(expiry())), Roles::default(), "expired on 2028-12-31"),
        (None, [Role::Regulator].into_iter().collect(), "with the role regulator alone"),
        (None, Roles::default(), "without any role"),
    ];
    for (hindrance, roles, found) in cases {
        for (who, code) in [
            (pharmacy(), BreachCode::ConsigneeNotAuthorised),
            (maker(), BreachCode::SenderNotAuthorised),
        ] {
            let mut world = stocked();
            let member = world.members.get_mut(&who).expect("a member");
            (member.hindrance, member.roles) = (hindrance, roles);
            let breach = held(&mut world, &to(&[(OwningParty, pharmacy())]));
            assert_eq!((breach.code, breach.waits_for), (code, Some(WaitsFor::Member(who))));
            assert!(breach.reason.contains(found), "{}", breach.reason);
        }
    }
}

/// A logistics provider's stock of the wholesaler's.
fn stored() -> World {
    let mut world = with_carrier(stocked_at(world_of(carrier()), ItemStatus::InStock));
    world.roles = [Role::Logistics, Role::Dispenser, Role::Repackager].into_iter().collect();
    for item in world.items.values_mut() {
        item.owner = Some(wholesaler());
    }
    world
}

#[test]
fn who_holds_and_does_not_own_ships_in_the_owners_name() {
    let event = to(&[(OwningParty, pharmacy())]);
    let breach = held(&mut stored(), &event);
    assert_eq!(breach.code, BreachCode::NotOwner);
    assert!(breach.reason.ends_with("in sourceList, found none"), "{}", breach.reason);
    let breach = held(&mut stored(), &owned_by(event.clone(), maker()));
    assert!(breach.reason.contains(&wholesaler().to_string()), "{}", breach.reason);
    let shipped = Operation::Ship { units: units(&packs(6..7)), consignee: pharmacy() };
    assert_eq!(admitted(&mut stored(), &owned_by(event, wholesaler())), [shipped]);
    // Back to the owner they may always go.
    let back = Operation::Ship { units: units(&packs(6..7)), consignee: wholesaler() };
    assert_eq!(admitted(&mut stored(), &to(&[(OwningParty, wholesaler())])), [back]);
}

#[test]
fn who_holds_and_does_not_own_uses_nothing_up() {
    for event in [dispense(&packs(6..7)), transform(&packs(6..7), &[], "N1")] {
        let breach = held(&mut stored(), &event);
        assert_eq!((breach.code, breach.items), (BreachCode::NotOwner, packs(6..7)));
    }
    admitted(&mut stored(), &quarantine(&packs(6..7)));
    admitted(&mut stored(), &destroy(&packs(6..7)));
}
