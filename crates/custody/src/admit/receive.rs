//! Receiving and refusing what a sender has announced. What an event names beside that is set aside
//! in groups, each for one reason: it waits, or is wrong, and does not keep the other goods back.

use std::collections::HashSet;

use theriac_gs1::{Gln, Identifier};

use super::select::{Selection, item_unknown, select};
use super::{Decision, Rest};
use crate::authority::may_trade;
use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::item::{ItemStatus, is_unit};
use crate::operation::{HoldingState, Operation};
use crate::world::World;

/// How goods are received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receipt {
    /// For stock.
    ForStock,
    /// They come back, and are stock if each pack passes verification.
    Returned,
    /// They are not fit for sale, and are set apart.
    SetApart,
}

/// Takes announced goods over. What was received before stays: a second scan of the same goods
/// changes nothing. Returned packs wait until they were verified; those that fail are set apart.
pub(super) fn receive(
    epcs: &[Identifier],
    receipt: Receipt,
    world: &mut World,
) -> Result<Decision, Breach> {
    let here = |status| matches!(status, ItemStatus::InStock | ItemStatus::Quarantined);
    let mut sorted = Sorted::of(epcs, world, here);
    sorted.withhold(world, unauthorised);
    if receipt != Receipt::SetApart {
        let unverified = |id: &Identifier, world: &World| unverified(id, receipt, world);
        sorted.withhold(world, unverified);
    }
    let announced = sorted.announced(world)?;
    announced.detach(world);
    world.set_status(&announced.items, ItemStatus::InStock);
    let apart = announced.among(|id| match receipt {
        Receipt::SetApart => true,
        _ => world.verified.get(id) == Some(&false),
    });
    apart.detach(world);
    world.set_status(&apart.items, ItemStatus::Quarantined);
    let mut operations = Vec::new();
    if !announced.units.is_empty() {
        operations.push(Operation::Receive { received: announced.units, refused: Vec::new() });
    }
    if !apart.units.is_empty() {
        let state = HoldingState::Quarantined;
        operations.push(Operation::Segregate { units: apart.units, state });
    }
    Ok(sorted.decision(operations))
}

/// Refuses announced goods; they go back to their sender. What was received before cannot be
/// refused any more.
pub(super) fn refuse(epcs: &[Identifier], world: &mut World) -> Result<Decision, Breach> {
    let sorted = Sorted::of(epcs, world, |status| status == ItemStatus::Refused);
    let announced = sorted.announced(world)?;
    announced.detach(world);
    world.set_status(&announced.items, ItemStatus::Refused);
    let operations = match announced.units.is_empty() {
        true => Vec::new(),
        false => vec![Operation::Receive { received: Vec::new(), refused: announced.units }],
    };
    Ok(sorted.decision(operations))
}

/// What an event names, sorted into what can be taken now and what cannot.
struct Sorted {
    /// Items on record that the event names, with their contents.
    selection: Selection,
    /// Items that cannot be taken now.
    withheld: HashSet<Identifier>,
    /// Why not, by reason, in the order in which the reasons were found.
    rest: Vec<Rest>,
    /// Whether anything can be taken, was taken before, or only waits for its verification.
    any: bool,
}

impl Sorted {
    fn of(epcs: &[Identifier], world: &World, done: impl Fn(ItemStatus) -> bool) -> Self {
        let (known, unknown): (Vec<&Identifier>, Vec<&Identifier>) =
            epcs.iter().partition(|id| world.items.contains_key(*id));
        let known: Vec<Identifier> = known.into_iter().cloned().collect();
        let selection = select(world, &known).unwrap_or_default();
        let mut sorted = Self { selection, withheld: HashSet::new(), rest: Vec::new(), any: false };
        for id in unknown {
            sorted.set_aside(id.clone(), item_unknown(world, id));
        }
        for id in sorted.selection.items.clone() {
            match world.items.get(&id).map(|item| item.status) {
                Some(status) if status == ItemStatus::Expected || done(status) => sorted.any = true,
                Some(status) => sorted.set_aside(id.clone(), not_announced(&id, status)),
                None => {}
            }
        }
        sorted
    }

    /// Puts an item to those with the same kind of breach.
    fn set_aside(&mut self, id: Identifier, breach: Breach) {
        self.withheld.insert(id.clone());
        let same = |rest: &&mut Rest| {
            rest.breach.code == breach.code
                && rest.breach.what_to_do == breach.what_to_do
                && member_of(&rest.breach.waits_for) == member_of(&breach.waits_for)
        };
        match self.rest.iter_mut().find(same) {
            Some(rest) => rest.items.push(id),
            None => self.rest.push(Rest { breach, items: vec![id] }),
        }
    }

    /// Sets those announced units aside that `hindered` has a breach for.
    fn withhold(
        &mut self,
        world: &World,
        hindered: impl Fn(&Identifier, &World) -> Option<Breach>,
    ) {
        let announced = self.selection.items.iter().filter(|id| {
            let status = world.items.get(*id).map(|item| item.status);
            is_unit(id) && status == Some(ItemStatus::Expected) && !self.withheld.contains(*id)
        });
        let found: Vec<(Identifier, Breach)> =
            announced.filter_map(|id| Some((id.clone(), hindered(id, world)?))).collect();
        for (id, breach) in found {
            self.set_aside(id, breach);
        }
        // A logistic unit of which nothing can be taken stays where it is.
        let of_nothing: Vec<Identifier> = self
            .selection
            .items
            .iter()
            .filter(|id| !is_unit(id) && !self.withheld.contains(*id))
            .filter(|id| self.is_withheld_whole(id, world))
            .cloned()
            .collect();
        self.withheld.extend(of_nothing);
    }

    fn is_withheld_whole(&self, id: &Identifier, world: &World) -> bool {
        let inside = world.subtree([id]);
        let mut units = inside.iter().filter(|inner| is_unit(inner)).peekable();
        units.peek().is_some() && units.all(|unit| self.withheld.contains(unit))
    }

    /// The goods that are announced and neither received nor refused yet.
    ///
    /// # Errors
    ///
    /// The first breach, if nothing of what the event names can be taken.
    fn announced(&self, world: &World) -> Result<Selection, Breach> {
        let waits = |rest: &Rest| rest.breach.code == BreachCode::ReturnUnverified;
        let all_withheld = self.selection.items.iter().all(|id| self.withheld.contains(id));
        if let Some(first) = self.rest.first()
            && (!self.any || all_withheld)
            && !self.rest.iter().any(waits)
        {
            return Err(first.breach.clone().on(&first.items));
        }
        let expected = self.selection.filtered(world, |status| status == ItemStatus::Expected);
        Ok(expected.among(|id| !self.withheld.contains(id)))
    }

    fn decision(self, mut operations: Vec<Operation>) -> Decision {
        if operations.is_empty() {
            operations.push(Operation::Anchor);
        }
        let mut rest = self.rest;
        for Rest { breach, items } in &mut rest {
            breach.items.clone_from(items);
            if let more @ 1.. = items.len() - 1 {
                breach.reason = format!("{}; {more} more like it", breach.reason);
            }
        }
        Decision { operations, rest }
    }
}

fn member_of(awaited: &Option<WaitsFor>) -> Option<Gln> {
    match awaited {
        Some(WaitsFor::Member(gln)) => Some(*gln),
        _ => None,
    }
}

/// The breach of taking a unit over whose sender may not trade now.
fn unauthorised(id: &Identifier, world: &World) -> Option<Breach> {
    let place = world.items.get(id)?.place?;
    let from = world.announced.get(&place.holding)?.from;
    let found = may_trade(from, &world.members).err()?;
    Some(
        Breach::new(
            BreachCode::SenderNotAuthorised,
            format!("expected goods of a member that may trade, found {found}"),
            "keep the goods apart, and refuse them unless the sender is authorised again",
        )
        .by(Actor::Sender)
        .on([id])
        .until(WaitsFor::Member(from)),
    )
}

/// The breach of taking a returned unit into stock that was not verified.
fn unverified(id: &Identifier, receipt: Receipt, world: &World) -> Option<Breach> {
    let announced =
        world.items.get(id)?.place.and_then(|place| world.announced.get(&place.holding));
    let is_return = receipt == Receipt::Returned || announced.is_some_and(|found| found.is_return);
    if !is_return || world.verified.contains_key(id) {
        return None;
    }
    Some(
        Breach::new(
            BreachCode::ReturnUnverified,
            format!("expected a verified pack, found {id}, which comes back and is verified first"),
            "keep it apart; it is verified by itself, and this event follows",
        )
        .on([id]),
    )
}

fn not_announced(id: &Identifier, status: ItemStatus) -> Breach {
    let (code, what_to_do) = match status {
        ItemStatus::Retired(_) => (
            BreachCode::AlreadyRetired,
            "look at the pack: a second one with this code is a copy; quarantine it and report it",
        ),
        ItemStatus::InStock | ItemStatus::Quarantined => {
            (BreachCode::NotHeld, "send it back with a shipping event instead")
        }
        _ => (
            BreachCode::NotHeld,
            "check the label, and ask the sender whom the goods are addressed to",
        ),
    };
    let breach = Breach::new(
        code,
        format!("expected goods that a sender has announced to this member, found {id} {status}"),
        what_to_do,
    )
    .on([id]);
    match status {
        // The sender's data may be late.
        ItemStatus::HandedOver | ItemStatus::InTransit => breach.until(WaitsFor::Item(id.clone())),
        _ => breach,
    }
}
