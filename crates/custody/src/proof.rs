//! Proofs that a node or a leaf stands in a holding, and what makes a holding's id.
//!
//! The ledger keeps no root: a holding's id is the node over its seed and its root, so that a path
//! that is one step longer leads to the id.

use serde::{Deserialize, Serialize};

use crate::hash::{Account, Hash, keccak256};
use crate::leaf;
use crate::tree::{HEIGHT_MAX, node};

/// What a holding is opened with besides its root: keccak256 over the holder, filled up to 32 bytes,
/// and the cause. `holder` is the account that the log `HoldingOpened` names.
pub fn seed(holder: Account, cause: Hash) -> Hash {
    keccak256(&[&[0; 12], &holder.0, &cause.0])
}

/// The id of the holding that `holder` opens: node(seed, root).
pub fn holding_id(holder: Account, cause: Hash, root: Hash) -> Hash {
    node(seed(holder, cause), root)
}

/// A node of a holding with its path, up to the holding's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeProof {
    /// The holding.
    pub holding: Hash,
    /// The holding's seed: its id is the node over the seed and the root.
    pub seed: Hash,
    /// Height of the node; 0 is a leaf.
    pub height: u8,
    /// Index among the nodes of this height, from the left.
    pub index: u64,
    /// The node.
    pub hash: Hash,
    /// Siblings up to the root, the lowest first.
    pub path: Vec<Hash>,
}

impl NodeProof {
    /// The root that the path leads to.
    ///
    /// It does not depend on bits of the index above the path: use [`opens`](Self::opens) to check a
    /// proof.
    pub fn root(&self) -> Hash {
        climb(self.hash, self.index, &self.path)
    }

    /// Whether the path leads to the holding's id: to its root, and with the seed to its id. It says
    /// nothing of the height of the tree, which the ledger knows: see [`opens`](Self::opens).
    pub fn leads_to_holding(&self) -> bool {
        node(self.seed, self.root()) == self.holding
    }

    /// Whether the proof shows that the node stands at its place in the tree with this root and
    /// height.
    pub fn opens(&self, root: Hash, tree_height: u8) -> bool {
        is_place(self.height, self.index, &self.path, tree_height) && self.root() == root
    }
}

/// A unit's leaf with its pre-image and path, up to the holding's root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafProof {
    /// The holding.
    pub holding: Hash,
    /// The holding's seed: its id is the node over the seed and the root.
    pub seed: Hash,
    /// Leaf position.
    pub index: u64,
    /// Tag of the lot.
    pub lot_tag: Hash,
    /// Hash of the unit.
    pub unit_hash: Hash,
    /// Siblings up to the root, the lowest first.
    pub path: Vec<Hash>,
}

impl LeafProof {
    /// The root that the path leads to.
    ///
    /// It does not depend on bits of the index above the path: use [`opens`](Self::opens) to check a
    /// proof.
    pub fn root(&self) -> Hash {
        climb(leaf::leaf(self.lot_tag, self.unit_hash), self.index, &self.path)
    }

    /// Whether the path leads to the holding's id: to its root, and with the seed to its id. It says
    /// nothing of the height of the tree, which the ledger knows: see [`opens`](Self::opens).
    pub fn leads_to_holding(&self) -> bool {
        node(self.seed, self.root()) == self.holding
    }

    /// Whether the proof shows that the unit stands at its position in the tree with this root and
    /// height.
    pub fn opens(&self, root: Hash, tree_height: u8) -> bool {
        is_place(0, self.index, &self.path, tree_height) && self.root() == root
    }
}

/// Whether a path leads from a node inside the tree to its root, no further and no less.
fn is_place(height: u8, index: u64, path: &[Hash], tree_height: u8) -> bool {
    let steps = usize::from(tree_height).checked_sub(usize::from(height));
    steps == Some(path.len()) && tree_height <= HEIGHT_MAX && index < 1 << (tree_height - height)
}

/// Hashes `from` with its siblings up to a root; bit `h` of `index` says on which side.
fn climb(from: Hash, index: u64, path: &[Hash]) -> Hash {
    path.iter().enumerate().fold(from, |below, (height, sibling)| {
        climb_one(below, index.checked_shr(height as u32).unwrap_or(0), *sibling)
    })
}

/// The node above the one with `index` and its sibling.
pub(crate) fn climb_one(below: Hash, index: u64, sibling: Hash) -> Hash {
    if index & 1 == 1 { node(sibling, below) } else { node(below, sibling) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Tree;

    #[test]
    fn a_path_leads_to_the_holding_by_its_seed() {
        let tree = Tree::over((1..6).map(|n| Hash([n; 32])).collect()).unwrap();
        let (holder, cause) = (Account([7; 20]), Hash([8; 32]));
        let preimage = [&[0; 12][..], &[7; 20], &[8; 32]].concat();
        assert_eq!(seed(holder, cause), keccak256(&[&preimage]));
        let holding = holding_id(holder, cause, tree.root());
        let (hash, path) = (tree.node(0, 4).unwrap(), tree.path(0, 4).unwrap());
        let seed = seed(holder, cause);
        let proof = NodeProof { holding, seed, height: 0, index: 4, hash, path };
        assert!(proof.leads_to_holding() && proof.opens(tree.root(), 3));
        assert!(!NodeProof { seed: Hash::ZERO, ..proof.clone() }.leads_to_holding());
        assert!(!NodeProof { index: 5, ..proof }.leads_to_holding());
    }
}
