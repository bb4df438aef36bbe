//! The packs of a recall on this node's own books.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use theriac_custody::item::is_unit;
use theriac_custody::recall::NoticeScope;
use theriac_custody::world::World;
use theriac_custody::{ItemStatus, LotStatus, Roles};
use theriac_gs1::{Identifier, Lgtin};
use theriac_store::{ItemRecord, NewRecall, ReadTx, RecallRecord};

use super::spread::Starts;
use crate::error::NodeError;
use crate::node::Node;

/// The lots that a notice names.
pub(super) fn lots_of(told: Option<&NoticeScope>) -> Vec<Lgtin> {
    match told {
        Some(NoticeScope::Lots(of)) => {
            let lot = |number: &theriac_gs1::Lot| Lgtin { gtin: of.gtin, lot: number.clone() };
            of.lots.iter().map(lot).collect()
        }
        _ => Vec::new(),
    }
}

impl Node {
    /// The units of a recall on this node's books in one of these statuses; of a lot that the ledger had
    /// recalled and has not any more, none.
    pub(super) async fn units_of_recall(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
        statuses: &[ItemStatus],
    ) -> Result<Vec<ItemRecord>, NodeError> {
        let mut units = Vec::new();
        match &record.recall.told {
            Some(NoticeScope::Lots(_)) => {
                let lots = lots_of(record.recall.told.as_ref());
                let known = tx.load_lots(&lots).await?;
                let is_over = |lot: &Lgtin| {
                    let status = known.get(lot).map(|row| row.record.status);
                    record.effective_at.is_some() && status == Some(LotStatus::Normal)
                };
                for lot in lots.iter().filter(|lot| !is_over(lot)) {
                    units.extend(tx.units_of_lot_in(lot, statuses).await?);
                }
            }
            Some(NoticeScope::Places(_)) => {
                units = self.units_at_places(tx, &record.recall).await?;
                units.retain(|unit| statuses.contains(&unit.item.status));
            }
            None => {}
        }
        Ok(units)
    }

    /// How many units of a recall stand in each status on this node's books.
    pub(super) async fn count_on_books(
        &self,
        tx: &mut ReadTx,
        recall: &NewRecall,
    ) -> Result<BTreeMap<String, u64>, NodeError> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for lot in lots_of(recall.told.as_ref()) {
            for (status, count) in tx.count_units_of_lot(&lot).await? {
                *counts.entry(status.word().to_owned()).or_default() += count;
            }
        }
        if let Some(NoticeScope::Places(_)) = &recall.told {
            for unit in self.units_at_places(tx, recall).await? {
                *counts.entry(unit.item.status.word().to_owned()).or_default() += 1;
            }
        }
        Ok(counts)
    }

    /// The units on this node's books whose leaves stand where those have gone that a notice names.
    async fn units_at_places(
        &self,
        tx: &mut ReadTx,
        recall: &NewRecall,
    ) -> Result<Vec<ItemRecord>, NodeError> {
        let Some(NoticeScope::Places(places)) = &recall.told else { return Ok(Vec::new()) };
        let mut starts = Starts::new();
        for place in places {
            starts.entry(place.holding).or_default().extend(&place.spans);
        }
        // Books may still have them where the ledger had them before.
        let mut spans = starts.clone();
        for part in self.spread(tx, recall.issuer, starts, true).await?.parts {
            spans.entry(part.holding).or_default().extend(part.spans);
        }
        let mut units = BTreeMap::new();
        for (holding, spans) in spans {
            let ranges: Vec<_> = spans.iter().map(|span| span.first()..=span.last()).collect();
            for record in tx.items_at(&holding, &ranges).await? {
                units.insert(record.item.id.clone(), record);
            }
        }
        Ok(units.into_values().collect())
    }

    /// The fewest items that are exactly these units: whole logistic units where all that is in one
    /// is named and has the same status, so that what is packed stays packed. With each the number of
    /// its units.
    pub(super) async fn whole_boxes(
        &self,
        tx: &mut ReadTx,
        units: &[ItemRecord],
    ) -> Result<Vec<(Identifier, u64)>, NodeError> {
        let ids: Vec<Identifier> = units.iter().map(|unit| unit.item.id.clone()).collect();
        let mut world = World::new(self.gln(), Roles::default());
        let around = tx.load_items(&ids).await?;
        let boxes: Vec<Identifier> = around
            .iter()
            .filter(|record| !is_unit(&record.item.id))
            .map(|record| record.item.id.clone())
            .collect();
        for record in around {
            world.load(record.item);
        }
        for record in tx.load_items(&boxes).await? {
            world.load(record.item);
        }
        Ok(outermost(&world, &ids, &boxes))
    }
}

fn outermost(world: &World, units: &[Identifier], boxes: &[Identifier]) -> Vec<(Identifier, u64)> {
    let wanted: HashSet<&Identifier> = units.iter().collect();
    let status = units.first().and_then(|id| world.items.get(id)).map(|item| item.status);
    let mut whole: BTreeMap<&Identifier, u64> = BTreeMap::new();
    for id in boxes {
        let inside = world.subtree([id]);
        let fits = inside.iter().all(|id| match is_unit(id) {
            true => wanted.contains(id),
            false => world.items.get(id).map(|item| item.status) == status,
        });
        let count = inside.iter().filter(|id| is_unit(id)).count() as u64;
        if fits && count > 0 {
            whole.insert(id, count);
        }
    }
    let mut named: BTreeSet<&Identifier> = BTreeSet::new();
    for unit in units {
        let mut id = unit;
        while let Some(parent) = world.items.get(id).and_then(|item| item.parent.as_ref()) {
            if !whole.contains_key(parent) {
                break;
            }
            id = parent;
        }
        named.insert(id);
    }
    let count = |id: &Identifier| whole.get(id).copied().unwrap_or(1);
    named.into_iter().map(|id| (id.clone(), count(id))).collect()
}

#[cfg(test)]
mod tests {
    use theriac_custody::Item;
    use theriac_gs1::{Sgtin, Sscc};

    use super::*;

    fn unit(n: u32) -> Identifier {
        let gtin = "09506000134352".parse().unwrap();
        Identifier::Sgtin(Sgtin { gtin, serial: format!("S{n}").parse().unwrap() })
    }

    fn case(n: u64) -> Identifier {
        Identifier::Sscc(Sscc::from_body(95_211_000_000_000_000 + n).unwrap())
    }

    fn item(id: &Identifier, parent: Option<&Identifier>, status: ItemStatus) -> Item {
        let lot = is_unit(id).then(|| "A".parse().unwrap());
        Item { id: id.clone(), lot, status, parent: parent.cloned(), place: None, owner: None }
    }

    /// A pallet of two cases of two packs, and a loose pack.
    fn world(of_last: ItemStatus) -> World {
        let mut world = World::new("9506000134307".parse().unwrap(), Roles::default());
        world.load(item(&case(9), None, ItemStatus::InStock));
        for n in [1, 2] {
            world.load(item(&case(n), Some(&case(9)), ItemStatus::InStock));
        }
        for n in 1..=4 {
            let status = if n == 4 { of_last } else { ItemStatus::InStock };
            world.load(item(&unit(n), Some(&case(u64::from(n.div_ceil(2)))), status));
        }
        world.load(item(&unit(5), None, ItemStatus::InStock));
        world
    }

    #[test]
    fn whole_pallets_stay_packed() {
        let world = world(ItemStatus::InStock);
        let boxes = [case(1), case(2), case(9)];
        let all: Vec<_> = (1..=5).map(unit).collect();
        assert_eq!(outermost(&world, &all, &boxes), vec![(case(9), 4), (unit(5), 1)].sorted());
        // One pack of another lot in a case: the other case goes whole.
        let some: Vec<_> = (1..=3).map(unit).collect();
        assert_eq!(outermost(&world, &some, &boxes), vec![(case(1), 2), (unit(3), 1)].sorted());
        assert_eq!(outermost(&world, &[], &boxes), []);
    }

    /// A pack in the case that is not in stock any more is not named with it.
    #[test]
    fn a_case_with_something_else_in_it_is_not_named() {
        let world = world(ItemStatus::Stolen);
        let boxes = [case(1), case(2), case(9)];
        let stock: Vec<_> = (1..=3).map(unit).collect();
        assert_eq!(outermost(&world, &stock, &boxes), vec![(case(1), 2), (unit(3), 1)].sorted());
    }

    trait Sorted {
        fn sorted(self) -> Self;
    }

    impl Sorted for Vec<(Identifier, u64)> {
        fn sorted(mut self) -> Self {
            self.sort();
            self
        }
    }
}
