//! The set of spent leaves as the design says it: one bit a leaf. Beside it the words that the contract stores for it.

use std::collections::BTreeMap;

use alloy::primitives::U256;

/// Key of the first word of marks that stand for 256 leaves each.
const CHUNKS: U256 = U256::from_limbs([0, 0, 0, 1 << 63]);

/// Spent leaves of one tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    height: u8,
    bits: Vec<bool>,
    words: BTreeMap<U256, U256>,
}

impl Marks {
    /// No leaf of a tree of this height is spent.
    pub fn new(height: u8) -> Self {
        Self { height, bits: vec![false; 1 << height], words: BTreeMap::new() }
    }

    /// Whether any leaf of a subtree is spent.
    pub fn any(&self, height: u8, index: u64) -> bool {
        self.bits[Self::range(height, index)].iter().any(|bit| *bit)
    }

    /// Marks a subtree; refuses if any leaf of it was spent.
    pub fn mark(&mut self, height: u8, index: u64) -> bool {
        let free = !self.any(height, index);
        if free {
            self.bits[Self::range(height, index)].fill(true);
            self.store(height, index, true);
        }
        free
    }

    /// Undoes the mark of a subtree that was marked as such.
    pub fn unmark(&mut self, height: u8, index: u64) {
        self.bits[Self::range(height, index)].fill(false);
        self.store(height, index, false);
    }

    /// The bits of leaves 256 * number to 256 * number + 255, the first leaf in the lowest bit.
    pub fn word(&self, number: usize) -> U256 {
        let mut word = U256::ZERO;
        for (bit, _) in self.bits.iter().skip(number * 256).take(256).enumerate().filter(|b| *b.1) {
            word.set_bit(bit, true);
        }
        word
    }

    /// Keys of the words beside the holding's own slot that are not zero.
    pub fn keys(&self) -> Vec<U256> {
        self.words.keys().copied().collect()
    }

    /// A word was deleted.
    pub fn forget(&mut self, key: U256) -> bool {
        self.words.remove(&key).is_some()
    }

    /// Trees of height 7 or less, and blocks (one of 64 parts) or more of higher ones, have their bits in the holding's
    /// own slot. Smaller subtrees of height 8 or more have one bit for each 256 leaves, others one for each leaf.
    fn store(&mut self, height: u8, index: u64, value: bool) {
        if self.height < 8 || height >= self.height - 6 {
            return;
        }
        let (base, size) = if height < 8 { (U256::ZERO, height) } else { (CHUNKS, height - 8) };
        for bit in index << size..(index + 1) << size {
            let key = base + U256::from(bit / 256);
            let word = self.words.entry(key).or_default();
            word.set_bit((bit % 256) as usize, value);
            if word.is_zero() {
                self.words.remove(&key);
            }
        }
    }

    fn range(height: u8, index: u64) -> std::ops::Range<usize> {
        let first = (index as usize) << height;
        first..first + (1 << height)
    }
}
