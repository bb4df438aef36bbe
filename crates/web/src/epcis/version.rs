//! Versions of EPCIS and the CBV: which the node speaks, which the client asks for.

use std::fmt;
use std::str::FromStr;

/// A version such as `2.0.0`; two versions that differ in the third number alone are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u32,
    minor: u32,
}

impl Version {
    /// EPCIS 2.0 and CBV 2.0.
    pub const V2_0: Self = Self { major: 2, minor: 0 };

    /// EPCIS 1.2 and CBV 1.2, in XML.
    pub const V1_2: Self = Self { major: 1, minor: 2 };

    /// EPCIS 1.0: the oldest that is captured.
    pub const V1_0: Self = Self { major: 1, minor: 0 };
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.0", self.major, self.minor)
    }
}

/// A text that is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a version such as 2.0.0, found {found:?}")]
pub struct VersionError {
    /// The text, cut to a length that fits an answer.
    pub found: String,
}

impl FromStr for Version {
    type Err = VersionError;

    /// Reads numbers with dots between, as the schema `version` of the standard has it.
    fn from_str(text: &str) -> Result<Self, VersionError> {
        let error = || VersionError { found: text.chars().take(40).collect() };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !text.split('.').all(digits) {
            return Err(error());
        }
        let mut numbers = text.split('.').map(str::parse);
        let mut next = || numbers.next().unwrap_or(Ok(0)).map_err(|_| error());
        Ok(Self { major: next()?, minor: next()? })
    }
}

/// The versions from one to another that a client takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VersionRange {
    /// The lowest.
    pub min: Option<Version>,
    /// The highest.
    pub max: Option<Version>,
}

impl VersionRange {
    /// Whether a version lies in the range.
    pub fn holds(self, version: Version) -> bool {
        self.min.is_none_or(|min| min <= version) && self.max.is_none_or(|max| version <= max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared() {
        for text in ["2.0.0", "2.0", "2", "2.0.1", "2.0.0.0"] {
            assert_eq!(text.parse::<Version>().unwrap(), Version::V2_0, "{text}");
        }
        assert_eq!("1.2".parse::<Version>().unwrap(), Version::V1_2);
        assert_eq!(Version::V1_2.to_string(), "1.2.0");
        for text in ["", "two", "2.", ".2", "-1", "2.x", "99999999999"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
        let up_to = VersionRange { min: None, max: Some(Version::V1_2) };
        assert!(up_to.holds(Version::V1_0) && !up_to.holds(Version::V2_0));
    }
}
