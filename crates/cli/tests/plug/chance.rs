//! Chance from a seed, so that a run can be told; the moments at which processes die still vary.

/// The SplitMix64 generator (Steele, Lea, Flood, 2014).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// The seed in `THERIAC_SEED`, or one from the clock; it is printed.
    pub(crate) fn new(test: &str) -> Self {
        let given = std::env::var("THERIAC_SEED").ok().and_then(|seed| seed.parse().ok());
        let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let seed = given.unwrap_or(clock.subsec_nanos().into());
        eprintln!("{test}: THERIAC_SEED={seed}");
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}
