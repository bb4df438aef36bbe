//! Why a text or number is not a key.

use std::fmt;

use crate::ai::Ai;

/// Which numeric key an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// Global Trade Item Number.
    Gtin,
    /// Serial Shipping Container Code.
    Sscc,
    /// Global Location Number.
    Gln,
    /// Global Returnable Asset Identifier.
    Grai,
    /// Global Document Type Identifier.
    Gdti,
    /// Global Coupon Number.
    Gcn,
    /// Global Service Relation Number.
    Gsrn,
    /// Global Shipment Identification Number.
    Gsin,
    /// Individual Trade Item Piece.
    Itip,
    /// The company prefix at the start of a key.
    CompanyPrefix,
    /// Another key with a check digit, by its application identifier.
    Other(Ai),
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gtin => f.write_str("GTIN"),
            Self::Sscc => f.write_str("SSCC"),
            Self::Gln => f.write_str("GLN"),
            Self::Grai => f.write_str("GRAI"),
            Self::Gdti => f.write_str("GDTI"),
            Self::Gcn => f.write_str("GCN"),
            Self::Gsrn => f.write_str("GSRN"),
            Self::Gsin => f.write_str("GSIN"),
            Self::Itip => f.write_str("ITIP"),
            Self::CompanyPrefix => f.write_str("company prefix"),
            Self::Other(ai) => write!(f, "key of ({ai})"),
        }
    }
}

/// Why a text or number is not a key. The fault is with whoever wrote, printed or read the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Too many or too few characters.
    #[error("expected {} digits for a {key}, found {found}", digits_of(*key))]
    Length {
        /// The key expected.
        key: KeyName,
        /// Number of characters found.
        found: usize,
    },
    /// A character that is no decimal digit.
    #[error("expected only digits in a {key}, found {found:?} at offset {offset}")]
    NotADigit {
        /// The key expected.
        key: KeyName,
        /// The character found.
        found: char,
        /// Its offset in bytes from the start of the key.
        offset: usize,
    },
    /// A number with more digits than the key has.
    #[error("expected a number of at most {} digits for a {key}, found {found}", digits_of(*key))]
    TooLarge {
        /// The key expected.
        key: KeyName,
        /// The number found.
        found: u64,
    },
    /// A last digit that does not follow from the others.
    #[error("expected check digit {expected} in the {key}, found {found}")]
    CheckDigit {
        /// The key expected.
        key: KeyName,
        /// The digit that follows from the others.
        expected: u8,
        /// The digit found.
        found: u8,
    },
}

impl KeyError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Length { .. } => "a digit is missing or too many: scan the code again",
            Self::NotADigit { .. } => "a key has digits only: scan the code again, do not type it",
            Self::TooLarge { .. } => "check the number against the label",
            Self::CheckDigit { .. } => {
                "a digit was misread or mistyped: scan the code again; if it reads the same, the \
                 label was printed wrong and its labeler must answer"
            }
        }
    }
}

const fn digits_of(key: KeyName) -> &'static str {
    match key {
        KeyName::Gtin => "8, 12, 13 or 14",
        KeyName::Gln | KeyName::Gdti | KeyName::Gcn => "13",
        KeyName::Grai => "13 (after a zero)",
        KeyName::Sscc | KeyName::Gsrn | KeyName::Itip => "18",
        KeyName::Gsin => "17",
        KeyName::CompanyPrefix => "6 to 12",
        KeyName::Other(_) => "its",
    }
}
