//! Serial numbers that look random and never repeat.

use theriac_gs1::Serial;

use crate::chance::Chance;

/// Digits and capitals that cannot be taken for one another: 32 of them, 5 bits each.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

const CHARACTERS: usize = 12;
const BITS: u32 = 5 * CHARACTERS as u32;
const MASK: u64 = (1 << BITS) - 1;

/// Serial numbers of 12 characters, as the EU asks for them: not to be guessed from one another
/// (Delegated Regulation (EU) 2016/161, article 4(b)), within what a simulation needs.
///
/// # Invariants
///
/// - The n-th serial number is a permutation of the 60-bit numbers, so no two are equal.
#[derive(Debug, Clone)]
pub(crate) struct Serials {
    rounds: [(u64, u64); 3],
}

impl Serials {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        // Adding, and multiplying by an odd number, can be undone modulo 2^60.
        Self { rounds: std::array::from_fn(|_| (chance.next(), chance.next() | 1)) }
    }

    /// The serial number of the n-th pack.
    pub(crate) fn nth(&self, n: u64) -> Serial {
        let mut bits = n & MASK;
        for (offset, factor) in self.rounds {
            bits = bits.wrapping_add(offset).wrapping_mul(factor) & MASK;
            bits ^= bits >> (BITS / 2);
        }
        let text: String = (0..CHARACTERS)
            .map(|place| char::from(ALPHABET[(bits >> (5 * place)) as usize % ALPHABET.len()]))
            .collect();
        text.parse().expect("a serial number, because it is 12 digits and capitals")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::Serials;

    #[test]
    fn serials_are_unique_and_look_random() {
        let serials = Serials::new(42);
        let first: HashSet<_> = (0..20_000).map(|n| serials.nth(n)).collect();
        assert_eq!(first.len(), 20_000);
        assert!(first.iter().all(|serial| serial.as_str().len() == 12));
        let same_start = first.iter().filter(|s| s.as_str().starts_with("AB")).count();
        assert!((1..100).contains(&same_start), "{same_start} of 20,000 start with AB");
        assert_ne!(Serials::new(43).nth(0), serials.nth(0));
    }
}
