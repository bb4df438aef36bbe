//! What is to come with an arrival, and what of it is here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use theriac_custody::item::is_unit;
use theriac_custody::{Hash, ItemStatus, LotRecord, LotStatus, Roles, World};
use theriac_gs1::{Gln, Identifier, Lgtin};
use theriac_store::{ArrivalRecord, ArrivalScan, ReadTx, ScanAnswer};

use crate::error::NodeError;
use crate::node::Node;

/// An arrival with what is on record about it.
pub(super) struct Scope {
    /// Announced units that are to come with it and are neither received nor refused.
    pub(super) expected: BTreeSet<Identifier>,
    /// What was scanned, by item.
    pub(super) scans: BTreeMap<Identifier, ArrivalScan>,
    /// All these items, what they are packed in and what is packed in them, with their lots.
    pub(super) world: World,
    /// Who sent what is expected, by holding.
    pub(super) senders: HashMap<Hash, Gln>,
}

impl Node {
    /// Loads what is on record about an arrival and about `more` items.
    pub(super) async fn scope_of(
        &self,
        tx: &mut ReadTx,
        arrival: &ArrivalRecord,
        more: &[Identifier],
    ) -> Result<Scope, NodeError> {
        let scans: BTreeMap<Identifier, ArrivalScan> = tx
            .arrival_scans(arrival.id)
            .await?
            .into_iter()
            .map(|scan| (scan.item.clone(), scan))
            .collect();
        let mut named: Vec<Identifier> = scans.keys().chain(more).cloned().collect();
        named.extend(arrival.container.clone());
        let announced = match &arrival.container {
            Some(_) => Vec::new(),
            None => {
                let (holding, sender) = (arrival.holding.as_ref(), arrival.sender.as_ref());
                tx.expected_units(&self.gln(), holding, sender).await?
            }
        };
        named.extend(announced.iter().map(|record| record.item.id.clone()));
        let mut world = World::new(self.gln(), Roles::default());
        for record in tx.load_items(&named).await? {
            world.load(record.item);
        }
        for (lot, row) in tx.load_lots(&lots(&world)).await? {
            world.lots.insert(lot, row.record);
        }
        let expected = match &arrival.container {
            Some(container) => world.subtree([container]).into_iter().collect(),
            None => announced.into_iter().map(|record| record.item.id).collect::<BTreeSet<_>>(),
        };
        let expected = expected.into_iter().filter(|id| is_expected_unit(id, &world)).collect();
        let holdings: BTreeSet<Hash> =
            world.items.values().filter_map(|item| Some(item.place?.holding)).collect();
        let holdings: Vec<Hash> = holdings.into_iter().collect();
        let shipments = tx.shipments_of(&holdings).await?;
        let senders = shipments.into_iter().map(|(id, shipment)| (id, shipment.from)).collect();
        Ok(Scope { expected, scans, world, senders })
    }
}

/// The lots of all units loaded.
fn lots(world: &World) -> Vec<Lgtin> {
    let lots: BTreeSet<Lgtin> = world
        .items
        .values()
        .filter_map(|item| match (&item.id, &item.lot) {
            (Identifier::Sgtin(unit), Some(lot)) => {
                Some(Lgtin { gtin: unit.gtin, lot: lot.clone() })
            }
            _ => None,
        })
        .collect();
    lots.into_iter().collect()
}

/// Whether a unit is announced and neither received nor refused.
pub(super) fn is_expected_unit(id: &Identifier, world: &World) -> bool {
    is_unit(id) && status(id, world) == Some(ItemStatus::Expected)
}

pub(super) fn status(id: &Identifier, world: &World) -> Option<ItemStatus> {
    world.items.get(id).map(|item| item.status)
}

/// Why a pack must not be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unfit {
    Recalled,
    Blocked,
    Expired,
}

impl Unfit {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Blocked => "blocked",
            Self::Expired => "expired",
        }
    }
}

impl Scope {
    /// The record of a unit's lot.
    pub(super) fn lot_of(&self, id: &Identifier) -> Option<&LotRecord> {
        let (Identifier::Sgtin(unit), Some(item)) = (id, self.world.items.get(id)) else {
            return None;
        };
        self.world.lots.get(&Lgtin { gtin: unit.gtin, lot: item.lot.clone()? })
    }

    /// Why a unit must not be sold; `None` if it may.
    pub(super) fn unfit(&self, id: &Identifier, today: Date) -> Option<Unfit> {
        let lot = self.lot_of(id)?;
        match lot.status {
            LotStatus::Blocked => Some(Unfit::Blocked),
            LotStatus::Normal if lot.expiry < today => Some(Unfit::Expired),
            LotStatus::Normal => None,
            _ => Some(Unfit::Recalled),
        }
    }

    /// Who sent a unit that is on its way to this member.
    pub(super) fn sender_of(&self, id: &Identifier) -> Option<Gln> {
        let place = self.world.items.get(id)?.place?;
        self.senders.get(&place.holding).copied()
    }

    /// The expected units that a scanned item stands for: itself, or what is packed in it.
    pub(super) fn units_in(&self, id: &Identifier) -> Vec<Identifier> {
        let inside = self.world.subtree([id]);
        inside.into_iter().filter(|id| is_expected_unit(id, &self.world)).collect()
    }

    /// The expected units that are here: scanned, or packed in what was scanned.
    pub(super) fn here(&self) -> HashSet<Identifier> {
        let scanned = self
            .scans
            .values()
            .filter(|scan| !matches!(scan.answer, ScanAnswer::Unreadable | ScanAnswer::Unknown));
        scanned.flat_map(|scan| self.units_in(&scan.item)).collect()
    }

    /// The expected units that are to come with the arrival and are not here.
    pub(super) fn missing(&self) -> Vec<Identifier> {
        let here = self.here();
        self.expected.iter().filter(|id| !here.contains(*id)).cloned().collect()
    }

    /// Whether an item is packed in another one that was scanned.
    pub(super) fn is_covered(&self, id: &Identifier) -> bool {
        self.scans.keys().any(|scanned| scanned != id && self.world.is_within(id, scanned))
    }
}
