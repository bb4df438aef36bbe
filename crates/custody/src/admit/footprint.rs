//! What an event has changed, as far as its operations do not tell: kept beside the event, so that
//! it can be undone.
//!
//! Most changes follow from the operation: a shipment finds its units in stock and leaves them on
//! their way, packed as before. Of those only a digest is kept; every other change is kept as it is.

use serde::{Deserialize, Serialize};
use theriac_gs1::{Identifier, Lgtin};

use crate::hash::{Hash, keccak256};
use crate::item::ItemStatus;
use crate::operation::{HoldingState, LotStatus, Operation};
use crate::world::{Standing, World};

/// What an event has changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Footprint {
    /// Items whose change does not follow from the operations, by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Touched>,
    /// Lots, by identifier.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<TouchedLot>,
    /// Digest over the other units and what they were packed in; `None` without such units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packing: Option<Hash>,
}

/// An item that an event has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// The item.
    pub id: Identifier,
    /// How it stood before; `None`: the event put it on record.
    pub before: Option<Standing>,
    /// How the event left it.
    pub after: Standing,
    /// Status of the logistic unit that it was packed in before, after the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beside: Option<ItemStatus>,
}

/// A lot that an event has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchedLot {
    /// The lot.
    pub lot: Lgtin,
    /// Its status before; `None`: the event put it on record.
    pub before: Option<LotStatus>,
    /// Its status after.
    pub after: LotStatus,
}

/// A unit whose change follows from an operation: it stays packed as it is.
pub(super) struct Plain {
    pub(super) id: Identifier,
    /// `None`: the operation begins its life.
    pub(super) before: Option<ItemStatus>,
    pub(super) after: ItemStatus,
}

impl Footprint {
    /// What the event that was just admitted has changed in `world`, beside its `operations`.
    pub fn of(operations: &[Operation], world: &World) -> Self {
        let mut items = Vec::new();
        let mut journal = world.journal.items.clone();
        let mut followed = Vec::new();
        for plain in operations.iter().flat_map(plain) {
            let Some(before) = journal.get(&plain.id) else { continue };
            if world.standing(&plain.id).is_some_and(|after| plain.tells(before.as_ref(), &after)) {
                journal.remove(&plain.id);
                followed.push(plain.id);
            }
        }
        for (id, before) in journal {
            let Some(after) = world.standing(&id).filter(|after| before.as_ref() != Some(after))
            else {
                continue;
            };
            let parent = before.as_ref().and_then(|before| before.parent.as_ref());
            let moved = parent.filter(|parent| after.parent.as_ref() != Some(*parent));
            let beside = moved.and_then(|parent| world.items.get(parent)).map(|item| item.status);
            items.push(Touched { id, before, after, beside });
        }
        items.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        Self { items, lots: lots(world), packing: packing(followed, world) }
    }

    /// All that was just changed in `world`, each item as it is: to be added to the footprint of an
    /// event of which a part was admitted before.
    pub fn explicit(world: &World) -> Self {
        Self::of(&[], world)
    }

    /// Adds what a later part of the event has changed.
    #[must_use]
    pub fn and(mut self, later: Self) -> Self {
        self.items.extend(later.items);
        self.items.sort_by(|a, b| a.id.cmp(&b.id));
        self.lots.extend(later.lots);
        self
    }

    /// Whether the event has changed nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All that must be loaded to undo the event.
    pub fn named(&self) -> impl Iterator<Item = &Identifier> {
        self.items.iter().flat_map(|touched| {
            let before = touched.before.as_ref().and_then(|before| before.parent.as_ref());
            std::iter::once(&touched.id).chain(before)
        })
    }
}

impl Plain {
    fn tells(&self, before: Option<&Standing>, after: &Standing) -> bool {
        let parent = match before {
            None => None,
            Some(before) => before.parent.as_ref(),
        };
        before.map(|before| before.status) == self.before
            && after.status == self.after
            && after.parent.as_ref() == parent
    }
}

fn lots(world: &World) -> Vec<TouchedLot> {
    let mut lots: Vec<TouchedLot> = world
        .journal
        .lots
        .iter()
        .filter_map(|(lot, before)| {
            let after = world.lots.get(lot)?.status;
            Some(TouchedLot { lot: lot.clone(), before: *before, after })
        })
        .collect();
    lots.sort_unstable_by(|a, b| a.lot.cmp(&b.lot));
    lots
}

/// Digest over units and what they are packed in.
pub(super) fn packing(mut units: Vec<Identifier>, world: &World) -> Option<Hash> {
    if units.is_empty() {
        return None;
    }
    units.sort_unstable();
    let mut text = String::new();
    for unit in &units {
        text.push_str(&unit.key());
        if let Some(parent) = world.items.get(unit).and_then(|item| item.parent.as_ref()) {
            text.push(' ');
            text.push_str(&parent.key());
        }
        text.push('\n');
    }
    Some(keccak256(&[text.as_bytes()]))
}

/// The units that an operation changes, and how it mostly does.
pub(super) fn plain(operation: &Operation) -> Vec<Plain> {
    let list = |units: &[theriac_gs1::Sgtin], before, after| -> Vec<Plain> {
        let id = |unit: &theriac_gs1::Sgtin| Identifier::Sgtin(unit.clone());
        units.iter().map(|unit| Plain { id: id(unit), before, after }).collect()
    };
    use ItemStatus::{Expected, InStock, InTransit, Quarantined, Refused, Retired};
    match operation {
        Operation::Commission { units, .. } => list(units, None, InStock),
        Operation::Ship { units, .. } => list(units, Some(InStock), InTransit),
        Operation::Cancel { units } => list(units, Some(InTransit), InStock),
        Operation::Receive { received, refused } => {
            let mut all = list(received, Some(Expected), InStock);
            all.extend(list(refused, Some(Expected), Refused));
            all
        }
        Operation::Segregate { units, state } => {
            let apart = match state {
                HoldingState::Stolen => ItemStatus::Stolen,
                HoldingState::Lost => ItemStatus::Lost,
                _ => Quarantined,
            };
            list(units, Some(InStock), apart)
        }
        Operation::Release { units } => list(units, Some(Quarantined), InStock),
        Operation::Retire { units, reason } => list(units, Some(InStock), Retired(*reason)),
        // How a restored unit ended is not told: its change is kept as it is.
        Operation::Restore { .. } | Operation::LotStatus { .. } | Operation::Anchor => Vec::new(),
    }
}
