//! Length of a GS1 company prefix, known only from a URN, master data or an operator's table.

mod error;
mod table;

pub use error::CompanyPrefixesError;
pub use table::CompanyPrefixes;

use std::fmt;

/// Number of digits of a GS1 company prefix: 6 to 12 (TDS, section 7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyPrefixLength(u8);

/// A company prefix length outside 6 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a company prefix of 6 to 12 digits, found {found}")]
pub struct CompanyPrefixLengthError {
    /// Number of digits found.
    pub found: usize,
}

impl CompanyPrefixLength {
    /// A length of 6 to 12 digits.
    ///
    /// # Errors
    ///
    /// [`CompanyPrefixLengthError`] when `digits` is outside 6 to 12.
    pub const fn new(digits: usize) -> Result<Self, CompanyPrefixLengthError> {
        match digits {
            6..=12 => Ok(Self(digits as u8)),
            found => Err(CompanyPrefixLengthError { found }),
        }
    }

    /// The length that an EPC URN uses: a company prefix of 4 or 5 digits stands for all prefixes of
    /// 6 digits that start with it (TDS, section 7). `None` outside 4 to 12.
    const fn in_urn(digits: u8) -> Option<Self> {
        match digits {
            4 | 5 => Some(Self(6)),
            6..=12 => Some(Self(digits)),
            _ => None,
        }
    }

    /// Number of digits.
    #[must_use]
    pub const fn digits(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for CompanyPrefixLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for CompanyPrefixLength {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CompanyPrefixLength({})", self.0)
    }
}
