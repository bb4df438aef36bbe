//! Length of a GS1 company prefix, known only from a URN, master data or an operator's table.

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
