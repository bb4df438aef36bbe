//! The format of the value of an AI: a sequence of parts, each of one character set.

use std::fmt;

use super::Ai;
pub(super) use super::rule::Rule;
use crate::charset::CharSet;

/// What the table says about an application identifier, or a range of them.
#[derive(Debug)]
pub struct AiEntry {
    pub(super) first: Ai,
    pub(super) last: Ai,
    pub(super) parts: Parts,
    predefined: bool,
    title: &'static str,
    needs: &'static str,
    not_with: &'static str,
    qualifiers: Option<Qualifiers>,
    in_query: bool,
}

/// The parts of a value, one after the other.
pub(super) type Parts = &'static [Part];

/// The orders in which qualifiers may follow the key of a Digital Link.
pub(crate) type Qualifiers = &'static [&'static [Ai]];

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

    /// The names of the rules that the value obeys besides its format, from left to right, such
    /// as `check digit` or `date`.
    pub fn rules(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().flat_map(|part| part.rules).map(|rule| rule.name())
    }

    /// What must be on the same item (section 4.13.2): alternatives between blanks, each one AI
    /// or several joined by `+`; `n` stands for any digit. Empty when nothing must.
    ///
    /// `01+21 8006+21` is "either 01 with 21, or 8006 with 21".
    #[must_use]
    pub const fn needs(&self) -> &'static str {
        self.needs
    }

    /// What may not be on the same item (section 4.13.1): AIs between blanks; `n` stands for any
    /// digit. Empty when everything may.
    #[must_use]
    pub const fn not_with(&self) -> &'static str {
        self.not_with
    }

    /// The orders in which qualifiers may follow this key in the path of a Digital Link; `None`
    /// when the AI is no key there (GS1 Digital Link Standard: URI Syntax, section 4).
    #[must_use]
    pub const fn qualifiers(&self) -> Option<&'static [&'static [Ai]]> {
        self.qualifiers
    }

    /// Whether the AI may stand in the query of a Digital Link (section 4 there).
    #[must_use]
    pub const fn in_query(&self) -> bool {
        self.in_query
    }

    /// The last AI of the range that starts at this row's.
    pub(super) const fn up_to(self, last: &str) -> Self {
        Self { last: ai(last), ..self }
    }

    pub(super) const fn needs_one(self, needs: &'static str) -> Self {
        Self { needs, ..self }
    }

    pub(super) const fn excludes(self, not_with: &'static str) -> Self {
        Self { not_with, ..self }
    }

    pub(super) const fn key(self, qualifiers: Qualifiers) -> Self {
        Self { qualifiers: Some(qualifiers), ..self }
    }

    pub(super) const fn not_in_query(self) -> Self {
        Self { in_query: false, ..self }
    }
}

/// The AI of these digits.
pub(super) const fn ai(digits: &str) -> Ai {
    Ai::literal(digits.as_bytes())
}

/// A row of an AI of predefined length.
pub(super) const fn fixed(digits: &str, parts: Parts, title: &'static str) -> AiEntry {
    AiEntry {
        first: ai(digits),
        last: ai(digits),
        parts,
        predefined: true,
        title,
        needs: "",
        not_with: "",
        qualifiers: None,
        in_query: true,
    }
}

/// A row of an AI whose value ends at a separator.
pub(super) const fn variable(digits: &str, parts: Parts, title: &'static str) -> AiEntry {
    AiEntry { predefined: false, ..fixed(digits, parts, title) }
}

/// One part of a format.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) set: CharSet,
    letter: char,
    pub(super) min: u8,
    pub(super) max: u8,
    pub(super) optional: bool,
    pub(super) rules: &'static [Rule],
}

impl Part {
    const fn new(set: CharSet, letter: char, min: u8, max: u8) -> Self {
        Self { set, letter, min, max, optional: false, rules: &[] }
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

    pub(super) const fn with(self, rules: &'static [Rule]) -> Self {
        Self { rules, ..self }
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
