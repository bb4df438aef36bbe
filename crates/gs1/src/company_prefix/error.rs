//! Why a table of company prefixes can not be read.

/// Why a text is no table of company prefix lengths. The fault is with the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompanyPrefixesError {
    /// A line without a comma, or with several.
    #[error("expected \"prefix,length\" in line {line}, found {found:?}")]
    Columns {
        /// Number of the line, from 1.
        line: usize,
        /// The line, cut to 80 characters.
        found: Box<str>,
    },
    /// A prefix that is not 1 to 12 digits.
    #[error("expected a prefix of 1 to 12 digits in line {line}, found {found:?}")]
    Prefix {
        /// Number of the line, or of the entry, from 1.
        line: usize,
        /// The text found, cut to 80 characters.
        found: Box<str>,
    },
    /// A length that no company prefix has.
    #[error("expected a length of 0 or 4 to 12 in line {line}, found {found:?}")]
    Length {
        /// Number of the line, or of the entry, from 1.
        line: usize,
        /// The text found, cut to 80 characters.
        found: Box<str>,
    },
    /// A prefix that is longer than the company prefix that it tells the length of.
    #[error("expected a prefix of at most {length} digits in line {line}, found {found:?}")]
    TooLong {
        /// Number of the line, or of the entry, from 1.
        line: usize,
        /// Length of the company prefix.
        length: u8,
        /// The prefix found.
        found: Box<str>,
    },
    /// A prefix that stands twice with different lengths.
    #[error("expected each prefix once, found {found} with the lengths {first} and {second}")]
    Contradiction {
        /// The prefix.
        found: Box<str>,
        /// One length.
        first: u8,
        /// The other.
        second: u8,
    },
}
