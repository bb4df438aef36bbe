//! The events of a history: each names goods that it may name, or any at all.

use proptest::prelude::*;
use theriac_custody::{Item, ItemStatus, World};
use theriac_epcis::{Disposition, Event};
use theriac_gs1::{Gln, Identifier};

use crate::network::Network;
use crate::scene::{self, maker, pack, pharmacy, sscc, wholesaler};

const PACKS: usize = 24;
const BOXES: usize = 6;

#[derive(Debug, Clone, Copy)]
enum Act {
    Commission,
    Repackage,
    Pack,
    Unpack,
    Ship,
    SendBack,
    Void,
    Receive,
    Refuse,
    Quarantine,
    Steal,
    Release,
    Dispense,
    Destroy,
    Recall,
    Lift,
}

#[derive(Debug, Clone)]
pub(crate) struct Step {
    who: usize,
    act: Act,
    picks: Vec<usize>,
    other: usize,
    /// Any goods, whether the member may do that with them or not.
    wild: bool,
    /// Whether what is pending is recorded afterwards.
    record: bool,
}

pub(crate) fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..60)
}

fn step() -> impl Strategy<Value = Step> {
    let act = prop_oneof![
        4 => Just(Act::Commission),
        1 => Just(Act::Repackage),
        6 => Just(Act::Pack),
        1 => Just(Act::Unpack),
        6 => Just(Act::Ship),
        1 => Just(Act::SendBack),
        2 => Just(Act::Void),
        6 => Just(Act::Receive),
        2 => Just(Act::Refuse),
        2 => Just(Act::Quarantine),
        1 => Just(Act::Steal),
        3 => Just(Act::Release),
        2 => Just(Act::Dispense),
        1 => Just(Act::Destroy),
        1 => Just(Act::Recall),
        1 => Just(Act::Lift),
    ];
    let picks = prop::collection::vec(0..1000_usize, 1..8);
    let chance = |n: u32| (0..n).prop_map(|x| x == 0);
    (0..3_usize, act, picks, 0..1000_usize, chance(5), chance(2)).prop_map(
        |(who, act, picks, other, wild, record)| Step { who, act, picks, other, wild, record },
    )
}

pub(crate) fn take(step: &Step, network: &mut Network) {
    let members = [maker(), wholesaler(), pharmacy()];
    let who = match step.act {
        // The maker's part, mostly.
        Act::Commission | Act::Repackage | Act::Recall | Act::Lift if !step.wild => maker(),
        _ => members[step.who],
    };
    // These speak of whole holdings, so of what is recorded.
    if matches!(step.act, Act::Void | Act::Release) {
        network.record();
    }
    let to = members[(step.who + 1 + step.other % if step.wild { 3 } else { 2 }) % 3];
    if let Some(event) = event(step, &network.worlds[&who], to) {
        network.capture(who, &event);
    }
    // A consignee that receives what is taken back, unknown to it, would lose on the ledger.
    if step.record || matches!(step.act, Act::Void) {
        network.record();
    }
}

fn event(step: &Step, world: &World, to: Gln) -> Option<Event> {
    let ids = picked(step, world);
    if ids.is_empty() && !step.wild && !matches!(step.act, Act::Recall | Act::Lift) {
        return None;
    }
    let lot = scene::lot(["L1", "L2"][step.other % 2]);
    Some(match step.act {
        Act::Commission => scene::commission(&ids, lot.lot.as_str()),
        Act::Repackage => {
            let outputs = fresh(world);
            let count = ids.len().min(outputs.len());
            scene::transform(&ids, &outputs[..count], lot.lot.as_str())
        }
        Act::Pack => scene::pack_into(&sscc(step.other % BOXES), &ids),
        Act::Unpack => match step.other % 2 {
            0 => scene::unpack(&sscc(step.other / 2 % BOXES), &[]),
            _ => {
                let parent = world.items.get(&ids[0]).and_then(|item| item.parent.clone());
                scene::unpack(&parent.unwrap_or_else(|| sscc(0)), &ids[..1])
            }
        },
        Act::Ship => scene::ship(&ids, to),
        Act::SendBack => scene::send_back(&ids, to),
        Act::Void => scene::void_shipping(&ids),
        Act::Receive => scene::receive(&ids),
        Act::Refuse => scene::refuse(&ids),
        Act::Quarantine => scene::quarantine(&ids),
        Act::Steal => scene::steal(&ids[..1.min(ids.len())]),
        Act::Release => scene::release(&ids),
        Act::Dispense => scene::dispense(&ids),
        Act::Destroy => scene::destroy(&ids[..1.min(ids.len())]),
        Act::Recall => scene::about_lots(&[lot], &[Disposition::Recalled], &[]),
        Act::Lift => scene::about_lots(&[lot], &[], &[Disposition::Recalled]),
    })
}

/// Packs that nobody has commissioned yet, as far as the member knows.
fn fresh(world: &World) -> Vec<Identifier> {
    (0..PACKS).map(pack).filter(|id| !world.items.contains_key(id)).collect()
}

fn picked(step: &Step, world: &World) -> Vec<Identifier> {
    let from = match step.act {
        _ if step.wild => (0..PACKS).map(pack).chain((0..BOXES).map(sscc)).collect(),
        Act::Commission => fresh(world),
        Act::Pack => {
            on_record(world, |item| item.status == ItemStatus::InStock && item.parent.is_none())
        }
        Act::Void => together(step, world, ItemStatus::InTransit),
        Act::Release => together(step, world, ItemStatus::Quarantined),
        Act::Receive | Act::Refuse => on_record(world, |item| item.status == ItemStatus::Expected),
        _ => on_record(world, |item| item.status == ItemStatus::InStock),
    };
    if from.is_empty() {
        return from;
    }
    if matches!(step.act, Act::Void | Act::Release) && !step.wild {
        return from;
    }
    let mut ids: Vec<Identifier> =
        step.picks.iter().map(|pick| from[pick % from.len()].clone()).collect();
    ids.dedup();
    ids
}

fn on_record(world: &World, wanted: impl Fn(&Item) -> bool) -> Vec<Identifier> {
    let mut ids: Vec<Identifier> =
        world.items.values().filter(|item| wanted(item)).map(|item| item.id.clone()).collect();
    ids.sort_unstable();
    ids
}

/// All units of one holding that have a status.
fn together(step: &Step, world: &World, status: ItemStatus) -> Vec<Identifier> {
    let all = on_record(world, |item| item.status == status && item.place.is_some());
    let holding = |id: &Identifier| world.items[id].place.map(|place| place.holding);
    let Some(one) = all.get(step.other % all.len().max(1)).and_then(&holding) else {
        return Vec::new();
    };
    all.into_iter().filter(|id| holding(id) == Some(one)).collect()
}
