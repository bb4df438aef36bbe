//! The history root: a block that commits to all blocks before it, so that any of them is proven
//! from the head by a few hashes.
//!
//! The embedded ledger keeps it in `parentBeaconBlockRoot`: the root over the hashes of the blocks
//! 0 to n - 1 is in block n. The tree is that of RFC 9162 section 2.1.1 with keccak256 and without
//! prefixes, as the number of leaves is that of the block.

use theriac_custody::Hash;
use theriac_custody::tree::node;

use super::block::CheckedHeader;

/// Whether the head commits to a block by this path; to itself by none.
pub(super) fn commits(head: &CheckedHeader, block: &CheckedHeader, path: &[Hash]) -> bool {
    if block.number == head.number {
        return block.hash == head.hash && path.is_empty();
    }
    let found = root(block.number, block.hash, head.number, path);
    found.is_some() && found == head.history
}

/// The root that a path leads to from block `number` with this `hash`, among the first `count`
/// blocks; `None` if the path is not as long as it must be.
fn root(number: u64, hash: Hash, count: u64, path: &[Hash]) -> Option<Hash> {
    let sides = sides(number, count)?;
    if sides.len() != path.len() {
        return None;
    }
    let up = |below, (left, sibling): (&bool, &Hash)| {
        if *left { node(below, *sibling) } else { node(*sibling, below) }
    };
    Some(sides.iter().zip(path).fold(hash, up))
}

/// On the way from block `number` up: whether the subtree is the left one. `None` if there is no
/// such block.
fn sides(number: u64, mut count: u64) -> Option<Vec<bool>> {
    if number >= count {
        return None;
    }
    let mut first = 0;
    let mut sides = Vec::new();
    while count > 1 {
        // The largest power of two below `count`.
        let left = 1_u64 << (63 - (count - 1).leading_zeros());
        let is_left = number < first + left;
        sides.push(is_left);
        if is_left {
            count = left;
        } else {
            first += left;
            count -= left;
        }
    }
    sides.reverse();
    Some(sides)
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_custody::keccak256;

    fn tree(list: &[Hash]) -> Hash {
        match list {
            [one] => *one,
            _ => {
                let left = list.len().next_power_of_two() / 2;
                node(tree(&list[..left]), tree(&list[left..]))
            }
        }
    }

    fn path(number: usize, list: &[Hash]) -> Vec<Hash> {
        if list.len() == 1 {
            return Vec::new();
        }
        let left = list.len().next_power_of_two() / 2;
        let (below, beside) = if number < left {
            (path(number, &list[..left]), tree(&list[left..]))
        } else {
            (path(number - left, &list[left..]), tree(&list[..left]))
        };
        [below, vec![beside]].concat()
    }

    #[test]
    fn every_block_is_in_the_history_of_every_later_one() {
        let blocks: Vec<Hash> = (0..40_u64).map(|n| keccak256(&[&n.to_be_bytes()])).collect();
        for count in 1..=blocks.len() {
            for number in 0..count {
                let path = path(number, &blocks[..count]);
                let found = root(number as u64, blocks[number], count as u64, &path);
                assert_eq!(found, Some(tree(&blocks[..count])), "block {number} of {count}");
                let other = root(number as u64, Hash::ZERO, count as u64, &path);
                assert_ne!(other, found);
                assert_eq!(
                    root(
                        number as u64,
                        blocks[number],
                        count as u64,
                        &[path, vec![Hash::ZERO]].concat()
                    ),
                    None
                );
            }
            assert_eq!(root(count as u64, Hash::ZERO, count as u64, &[]), None);
        }
    }
}
