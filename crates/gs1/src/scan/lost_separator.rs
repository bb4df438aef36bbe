//! Telling a value that ran into the next element, because the scanner dropped GS (FNC1).

use std::fmt;

use super::Scan;
use crate::ai::{Ai, AiEntry};
use crate::charset::CharSet;
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
    /// The character that stands in place of the separator; `None` when nothing does.
    pub replaced_by: Option<char>,
}

impl fmt::Display for LostSeparator {
    /// A hint for the person at the scanner.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ai, value, next, rest, replaced_by } = self;
        write!(
            f,
            "the value of ({ai}) seems to run into ({next}), probably ({ai}){value}({next}){rest}: \
             the separator GS (FNC1) is "
        )?;
        match replaced_by {
            Some(found) => write!(f, "replaced by {found:?}")?,
            None => f.write_str("lost")?,
        }
        f.write_str("; set the scanner to transmit it as it is, then scan again")
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
    if !entry.needs_separator() {
        return None;
    }
    if let Some(replaced) = replaced(ai, entry, value) {
        return Some(replaced);
    }
    if entry.min_length() == entry.max_length() {
        let (head, tail) = value.split_at_checked(entry.max_length())?;
        let (next, _, rest) = next_element(tail)?;
        let (value, rest) = (head.into(), rest.into());
        return Some(LostSeparator { ai, value, next, rest, replaced_by: None });
    }
    plausible(ai, entry, value).or_else(|| lot_or_serial(ai, entry, value))
}

/// A character that no value has, with a right value before it and an AI after it.
fn replaced(ai: Ai, entry: &AiEntry, value: &str) -> Option<LostSeparator> {
    let (at, found) = CharSet::CSET_82.first_outside(value)?;
    let (head, tail) = value.split_at_checked(at)?;
    let (next, _, rest) = next_element(tail.strip_prefix(found)?)?;
    entry.check(ai, head).ok()?;
    let (value, rest) = (head.into(), rest.into());
    Some(LostSeparator { ai, value, next, rest, replaced_by: Some(found) })
}

/// A date or a GTIN inside the value, followed by nothing or by another element.
fn plausible(ai: Ai, entry: &AiEntry, value: &str) -> Option<LostSeparator> {
    find_cut(ai, entry, value, |next, next_entry, rest| {
        let fixed = next_entry.predefined_length().and_then(|length| rest.split_at_checked(length));
        let Some((fixed, after)) = fixed else { return false };
        let strong = next == Ai::GTIN || (is_date(next) && day_is_likely(fixed));
        strong && next_entry.check(next, fixed).is_ok() && is_end_or_element(after)
    })
}

/// A lot or serial, whose value may be anything: only for a value that is wrong as it is.
fn lot_or_serial(ai: Ai, entry: &AiEntry, value: &str) -> Option<LostSeparator> {
    find_cut(ai, entry, value, |next, next_entry, rest| {
        matches!(next, Ai::LOT | Ai::SERIAL) && next_entry.check(next, rest).is_ok()
    })
}

/// The first way to cut the value into one of its AI and another element that `accepts`.
fn find_cut(
    ai: Ai,
    entry: &AiEntry,
    value: &str,
    accepts: impl Fn(Ai, &AiEntry, &str) -> bool,
) -> Option<LostSeparator> {
    let longest = entry.max_length().min(value.len());
    (entry.min_length().max(1)..=longest).find_map(|at| {
        let (head, tail) = value.split_at_checked(at)?;
        let (next, next_entry, rest) = next_element(tail)?;
        let right = next != ai && accepts(next, next_entry, rest) && entry.check(ai, head).is_ok();
        let (value, rest) = (head.into(), rest.into());
        right.then_some(LostSeparator { ai, value, next, rest, replaced_by: None })
    })
}

/// The assigned AI at the start of `tail`, and the text after it.
fn next_element(tail: &str) -> Option<(Ai, &'static AiEntry, &str)> {
    let (next, entry) = Ai::at_start(tail.as_bytes())?;
    Some((next, entry, tail.get(next.as_str().len()..)?))
}

fn is_end_or_element(text: &str) -> bool {
    text.is_empty()
        || next_element(text).is_some_and(|(next, entry, rest)| {
            let value = entry.predefined_length().map_or(Some(rest), |length| rest.get(..length));
            value.is_some_and(|value| entry.check(next, value).is_ok())
        })
}

fn is_date(ai: Ai) -> bool {
    matches!(ai.as_str(), "11" | "13" | "15" | "16" | "17")
}

/// Chance alone makes many digits a date; those of packs lie between 2010 and 2049.
fn day_is_likely(day: &str) -> bool {
    date::is_day_or_month(day) && ("10".."50").contains(&&day[..2])
}
