//! What a header says of all blocks before it: the root of a tree over their hashes.
//!
//! The tree is that of RFC 9162, section 2.1.1, with keccak256 and without prefixes, because a block's
//! number fixes the tree's shape. The root over blocks 0 to n-1 stands in `parentBeaconBlockRoot` of
//! block n, a field that no proposer of another network can choose; there is no beacon chain here.
//! So about twenty hashes lead from any block to the hash of a later one.

use revm::primitives::{B256, keccak256};

/// A complete subtree: height and index.
pub(crate) type Node = (u8, u64);

/// `keccak256(left ‖ right)`.
pub(crate) fn join(left: B256, right: B256) -> B256 {
    keccak256([left.0, right.0].concat())
}

/// The complete subtrees over the blocks so far, the largest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peaks {
    peaks: Vec<B256>,
    count: u64,
}

impl Peaks {
    /// Adds the next block's hash; answers every subtree that it makes complete, the lowest first.
    pub(crate) fn push(&mut self, hash: B256) -> Vec<(Node, B256)> {
        let (mut height, mut index, mut top) = (0, self.count, hash);
        let mut complete = vec![((height, index), top)];
        while index & 1 == 1
            && let Some(left) = self.peaks.pop()
        {
            top = join(left, top);
            (height, index) = (height + 1, index >> 1);
            complete.push(((height, index), top));
        }
        self.peaks.push(top);
        self.count += 1;
        complete
    }

    /// The root over all blocks so far; zero before the first.
    pub(crate) fn root(&self) -> B256 {
        let joined = self.peaks.iter().rev().copied().reduce(|right, left| join(left, right));
        joined.unwrap_or_default()
    }
}

/// The root over `count` blocks, at least one, from block `first` on, a multiple of the subtree's size.
pub(crate) fn root<E>(
    first: u64,
    count: u64,
    node: &impl Fn(Node) -> Result<B256, E>,
) -> Result<B256, E> {
    if count.is_power_of_two() {
        let height = count.trailing_zeros();
        return node((height as u8, first >> height));
    }
    let left = left_of(count);
    Ok(join(root(first, left, node)?, root(first + left, count - left, node)?))
}

/// The siblings from block `number` up to the root over the first `count` blocks, the lowest first
/// (RFC 9162, section 2.1.3.1).
pub(crate) fn path<E>(
    number: u64,
    mut count: u64,
    node: &impl Fn(Node) -> Result<B256, E>,
) -> Result<Vec<B256>, E> {
    let (mut first, mut path) = (0, Vec::new());
    while count > 1 {
        let left = left_of(count);
        if number < first + left {
            path.push(root(first + left, count - left, node)?);
            count = left;
        } else {
            path.push(root(first, left, node)?);
            (first, count) = (first + left, count - left);
        }
    }
    path.reverse();
    Ok(path)
}

/// The largest power of two below `count`, which is at least two.
fn left_of(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, convert::Infallible};

    use super::*;

    /// The root as RFC 9162, section 2.1.1, defines it.
    fn defined(hashes: &[B256]) -> B256 {
        match hashes {
            [one] => *one,
            all => {
                let left = (1..).map(|bit| 1 << bit >> 1).take_while(|k| *k < all.len()).last();
                let (left, right) = all.split_at(left.expect("two or more"));
                join(defined(left), defined(right))
            }
        }
    }

    #[test]
    fn roots_are_those_of_the_definition_and_every_path_leads_there() {
        let hashes: Vec<_> = (0..70u8).map(|n| keccak256([n])).collect();
        let mut peaks = Peaks::default();
        let mut nodes = HashMap::new();
        assert_eq!(peaks.root(), B256::ZERO);
        for count in 1..=hashes.len() {
            nodes.extend(peaks.push(hashes[count - 1]));
            let node = |at: Node| Ok::<_, Infallible>(nodes[&at]);
            let expected = defined(&hashes[..count]);
            assert_eq!(peaks.root(), expected);
            assert_eq!(root(0, count as u64, &node), Ok(expected));
            for (number, hash) in hashes[..count].iter().enumerate() {
                let Ok(path) = path(number as u64, count as u64, &node);
                assert_eq!(climb(number, count, *hash, &path), expected);
            }
        }
    }

    /// RFC 9162, section 2.1.3.2.
    fn climb(number: usize, count: usize, mut hash: B256, path: &[B256]) -> B256 {
        let (mut at, mut last) = (number, count - 1);
        for sibling in path {
            if at & 1 == 1 || at == last {
                hash = join(*sibling, hash);
                while at & 1 == 0 && at != 0 {
                    (at, last) = (at >> 1, last >> 1);
                }
            } else {
                hash = join(hash, *sibling);
            }
            (at, last) = (at >> 1, last >> 1);
        }
        hash
    }
}
