//! Why a code can not be read, where, and what to do about it.

use std::fmt;

use super::lost_separator::LostSeparator;
use crate::ai::{Ai, ValueError};
use crate::identifier::UriError;
use crate::key::KeyError;

/// Why a code can not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanError {
    /// What is wrong.
    pub problem: Problem,
    /// Where: bytes from the start of the text.
    pub offset: usize,
}

/// What is wrong with a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No data.
    #[error("expected a GS1 code, found nothing")]
    Empty,
    /// A symbology identifier in the wrong case.
    #[error("expected the symbology identifier {expected}, found {found}")]
    SymbologyCase {
        /// The identifier meant.
        expected: &'static str,
        /// The identifier found.
        found: Box<str>,
    },
    /// A symbology identifier of a bar code that holds no GS1 data.
    #[error("expected a symbology identifier such as ]d2 or ]C1, found {found:?}")]
    Symbology {
        /// The first three characters.
        found: Box<str>,
    },
    /// A symbology identifier whose bracket another keyboard layout replaced.
    #[error("expected the symbology identifier {expected}, found {found:?}")]
    KeyboardLayout {
        /// The identifier meant.
        expected: &'static str,
        /// The first three characters.
        found: Box<str>,
    },
    /// No assigned AI where one must stand.
    #[error("expected an application identifier, found {found:?}")]
    UnknownAi {
        /// What stands there, at most eight characters.
        found: Box<str>,
    },
    /// A value that is none of its AI.
    #[error("wrong value of ({ai}): {source}")]
    Value {
        /// The AI.
        ai: Ai,
        /// What is wrong; its offsets count from the start of the value.
        source: ValueError,
        /// The element that the value runs into, when it looks so.
        runs_into: Option<LostSeparator>,
    },
    /// A bracket missing or out of place.
    #[error("expected {expected}, found {found:?}")]
    Bracket {
        /// What must stand there.
        expected: &'static str,
        /// What stands there, at most eight characters.
        found: Box<str>,
    },
    /// The same AI with two values.
    #[error("expected one value of ({ai}), found {first:?} and {second:?}")]
    TwoValues {
        /// The AI.
        ai: Ai,
        /// The first value.
        first: Box<str>,
        /// Another value.
        second: Box<str>,
    },
    /// A retail bar code of another length.
    #[error("expected {expected} digits in the retail bar code, found {found} characters")]
    RetailLength {
        /// Number of digits.
        expected: usize,
        /// Number of characters found.
        found: usize,
    },
    /// A wrong key in a retail bar code.
    #[error(transparent)]
    Key(KeyError),
    /// A wrong EPC URN or Digital Link.
    #[error(transparent)]
    Uri(UriError),
    /// A compressed Digital Link.
    #[error("expected a readable Digital Link, found a compressed one: {found:?}")]
    Compressed {
        /// The compressed part of its path.
        found: Box<str>,
    },
    /// A mangled code that can be read in more than one way.
    #[error("expected one possible reading, found {first} and {second}")]
    Ambiguous {
        /// One reading, in brackets.
        first: Box<str>,
        /// Another one.
        second: Box<str>,
    },
    /// Two codes in one text.
    #[error("expected one code, found a second one")]
    TwoCodes,
    /// Letters of one case alone, from a scanner that changes case, in values where both cases
    /// occur.
    #[error("expected letters in the case of the symbol, found them changed")]
    CaseUnknown,
    /// A URI that names nothing that a bar code can.
    #[error("expected a GS1 key in the URI, found none")]
    NoKey,
    /// A Digital Link query with an AI that may not stand there.
    #[error("expected no ({ai}) in the query of this Digital Link, found it")]
    Query {
        /// The AI.
        ai: Ai,
    },
}

impl Problem {
    pub(super) const fn at(self, offset: usize) -> ScanError {
        ScanError { problem: self, offset }
    }
}

impl ScanError {
    /// The error of a part of the text that starts at `start`, seen from the whole text.
    pub(super) fn shifted(self, start: usize) -> Self {
        Self { offset: self.offset + start, ..self }
    }

    /// What to do about it, for the person at the scanner.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.problem {
            Problem::Value { runs_into: Some(lost), .. } => lost.to_string(),
            Problem::Value { source, .. } => value_hint(source).into(),
            Problem::Key(error) => error.hint().into(),
            Problem::Uri(error) => error.hint().into(),
            // Nothing before it can have run into it.
            Problem::UnknownAi { .. } if self.offset == 0 => NO_GS1_CODE.into(),
            other => hint(other).into(),
        }
    }
}

const NO_GS1_CODE: &str =
    "scan the GS1 symbol of the pack (mostly the square Data Matrix), not another bar code";

fn hint(problem: &Problem) -> &'static str {
    match problem {
        Problem::Empty => "scan again; if it stays empty the symbol can not be read",
        Problem::SymbologyCase { .. } | Problem::CaseUnknown => {
            "the scanner changes upper and lower case, so serial numbers are wrong as well: turn \
             caps lock off and set the scanner to leave the case as it is, then scan again"
        }
        Problem::Symbology { .. } => NO_GS1_CODE,
        Problem::KeyboardLayout { .. } => {
            "the scanner types on a keyboard of another layout, so other characters may be wrong \
             as well: set scanner and computer to the same layout, then scan again"
        }
        Problem::UnknownAi { .. } => {
            "if an element before it is of variable length, its separator may be in the wrong \
             place or lost: check the scanner's setting for GS (FNC1); else scan the GS1 symbol; of a \
             code in brackets, write a bracket inside a value as \\("
        }
        Problem::Bracket { .. } => {
            "write (AI)value(AI)value, as printed; a bracket inside a value as \\("
        }
        Problem::TwoValues { .. } | Problem::TwoCodes => {
            "two codes were scanned into one, or two symbols of the pack disagree: scan one code"
        }
        Problem::Compressed { .. } => {
            "open the link: its resolver shows the uncompressed one; or scan the GS1 DataMatrix of \
             the pack; the labeler should print links uncompressed"
        }
        Problem::Ambiguous { .. } => {
            "the scanner lost the separator, or types on a keyboard of another layout, or changes \
             upper and lower case: set it to transmit GS (FNC1) and to the computer's layout, turn \
             caps lock off, then scan again"
        }
        Problem::RetailLength { .. } => "scan the code again",
        Problem::Query { .. } => "a key or qualifier belongs into the path, once",
        _ => "use the code of the pack: it has a GTIN (01), an SSCC (00) or a GLN (414)",
    }
}

fn value_hint(error: &ValueError) -> &'static str {
    match error {
        ValueError::Key(error) => error.hint(),
        ValueError::Length { .. } => {
            "characters or a separator are lost: scan again, and check the scanner's setting for \
             GS (FNC1)"
        }
        ValueError::Character { .. } => {
            "check the scanner's keyboard layout; if it is right, a separator may be lost"
        }
        ValueError::Rule { .. } => {
            "scan again; if it reads the same, the label was printed wrong and its labeler must \
             answer"
        }
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (offset {})", self.problem, self.offset)
    }
}

impl std::error::Error for ScanError {}

/// The start of `text`, at most eight characters, for a message.
pub(super) fn glimpse(text: &str) -> Box<str> {
    text.chars().take(8).collect()
}
