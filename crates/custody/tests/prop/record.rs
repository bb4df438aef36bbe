//! From operations to the ledger and back into the books, as a node's stages record, exchange and
//! follow do it.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::cover::cover;
use theriac_custody::gather::tree_order;
use theriac_custody::layout::layout;
use theriac_custody::leaf::{leaf, lot_tag, unit_hash};
use theriac_custody::manifest::{ManifestLot, ManifestUnit, Packed};
use theriac_custody::tree::EMPTY_LEAF;
use theriac_custody::{
    Hash, HoldingState, Item, ItemStatus, LeafProof, LotRecord, LotStatus, Manifest, NodeProof,
    Operation, Place, Reason, Tree,
};
use theriac_gs1::{Gln, Identifier, Lgtin, Sgtin};

use crate::ledger::Holding;
use crate::network::{Network, Truth, units_of};
use crate::scene::receive;

fn id_of(unit: &Sgtin) -> Identifier {
    Identifier::Sgtin(unit.clone())
}

impl Network {
    /// Carries out what can be carried out; an operation waits for those before it on its units, a
    /// receipt until all of its shipments is accounted for.
    pub(crate) fn record(&mut self) {
        let mut waiting = Vec::new();
        let mut blocked: BTreeSet<Sgtin> = BTreeSet::new();
        for (who, operation) in joined(std::mem::take(&mut self.queue)) {
            let units: Vec<Sgtin> = units_of(&operation).into_iter().cloned().collect();
            if units.iter().any(|unit| blocked.contains(unit)) || self.waits(who, &operation) {
                blocked.extend(units);
                waiting.push((who, operation));
            } else {
                self.carry_out(who, operation);
            }
        }
        self.queue = waiting;
    }

    /// All goods arrive, and all is recorded.
    pub(crate) fn settle(&mut self) {
        while {
            self.record();
            self.truth.values().any(|t| matches!(t, Truth::InTransit { .. }))
        } {
            for gln in self.worlds.keys().copied().collect::<Vec<_>>() {
                let items = self.worlds[&gln].items.values();
                let expected: Vec<Identifier> = items
                    .filter(|item| item.status == ItemStatus::Expected && item.lot.is_some())
                    .map(|item| item.id.clone())
                    .collect();
                self.capture(gln, &receive(&expected));
            }
        }
        assert!(self.queue.is_empty(), "{:?}", self.queue);
    }

    fn waits(&self, who: Gln, operation: &Operation) -> bool {
        let Operation::Receive { received, refused } = operation else { return false };
        let units: Vec<Sgtin> = received.iter().chain(refused).cloned().collect();
        self.positions(who, &units).keys().any(|holding| {
            self.in_holding(who, *holding).any(|item| item.status == ItemStatus::Expected)
        })
    }

    fn in_holding(&self, who: Gln, holding: Hash) -> impl Iterator<Item = &Item> {
        let items = self.worlds[&who].items.values();
        items.filter(move |item| item.place.is_some_and(|place| place.holding == holding))
    }

    fn carry_out(&mut self, who: Gln, operation: Operation) {
        let held = (who, HoldingState::Held);
        match operation {
            Operation::Commission { lot, units, .. } => self.commission(who, &lot, &units),
            Operation::Ship { units, consignee } => {
                let nodes = self.nodes(who, &units);
                let opened = (who, Some(consignee), HoldingState::InTransit);
                let id = self.ledger.gather(&nodes, held, opened);
                self.place_units(who, id);
                self.announce(who, consignee, id);
            }
            Operation::Segregate { units, state } => {
                let nodes = self.nodes(who, &units);
                let id = self.ledger.gather(&nodes, held, (who, None, state));
                self.place_units(who, id);
            }
            Operation::Receive { received, refused } => {
                let units: Vec<Sgtin> = received.into_iter().chain(refused).collect();
                for id in self.positions(who, &units).into_keys() {
                    if self.ledger.of(id).state == HoldingState::InTransit {
                        self.receipt(who, id);
                    }
                }
            }
            Operation::Cancel { units } => self.cancel(who, &units),
            Operation::Release { units } => {
                for id in self.positions(who, &units).into_keys() {
                    self.ledger.of_mut(id).state = HoldingState::Held;
                }
            }
            Operation::Retire { units, reason } => self.retire(who, &units, reason),
            Operation::Restore { .. } => panic!("no event restores by itself"),
            Operation::LotStatus { lot, status } => {
                for world in self.worlds.values_mut() {
                    if let Some(record) = world.lots.get_mut(&lot) {
                        record.status = status;
                    }
                }
            }
            Operation::Anchor => {}
        }
    }

    fn commission(&mut self, who: Gln, lot: &Lgtin, units: &[Sgtin]) {
        let world = &self.worlds[&who];
        let layout = layout(units, |id| world.items.get(id)?.parent.clone());
        let salts = self.secret.lot(lot);
        let tag = lot_tag(lot, salts.lot());
        let width = layout.positions.iter().max().map_or(0, |last| last + 1);
        let mut leaves = vec![EMPTY_LEAF; width as usize];
        for (unit, position) in units.iter().zip(&layout.positions) {
            let place = &mut leaves[*position as usize];
            assert_eq!(*place, EMPTY_LEAF, "a position of its own");
            *place = leaf(tag, unit_hash(unit, salts.unit(unit)));
        }
        let tree = Tree::new(layout.height, leaves).expect("units to commission");
        let id = self.ledger.open(Holding {
            tree,
            seed: Hash::ZERO,
            holder: who,
            consignee: None,
            state: HoldingState::Held,
            spent: BTreeSet::new(),
            units: layout.positions.into_iter().zip(units.iter().cloned()).collect(),
        });
        self.place_units(who, id);
    }

    /// The books learn where the units of a new holding are.
    fn place_units(&mut self, who: Gln, id: Hash) {
        let units = self.ledger.of(id).units.clone();
        for (position, unit) in units {
            let item = self.world(who).items.get_mut(&id_of(&unit)).expect("a unit on record");
            item.place = Some(Place { holding: id, position });
        }
    }

    fn positions(&self, who: Gln, units: &[Sgtin]) -> BTreeMap<Hash, Vec<u64>> {
        let mut by_holding: BTreeMap<Hash, Vec<u64>> = BTreeMap::new();
        for unit in units {
            let place = self.worlds[&who].items[&id_of(unit)].place.expect("a recorded unit");
            by_holding.entry(place.holding).or_default().push(place.position);
        }
        by_holding.values_mut().for_each(|positions| positions.sort_unstable());
        by_holding
    }

    fn nodes(&mut self, who: Gln, units: &[Sgtin]) -> Vec<NodeProof> {
        let mut nodes = Vec::new();
        for (holding, moved) in self.positions(who, units) {
            let Holding { tree, seed, .. } = self.ledger.of(holding);
            for subtree in cover(tree.height(), tree.leaves(), &moved) {
                let (height, index) = (subtree.height, subtree.index);
                let hash = tree.node(height, index).expect("a node of the tree");
                let path = tree.path(height, index).expect("a node of the tree");
                let seed = *seed;
                nodes.push(NodeProof { holding, seed, height, index, hash, path });
            }
        }
        if nodes.iter().any(|node| node.height > 1) {
            self.seen.insert("moved whole");
        }
        tree_order(nodes, |node| node.height)
    }

    fn retire(&mut self, who: Gln, units: &[Sgtin], reason: Reason) {
        if !reason.is_use() {
            let nodes = self.nodes(who, units);
            return self.ledger.write_off(who, &nodes);
        }
        for unit in units {
            let proof = self.leaf_proof(who, unit);
            self.ledger.use_up(who, &proof);
        }
    }

    pub(crate) fn leaf_proof(&self, who: Gln, unit: &Sgtin) -> LeafProof {
        let item = &self.worlds[&who].items[&id_of(unit)];
        let lot = Lgtin { gtin: unit.gtin, lot: item.lot.clone().expect("a unit's lot") };
        let salts = self.secret.lot(&lot);
        let Place { holding, position } = item.place.expect("a recorded unit");
        LeafProof {
            holding,
            seed: self.ledger.of(holding).seed,
            index: position,
            lot_tag: lot_tag(&lot, salts.lot()),
            unit_hash: unit_hash(unit, salts.unit(unit)),
            path: self.ledger.of(holding).tree.path(0, position).expect("a place in the tree"),
        }
    }

    fn cancel(&mut self, who: Gln, units: &[Sgtin]) {
        for id in self.positions(who, units).into_keys() {
            let holding = self.ledger.of_mut(id);
            holding.state = HoldingState::Held;
            let consignee = holding.consignee.take().expect("a shipment's consignee");
            let units: Vec<Sgtin> = holding.units.values().cloned().collect();
            self.set_status(consignee, &units, ItemStatus::HandedOver);
        }
    }

    /// Sets the status of units and of the logistic units around them that are not in stock.
    fn set_status(&mut self, who: Gln, units: &[Sgtin], status: ItemStatus) {
        let world = self.world(who);
        for unit in units {
            let mut next = Some(id_of(unit));
            while let Some(item) = next.and_then(|id| world.items.get_mut(&id)) {
                if item.lot.is_some() || item.status != ItemStatus::InStock {
                    item.status = status;
                }
                next = item.parent.clone();
            }
        }
    }

    /// A shipment is received on the ledger; what is refused goes back.
    fn receipt(&mut self, who: Gln, id: Hash) {
        let units: Vec<Sgtin> = self.ledger.of(id).units.values().cloned().collect();
        let sender = self.ledger.of(id).holder;
        let status = |unit: &Sgtin| self.worlds[&who].items[&id_of(unit)].status;
        let refused: Vec<Sgtin> =
            units.iter().filter(|unit| status(unit) == ItemStatus::Refused).cloned().collect();
        if !refused.is_empty() {
            let nodes = self.nodes(who, &refused);
            let from = (sender, HoldingState::InTransit);
            let back = self.ledger.gather(&nodes, from, (sender, None, HoldingState::Held));
            self.place_units(sender, back);
            self.set_status(sender, &refused, ItemStatus::InStock);
            self.set_status(who, &refused, ItemStatus::HandedOver);
            for unit in &refused {
                self.truth.insert(unit.clone(), Truth::At(sender, ItemStatus::InStock));
            }
        }
        let holding = self.ledger.of_mut(id);
        (holding.holder, holding.state, holding.consignee) = (who, HoldingState::Held, None);
        let sent: Vec<Sgtin> = units
            .into_iter()
            .filter(|unit| self.worlds[&sender].items[&id_of(unit)].status == ItemStatus::InTransit)
            .collect();
        self.set_status(sender, &sent, ItemStatus::HandedOver);
    }

    /// The sender's manifest opens the shipment at the consignee, who then expects the goods.
    fn announce(&mut self, from: Gln, to: Gln, id: Hash) {
        let manifest = self.manifest(from, id);
        let text = serde_json::to_string(&manifest).expect("a manifest as JSON");
        let manifest: Manifest = serde_json::from_str(&text).expect("the manifest again");
        let Holding { tree, seed, .. } = self.ledger.of(id);
        let opened =
            manifest.open(*seed, tree.root(), tree.height()).expect("an honest manifest opens");
        assert_eq!(opened.leaves(), tree.leaves());
        let parents: BTreeMap<&Identifier, &Identifier> =
            manifest.packing.iter().map(|packed| (&packed.item, &packed.parent)).collect();
        let parent = |id: &Identifier| parents.get(id).map(|parent| (*parent).clone());
        let mut items = Vec::new();
        for unit in &manifest.units {
            let (sgtin, lot) = manifest.identify(unit).expect("a lot of the list");
            items.push(Item {
                parent: parent(&id_of(&sgtin)),
                id: id_of(&sgtin),
                lot: Some(lot.lot.clone()),
                status: ItemStatus::Expected,
                place: Some(Place { holding: id, position: unit.position }),
                owner: None,
            });
        }
        let boxes: BTreeSet<&Identifier> = parents.values().copied().collect();
        if boxes.len() > 1 {
            self.seen.insert("packed shipment");
        }
        items.extend(boxes.into_iter().map(|id| Item {
            parent: parent(id),
            id: id.clone(),
            lot: None,
            status: ItemStatus::Expected,
            place: None,
            owner: None,
        }));
        let status = |lot: &Lgtin| self.worlds[&from].lots.get(lot).map(|record| record.status);
        let lots: Vec<(Lgtin, LotRecord)> = manifest
            .lots
            .iter()
            .map(|lot| (lot.lgtin(), lot.expiry))
            .map(|(lot, expiry)| {
                let status = status(&lot).unwrap_or(LotStatus::Normal);
                (lot, LotRecord { expiry, status })
            })
            .collect();
        self.world(to).lots.extend(lots);
        items.into_iter().for_each(|item| self.world(to).load(item));
    }

    fn manifest(&self, from: Gln, id: Hash) -> Manifest {
        let world = &self.worlds[&from];
        let holding = self.ledger.of(id);
        let mut lots: Vec<Lgtin> = Vec::new();
        let mut units = Vec::new();
        let mut packing: BTreeMap<Identifier, Identifier> = BTreeMap::new();
        for (position, unit) in &holding.units {
            let item = &world.items[&id_of(unit)];
            let lot = Lgtin { gtin: unit.gtin, lot: item.lot.clone().expect("a unit's lot") };
            let salt = self.secret.lot(&lot).unit(unit);
            let index = lots.iter().position(|known| *known == lot).unwrap_or_else(|| {
                lots.push(lot);
                lots.len() - 1
            });
            let serial = unit.serial.clone();
            units.push(ManifestUnit { position: *position, lot: index as u32, serial, salt });
            let mut next = Some(item);
            while let Some(item) = next.filter(|item| item.status == ItemStatus::InTransit) {
                next = item.parent.as_ref().and_then(|parent| world.items.get(parent));
                packing.extend(item.parent.clone().map(|parent| (item.id.clone(), parent)));
            }
        }
        let lots = lots
            .into_iter()
            .map(|lot| {
                let (expiry, salt) = (world.lots[&lot].expiry, self.secret.lot(&lot).lot());
                ManifestLot { gtin: lot.gtin, lot: lot.lot, expiry, salt }
            })
            .collect();
        let packing = packing.into_iter().map(|(item, parent)| Packed { item, parent }).collect();
        Manifest { holding: id, height: holding.tree.height(), lots, units, packing }
    }
}

/// Commissions of one lot go together, where the first of them stands.
fn joined(queue: Vec<(Gln, Operation)>) -> Vec<(Gln, Operation)> {
    let mut list: Vec<(Gln, Operation)> = Vec::new();
    for (who, mut operation) in queue {
        if let Operation::Commission { lot, units, .. } = &mut operation {
            let same = list.iter_mut().find_map(|(_, before)| match before {
                Operation::Commission { lot: of, units, .. } if of == lot => Some(units),
                _ => None,
            });
            if let Some(before) = same {
                before.append(units);
                continue;
            }
        }
        list.push((who, operation));
    }
    list
}
