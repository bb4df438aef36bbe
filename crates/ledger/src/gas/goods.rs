//! What lists of goods cost: entering holdings, marking positions, proving, logging.

use std::collections::HashSet;

use theriac_custody::{Hash, LeafProof, NodeProof};

use super::{SLOT_CHANGED, SLOT_READ, SLOT_SET};
use crate::call::NodePlace;
use crate::call::places::position;
use crate::call::sources::LOTS_MAX;

/// One item of a list: decoding, memory, its 5 bytes of a log.
const LISTED: u64 = 1_100;
/// One step of a Merkle path.
const STEP: u64 = 320;
/// Placing a node in the new tree.
const PLACED: u64 = 700;
/// Going to another holding: its slot, changed if its summary of marks is, its id in a log.
const ENTERED: u64 = SLOT_READ + SLOT_CHANGED + 3_000;
/// A lot whose status is looked up: two cold slots.
const LOT: u64 = 2 * SLOT_READ + 1_000;
/// Completing a new tree: merging, and filling it up with empty subtrees.
const TREE: u64 = 40 * STEP;
/// Positions marked in one word of the bitmap, as a height.
const WORD_HEIGHT: u8 = 8;
/// Words that one word of chunk marks stands for.
const CHUNKS_PER_WORD: u64 = 256;
/// Most words of a block that are looked through when something of it comes back.
const SCAN: u64 = 64;
/// A holding has 2^6 blocks, whose marks are in its summary, as a height.
const BLOCKS_HEIGHT: u8 = 6;

/// Moving nodes into a new tree.
pub(super) fn nodes(list: &[NodeProof]) -> u64 {
    let items = list.iter().map(|node| Item {
        holding: node.holding,
        height: node.height,
        index: node.index,
        steps: Some(node.path.len()),
    });
    (list.len() as u64).saturating_mul(PLACED).saturating_add(TREE).saturating_add(gas(items))
}

/// Ending lives of units; more than one transaction has, where there are more lots than it can name.
pub(super) fn units(list: &[LeafProof]) -> u64 {
    let items = list.iter().map(|unit| Item {
        holding: unit.holding,
        height: 0,
        index: unit.index,
        steps: Some(unit.path.len()),
    });
    let lots = list.iter().map(|unit| unit.lot_tag).collect::<HashSet<_>>().len();
    if lots > LOTS_MAX {
        return u64::MAX;
    }
    (lots as u64 * LOT).saturating_add(gas(items))
}

/// Marking places without proofs.
pub(super) fn places(list: &[NodePlace]) -> u64 {
    gas(list.iter().map(|(holding, height, index)| Item {
        holding: *holding,
        height: *height,
        index: *index,
        steps: None,
    }))
}

/// Bringing places back. What is looked through to see that a block is whole again is not known from
/// the places, so this is far above what small trees need.
pub(super) fn restored(list: &[NodePlace], which: &[usize]) -> u64 {
    let mut words = HashSet::new();
    let mut sum = (list.len() as u64).saturating_mul(LISTED);
    for (holding, height, index) in which.iter().filter_map(|number| list.get(*number)) {
        let fresh = words.insert((*holding, position(*height, *index) >> WORD_HEIGHT));
        let scanned = if fresh { SLOT_CHANGED + SCAN * (SLOT_READ + 300) } else { SCAN * 300 };
        let chunks = 1u64.checked_shl(u32::from(height.saturating_sub(2 * WORD_HEIGHT)));
        let cleared = chunks.unwrap_or(u64::MAX).saturating_mul(SLOT_CHANGED + SLOT_READ);
        sum = sum.saturating_add(ENTERED + scanned).saturating_add(cleared);
    }
    sum
}

/// One of a list of subtrees, and how many steps lead from it to the root where that is proven.
#[derive(Clone, Copy)]
struct Item {
    holding: Hash,
    height: u8,
    index: u64,
    steps: Option<usize>,
}

impl Item {
    fn position(&self) -> u64 {
        position(self.height, self.index)
    }

    /// Hashes from here to where the path of the item before is met.
    fn steps_after(&self, before: Option<&Item>) -> u64 {
        let all = self.steps.unwrap_or(0) as u64;
        let Some(before) = before else { return all };
        let meet = (self.position() ^ before.position()).checked_ilog2().unwrap_or(0) + 1;
        all.min(u64::from(meet.saturating_sub(u32::from(self.height))))
    }

    /// Marks a subtree: in the holding's summary if it is large for its tree, else in a word, else
    /// in words of chunks, after a look at the words of its positions. Words that are marked twice
    /// are told by `words`.
    fn mark(&self, words: &mut HashSet<(Hash, u64)>) -> u64 {
        let tree_height =
            self.steps.and_then(|steps| u8::try_from(steps).ok()?.checked_add(self.height));
        let in_summary = tree_height.is_some_and(|tree| {
            tree < WORD_HEIGHT || self.height >= tree.saturating_sub(BLOCKS_HEIGHT)
        });
        if in_summary {
            return 0;
        }
        let Some(levels) = self.height.checked_sub(WORD_HEIGHT) else {
            let word = self.index >> (WORD_HEIGHT - self.height);
            let fresh = words.insert((self.holding, word));
            return if fresh { SLOT_SET + SLOT_READ } else { 500 };
        };
        let looked_at = 1u64.checked_shl(u32::from(levels)).unwrap_or(u64::MAX);
        let marked = looked_at.div_ceil(CHUNKS_PER_WORD).saturating_mul(SLOT_SET + 500);
        looked_at.saturating_mul(SLOT_READ + 200).saturating_add(marked)
    }
}

fn gas(items: impl Iterator<Item = Item>) -> u64 {
    let mut items: Vec<Item> = items.collect();
    items.sort_by_key(|item| (item.holding, item.position()));
    let mut words = HashSet::new();
    let mut sum = 0_u64;
    let mut before: Option<&Item> = None;
    for item in &items {
        before = before.filter(|before| before.holding == item.holding);
        if before.is_none() {
            sum = sum.saturating_add(ENTERED);
        }
        let proven = item.steps_after(before).saturating_mul(STEP);
        sum = sum.saturating_add(LISTED + proven).saturating_add(item.mark(&mut words));
        before = Some(item);
    }
    sum
}
