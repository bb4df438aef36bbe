//! The set of spent leaves as the design says it: one bit a leaf.

/// Spent leaves of one tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    bits: Vec<bool>,
}

impl Marks {
    /// No leaf of a tree of this height is spent.
    pub fn new(height: u8) -> Self {
        Self { bits: vec![false; 1 << height] }
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
        }
        free
    }

    /// The bits of leaves 256 * number to 256 * number + 255, the first leaf in the lowest bit, big endian.
    pub fn word(&self, number: usize) -> [u8; 32] {
        let mut word = [0; 32];
        for (bit, _) in self.bits.iter().skip(number * 256).take(256).enumerate().filter(|b| *b.1) {
            word[31 - bit / 8] |= 1 << (bit % 8);
        }
        word
    }

    fn range(height: u8, index: u64) -> std::ops::Range<usize> {
        let first = (index as usize) << height;
        first..first + (1 << height)
    }
}
