//! The check character pair of a GMN and of a highly individualised device (GS1 General
//! Specifications, section 7.9.5).

/// Weights of the characters, from the right-most of the data on: the first primes.
const PRIMES: [u32; 23] =
    [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

/// Characters of the pair, in the order of their values.
const CSET_32: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// Characters of the data, in the order of their values.
const CSET_82: &[u8; 82] =
    br#"!"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"#;

/// Whether the last two of at most 25 characters are the check pair of those before them.
pub(super) fn check_pair(text: &str) -> bool {
    let Some((data, pair)) = text.as_bytes().split_last_chunk::<2>() else { return false };
    if data.len() > PRIMES.len() {
        return false;
    }
    let mut sum = 0;
    for (byte, weight) in data.iter().rev().zip(PRIMES) {
        let Some(value) = CSET_82.iter().position(|character| character == byte) else {
            return false;
        };
        sum += value as u32 * weight;
    }
    let sum = (sum % 1021) as usize;
    *pair == [CSET_32[sum / 32], CSET_32[sum % 32]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_the_general_specifications() {
        assert!(check_pair("1987654Ad4X4bL5ttr2310c2K"), "the example of section 7.9.5");
        assert!(check_pair("22"), "the pair of no data");
        assert!(!check_pair("1987654Ad4X4bL5ttr2310c2L"));
        assert!(!check_pair("1987654Ad4X4bL5ttr23102cK"), "two characters swapped");
        assert!(!check_pair("2") && !check_pair("é22"));
    }
}
