//! Why a text does not name anything.

use crate::ai::{Ai, ValueError};
use crate::company_prefix::CompanyPrefixLengthError;
use crate::key::KeyError;
use crate::serial::TextError;

/// Why a text is neither an EPC URN, nor a GS1 Digital Link, nor another absolute URI.
///
/// The fault is with whoever wrote the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UriError {
    /// No scheme, or a character that no URI has.
    #[error("expected an absolute URI, found {found:?} (wrong at offset {offset})")]
    NotAbsolute {
        /// The text, cut to 80 characters.
        found: Box<str>,
        /// Offset in bytes of the first wrong character.
        offset: usize,
    },
    /// A URN with too few parts.
    #[error("expected {expected} in the EPC URN, found {found:?}")]
    UrnShape {
        /// The form the scheme has.
        expected: &'static str,
        /// The text after the scheme, cut to 80 characters.
        found: Box<str>,
    },
    /// Company prefix and reference that do not add up to the key's digits.
    #[error("expected {expected} digits in company prefix and reference, found {found}")]
    UrnDigits {
        /// Number of digits that the scheme has.
        expected: usize,
        /// Number of digits found.
        found: usize,
    },
    /// A company prefix of a length that does not exist.
    #[error(transparent)]
    CompanyPrefix(#[from] CompanyPrefixLengthError),
    /// A wrong key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A wrong serial, lot or extension.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A wrong value of a key that no EPC has.
    #[error("wrong value of ({ai}): {source}")]
    Value {
        /// The application identifier.
        ai: Ai,
        /// What is wrong.
        source: Box<ValueError>,
    },
    /// A percent sign that starts no escape of an ASCII character.
    #[error("expected two hexadecimal digits of an ASCII character after '%' in {found:?}")]
    Escape {
        /// The part of the URI, cut to 80 characters.
        found: Box<str>,
    },
    /// A Digital Link path that has no such place for this part.
    #[error("expected {expected} in the Digital Link path, found {found:?}")]
    Path {
        /// What may stand there.
        expected: &'static str,
        /// The part found, cut to 80 characters.
        found: Box<str>,
    },
    /// A piece that is none of its total.
    #[error(
        "expected a piece from 1 to the total and a total of at most 99, found {piece} of {total}"
    )]
    Piece {
        /// Number of the piece.
        piece: u8,
        /// Number of pieces.
        total: u8,
    },
    /// A right URI that names something else.
    #[error("expected {expected}, found {found:?}")]
    Kind {
        /// The kind asked for.
        expected: &'static str,
        /// The text, cut to 80 characters.
        found: Box<str>,
    },
}

impl UriError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotAbsolute { .. } => {
                "write an EPC URN (urn:epc:id:…), a GS1 Digital Link (https://…) or another URI"
            }
            Self::UrnShape { .. } | Self::UrnDigits { .. } | Self::CompanyPrefix(_) => {
                "check how the sender splits company prefix and reference; the check digit is no \
                 part of a URN"
            }
            Self::Key(error) => error.hint(),
            Self::Text(error) => error.hint(),
            Self::Value { .. } => "check the value against the label",
            Self::Escape { .. } => "write a percent sign inside a value as %25",
            Self::Path { .. } => {
                "qualifiers follow their key: 22, 10, 21 or 235 a GTIN, 254 a GLN, 8011 a part"
            }
            Self::Piece { .. } => "check the piece and total on the label: 0102 is 1 of 2",
            Self::Kind { .. } => "check which field of the event or request it was meant for",
        }
    }
}

/// `text` cut to what an error message can carry.
pub(crate) fn shown(text: &str) -> Box<str> {
    text.chars().take(80).collect()
}
