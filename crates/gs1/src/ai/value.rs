//! The check of one value against the format of its AI.

use super::format::{Part, Rule};
use super::{Ai, AiEntry};
use crate::key::{self, KeyError, KeyName};

/// Why a value is none of its AI. Offsets count bytes from the start of the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Too few characters, or a number of characters between two that are allowed.
    #[error("expected {} characters, found {found}", span(*min, *max))]
    Length {
        /// Least number of characters.
        min: usize,
        /// Greatest number of characters.
        max: usize,
        /// Number of characters found.
        found: usize,
    },
    /// A character outside the set of the format.
    #[error("expected a value of the format {format}, found {found:?} at offset {offset}")]
    Character {
        /// Format, as the standard writes it.
        format: Box<str>,
        /// The character found.
        found: char,
        /// Its offset.
        offset: usize,
    },
    /// A wrong check digit.
    #[error(transparent)]
    Key(KeyError),
    /// Right characters that break a rule of the AI.
    #[error("expected {expected}, found {found:?}")]
    Rule {
        /// What the rule asks for.
        expected: &'static str,
        /// The part of the value that must obey it.
        found: Box<str>,
        /// Where the part starts.
        offset: usize,
    },
}

fn span(min: usize, max: usize) -> String {
    if min == max { max.to_string() } else { format!("{min} to {max}") }
}

impl AiEntry {
    /// Checks the value of `ai` against this entry: length, characters, and each rule of its
    /// parts, such as check digit, date or code list.
    ///
    /// # Errors
    ///
    /// [`ValueError`], the first thing that is wrong from left to right; length comes first.
    pub fn check(&self, ai: Ai, value: &str) -> Result<(), ValueError> {
        let (min, max) = (self.min_length(), self.max_length());
        let length = || {
            let found = value.chars().count();
            ValueError::Length { min, max, found }
        };
        if value.len() < min || value.len() > max {
            return Err(length());
        }
        let mut offset = 0;
        for part in self.parts {
            let rest = value.len() - offset;
            if rest == 0 && part.optional {
                continue;
            }
            if rest < usize::from(part.min) {
                return Err(length());
            }
            let end = offset + rest.min(usize::from(part.max));
            self.check_part(ai, part, value, offset, end)?;
            offset = end;
        }
        if offset < value.len() { Err(length()) } else { Ok(()) }
    }

    fn check_part(
        &self,
        ai: Ai,
        part: &Part,
        value: &str,
        start: usize,
        end: usize,
    ) -> Result<(), ValueError> {
        // Up to `start` all characters are ASCII, so only `end` can fall inside a character, and
        // then the text up to the end of the value has a character outside the set.
        let text = value.get(start..end).or_else(|| value.get(start..)).unwrap_or(value);
        if let Some((offset, found)) = part.set.first_outside(text) {
            let format = self.format().to_string().into();
            return Err(ValueError::Character { format, found, offset: start + offset });
        }
        for rule in part.rules {
            if !rule.holds(text) {
                return Err(broken(*rule, ai, text, start));
            }
        }
        Ok(())
    }
}

fn broken(rule: Rule, ai: Ai, text: &str, offset: usize) -> ValueError {
    if rule == Rule::CheckDigit
        && let Err(error) = check_digit(key_name(ai), text)
    {
        return ValueError::Key(error);
    }
    ValueError::Rule { expected: rule.name(), found: text.into(), offset }
}

fn check_digit(key: KeyName, text: &str) -> Result<u64, KeyError> {
    key::checked(key, key::number(key, text)?)
}

fn key_name(ai: Ai) -> KeyName {
    match ai.as_str() {
        "00" => KeyName::Sscc,
        "01" | "02" | "03" => KeyName::Gtin,
        "410" | "411" | "412" | "413" | "414" | "415" | "416" | "417" => KeyName::Gln,
        _ => KeyName::Other(ai),
    }
}
