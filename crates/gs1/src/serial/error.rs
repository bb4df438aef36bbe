//! Why a text is not the serial, lot, extension or reference that it should be.

use super::FieldName;

/// Why a text is not what stands for [`FieldName`]. The fault is with whoever wrote, printed or
/// read the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// No character, or too many.
    #[error("expected 1 to {} characters in a {field}, found {found}", field.max_chars())]
    Length {
        /// The text expected.
        field: FieldName,
        /// Number of characters found.
        found: usize,
    },
    /// A character outside the set of the field.
    #[error("expected {} in a {field}, found {found:?} at offset {offset}", field.set_name())]
    Character {
        /// The text expected.
        field: FieldName,
        /// The character found.
        found: char,
        /// Its offset in bytes from the start of the text.
        offset: usize,
    },
    /// A number that is not written in its shortest form.
    #[error("expected no zero before the first digit of a {field}, found one")]
    LeadingZero {
        /// The text expected.
        field: FieldName,
    },
    /// A reference that does not start with the digits of a company prefix.
    #[error("expected the digits of a company prefix at the start of a {field}, found {found}")]
    CompanyPrefix {
        /// The text expected.
        field: FieldName,
        /// Number of digits found.
        found: usize,
    },
}

impl TextError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Length { .. } => {
                "if it is too long the separator after it may be lost: check the scanner's \
                 setting for GS (FNC1)"
            }
            Self::Character { .. } => {
                "check the scanner's keyboard layout; spaces and letters with accents never occur"
            }
            Self::LeadingZero { .. } => "leave out the zeros before it",
            Self::CompanyPrefix { .. } => {
                "an asset, consignment or part starts with the company prefix of its owner"
            }
        }
    }
}
