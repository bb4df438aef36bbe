//! Chance from a seed: the same on every machine and in every release.

/// The SplitMix64 generator (Steele, Lea, Flood: "Fast splittable pseudorandom number
/// generators", 2014). Not for secrets.
#[derive(Debug, Clone)]
pub(crate) struct Chance {
    state: u64,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number from 1 to `max`, which is at least 1; the bias is below `max` in 2^64.
    pub(crate) fn one_to(&mut self, max: u64) -> u64 {
        1 + self.next() % max
    }

    /// Puts items in random order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.one_to(last as u64 + 1) - 1;
            items.swap(last, other as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    /// The reference implementation's first outputs for seed 1234567.
    #[test]
    fn published_outputs() {
        let mut chance = Chance::new(1_234_567);
        let want = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([chance.next(), chance.next()], want);
    }
}
