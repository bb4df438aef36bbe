//! Gathering nodes of several holdings into the tree of a new one, as the ledger does it.

use crate::hash::Hash;
use crate::tree::{HEIGHT_MAX, empty_subtree, height_for, node};

/// The new holding that a list of nodes makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// Root of the new tree.
    pub root: Hash,
    /// Height of the new tree.
    pub height: u8,
    /// Leaf position in the new tree at which each node's leaves begin, in the order given.
    pub offsets: Vec<u64>,
}

/// Why nodes cannot be gathered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatherError {
    /// No node at all.
    #[error("expected at least one node, found none")]
    Empty,
    /// A node higher than the one before it would not be aligned.
    #[error(
        "expected nodes in descending height, found height {found} after {before} at node {at}"
    )]
    NotDescending {
        /// Index of the offending node.
        at: usize,
        /// Height of the node before it.
        before: u8,
        /// Its own height.
        found: u8,
    },
    /// More leaves than a holding can have.
    #[error("expected at most 2^{HEIGHT_MAX} leaf positions, found {0}")]
    TooMany(u64),
}

/// Places `nodes` (height, hash) one after the other and pads with empty subtrees to the next power
/// of two. Because heights descend, each node starts at a multiple of its own size.
///
/// # Errors
///
/// [`GatherError`] if the list is empty, not in descending height, or too large.
pub fn gather(nodes: &[(u8, Hash)]) -> Result<Gathered, GatherError> {
    let offsets = offsets(nodes)?;
    let mut stack: Vec<(u8, Hash)> = Vec::new();
    for &(height, hash) in nodes {
        push(&mut stack, height, hash);
    }
    while let [.., (below, _), (height, hash)] = stack[..] {
        debug_assert!(height < below, "equal heights were merged when pushed");
        stack.pop();
        push(&mut stack, height + 1, node(hash, empty_subtree(height)));
    }
    let (height, root) = stack[0];
    Ok(Gathered { root, height, offsets })
}

/// The order in which the ledger places what it gathers: by descending height, and among equal
/// heights as listed (sources in the order given, positions ascending).
pub fn tree_order<T>(mut list: Vec<T>, height_of: impl Fn(&T) -> u8) -> Vec<T> {
    list.sort_by_key(|one| std::cmp::Reverse(height_of(one)));
    list
}

/// Pushes a subtree and merges equal neighbours.
fn push(stack: &mut Vec<(u8, Hash)>, mut height: u8, mut hash: Hash) {
    while let Some(&(left_height, left)) = stack.last() {
        if left_height != height {
            break;
        }
        stack.pop();
        hash = node(left, hash);
        height += 1;
    }
    stack.push((height, hash));
}

fn offsets(nodes: &[(u8, Hash)]) -> Result<Vec<u64>, GatherError> {
    let mut offsets = Vec::with_capacity(nodes.len());
    let mut next = 0_u64;
    let mut before = HEIGHT_MAX;
    for (at, &(found, _)) in nodes.iter().enumerate() {
        if found > before {
            return Err(GatherError::NotDescending { at, before, found });
        }
        before = found;
        offsets.push(next);
        next += 1 << found;
        if height_for(next) > HEIGHT_MAX {
            return Err(GatherError::TooMany(next));
        }
    }
    if offsets.is_empty() { Err(GatherError::Empty) } else { Ok(offsets) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keccak256;
    use crate::tree::Tree;
    use proptest::prelude::*;

    fn leaf(n: u64) -> Hash {
        keccak256(&[&n.to_be_bytes()])
    }

    proptest! {
        /// The gathered root is the root of the tree over the leaves at the offsets.
        #[test]
        fn root_is_the_tree_over_the_leaves(mut heights in prop::collection::vec(0_u8..5, 1..20)) {
            heights.sort_unstable_by(|a, b| b.cmp(a));
            let mut leaves = Vec::new();
            let mut nodes = Vec::new();
            for (n, &height) in heights.iter().enumerate() {
                let own: Vec<Hash> = (0..1_u64 << height).map(|i| leaf(n as u64 * 1000 + i)).collect();
                nodes.push((height, Tree::new(height, own.clone()).unwrap().root()));
                leaves.extend(own);
            }
            let gathered = gather(&nodes).unwrap();
            let tree = Tree::over(leaves).unwrap();
            prop_assert_eq!(gathered.root, tree.root());
            prop_assert_eq!(gathered.height, tree.height());
        }
    }

    #[test]
    fn higher_ones_come_first_else_as_listed() {
        let list = vec![(0, 'a'), (2, 'b'), (0, 'c'), (1, 'd'), (2, 'e')];
        let ordered: String = tree_order(list, |one| one.0).into_iter().map(|one| one.1).collect();
        assert_eq!(ordered, "bedac");
    }

    #[test]
    fn ascending_heights_are_refused() {
        let error = gather(&[(0, leaf(1)), (1, leaf(2))]).unwrap_err();
        assert_eq!(error, GatherError::NotDescending { at: 1, before: 0, found: 1 });
        assert_eq!(gather(&[]).unwrap_err(), GatherError::Empty);
    }
}
