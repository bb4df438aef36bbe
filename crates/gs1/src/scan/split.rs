//! Putting separators back: every way to split data whose separators are lost into elements.

use super::tolerant::Expected;
use crate::ai::{self, Ai};
use crate::element::Element;

/// The ways to read the data, and whether these are all.
pub(super) struct Splits {
    /// Distinct readings, at most [`MOST`].
    pub(super) readings: Vec<Vec<Element>>,
    /// Whether no other reading can exist.
    pub(super) complete: bool,
}

/// More readings are not looked for: two are too many already, a third is for the strict one.
const MOST: usize = 3;

/// Steps after which the search gives up.
const STEPS_MAX: u32 = 20_000;

/// Reads data that holds no separator, each value of variable length ending anywhere that its
/// format allows, where an AI or the end follows; no AI twice; all of it fitting together
/// ([`crate::check_pairs`]) and as expected.
///
/// A value that ends in a punctuation mark is also read without it: the mark may stand in place
/// of the separator.
pub(super) fn splits(data: &str, expected: Expected<'_>) -> Splits {
    let mut search = Search { data, expected, readings: Vec::new(), steps: 0 };
    if data.is_ascii() {
        search.element(0, &mut Vec::with_capacity(6));
    }
    let complete = search.steps <= STEPS_MAX && search.readings.len() < MOST;
    Splits { readings: search.readings, complete }
}

struct Search<'a> {
    data: &'a str,
    expected: Expected<'a>,
    readings: Vec<Vec<Element>>,
    steps: u32,
}

impl Search<'_> {
    /// Reads the element at `offset` and all after it.
    fn element(&mut self, offset: usize, read: &mut Vec<Element>) {
        self.steps += 1;
        if self.steps > STEPS_MAX || self.readings.len() == MOST {
            return;
        }
        let rest = &self.data[offset..];
        if rest.is_empty() {
            let fits = self.expected.fits(read) && ai::fit_together(read);
            if fits && !self.readings.contains(read) {
                self.readings.push(read.clone());
            }
            return;
        }
        let Some((ai, entry)) = Ai::at_start(rest.as_bytes()) else { return };
        if read.iter().any(|element| element.ai == ai) {
            return;
        }
        let start = ai.as_str().len();
        let longest = entry.max_length().min(rest.len() - start);
        let shortest = if entry.needs_separator() { entry.min_length() } else { longest };
        for length in shortest..=longest {
            let (value, tail) = rest[start..].split_at(length);
            if !tail.is_empty() && Ai::at_start(tail.as_bytes()).is_none() {
                continue;
            }
            let next = offset + start + length;
            self.value(ai, entry, value, next, read);
            let mark = value.bytes().last().is_some_and(|byte| byte.is_ascii_punctuation());
            if mark && entry.needs_separator() && !tail.is_empty() {
                self.value(ai, entry, &value[..length - 1], next, read);
            }
        }
    }

    /// Takes a value that is right and reads on at `next`.
    fn value(
        &mut self,
        ai: Ai,
        entry: &ai::AiEntry,
        value: &str,
        next: usize,
        read: &mut Vec<Element>,
    ) {
        if entry.check(ai, value).is_ok() {
            read.push(Element::typed(ai, value));
            self.element(next, read);
            read.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bracketed;

    fn readings(data: &str) -> Vec<String> {
        splits(data, Expected::default())
            .readings
            .iter()
            .map(|elements| bracketed(elements))
            .collect()
    }

    #[test]
    fn all_readings_are_found() {
        assert_eq!(
            readings("010950600013435221AB10L"),
            ["(01)09506000134352(21)AB(10)L", "(01)09506000134352(21)AB10L"]
        );
        assert_eq!(readings("010950600013435221AB"), ["(01)09506000134352(21)AB"]);
        assert_eq!(
            readings("010950600013435221AB?10L").len(),
            3,
            "whole, cut, and cut without the mark"
        );
    }

    #[test]
    fn a_long_search_gives_up() {
        let data = format!("0109506000134352{}", "919293949596979899".repeat(9));
        assert!(!splits(&data, Expected::default()).complete);
    }
}
