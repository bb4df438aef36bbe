//! Error declarations: what an event has done is undone, by the inverse operations.
//!
//! | the event's operation | not on the ledger yet | on the ledger |
//! |---|---|---|
//! | none (packing, unpacking, observation) | as before | as before |
//! | commission | the units were never there | they end as destroyed |
//! | ship | in stock | cancelled, if nobody has received it |
//! | set apart: quarantine, loss | in stock | released |
//! | release | set apart | set apart |
//! | lot status | as before | set to what it was |
//! | end of life: dispensed, exported, sampled, lost, out of stock | as before | restored, within the window |
//! | receive, refuse, cancel, set apart: theft, other end of life, restore | as before | cannot be undone |
//!
//! Only an error declaration of the retiring event restores: a later event by itself (a return, a
//! disposition) says that a pack came back, not that its end never happened.
//!
//! # Invariants
//!
//! - Only what is still as the event left it is undone, and then all of it.
//! - Declared at once, an event leaves the world as it found it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use theriac_epcis::Event;
use theriac_gs1::Identifier;

use super::footprint::{self, Footprint, Touched};
use super::intent::{self, Intent};
use crate::breach::{Breach, BreachCode};
use crate::item::{ItemStatus, Reason};
use crate::operation::{HoldingState, Operation};
use crate::world::{LotRecord, Standing, World};

/// How far an operation of the declared event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The ledger does not know it, and will not: it is withdrawn.
    Withdrawn,
    /// It is on the ledger, or on its way there.
    OnLedger,
    /// It is on the ledger, which lets nobody undo it any more.
    ForGood {
        /// The last instant at which it could be undone; `None`: it never could.
        until: Option<Timestamp>,
    },
}

impl Stage {
    /// How far an end of life is that the ledger has recorded. `until` is the last instant of the
    /// window that the ledger logged with it (`None`: it keeps no record), `now` the present.
    pub fn retired(until: Option<Timestamp>, now: Timestamp) -> Self {
        if until.is_some_and(|until| now <= until) {
            Self::OnLedger
        } else {
            Self::ForGood { until }
        }
    }

    fn is_on_ledger(self) -> bool {
        self != Self::Withdrawn
    }
}

/// An operation of the declared event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The operation.
    pub operation: Operation,
    /// How far it is.
    pub stage: Stage,
}

/// Undoes what `original` has changed in `world`; the operations that undo it on the ledger.
///
/// `done` are its operations and `footprint` is what was kept beside it; all that
/// [`Footprint::named`] and the operations name must be loaded.
///
/// # Errors
///
/// A [`Breach`] if the ledger cannot undo it, or if something later depends on it; the world is
/// unchanged then.
pub fn neutralise(
    original: &Event,
    done: &[Done],
    footprint: &Footprint,
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    let changes = changes(done, footprint);
    let mut operations = Vec::new();
    for done in done.iter().filter(|done| done.stage.is_on_ledger()) {
        operations.extend(inverse(original, done, &changes, footprint)?);
    }
    still_as_left(&changes, footprint, world)?;
    may_go_back(&changes, world)?;
    put_back(&changes, world);
    for lot in &footprint.lots {
        let record = world.lots.get(&lot.lot).map(|record| record.expiry).zip(lot.before);
        if let Some((expiry, status)) = record {
            world.set_lot(&lot.lot, LotRecord { expiry, status });
        }
    }
    if operations.is_empty() {
        operations.push(Operation::Anchor);
    }
    Ok(operations)
}

/// What becomes of an item when the event is undone.
#[derive(Debug, Clone)]
struct Change {
    id: Identifier,
    before: Before,
    after: ItemStatus,
    /// `None`: the digest says what it is packed in.
    parent_after: Option<Option<Identifier>>,
    /// Status of the logistic unit to which it goes back.
    beside: Option<ItemStatus>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Before {
    /// It had this status, and stays packed as it is.
    Status(ItemStatus),
    /// It stood like this.
    Standing(Standing),
    /// It was not on record.
    Nothing,
    /// It was not on record, and the ledger knows it: it ends.
    Ends,
}

/// All changes of the event.
fn changes(done: &[Done], footprint: &Footprint) -> Vec<Change> {
    let begun: HashSet<Identifier> = done
        .iter()
        .filter(|done| done.stage.is_on_ledger())
        .filter(|done| matches!(done.operation, Operation::Commission { .. }))
        .flat_map(|done| footprint::plain(&done.operation))
        .map(|plain| plain.id)
        .collect();
    let mut changes: Vec<Change> =
        footprint.items.iter().map(|touched| noted(touched, &begun)).collect();
    let told: HashSet<Identifier> = changes.iter().map(|change| change.id.clone()).collect();
    for plain in done.iter().flat_map(|done| footprint::plain(&done.operation)) {
        if told.contains(&plain.id) {
            continue;
        }
        let before = match plain.before {
            Some(status) => Before::Status(status),
            None if begun.contains(&plain.id) => Before::Ends,
            None => Before::Nothing,
        };
        let (id, after) = (plain.id, plain.after);
        changes.push(Change { id, before, after, parent_after: None, beside: None });
    }
    changes
}

fn noted(touched: &Touched, begun: &HashSet<Identifier>) -> Change {
    let before = match &touched.before {
        Some(standing) => Before::Standing(standing.clone()),
        None if begun.contains(&touched.id) => Before::Ends,
        None => Before::Nothing,
    };
    Change {
        id: touched.id.clone(),
        before,
        after: touched.after.status,
        parent_after: Some(touched.after.parent.clone()),
        beside: touched.beside,
    }
}

/// The operations that undo one that is on the ledger.
fn inverse(
    original: &Event,
    done: &Done,
    changes: &[Change],
    footprint: &Footprint,
) -> Result<Vec<Operation>, Breach> {
    let operation = &done.operation;
    match operation {
        Operation::Commission { units, .. } => {
            Ok(vec![Operation::Retire { units: units.clone(), reason: Reason::Destroyed }])
        }
        Operation::Ship { units, .. } => Ok(vec![Operation::Cancel { units: units.clone() }]),
        Operation::Segregate { units, state } if *state != HoldingState::Stolen => {
            Ok(vec![Operation::Release { units: units.clone() }])
        }
        Operation::Release { units } => Ok(apart_again(units, changes)),
        Operation::Retire { units, reason } if reason.is_undoable() => {
            if let Stage::ForGood { until } = done.stage {
                return Err(window_closed(original, *reason, until));
            }
            from_stock(units, *reason, changes)?;
            Ok(vec![Operation::Restore { units: units.clone() }])
        }
        Operation::LotStatus { lot, .. } => {
            let before = footprint.lots.iter().find(|touched| touched.lot == *lot);
            let changed = before.filter(|lot| lot.before != Some(lot.after));
            let status = changed.and_then(|touched| touched.before);
            Ok(status
                .map(|status| Operation::LotStatus { lot: lot.clone(), status })
                .into_iter()
                .collect())
        }
        Operation::Anchor => Ok(Vec::new()),
        Operation::Segregate { .. }
        | Operation::Cancel { .. }
        | Operation::Receive { .. }
        | Operation::Restore { .. }
        | Operation::Retire { .. } => Err(on_ledger_for_good(original, operation)),
    }
}

/// Sets released units apart again, each as it was.
fn apart_again(units: &[theriac_gs1::Sgtin], changes: &[Change]) -> Vec<Operation> {
    let lost: HashSet<&Identifier> = changes
        .iter()
        .filter(|change| match &change.before {
            Before::Status(status) => *status == ItemStatus::Lost,
            Before::Standing(standing) => standing.status == ItemStatus::Lost,
            Before::Nothing | Before::Ends => false,
        })
        .map(|change| &change.id)
        .collect();
    let (lost, quarantined): (Vec<_>, Vec<_>) =
        units.iter().cloned().partition(|unit| lost.contains(&Identifier::Sgtin(unit.clone())));
    [(lost, HoldingState::Lost), (quarantined, HoldingState::Quarantined)]
        .into_iter()
        .filter(|(units, _)| !units.is_empty())
        .map(|(units, state)| Operation::Segregate { units, state })
        .collect()
}

/// The ledger restores into stock: each unit must have been retired from there.
fn from_stock(
    units: &[theriac_gs1::Sgtin],
    reason: Reason,
    changes: &[Change],
) -> Result<(), Breach> {
    let units: HashSet<&theriac_gs1::Sgtin> = units.iter().collect();
    for change in changes {
        let before = match &change.before {
            Before::Status(status) => *status,
            Before::Standing(standing) => standing.status,
            Before::Nothing | Before::Ends => continue,
        };
        let named = matches!(&change.id, Identifier::Sgtin(unit) if units.contains(unit));
        if named && before != ItemStatus::InStock {
            return Err(apart_before(&change.id, reason, before));
        }
    }
    Ok(())
}

/// Each item must be as the event left it: else something later builds on it.
fn still_as_left(changes: &[Change], footprint: &Footprint, world: &World) -> Result<(), Breach> {
    let mut followed = Vec::new();
    for change in changes {
        let found = world.items.get(&change.id);
        if found.map(|item| item.status) != Some(change.after) {
            return Err(moved_on(change, found.map(|item| item.status)));
        }
        match &change.parent_after {
            None => followed.push(change.id.clone()),
            Some(parent) if found.map(|item| &item.parent) == Some(parent) => {}
            Some(_) => return Err(repacked(&change.id)),
        }
    }
    let first = followed.first().cloned();
    if footprint::packing(followed, world) != footprint.packing {
        return Err(repacked_some(first.as_ref()));
    }
    for lot in &footprint.lots {
        if lot.before.is_some() && world.lots.get(&lot.lot).map(|l| l.status) != Some(lot.after) {
            return Err(lot_moved_on(&lot.lot));
        }
    }
    Ok(())
}

/// What was packed together must be able to be so again, and nothing may be left in what vanishes.
fn may_go_back(changes: &[Change], world: &World) -> Result<(), Breach> {
    let by_id: HashMap<&Identifier, &Change> =
        changes.iter().map(|change| (&change.id, change)).collect();
    for change in changes {
        match &change.before {
            Before::Nothing | Before::Ends => {
                let contents = world.children.get(&change.id).into_iter().flatten();
                let left = |id: &&Identifier| !by_id.get(*id).is_some_and(|child| child.leaves());
                if let Some(inside) = contents.into_iter().find(left) {
                    return Err(filled(&change.id, inside));
                }
            }
            Before::Standing(Standing { parent: Some(parent), .. }) => {
                let changed = by_id.contains_key(parent);
                let status = world.items.get(parent).map(|item| item.status);
                let moved = world.items.get(&change.id).and_then(|item| item.parent.as_ref());
                let as_then = moved == Some(parent) || changed || status == change.beside;
                if !as_then || world.is_within(parent, &change.id) {
                    return Err(repacked(&change.id));
                }
            }
            Before::Standing(_) | Before::Status(_) => {}
        }
    }
    Ok(())
}

impl Change {
    /// Whether undoing takes the item out of what it is packed in.
    fn leaves(&self) -> bool {
        match &self.before {
            Before::Standing(standing) => self.parent_after.as_ref() != Some(&standing.parent),
            Before::Nothing | Before::Ends => true,
            Before::Status(_) => false,
        }
    }
}

fn put_back(changes: &[Change], world: &mut World) {
    for change in changes {
        let id = std::slice::from_ref(&change.id);
        match &change.before {
            Before::Status(status) => world.set_status(id, *status),
            Before::Standing(standing) => {
                world.set_status(id, standing.status);
                world.set_parent(&change.id, standing.parent.as_ref());
            }
            Before::Ends => {
                world.set_parent(&change.id, None);
                world.set_status(id, ItemStatus::Retired(Reason::Destroyed));
            }
            Before::Nothing => world.forget(&change.id),
        }
    }
}

fn declared(reason: String, what_to_do: &str) -> Breach {
    Breach::new(BreachCode::ErrorDeclared, reason, what_to_do)
}

/// The breach of declaring an end of life erroneous after the ledger's window.
fn window_closed(original: &Event, reason: Reason, until: Option<Timestamp>) -> Breach {
    let (found, instead) = match until {
        Some(until) => (
            format!("that its packs were {reason} and could be restored until {until}"),
            "the window is closed; keep such packs apart and report them",
        ),
        None => (
            format!("that its packs were {reason} without a window in which they can be restored"),
            "a governor sets the member's window, for ends of life to come; keep such packs apart and report them",
        ),
    };
    let named = original.epcs().map(|epc| &epc.id);
    let reason = format!("expected an event that can be undone, found {found}");
    Breach::new(BreachCode::UndoTooLate, reason, instead).on(named)
}

/// The breach of restoring a pack that was not in stock when its life ended.
fn apart_before(id: &Identifier, reason: Reason, before: ItemStatus) -> Breach {
    declared(
        format!(
            "expected {id} to have been in stock when it was {reason}, found that it was {before}"
        ),
        "the ledger restores only into stock; keep the pack apart and report it",
    )
    .on([id])
}

/// The breach of declaring an event erroneous whose operation the ledger cannot undo.
fn on_ledger_for_good(original: &Event, operation: &Operation) -> Breach {
    let (what, instead) = match operation {
        Operation::Retire { reason, .. } => {
            let what = format!("the ends of life ({reason}) of its packs are on the ledger");
            (
                what,
                "the ledger restores only what was dispensed, exported, sampled or lost; keep such packs apart and report them",
            )
        }
        Operation::Restore { .. } => (
            "the packs that it restored are in stock on the ledger".to_owned(),
            "capture the event that says what has become of them",
        ),
        Operation::Receive { .. } => (
            "its receipt is on the ledger".to_owned(),
            "send the goods back with a shipping event to whom they belong",
        ),
        Operation::Cancel { .. } => (
            "the shipment that it took back is cancelled on the ledger".to_owned(),
            "ship the goods again with a shipping event",
        ),
        _ => (
            "its packs are reported stolen on the ledger".to_owned(),
            "keep the packs apart and call the authority; the ledger releases no stolen goods",
        ),
    };
    let named = original.epcs().map(|epc| &epc.id);
    let kind = match intent::of(original) {
        Intent::Transform { .. } => "a transformation",
        _ => "an event",
    };
    declared(format!("expected {kind} that can be undone, found that {what}"), instead).on(named)
}

fn moved_on(change: &Change, found: Option<ItemStatus>) -> Breach {
    let found = found.map_or("not on record", ItemStatus::word);
    declared(
        format!("expected {} {} as the declared event left it, found it {found}", change.id, change.after),
        "declare the later events about these goods erroneous first, or capture events that say what is right",
    )
    .on([&change.id])
}

fn repacked(id: &Identifier) -> Breach {
    repacked_some(Some(id))
}

fn repacked_some(id: Option<&Identifier>) -> Breach {
    let goods = id.map_or_else(|| "the goods".to_owned(), ToString::to_string);
    declared(
        format!("expected {goods} packed as the declared event left it, found it packed otherwise"),
        "declare the later packing events erroneous first, or capture events that say how the goods are packed",
    )
    .on(id)
}

fn filled(outer: &Identifier, inner: &Identifier) -> Breach {
    declared(
        format!(
            "expected {outer} as the declared event left it, found {inner} packed into it since"
        ),
        "declare the packing event erroneous first, or take the contents out",
    )
    .on([outer, inner])
}

fn lot_moved_on(lot: &theriac_gs1::Lgtin) -> Breach {
    declared(
        format!(
            "expected the status of lot {} as the declared event left it, found another",
            lot.lot
        ),
        "capture the event that says what the lot's status is",
    )
}
