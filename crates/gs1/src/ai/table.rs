//! The table of assigned AIs (GS1 General Specifications, section 3.2).
//!
//! # Invariants
//!
//! - Rows are sorted and do not overlap; a test holds them against the published dictionary.
//! - The first two digits of an AI tell how many it has.

mod asset;
mod attribute;
mod internal;
mod item;
mod logistics;
mod measure;

use super::Ai;
use super::format::AiEntry;

/// Number of digits of the AI that starts with these two digits; `None` when none is assigned.
pub(super) fn digits_of_ai(text: &[u8]) -> Option<usize> {
    match text.get(..2)? {
        [b'0', b'0'..=b'3'] | [b'1', b'0'..=b'3' | b'5'..=b'7'] | [b'2', b'0'..=b'2'] => Some(2),
        [b'3', b'0' | b'7'] | [b'9', b'0'..=b'9'] => Some(2),
        [b'2', b'3'..=b'5'] | [b'4', b'0'..=b'2'] | [b'7', b'1'] => Some(3),
        [b'3', b'1'..=b'6' | b'9'] | [b'4', b'3'] => Some(4),
        [b'7', b'0' | b'2'] | [b'8', b'0'..=b'2'] => Some(4),
        _ => None,
    }
}

/// The row of this AI.
pub(super) fn find(ai: Ai) -> Option<&'static AiEntry> {
    let rows = rows(ai.as_str().bytes().next()?);
    let entry = rows.get(rows.partition_point(|entry| entry.last < ai))?;
    let same_length = ai.as_str().len() == entry.first.as_str().len();
    (entry.first <= ai && same_length).then_some(entry)
}

/// The rows of the AIs that start with this digit.
fn rows(first_digit: u8) -> &'static [AiEntry] {
    match first_digit {
        b'0' => item::AIS_0,
        b'1' => item::AIS_1,
        b'2' => item::AIS_2,
        b'3' => measure::AIS_3,
        b'4' => logistics::AIS_4,
        b'7' => attribute::AIS_7,
        b'8' => asset::AIS_8,
        b'9' => internal::AIS_9,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_found() {
        let rows: Vec<&AiEntry> = (b'0'..=b'9').flat_map(rows).collect();
        for pair in rows.windows(2) {
            assert!(pair[0].first <= pair[0].last && pair[0].last < pair[1].first, "{pair:?}");
        }
        for entry in rows {
            for ai in [entry.first, entry.last] {
                let found = find(ai).map(|found| found.first);
                assert_eq!(found, Some(entry.first), "{ai}");
                assert_eq!(digits_of_ai(ai.as_str().as_bytes()), Some(ai.as_str().len()), "{ai}");
            }
        }
    }

    #[test]
    fn unassigned_ais_are_not_found() {
        for text in ["04", "09", "14", "18", "310", "3106", "3170", "718", "7051", "1000", "999"] {
            let ai: Ai = text.parse().expect("two to four digits are an AI");
            assert!(find(ai).is_none(), "{ai}");
        }
    }
}
