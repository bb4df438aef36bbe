//! Proofs of several subtrees of one tree, top-down: a node is an item, or made of its two children, each of which has
//! items below it or is the next hash of the proof. The contract climbs from the items instead.

use alloy::primitives::B256;

use crate::tree::{Tree, node};

/// Height and index of a subtree.
pub type Place = (u8, u64);

/// The subtree of a place, with its hash.
pub type Item = (Place, B256);

/// Whether places are inside a tree, ascending and disjoint.
pub fn in_order(tree_height: u8, places: &[Place]) -> bool {
    let mut end = 0u128;
    places.iter().all(|(height, index)| {
        let first = u128::from(*index) << (*height).min(64);
        let fits = *height <= tree_height && first >= end;
        end = (u128::from(*index) + 1) << (*height).min(64);
        fits && end <= 1 << tree_height
    })
}

/// The root to which items and a proof lead; `None` if they do not fit.
pub fn root(tree_height: u8, items: &[Item], proof: &[B256]) -> Option<B256> {
    let places: Vec<_> = items.iter().map(|item| item.0).collect();
    if items.is_empty() || !in_order(tree_height, &places) {
        return None;
    }
    let mut rest = proof.iter().copied();
    let root = climb((tree_height, 0), items, &mut rest)?;
    rest.next().is_none().then_some(root)
}

fn climb(at: Place, items: &[Item], proof: &mut impl Iterator<Item = B256>) -> Option<B256> {
    if let [(place, hash)] = items
        && *place == at
    {
        return Some(*hash);
    }
    let (height, left, right) = (at.0 - 1, at.1 * 2, at.1 * 2 + 1);
    let split = items.partition_point(|((h, i), _)| i >> (height - h) == left);
    let (below_left, below_right) = items.split_at(split);
    let of_left = match below_left {
        [] => None,
        below => Some(climb((height, left), below, proof)?),
    };
    let of_right = match below_right {
        [] => proof.next()?,
        below => climb((height, right), below, proof)?,
    };
    Some(node(of_left.or_else(|| proof.next())?, of_right))
}

impl Tree {
    /// What is needed beside the subtrees at these places, which are in order, to compute the root.
    pub fn multiproof(&self, places: &[Place]) -> Vec<B256> {
        let mut proof = Vec::new();
        self.siblings((self.height(), 0), places, &mut proof);
        proof
    }

    fn siblings(&self, at: Place, places: &[Place], proof: &mut Vec<B256>) {
        if places == [at] || places.is_empty() {
            return;
        }
        let height = at.0 - 1;
        let children = [at.1 * 2, at.1 * 2 + 1];
        let split = places.partition_point(|(h, i)| i >> (height - h) == children[0]);
        let below = [&places[..split], &places[split..]];
        self.siblings((height, children[0]), below[0], proof);
        self.siblings((height, children[1]), below[1], proof);
        let missing = (0..2).filter(|side| below[*side].is_empty());
        proof.extend(missing.map(|side| self.hash(height, children[side])));
    }
}
