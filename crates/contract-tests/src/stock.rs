//! A holding whose units the test knows: what proofs are made from.

use alloy::primitives::{B256, Bytes};

use crate::custody::ICustody;
use crate::multiproof::Place;
use crate::packing::pack_items;
use crate::tree::{Tree, node, unit_hash};

/// A holding with its tree.
#[derive(Debug, Clone)]
pub struct Stock {
    /// The hash of who opened it and why.
    pub seed: B256,
    /// Its tree.
    pub tree: Tree,
}

impl Stock {
    /// Its id.
    pub fn id(&self) -> B256 {
        node(self.seed, self.tree.root())
    }

    /// Subtrees of it, as an argument of `ship`.
    pub fn source(&self, places: &[Place]) -> ICustody::Source {
        let items = places.iter().map(|place| (*place, self.tree.hash(place.0, place.1)));
        self.with(pack_items(items), self.tree.multiproof(places))
    }

    /// Leaves of it, as an argument of `retire`: position and number of each unit, all of one lot of the list.
    pub fn units(&self, units: &[(u64, u64)], lot: u8) -> ICustody::Source {
        let units: Vec<_> = units.iter().map(|(index, unit)| (*index, lot, *unit)).collect();
        self.units_of(&units)
    }

    /// Leaves of it: position, number of the lot in the list and number of each unit.
    pub fn units_of(&self, units: &[(u64, u8, u64)]) -> ICustody::Source {
        let items = units.iter().map(|(index, lot, unit)| ((*lot, *index), unit_hash(*unit)));
        let places: Vec<_> = units.iter().map(|(index, ..)| (0, *index)).collect();
        self.with(pack_items(items), self.tree.multiproof(&places))
    }

    /// These items and this proof, whatever they are.
    pub fn with(&self, items: Bytes, proof: Vec<B256>) -> ICustody::Source {
        ICustody::Source { seed: self.seed, height: self.tree.height(), items, proof }
    }
}
