//! Proofs that a node or a leaf stands in a holding.

use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::leaf;
use crate::tree::{HEIGHT_MAX, node};

/// A node of a holding with its path, as the ledger's `Node`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeProof {
    /// The holding.
    pub holding: Hash,
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

    /// Whether the proof shows that the node stands at its place in the tree with this root and
    /// height.
    pub fn opens(&self, root: Hash, tree_height: u8) -> bool {
        is_place(self.height, self.index, &self.path, tree_height) && self.root() == root
    }
}

/// A unit's leaf with its pre-image and path, as the ledger's `Leaf`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeafProof {
    /// The holding.
    pub holding: Hash,
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
        let right = index.checked_shr(height as u32).unwrap_or(0) & 1 == 1;
        if right { node(*sibling, below) } else { node(below, *sibling) }
    })
}
