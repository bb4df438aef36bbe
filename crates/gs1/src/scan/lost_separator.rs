//! Telling a value that ran into the next element, because the scanner dropped GS (FNC1).

use std::fmt;

use super::Scan;
use crate::ai::{Ai, AiEntry};
use crate::date;

/// A place inside a value where another element seems to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostSeparator {
    /// The AI of the value.
    pub ai: Ai,
    /// The value up to there.
    pub value: Box<str>,
    /// The AI that seems to start there.
    pub next: Ai,
    /// The text after that AI.
    pub rest: Box<str>,
}

impl fmt::Display for LostSeparator {
    /// A hint for the person at the scanner.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ai, value, next, rest } = self;
        write!(
            f,
            "the value of ({ai}) seems to run into ({next}): probably ({ai}){value}({next}){rest}; \
             the separator GS (FNC1) is lost: set the scanner to transmit it, then scan again"
        )
    }
}

impl Scan {
    /// A value of the scan that reads as right, yet seems to hold another element.
    ///
    /// A serial such as `12345617271231` may be one, or `123456` and an expiry date whose
    /// separator the scanner dropped. So this is no error; it explains why a unit is not found.
    #[must_use]
    pub fn suspected_lost_separator(&self) -> Option<LostSeparator> {
        self.elements.iter().find_map(|element| {
            let entry = element.ai.entry().filter(|entry| entry.needs_separator())?;
            let lost = plausible(element.ai, entry, &element.value)?;
            let read_already = self.elements.iter().any(|other| other.ai == lost.next);
            (!read_already).then_some(lost)
        })
    }
}

/// Where a value that failed its check seems to run into another element.
pub(super) fn inside(ai: Ai, entry: &AiEntry, value: &str) -> Option<LostSeparator> {
    if !entry.needs_separator() || value.len() <= entry.min_length() {
        return None;
    }
    if entry.min_length() == entry.max_length() {
        let (head, tail) = value.split_at_checked(entry.max_length())?;
        let (next, _) = Ai::at_start(tail.as_bytes())?;
        return split(ai, head, next, tail);
    }
    plausible(ai, entry, value).or_else(|| lot_or_serial(ai, entry, value))
}

/// A date or a GTIN inside the value, followed by nothing or by another element.
fn plausible(ai: Ai, entry: &AiEntry, value: &str) -> Option<LostSeparator> {
    tails(entry, value).find_map(|(head, tail)| {
        let (next, next_entry) = Ai::at_start(tail.as_bytes())?;
        let length = next_entry.predefined_length()?;
        let strong = date_ai(next) || next == Ai::GTIN;
        let rest = tail.get(next.as_str().len()..)?;
        let right = strong && next_entry.check(next, rest.get(..length)?).is_ok();
        let after = &rest[length.min(rest.len())..];
        let ends_well = after.is_empty() || Ai::at_start(after.as_bytes()).is_some();
        (right && ends_well && day_is_likely(next, rest)).then(|| split(ai, head, next, tail))?
    })
}

/// A lot or serial, whose value may be anything: only for a value that is wrong as it is.
fn lot_or_serial(ai: Ai, entry: &AiEntry, value: &str) -> Option<LostSeparator> {
    tails(entry, value).find_map(|(head, tail)| {
        let (next, next_entry) = Ai::at_start(tail.as_bytes())?;
        let wanted = matches!(next, Ai::LOT | Ai::SERIAL) && next != ai;
        let rest = tail.get(next.as_str().len()..)?;
        (wanted && next_entry.check(next, rest).is_ok()).then(|| split(ai, head, next, tail))?
    })
}

/// The ways to cut a value in two, where the first may be a value of the AI.
fn tails<'a>(entry: &AiEntry, value: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let (shortest, longest) = (entry.min_length().max(1), entry.max_length());
    (shortest..=longest.min(value.len())).filter_map(|at| value.split_at_checked(at))
}

fn split(ai: Ai, head: &str, next: Ai, tail: &str) -> Option<LostSeparator> {
    let rest = tail.get(next.as_str().len()..)?.into();
    Some(LostSeparator { ai, value: head.into(), next, rest })
}

fn date_ai(ai: Ai) -> bool {
    matches!(ai.as_str(), "11" | "13" | "15" | "16" | "17")
}

/// Chance alone makes many digits a date; those of packs lie between 2010 and 2049.
fn day_is_likely(ai: Ai, rest: &str) -> bool {
    !date_ai(ai)
        || rest
            .get(..6)
            .is_some_and(|day| date::is_day_or_month(day) && ("10".."50").contains(&&day[..2]))
}
