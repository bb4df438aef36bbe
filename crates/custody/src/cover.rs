//! Choosing the aligned subtrees that move a set of units: few nodes, none of them taking along a
//! unit that stays.

use crate::hash::Hash;
use crate::tree::EMPTY_LEAF;

/// A subtree is moved whole only if at least one in this many of its positions moves: a sparse
/// subtree would make the new holding's tree wide for nothing.
pub(crate) const SPARSE_AT_MOST: u64 = 8;

/// An aligned subtree of a holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subtree {
    /// Height; 0 is one leaf.
    pub height: u8,
    /// Index among the subtrees of this height, from the left.
    pub index: u64,
}

impl Subtree {
    /// First leaf position.
    pub fn start(self) -> u64 {
        self.index << self.height
    }

    /// One past the last leaf position.
    pub fn end(self) -> u64 {
        (self.index + 1) << self.height
    }
}

/// The largest subtrees of a tree of `height` over `leaves` that together hold exactly the units at
/// `moved` (sorted, without repeats, inside the tree), from the left. Positions with an empty leaf
/// may go along. `leaves` are those with which the holding was opened, whether their units are still
/// there or not.
///
/// An empty position inside a returned subtree is never spent on the ledger: subtrees are nested or
/// apart, so one that was spent before and holds that position either holds the whole returned
/// subtree, or lies inside it and holds one of its units; but all of its units are still here.
pub fn cover(height: u8, leaves: &[Hash], moved: &[u64]) -> Vec<Subtree> {
    let occupied: Vec<u64> = (0_u64..)
        .zip(leaves)
        .filter(|(_, leaf)| **leaf != EMPTY_LEAF)
        .map(|(position, _)| position)
        .collect();
    debug_assert!(moved.windows(2).all(|pair| pair[0] < pair[1]), "sorted, without repeats");
    let mut cover = Vec::new();
    descend(Subtree { height, index: 0 }, &occupied, moved, &mut cover);
    cover
}

fn descend(subtree: Subtree, occupied: &[u64], moved: &[u64], cover: &mut Vec<Subtree>) {
    let moving = within(moved, subtree);
    if moving.is_empty() {
        return;
    }
    let present = within(occupied, subtree);
    let dense = moving.len() as u64 * SPARSE_AT_MOST >= subtree.end() - subtree.start();
    if subtree.height == 0 || (dense && present.len() == moving.len()) {
        cover.push(subtree);
        return;
    }
    for index in [subtree.index * 2, subtree.index * 2 + 1] {
        descend(Subtree { height: subtree.height - 1, index }, present, moving, cover);
    }
}

/// The part of a sorted list that lies in the subtree.
fn within(positions: &[u64], subtree: Subtree) -> &[u64] {
    let from = positions.partition_point(|position| *position < subtree.start());
    let to = positions.partition_point(|position| *position < subtree.end());
    &positions[from..to]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keccak256;
    use proptest::prelude::*;

    fn leaves(occupied: &[bool]) -> Vec<Hash> {
        occupied
            .iter()
            .enumerate()
            .map(|(n, o)| if *o { keccak256(&[&n.to_be_bytes()]) } else { EMPTY_LEAF })
            .collect()
    }

    #[test]
    fn a_case_of_48_in_64_is_one_subtree() {
        let occupied: Vec<bool> = (0..128).map(|n| n % 64 < 48).collect();
        let moved: Vec<u64> = (64..112).collect();
        assert_eq!(cover(7, &leaves(&occupied), &moved), [Subtree { height: 6, index: 1 }]);
    }

    /// One unit of a wide empty range moves as a leaf; two of eight positions move as a whole.
    #[test]
    fn sparse_subtrees_are_not_moved_whole() {
        let occupied: Vec<bool> = (0..256).map(|n| n == 0 || n == 9 || n == 10).collect();
        let cover = cover(8, &leaves(&occupied), &[0, 9, 10]);
        assert_eq!(cover, [Subtree { height: 4, index: 0 }]);
        let lonely = super::cover(8, &leaves(&occupied[..1]), &[0]);
        assert_eq!(lonely, [Subtree { height: 3, index: 0 }]);
    }

    proptest! {
        /// Subtrees are disjoint and hold the moved units and no other.
        #[test]
        fn covers_exactly(cells in prop::collection::vec((any::<bool>(), any::<bool>()), 1..200)) {
            let occupied: Vec<bool> = cells.iter().map(|(o, _)| *o).collect();
            let moved: Vec<u64> = (0_u64..).zip(&cells).filter(|(_, (o, m))| *o && *m).map(|(p, _)| p).collect();
            let moved_of = moved.clone();
            let height = crate::tree::height_for(cells.len() as u64);
            let cover = cover(height, &leaves(&occupied), &moved);
            let covered: Vec<u64> = cover
                .iter()
                .flat_map(|s| s.start()..s.end())
                .filter(|p| occupied.get(*p as usize) == Some(&true))
                .collect();
            prop_assert_eq!(covered, moved);
            let dense = |s: &Subtree| {
                let units = moved_of.iter().filter(|p| (s.start()..s.end()).contains(*p)).count();
                units as u64 * SPARSE_AT_MOST >= s.end() - s.start()
            };
            prop_assert!(cover.iter().all(dense));
            prop_assert!(cover.windows(2).all(|pair| pair[0].end() <= pair[1].start()));
        }
    }
}
