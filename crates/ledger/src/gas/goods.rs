//! What lists of goods cost: entering holdings, marking positions, proving, logging.

use std::collections::HashSet;

use theriac_custody::{Hash, LeafProof, NodeProof};

use super::{SLOT_CHANGED, SLOT_READ, SLOT_SET};
use crate::call::{Before, NodePlace};

/// One item of a list: decoding, memory, its 41 bytes of a log.
const LISTED: u64 = 3_000;
/// One step of a Merkle path.
const STEP: u64 = 300;
/// Going to another holding: two cold slots, and its summary of marks written back.
const ENTERED: u64 = 2 * SLOT_READ + SLOT_CHANGED + 1_000;
/// A lot whose status is looked up: two cold slots.
const LOT: u64 = 2 * SLOT_READ + 1_000;
/// Completing a new tree: merging, and filling it up with empty subtrees.
const TREE: u64 = 40 * STEP;
/// Positions marked in one word of the bitmap, as a height.
const WORD_HEIGHT: u8 = 8;
/// Words that one word of chunk marks stands for.
const CHUNKS_PER_WORD: u64 = 256;
/// A holding has 2^6 blocks, whose marks are in its summary, as a height.
const BLOCKS_HEIGHT: u8 = 6;

pub(super) fn nodes(list: &[NodeProof]) -> u64 {
    let mut tally = Tally { gas: TREE, ..Tally::default() };
    for node in list {
        let tree_height = node.path.len().saturating_add(usize::from(node.height));
        tally.list(node.holding, node.height, node.index, &node.path);
        tally.mark(node.holding, node.height, node.index, u8::try_from(tree_height).ok());
    }
    tally.gas
}

pub(super) fn units(list: &[LeafProof]) -> u64 {
    let mut tally = Tally::default();
    let mut lot = None;
    for unit in list {
        if lot.replace(unit.lot_tag) != Some(unit.lot_tag) {
            tally.add(LOT);
        }
        tally.list(unit.holding, 0, unit.index, &unit.path);
        tally.mark(unit.holding, 0, unit.index, u8::try_from(unit.path.len()).ok());
    }
    tally.gas
}

pub(super) fn places(list: &[NodePlace]) -> u64 {
    let mut tally = Tally::default();
    for (holding, height, index) in list {
        tally.list(*holding, *height, *index, &[]);
        tally.mark(*holding, *height, *index, None);
    }
    tally.gas
}

/// Gas so far, and what is warm already.
#[derive(Default)]
struct Tally {
    gas: u64,
    before: Before,
    words: HashSet<(Hash, u64)>,
}

impl Tally {
    fn add(&mut self, gas: u64) {
        self.gas = self.gas.saturating_add(gas);
    }

    fn list(&mut self, holding: Hash, height: u8, index: u64, path: &[Hash]) {
        let (named, said) = self.before.next(holding, height, index, path);
        if named != Hash::ZERO {
            self.add(ENTERED);
        }
        self.add(LISTED + said.len() as u64 * STEP);
    }

    /// Marks a subtree: in the holding's summary if it is large for its tree, else in a word, else
    /// in words of chunks, after a look at the words of its positions.
    fn mark(&mut self, holding: Hash, height: u8, index: u64, tree_height: Option<u8>) {
        let in_summary = tree_height
            .is_some_and(|tree| tree < WORD_HEIGHT || height >= tree.saturating_sub(BLOCKS_HEIGHT));
        if in_summary {
            return;
        }
        let Some(levels) = height.checked_sub(WORD_HEIGHT) else {
            let word = index >> (WORD_HEIGHT - height);
            let fresh = self.words.insert((holding, word));
            return self.add(if fresh { SLOT_SET + SLOT_READ } else { 1_000 });
        };
        let words = 1u64.checked_shl(u32::from(levels)).unwrap_or(u64::MAX);
        let looked_at = words.saturating_mul(SLOT_READ + 200);
        let marked = words.div_ceil(CHUNKS_PER_WORD).saturating_mul(SLOT_SET + 500);
        self.add(looked_at.saturating_add(marked));
    }
}
