//! The format of the value of an AI: a sequence of parts, each of one character set.

use std::fmt;

use super::Ai;
use crate::charset::CharSet;

/// What the table says about an application identifier, or a range of them.
#[derive(Debug)]
pub struct AiEntry {
    pub(super) first: Ai,
    pub(super) last: Ai,
    pub(super) parts: &'static [Part],
    predefined: bool,
    title: &'static str,
}

impl AiEntry {
    /// Data title, as printed next to the bar code.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// Least number of characters of a value.
    #[must_use]
    pub fn min_length(&self) -> usize {
        self.parts.iter().filter(|part| !part.optional).map(|part| usize::from(part.min)).sum()
    }

    /// Greatest number of characters of a value.
    #[must_use]
    pub fn max_length(&self) -> usize {
        self.parts.iter().map(|part| usize::from(part.max)).sum()
    }

    /// Whether FNC1 (GS) must follow the value unless it is the last: all AIs but those of
    /// predefined length (GS1 General Specifications, section 7.8.5).
    #[must_use]
    pub const fn needs_separator(&self) -> bool {
        !self.predefined
    }

    /// Number of characters of the value, for an AI of predefined length.
    #[must_use]
    pub fn predefined_length(&self) -> Option<usize> {
        self.predefined.then(|| self.max_length())
    }

    /// The format as the standard writes it: `N14`, `X..20`, `N13[+X..17]`.
    #[must_use]
    pub const fn format(&self) -> impl fmt::Display + '_ {
        Format(self.parts)
    }
}

/// A row of an AI of predefined length.
pub(super) const fn fixed(
    first: &str,
    last: &str,
    parts: &'static [Part],
    title: &'static str,
) -> AiEntry {
    let (first, last) = (Ai::literal(first.as_bytes()), Ai::literal(last.as_bytes()));
    AiEntry { first, last, parts, predefined: true, title }
}

/// A row of an AI whose value ends at a separator.
pub(super) const fn row(
    first: &str,
    last: &str,
    parts: &'static [Part],
    title: &'static str,
) -> AiEntry {
    AiEntry { predefined: false, ..fixed(first, last, parts, title) }
}

/// One part of a format.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) set: CharSet,
    letter: char,
    pub(super) min: u8,
    pub(super) max: u8,
    pub(super) optional: bool,
    pub(super) rule: Rule,
}

/// What a part must obey besides its character set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    None,
    /// The last digit is a check digit.
    CheckDigit,
    /// YYMMDD.
    Date,
    /// YYMMDD, where DD = 00 means the last day of the month.
    DateOrMonth,
    /// hhmm.
    HourMinute,
    /// The digit 0.
    Zero,
    /// A minus sign.
    Minus,
}

impl Part {
    const fn new(set: CharSet, letter: char, min: u8, max: u8) -> Self {
        Self { set, letter, min, max, optional: false, rule: Rule::None }
    }

    /// `digits` digits.
    pub(super) const fn n(digits: u8) -> Self {
        Self::new(CharSet::DIGITS, 'N', digits, digits)
    }

    /// 1 to `max` digits.
    pub(super) const fn n_up_to(max: u8) -> Self {
        Self::new(CharSet::DIGITS, 'N', 1, max)
    }

    /// `length` characters of CSET 82.
    pub(super) const fn x(length: u8) -> Self {
        Self::new(CharSet::CSET_82, 'X', length, length)
    }

    /// 1 to `max` characters of CSET 82.
    pub(super) const fn x_up_to(max: u8) -> Self {
        Self::new(CharSet::CSET_82, 'X', 1, max)
    }

    /// 1 to `max` characters of CSET 39.
    pub(super) const fn y_up_to(max: u8) -> Self {
        Self::new(CharSet::CSET_39, 'Y', 1, max)
    }

    /// 1 to `max` characters of CSET 64.
    pub(super) const fn z_up_to(max: u8) -> Self {
        Self::new(CharSet::CSET_64, 'Z', 1, max)
    }

    pub(super) const fn with(self, rule: Rule) -> Self {
        Self { rule, ..self }
    }

    pub(super) const fn or_nothing(self) -> Self {
        Self { optional: true, ..self }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Format(std::slice::from_ref(self)))
    }
}

struct Format<'a>(&'a [Part]);

impl fmt::Display for Format<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.iter().enumerate() {
            let plus = if i > 0 { "+" } else { "" };
            let (open, close) = if part.optional { ("[", "]") } else { ("", "") };
            let dots = if part.min == part.max { "" } else { ".." };
            write!(f, "{open}{plus}{}{dots}{}{close}", part.letter, part.max)?;
        }
        Ok(())
    }
}
