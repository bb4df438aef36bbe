//! Telling of a whole lot: how many packs stand how, where they came from and went to.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::journey::{FactKind, Sight};
use theriac_custody::{Hash, Place};
use theriac_gs1::{Gln, Lgtin};
use theriac_store::{ItemRecord, ReadTx};

use super::statement::Told;
use crate::error::NodeError;
use crate::node::Node;

/// Packs of one lot whose way on the ledger is looked at, to find out who they came from and went to;
/// of more, one of each holding comes first.
const WAYS_MAX: usize = 500;

impl Node {
    /// Adds what is on record here of the packs of a lot.
    pub(super) async fn tell_lot(
        &self,
        tx: &mut ReadTx,
        lot: &Lgtin,
        sight: Sight,
        told: &mut Told,
    ) -> Result<(), NodeError> {
        if sight == Sight::Nothing {
            return Ok(());
        }
        let units = tx.units_of_lot(lot).await?;
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        for unit in &units {
            *counts.entry(unit.item.status.word()).or_default() += 1;
        }
        let (mut from, mut next): (BTreeSet<Gln>, BTreeSet<Gln>) = Default::default();
        for place in places(&units) {
            for fact in self.facts_at(tx, place).await? {
                match (fact.what, fact.by, fact.to) {
                    (FactKind::Shipped, Some(by), Some(to)) if by == self.gln() => next.insert(to),
                    (FactKind::Shipped, Some(by), Some(to)) if to == self.gln() => from.insert(by),
                    _ => false,
                };
            }
        }
        told.known = Some(!units.is_empty());
        (told.from, told.next) = (from.into_iter().collect(), next.into_iter().collect());
        if sight == Sight::All {
            told.packs = counts.into_iter().map(|(word, n)| (word.to_owned(), n)).collect();
        }
        Ok(())
    }
}

/// Where the packs stand whose ways are looked at.
fn places(units: &[ItemRecord]) -> Vec<Place> {
    let mut seen: BTreeSet<Hash> = BTreeSet::new();
    let all = || units.iter().filter_map(|unit| unit.item.place);
    let mut places: Vec<Place> = all().filter(|place| seen.insert(place.holding)).collect();
    let first: BTreeSet<Place> = places.iter().copied().collect();
    places.extend(all().filter(|place| !first.contains(place)));
    places.truncate(WAYS_MAX);
    places
}
