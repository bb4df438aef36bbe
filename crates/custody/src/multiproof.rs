//! One proof for several nodes of a holding: the siblings that are not computed from the others.
//!
//! The walk: each item climbs from the left. At a height where a left sibling waits it takes that;
//! where it is a left child and the next item lies in its sibling it waits itself; else it takes a
//! sibling from the proof. The last item ends at the root.
//!
//! # Invariants
//!
//! - Items ascend and are disjoint; every hash of a proof is used.
//! - The proof of one item is its plain path.

use crate::cover::Subtree;
use crate::hash::Hash;
use crate::proof::climb_one;
use crate::tree::HEIGHT_MAX;

/// A node of a holding that a multiproof proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Height; 0 is a leaf.
    pub height: u8,
    /// Index among the nodes of this height, from the left.
    pub index: u64,
    /// The node.
    pub hash: Hash,
}

impl Item {
    /// The leaf positions that it stands for.
    pub fn subtree(&self) -> Subtree {
        Subtree { height: self.height, index: self.index }
    }
}

/// Why several nodes have no joint proof, or their proof leads to no root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MultiproofError {
    /// No item at all.
    #[error("expected at least one node to prove, found none")]
    Empty,
    /// The tree is higher than a holding can be.
    #[error("expected a height of at most {HEIGHT_MAX}, found {0}")]
    TooHigh(u8),
    /// An item outside the tree.
    #[error(
        "expected a node of a tree of height {tree_height}, found height {height} index {index}"
    )]
    NoSuchNode {
        /// Height of the tree.
        tree_height: u8,
        /// Height of the item.
        height: u8,
        /// Index of the item.
        index: u64,
    },
    /// An item does not lie right of the one before.
    #[error("expected nodes from the left to the right, each once, found node {at} out of order")]
    NotAscending {
        /// Number of the item, from 0.
        at: usize,
    },
    /// A path does not lead to the root.
    #[error("expected a path of {expected} siblings for node {at}, found {found}")]
    PathLength {
        /// Number of the item, from 0.
        at: usize,
        /// Siblings between it and the root.
        expected: usize,
        /// Siblings given.
        found: usize,
    },
    /// Two paths are of different trees.
    #[error(
        "expected paths of one tree, found that of node {at} to name another sibling at height {height}"
    )]
    PathsDiffer {
        /// Number of the item, from 0.
        at: usize,
        /// Height of the sibling.
        height: u8,
    },
    /// Hashes of the proof are missing or left over.
    #[error("expected a proof of {expected} hashes, found {found}")]
    ProofLength {
        /// Hashes that the items need.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
}

/// The joint proof of items with their full paths, in the order in which [`root`] takes its hashes.
///
/// # Errors
///
/// [`MultiproofError`] if the items do not ascend or their paths are not of one tree.
pub fn join(tree_height: u8, items: &[(Item, &[Hash])]) -> Result<Vec<Hash>, MultiproofError> {
    let bare: Vec<Item> = items.iter().map(|(item, _)| *item).collect();
    check(tree_height, &bare)?;
    for (at, (item, path)) in items.iter().enumerate() {
        let expected = usize::from(tree_height - item.height);
        if path.len() != expected {
            return Err(MultiproofError::PathLength { at, expected, found: path.len() });
        }
    }
    let of_path = |at: usize, height: u8| {
        let (item, path) = &items[at];
        path[usize::from(height - item.height)]
    };
    let mut proof = Vec::new();
    walk(tree_height, &bare, |at, height, waiting| match waiting {
        Some(left) if left != of_path(at, height) => {
            Err(MultiproofError::PathsDiffer { at, height })
        }
        Some(left) => Ok(left),
        None => {
            proof.push(of_path(at, height));
            Ok(of_path(at, height))
        }
    })?;
    Ok(proof)
}

/// The root that items and their joint proof lead to.
///
/// # Errors
///
/// [`MultiproofError`] if the items do not ascend, or the proof has too few or too many hashes.
pub fn root(tree_height: u8, items: &[Item], proof: &[Hash]) -> Result<Hash, MultiproofError> {
    check(tree_height, items)?;
    let mut used = 0;
    let root = walk(tree_height, items, |_, _, waiting| {
        Ok(waiting.unwrap_or_else(|| {
            used += 1;
            proof.get(used - 1).copied().unwrap_or_default()
        }))
    })?;
    if used == proof.len() {
        Ok(root)
    } else {
        Err(MultiproofError::ProofLength { expected: used, found: proof.len() })
    }
}

fn check(tree_height: u8, items: &[Item]) -> Result<(), MultiproofError> {
    if tree_height > HEIGHT_MAX {
        return Err(MultiproofError::TooHigh(tree_height));
    }
    if items.is_empty() {
        return Err(MultiproofError::Empty);
    }
    let mut free_from = 0;
    for (at, item) in items.iter().enumerate() {
        let (height, index) = (item.height, item.index);
        if height > tree_height || index >= 1 << (tree_height - height) {
            return Err(MultiproofError::NoSuchNode { tree_height, height, index });
        }
        if item.subtree().start() < free_from {
            return Err(MultiproofError::NotAscending { at });
        }
        free_from = item.subtree().end();
    }
    Ok(())
}

/// Climbs to the root. `sibling` gives the sibling of item `at`'s ancestor of a height; it is told
/// the one that waits there, if one does.
fn walk(
    tree_height: u8,
    items: &[Item],
    mut sibling: impl FnMut(usize, u8, Option<Hash>) -> Result<Hash, MultiproofError>,
) -> Result<Hash, MultiproofError> {
    let mut waiting: Vec<(u8, Hash)> = Vec::new();
    let mut root = Hash::ZERO;
    'items: for (at, item) in items.iter().enumerate() {
        root = item.hash;
        for height in item.height..tree_height {
            let index = item.index >> (height - item.height);
            let left = waiting.pop_if(|(at_height, _)| *at_height == height).map(|(_, left)| left);
            let beside = Subtree { height, index: index ^ 1 };
            let next = items.get(at + 1).map(|next| next.subtree().start());
            if left.is_none() && index & 1 == 0 && next.is_some_and(|next| next < beside.end()) {
                waiting.push((height, root));
                continue 'items;
            }
            root = climb_one(root, index, sibling(at, height, left)?);
        }
    }
    Ok(root)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keccak256;
    use crate::tree::{Tree, height_for};
    use proptest::prelude::*;

    fn tree(leaves: u64) -> Tree {
        Tree::over((0..leaves).map(|n| keccak256(&[&n.to_be_bytes()])).collect()).unwrap()
    }

    fn items(tree: &Tree, places: &[(u8, u64)]) -> Vec<(Item, Vec<Hash>)> {
        places
            .iter()
            .map(|&(height, index)| {
                let hash = tree.node(height, index).unwrap();
                (Item { height, index, hash }, tree.path(height, index).unwrap())
            })
            .collect()
    }

    fn join_of(tree: &Tree, places: &[(u8, u64)]) -> (Vec<Item>, Vec<Hash>) {
        let full = items(tree, places);
        let list: Vec<(Item, &[Hash])> =
            full.iter().map(|(i, path)| (*i, path.as_slice())).collect();
        (full.iter().map(|(item, _)| *item).collect(), join(tree.height(), &list).unwrap())
    }

    #[test]
    fn one_item_has_its_path_and_all_leaves_need_none() {
        let tree = tree(11);
        assert_eq!(join_of(&tree, &[(1, 3)]).1, tree.path(1, 3).unwrap());
        let all: Vec<(u8, u64)> = (0..16).map(|index| (0, index)).collect();
        let (items, proof) = join_of(&tree, &all);
        assert!(proof.is_empty());
        assert_eq!(root(4, &items, &proof), Ok(tree.root()));
        let (items, proof) = join_of(&tree, &[(4, 0)]);
        assert_eq!((proof.len(), root(4, &items, &proof)), (0, Ok(tree.root())));
    }

    /// Neighbours whose common ancestor is high: each takes the siblings below it.
    #[test]
    fn siblings_come_in_the_order_of_the_walk() {
        let tree = tree(8);
        let (items, proof) = join_of(&tree, &[(0, 1), (1, 1), (0, 6)]);
        let node = |height, index| tree.node(height, index).unwrap();
        assert_eq!(proof, [node(0, 0), node(0, 7), node(1, 2)]);
        assert_eq!(root(3, &items, &proof), Ok(tree.root()));
    }

    #[test]
    fn what_has_no_joint_proof() {
        let tree = tree(8);
        let (good, proof) = join_of(&tree, &[(0, 1), (0, 2)]);
        assert_eq!(root(3, &[], &proof), Err(MultiproofError::Empty));
        assert_eq!(root(33, &good, &proof), Err(MultiproofError::TooHigh(33)));
        let twice = [good[0], good[0]];
        assert_eq!(root(3, &twice, &proof), Err(MultiproofError::NotAscending { at: 1 }));
        let inside = [Item { height: 1, index: 0, ..good[0] }, good[0]];
        assert_eq!(root(3, &inside, &proof), Err(MultiproofError::NotAscending { at: 1 }));
        let outside = [Item { index: 8, ..good[0] }];
        let error = MultiproofError::NoSuchNode { tree_height: 3, height: 0, index: 8 };
        assert_eq!(root(3, &outside, &proof), Err(error));
        let found = proof.len() + 1;
        let error = MultiproofError::ProofLength { expected: proof.len(), found };
        assert_eq!(root(3, &good, &[proof.clone(), vec![Hash::ZERO]].concat()), Err(error));
        let (expected, found) = (proof.len(), proof.len() - 1);
        let error = MultiproofError::ProofLength { expected, found };
        assert_eq!(root(3, &good, &proof[..found]), Err(error));
    }

    #[test]
    fn paths_of_other_trees_are_refused() {
        let (one, other) = (tree(8), tree(7));
        let (mine, theirs) = (items(&one, &[(0, 0)]).remove(0), items(&other, &[(0, 1)]).remove(0));
        let mut false_path = theirs.1.clone();
        false_path[0] = Hash::ZERO;
        let list = [(mine.0, mine.1.as_slice()), (theirs.0, false_path.as_slice())];
        assert_eq!(join(3, &list), Err(MultiproofError::PathsDiffer { at: 1, height: 0 }));
        let short = [(mine.0, &mine.1[1..])];
        let error = MultiproofError::PathLength { at: 0, expected: 3, found: 2 };
        assert_eq!(join(3, &short), Err(error));
    }

    proptest! {
        /// Any choice of disjoint nodes is proven to the root, and by no other node or sibling.
        #[test]
        fn joint_proofs_lead_to_the_root(
            leaves in 1_u64..200,
            steps in prop::collection::vec((0_u8..4, 0_u64..40), 1..30),
            change in any::<prop::sample::Index>(),
        ) {
            let tree = tree(leaves);
            let end = 1_u64 << height_for(leaves);
            let mut places = Vec::new();
            let mut from = 0_u64;
            for (height, gap) in steps {
                let height = height.min(tree.height());
                let index = (from + gap).div_ceil(1 << height);
                if (index + 1) << height > end {
                    break;
                }
                places.push((height, index));
                from = (index + 1) << height;
            }
            prop_assume!(!places.is_empty());
            let (mut items, mut proof) = join_of(&tree, &places);
            prop_assert_eq!(root(tree.height(), &items, &proof), Ok(tree.root()));
            let at = change.index(items.len() + proof.len());
            match at.checked_sub(items.len()) {
                None => items[at].hash.0[0] ^= 1,
                Some(at) => proof[at].0[0] ^= 1,
            }
            prop_assert_ne!(root(tree.height(), &items, &proof), Ok(tree.root()));
        }
    }
}
