//! Three members' nodes and their ledger, with what is true of every unit.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::{
    Admission, Done, Footprint, HoldingState, ItemStatus, LotSecret, Operation, Reason, Stage,
    World, admit, neutralise,
};
use theriac_epcis::Event;
use theriac_gs1::{Gln, Identifier, Sgtin};

use crate::ledger::Ledger;
use crate::scene::{maker, pharmacy, today, wholesaler, world_of};

/// Where a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    /// In a member's stock, or set apart by it.
    At(Gln, ItemStatus),
    InTransit {
        from: Gln,
        to: Gln,
    },
    Refused {
        from: Gln,
        to: Gln,
    },
    Retired(Gln, Reason),
}

pub(crate) struct Network {
    pub(crate) worlds: BTreeMap<Gln, World>,
    pub(crate) ledger: Ledger,
    pub(crate) secret: LotSecret,
    /// Admitted operations that are not on the ledger yet, in their order.
    pub(crate) queue: Vec<(Gln, Operation)>,
    pub(crate) truth: BTreeMap<Sgtin, Truth>,
    /// What has occurred.
    pub(crate) seen: BTreeSet<&'static str>,
}

impl Network {
    pub(crate) fn new() -> Self {
        let members = [maker(), wholesaler(), pharmacy()];
        Self {
            worlds: members.map(|gln| (gln, world_of(gln))).into(),
            ledger: Ledger::default(),
            secret: LotSecret::new([7; 32]),
            queue: Vec::new(),
            truth: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    pub(crate) fn world(&mut self, gln: Gln) -> &mut World {
        self.worlds.get_mut(&gln).expect("one of the three")
    }

    /// A member captures an event.
    pub(crate) fn capture(&mut self, who: Gln, event: &Event) {
        let before = &self.worlds[&who];
        let mut after = before.clone();
        match admit(event, &mut after, today()) {
            Admission::Held(breach) => {
                assert!(!breach.reason.is_empty() && !breach.what_to_do.is_empty());
                assert_same(before, &after);
                self.seen.insert("held");
            }
            Admission::Admitted(operations) | Admission::InPart(operations, _) => {
                assert!(!operations.is_empty(), "an admitted event yields an operation");
                assert_undone(before, event, &after, &operations);
                if !operations.iter().all(|operation| self.ledger_follows(who, operation)) {
                    return;
                }
                self.worlds.insert(who, after);
                self.conserve(&operations);
                for operation in operations {
                    self.come_true(who, &operation);
                    self.queue.push((who, operation));
                }
            }
        }
    }

    /// The ledger takes back and releases whole holdings, and decides who was first when a shipment
    /// is taken back while it is received. Events that depend on it are left out of the histories.
    fn ledger_follows(&self, who: Gln, operation: &Operation) -> bool {
        let (Operation::Cancel { units } | Operation::Release { units }) = operation else {
            return true;
        };
        let named: BTreeSet<&Sgtin> = units.iter().collect();
        units.iter().all(|unit| {
            let place = self.worlds[&who].items[&Identifier::Sgtin(unit.clone())].place;
            let Some(holding) = place.map(|place| self.ledger.of(place.holding)) else {
                return false;
            };
            let whole = holding.unspent().all(|unit| named.contains(unit));
            let expected = holding.consignee.filter(|_| holding.state == HoldingState::InTransit);
            let untouched = expected.is_none_or(|consignee| {
                let status = |unit: &Sgtin| {
                    self.worlds[&consignee].items[&Identifier::Sgtin(unit.clone())].status
                };
                holding.unspent().all(|unit| status(unit) == ItemStatus::Expected)
            });
            whole && untouched && !self.queue.iter().any(|(_, op)| units_of(op).contains(&unit))
        })
    }

    /// No unit is in two operations of one event, and units neither appear nor vanish but by
    /// commission and retirement.
    fn conserve(&self, operations: &[Operation]) {
        let mut moved = BTreeSet::new();
        for operation in operations {
            let commissions = matches!(operation, Operation::Commission { .. });
            for unit in units_of(operation) {
                assert!(moved.insert(unit), "{unit:?} is moved twice");
                assert_eq!(self.truth.contains_key(unit), !commissions, "{unit:?}");
            }
        }
    }

    /// What an operation says comes true, if it can: from the one place where each unit was.
    fn come_true(&mut self, who: Gln, operation: &Operation) {
        self.seen.insert(word(operation));
        let held = Truth::At(who, ItemStatus::InStock);
        match operation {
            Operation::Commission { units, .. } => {
                self.truth.extend(units.iter().map(|unit| (unit.clone(), held)));
            }
            Operation::Ship { units, consignee } => {
                let moving = Truth::InTransit { from: who, to: *consignee };
                self.turn(units, |truth| (truth == held).then_some(moving));
            }
            Operation::Receive { received, refused } => {
                self.turn(received, |truth| {
                    matches!(truth, Truth::InTransit { to, .. } if to == who).then_some(held)
                });
                self.turn(refused, |truth| match truth {
                    Truth::InTransit { from, to } if to == who => Some(Truth::Refused { from, to }),
                    _ => None,
                });
            }
            Operation::Cancel { units } => self.turn(units, |truth| {
                matches!(truth, Truth::InTransit { from, .. } if from == who).then_some(held)
            }),
            Operation::Segregate { units, state } => {
                let apart = Truth::At(who, status_of(*state));
                self.turn(units, |truth| (truth == held).then_some(apart));
            }
            Operation::Release { units } => {
                let apart = Truth::At(who, ItemStatus::Quarantined);
                self.turn(units, |truth| (truth == apart).then_some(held));
            }
            Operation::Retire { units, reason } => {
                let retired = Truth::Retired(who, *reason);
                self.turn(units, |truth| match truth {
                    Truth::At(at, ItemStatus::InStock) if at == who => Some(retired),
                    Truth::At(at, _) if at == who && !reason.is_use() => Some(retired),
                    _ => None,
                });
            }
            Operation::Restore { .. } => panic!("no event restores by itself"),
            Operation::LotStatus { .. } | Operation::Anchor => {}
        }
    }

    fn turn(&mut self, units: &[Sgtin], next: impl Fn(Truth) -> Option<Truth>) {
        for unit in units {
            let before = self.truth[unit];
            let after = next(before).unwrap_or_else(|| panic!("{unit:?} cannot, from {before:?}"));
            self.truth.insert(unit.clone(), after);
        }
    }
}

/// Declared erroneous at once, the event leaves the world as it found it.
fn assert_undone(before: &World, event: &Event, after: &World, operations: &[Operation]) {
    let footprint = Footprint::of(operations, after);
    let text = serde_json::to_string(&footprint).expect("a footprint as JSON");
    assert_eq!(serde_json::from_str::<Footprint>(&text).expect("a footprint"), footprint);
    let withdrawn =
        |operation: &Operation| Done { operation: operation.clone(), stage: Stage::Withdrawn };
    let done: Vec<Done> = operations.iter().map(withdrawn).collect();
    let mut world = after.clone();
    let undone = neutralise(event, &done, &footprint, &mut world);
    assert_eq!(undone, Ok(vec![Operation::Anchor]), "{event:#?}");
    // A lot that was first named by the event stays on record, as nobody's.
    world.lots.retain(|lot, _| before.lots.contains_key(lot));
    assert_eq!(before.items, world.items);
    assert_eq!(before.lots, world.lots);
    assert_eq!(packed(before), packed(&world));
    let new = after.items.keys().filter(|id| !before.items.contains_key(*id));
    assert!(new.clone().all(|id| world.forgotten.contains(id)));
    assert_eq!(world.forgotten.len(), new.count());
}

fn packed(world: &World) -> BTreeMap<&Identifier, &BTreeSet<Identifier>> {
    world.children.iter().filter(|(_, contents)| !contents.is_empty()).collect()
}

fn assert_same(before: &World, after: &World) {
    assert_eq!(before.items, after.items);
    assert_eq!(before.children, after.children);
    assert_eq!(before.lots, after.lots);
    assert_eq!(before.changed, after.changed);
    assert_eq!(before.changed_lots, after.changed_lots);
}

pub(crate) fn status_of(state: HoldingState) -> ItemStatus {
    match state {
        HoldingState::Held => ItemStatus::InStock,
        HoldingState::InTransit => ItemStatus::InTransit,
        HoldingState::Quarantined => ItemStatus::Quarantined,
        HoldingState::Stolen => ItemStatus::Stolen,
        HoldingState::Lost => ItemStatus::Lost,
    }
}

pub(crate) fn units_of(operation: &Operation) -> Vec<&Sgtin> {
    match operation {
        Operation::Commission { units, .. }
        | Operation::Ship { units, .. }
        | Operation::Cancel { units }
        | Operation::Segregate { units, .. }
        | Operation::Release { units }
        | Operation::Restore { units }
        | Operation::Retire { units, .. } => units.iter().collect(),
        Operation::Receive { received, refused } => received.iter().chain(refused).collect(),
        Operation::LotStatus { .. } | Operation::Anchor => Vec::new(),
    }
}

fn word(operation: &Operation) -> &'static str {
    match operation {
        Operation::Commission { .. } => "commission",
        Operation::Ship { .. } => "ship",
        Operation::Cancel { .. } => "cancel",
        Operation::Segregate { .. } => "segregate",
        Operation::Release { .. } => "release",
        Operation::Retire { .. } => "retire",
        Operation::Receive { refused, .. } if !refused.is_empty() => "refuse",
        Operation::Receive { .. } => "receive",
        Operation::Restore { .. } => "restore",
        Operation::LotStatus { .. } => "lot_status",
        Operation::Anchor => "anchor",
    }
}
