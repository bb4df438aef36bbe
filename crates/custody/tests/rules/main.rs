//! Each rule of custody: what it admits, and with which words it holds an event.

#[path = "../scene/scene.rs"]
mod scene;

mod arrival;
mod begin;
mod declare;
mod end;
mod handover;
mod holding;
mod lots;
mod packing;
mod undo;

use theriac_custody::breach::WaitsFor;
use theriac_custody::{
    Actor, Admission, Breach, BreachCode, ItemStatus, Matter, Operation, World, admit,
};
use theriac_epcis::Event;
use theriac_gs1::Identifier;

use scene::*;

/// The operations of an event that is admitted.
fn admitted(world: &mut World, event: &Event) -> Vec<Operation> {
    match admit(event, world, today()) {
        Admission::Admitted(operations) => operations,
        Admission::InPart(_, rest) => panic!("admitted in part: {}", rest[0].breach.reason),
        Admission::Held(breach) => panic!("held: {}", breach.reason),
    }
}

/// The operations of an event that is admitted in part, and what is set aside: the rule and the items.
fn in_part(
    world: &mut World,
    event: &Event,
) -> (Vec<Operation>, Vec<(BreachCode, Vec<Identifier>)>) {
    match admit(event, world, today()) {
        Admission::InPart(operations, rest) => {
            let rest = rest.into_iter().map(|rest| (rest.breach.code, rest.items)).collect();
            (operations, rest)
        }
        other => panic!("expected a part admitted, found {other:?}"),
    }
}

/// The breach of an event that is held; the world stays as it was.
fn held(world: &mut World, event: &Event) -> Breach {
    let before = world.clone();
    let Admission::Held(breach) = admit(event, world, today()) else {
        panic!("expected the event held, found it admitted");
    };
    assert_eq!((&before.items, &before.children), (&world.items, &world.children));
    assert_eq!((&before.lots, &before.changed), (&world.lots, &world.changed));
    breach
}

fn assert_held(world: &mut World, event: &Event, code: BreachCode, reason: &str) -> Breach {
    let breach = held(world, event);
    assert_eq!((breach.code, breach.reason.as_str()), (code, reason));
    breach
}

fn status(world: &World, id: &Identifier) -> ItemStatus {
    world.items[id].status
}

fn parent(world: &World, id: &Identifier) -> Option<Identifier> {
    world.items[id].parent.clone()
}

fn set_status(world: &mut World, ids: &[Identifier], status: ItemStatus) {
    for id in ids {
        world.items.get_mut(id).expect("on record").status = status;
    }
}

/// The maker with packs 0 to 9 of lot L1: 0 to 3 in case 1, 4 and 5 in case 2, both on pallet 9, the
/// others loose.
fn stocked() -> World {
    let mut world = world_of(maker());
    admitted(&mut world, &commission(&packs(0..10), "L1"));
    admitted(&mut world, &pack_into(&sscc(1), &packs(0..4)));
    admitted(&mut world, &pack_into(&sscc(2), &packs(4..6)));
    admitted(&mut world, &pack_into(&sscc(9), &[sscc(1), sscc(2)]));
    world
}

/// The same goods in the books of another member.
fn stocked_at(world: World, status: ItemStatus) -> World {
    let mut other = stocked();
    let ids: Vec<Identifier> = other.items.keys().cloned().collect();
    set_status(&mut other, &ids, status);
    other.changed.clear();
    World { me: world.me, roles: world.roles, ..other }
}

#[test]
fn what_is_seen_is_anchored_if_it_is_on_record() {
    let mut world = stocked();
    let seen = |ids: &[Identifier]| {
        object(theriac_epcis::Action::Observe, theriac_epcis::BizStep::Inspecting, None, ids)
    };
    assert_eq!(admitted(&mut world, &seen(&packs(0..3))), [Operation::Anchor]);
    // Of logistic units anything may be seen.
    assert_eq!(admitted(&mut world, &seen(&[sscc(77)])), [Operation::Anchor]);
    let breach = held(&mut world, &seen(&[pack(77)]));
    assert_eq!(breach.code, BreachCode::ItemUnknown);
    assert_eq!(breach.waits_for, Some(WaitsFor::Item(pack(77))));
    assert_eq!(breach.actor, Actor::Sender);
}

/// A breach names all of the items; what is carried along with the case is not millions.
#[test]
fn a_matter_lists_at_most_so_many_items() {
    let many = packs(0..Matter::ITEMS_MAX + 1);
    let breach = Breach::new(BreachCode::Empty, String::new(), "").on(&many);
    assert_eq!(breach.items, many);
    assert_eq!(Matter::from(&breach).items, many[..Matter::ITEMS_MAX]);
}
