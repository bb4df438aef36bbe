//! The Merkle tree over a holding's leaves: aligned, padded with empty leaves (DESIGN 3.1).

use std::sync::OnceLock;

use crate::hash::{Hash, keccak256};

/// Greatest height of a holding; 2^32 leaves.
pub const HEIGHT_MAX: u8 = 32;

/// The leaf of a position that no unit has.
pub const EMPTY_LEAF: Hash = Hash::ZERO;

/// node = keccak256(left ‖ right).
pub fn node(left: Hash, right: Hash) -> Hash {
    keccak256(&[&left.0, &right.0])
}

/// The root of a subtree of `height` that has only empty leaves; heights above [`HEIGHT_MAX`] count
/// as it.
pub fn empty_subtree(height: u8) -> Hash {
    static EMPTY: OnceLock<Vec<Hash>> = OnceLock::new();
    let empty = EMPTY.get_or_init(|| {
        std::iter::successors(Some(EMPTY_LEAF), |below| Some(node(*below, *below)))
            .take(usize::from(HEIGHT_MAX) + 1)
            .collect()
    });
    empty[usize::from(height.min(HEIGHT_MAX))]
}

/// The smallest height whose tree has at least `leaves` positions: 0 to 64.
pub fn height_for(leaves: u64) -> u8 {
    leaves.checked_next_power_of_two().map_or(64, |positions| positions.trailing_zeros() as u8)
}

/// Why a tree cannot be built or asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// No leaf at all.
    #[error("expected at least one leaf, found none")]
    Empty,
    /// More leaves than the height has positions.
    #[error("expected at most 2^{height} leaves, found {leaves}")]
    TooManyLeaves {
        /// Height of the tree.
        height: u8,
        /// Number of leaves given.
        leaves: usize,
    },
    /// A height above [`HEIGHT_MAX`].
    #[error("expected a height of at most {HEIGHT_MAX}, found {0}")]
    TooHigh(u8),
    /// A node outside the tree.
    #[error(
        "expected a node of a tree of height {tree_height}, found height {height} index {index}"
    )]
    NoSuchNode {
        /// Height of the tree.
        tree_height: u8,
        /// Height asked for.
        height: u8,
        /// Index asked for.
        index: u64,
    },
}

/// A Merkle tree with all its nodes; what lies right of the last leaf is empty and not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// `levels[h]` holds the nodes of height `h` from the left, without the trailing empty ones.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree of `height` over `leaves` from position 0.
    ///
    /// # Errors
    ///
    /// [`TreeError`] if there is no leaf, or more than the height has positions.
    pub fn new(height: u8, mut leaves: Vec<Hash>) -> Result<Self, TreeError> {
        if leaves.is_empty() {
            return Err(TreeError::Empty);
        }
        if height > HEIGHT_MAX {
            return Err(TreeError::TooHigh(height));
        }
        if leaves.len() as u64 > 1 << height {
            return Err(TreeError::TooManyLeaves { height, leaves: leaves.len() });
        }
        while leaves.len() > 1 && leaves.last() == Some(&EMPTY_LEAF) {
            leaves.pop();
        }
        let mut levels = Vec::with_capacity(usize::from(height) + 1);
        levels.push(leaves);
        for below in 0..height {
            let parents = parents(&levels[usize::from(below)], below);
            levels.push(parents);
        }
        Ok(Self { levels })
    }

    /// The tree of the least height that holds `leaves`.
    ///
    /// # Errors
    ///
    /// [`TreeError::Empty`] if there is no leaf.
    pub fn over(leaves: Vec<Hash>) -> Result<Self, TreeError> {
        Self::new(height_for(leaves.len() as u64), leaves)
    }

    /// Height: 0 for a single leaf.
    pub fn height(&self) -> u8 {
        (self.levels.len() - 1) as u8
    }

    /// The root.
    pub fn root(&self) -> Hash {
        self.levels[self.levels.len() - 1][0]
    }

    /// The leaves, without the trailing empty ones, but at least one.
    pub fn leaves(&self) -> &[Hash] {
        &self.levels[0]
    }

    /// The node of `height` with `index` from the left.
    ///
    /// # Errors
    ///
    /// [`TreeError::NoSuchNode`] outside the tree.
    pub fn node(&self, height: u8, index: u64) -> Result<Hash, TreeError> {
        let tree_height = self.height();
        if height > tree_height || index >= 1 << (tree_height - height) {
            return Err(TreeError::NoSuchNode { tree_height, height, index });
        }
        Ok(self.stored(height, index))
    }

    /// The siblings on the way from a node to the root, the lowest first.
    ///
    /// # Errors
    ///
    /// [`TreeError::NoSuchNode`] outside the tree.
    pub fn path(&self, height: u8, index: u64) -> Result<Vec<Hash>, TreeError> {
        self.node(height, index)?;
        Ok((height..self.height()).map(|h| self.stored(h, (index >> (h - height)) ^ 1)).collect())
    }

    fn stored(&self, height: u8, index: u64) -> Hash {
        usize::try_from(index)
            .ok()
            .and_then(|index| self.levels[usize::from(height)].get(index).copied())
            .unwrap_or_else(|| empty_subtree(height))
    }
}

/// The nodes above `nodes`, which have the given height.
fn parents(nodes: &[Hash], height: u8) -> Vec<Hash> {
    nodes
        .chunks(2)
        .map(|pair| node(pair[0], pair.get(1).copied().unwrap_or_else(|| empty_subtree(height))))
        .collect()
}

/// The cause that a ledger operation names for `event_hashes`: the hash itself for one event, else
/// the root of the tree over them in order.
///
/// # Errors
///
/// [`TreeError::Empty`] if there is none.
pub fn cause(event_hashes: &[Hash]) -> Result<Hash, TreeError> {
    Tree::over(event_hashes.to_vec()).map(|tree| tree.root())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u64) -> Vec<Hash> {
        (0..count).map(|n| keccak256(&[&n.to_be_bytes()])).collect()
    }

    #[test]
    fn heights() {
        for (leaves, height) in [(0, 0), (1, 0), (2, 1), (3, 2), (64, 6), (65, 7)] {
            assert_eq!(height_for(leaves), height, "{leaves} leaves");
        }
        assert_eq!((height_for(1 << 63), height_for(u64::MAX)), (63, 64));
    }

    #[test]
    fn trailing_empty_leaves_do_not_count() {
        let mut padded = leaves(5);
        padded.resize(8, EMPTY_LEAF);
        assert_eq!(Tree::new(3, padded), Tree::new(3, leaves(5)));
        let empty = Tree::new(3, vec![EMPTY_LEAF; 8]).unwrap();
        assert_eq!((empty.root(), empty.leaves()), (empty_subtree(3), &[EMPTY_LEAF][..]));
    }

    #[test]
    fn what_cannot_be_built_or_asked() {
        assert_eq!(Tree::over(Vec::new()), Err(TreeError::Empty));
        assert_eq!(Tree::new(33, leaves(1)), Err(TreeError::TooHigh(33)));
        assert_eq!(Tree::new(2, leaves(5)), Err(TreeError::TooManyLeaves { height: 2, leaves: 5 }));
        let tree = Tree::new(HEIGHT_MAX, leaves(3)).unwrap();
        assert!(tree.path(0, u64::from(u32::MAX)).is_ok());
        for (height, index) in [(0, 1 << 32), (32, 1), (33, 0), (255, u64::MAX)] {
            let error = TreeError::NoSuchNode { tree_height: HEIGHT_MAX, height, index };
            assert_eq!(tree.node(height, index), Err(error.clone()));
            assert_eq!(tree.path(height, index), Err(error));
        }
    }

    #[test]
    fn the_cause_of_no_event() {
        assert_eq!(cause(&[]), Err(TreeError::Empty));
    }
}
