//! What is in a shipment: packs by lot, and what they are packed in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gtin, Identifier, Lot, Serial, Sgtin};

/// The content of a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consignment {
    /// The packs, by product and lot.
    pub lots: Vec<ConsignedLot>,
    /// The logistic units, each with what is packed in it.
    pub packing: Vec<Packing>,
}

/// The packs of one lot in a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsignedLot {
    /// The product.
    pub gtin: Gtin,
    /// The lot; absent if a document does not tell it.
    pub lot: Option<Lot>,
    /// Its expiry date; absent if a document does not tell it.
    pub expiry: Option<Date>,
    /// The serial numbers, sorted.
    pub serials: Vec<Serial>,
}

/// A logistic unit and what is packed in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packing {
    /// The logistic unit.
    pub parent: Identifier,
    /// The packs and logistic units in it, sorted.
    pub children: Vec<Identifier>,
}

/// Deepest nesting of logistic units that is told apart.
const LEVELS_MAX: usize = 16;

impl Consignment {
    /// The consignment of packs with their lot and expiry, and of what each item is packed in.
    /// Logistic units without a pack are left out.
    pub fn of(
        packs: impl IntoIterator<Item = (Sgtin, Option<Lot>, Option<Date>)>,
        packed: impl IntoIterator<Item = (Identifier, Identifier)>,
    ) -> Self {
        let mut lots: BTreeMap<(Gtin, Option<Lot>, Option<Date>), Vec<Serial>> = BTreeMap::new();
        let mut reached: Vec<Identifier> = Vec::new();
        for (unit, lot, expiry) in packs {
            reached.push(Identifier::Sgtin(unit.clone()));
            lots.entry((unit.gtin, lot, expiry)).or_default().push(unit.serial);
        }
        let lots = lots.into_iter().map(|((gtin, lot, expiry), mut serials)| {
            serials.sort_unstable();
            serials.dedup();
            ConsignedLot { gtin, lot, expiry, serials }
        });
        let packed: HashMap<Identifier, Identifier> = packed.into_iter().collect();
        Self { lots: lots.collect(), packing: around(reached, &packed) }
    }

    /// Number of packs.
    #[must_use]
    pub fn packs(&self) -> usize {
        self.lots.iter().map(|lot| lot.serials.len()).sum()
    }

    /// The packs.
    pub fn units(&self) -> impl Iterator<Item = Identifier> + '_ {
        self.lots.iter().flat_map(ConsignedLot::units)
    }

    /// The outermost items: what travels by itself.
    #[must_use]
    pub fn outermost(&self) -> Vec<Identifier> {
        let inside: BTreeSet<&Identifier> =
            self.packing.iter().flat_map(|packing| &packing.children).collect();
        let parents = self.packing.iter().map(|packing| packing.parent.clone());
        parents.chain(self.units()).filter(|id| !inside.contains(id)).collect()
    }

    /// The logistic units, each behind those in it.
    #[must_use]
    pub fn inside_out(&self) -> Vec<&Packing> {
        let mut heights: HashMap<&Identifier, usize> = HashMap::new();
        for _ in 0..LEVELS_MAX {
            for packing in &self.packing {
                let below = packing.children.iter().filter_map(|child| heights.get(child));
                let height = below.max().map_or(0, |height| height + 1).min(LEVELS_MAX);
                heights.insert(&packing.parent, height);
            }
        }
        let mut packing: Vec<&Packing> = self.packing.iter().collect();
        packing.sort_by_key(|packing| heights.get(&packing.parent).copied());
        packing
    }
}

impl ConsignedLot {
    /// The packs.
    pub fn units(&self) -> impl Iterator<Item = Identifier> + '_ {
        let unit = |serial: &Serial| Sgtin { gtin: self.gtin, serial: serial.clone() };
        self.serials.iter().map(move |serial| Identifier::Sgtin(unit(serial)))
    }
}

/// All that is around `reached`, level by level.
fn around(mut reached: Vec<Identifier>, packed: &HashMap<Identifier, Identifier>) -> Vec<Packing> {
    let mut packing: BTreeMap<&Identifier, BTreeSet<Identifier>> = BTreeMap::new();
    for _ in 0..LEVELS_MAX {
        let mut next = BTreeSet::new();
        for item in reached {
            let Some(parent) = packed.get(&item).filter(|parent| **parent != item) else {
                continue;
            };
            packing.entry(parent).or_default().insert(item);
            next.insert(parent.clone());
        }
        reached = next.into_iter().collect();
    }
    let packing = packing.into_iter().map(|(parent, children)| Packing {
        parent: parent.clone(),
        children: children.into_iter().collect(),
    });
    packing.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_in_boxes_are_told_inside_out() {
        let unit = |serial: &str| {
            let gtin = "09521321000117".parse().unwrap();
            Sgtin { gtin, serial: serial.parse().unwrap() }
        };
        let id = |text: &str| Identifier::from_uri(text).unwrap().id;
        let case = id("https://id.gs1.org/00/095213210000000018");
        let pallet = id("https://id.gs1.org/00/095213210000000025");
        let other = id("https://id.gs1.org/00/095213210000000032");
        let packed = [
            (case.clone(), pallet.clone()),
            (Identifier::Sgtin(unit("1")), case.clone()),
            (Identifier::Sgtin(unit("9")), other),
        ];
        let packs = [(unit("1"), None, None), (unit("2"), None, None)];
        let consignment = Consignment::of(packs, packed);
        assert_eq!(consignment.packs(), 2);
        let parents: Vec<_> = consignment.inside_out().iter().map(|p| p.parent.clone()).collect();
        assert_eq!(parents, [case, pallet.clone()]);
        assert_eq!(consignment.outermost(), [pallet, Identifier::Sgtin(unit("2"))]);
    }
}
