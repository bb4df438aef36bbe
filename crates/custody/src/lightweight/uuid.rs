//! `corrUUID`: what ties an answer to its request.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A UUID of version 4 (RFC 9562, section 5.4) as text, in the letter case that it came in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CorrUuid(Box<str>);

/// The text is no UUID of version 4.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a UUID of version 4, found {found:?}")]
pub struct UuidError {
    /// The text, cut to 40 characters.
    pub found: String,
}

impl CorrUuid {
    /// The UUID of 16 random bytes, of which six bits are fixed.
    #[must_use]
    pub fn from_random(mut bytes: [u8; 16]) -> Self {
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push_str(&format!("{byte:02x}"));
        }
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether two texts are the same UUID; letter case does not matter.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FromStr for CorrUuid {
    type Err = UuidError;

    fn from_str(text: &str) -> Result<Self, UuidError> {
        let is_right = |(index, byte): (usize, u8)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            14 => byte == b'4',
            19 => b"89abAB".contains(&byte),
            _ => byte.is_ascii_hexdigit(),
        };
        if text.len() == 36 && text.bytes().enumerate().all(is_right) {
            return Ok(Self(text.into()));
        }
        Err(UuidError { found: text.chars().take(40).collect() })
    }
}

impl fmt::Display for CorrUuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for CorrUuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for CorrUuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_of_random_bytes_is_one_of_version_4() {
        for bytes in [[0; 16], [0xff; 16], [0x5a; 16]] {
            let uuid = CorrUuid::from_random(bytes);
            assert_eq!(uuid.as_str().parse(), Ok(uuid.clone()));
        }
        assert_eq!(CorrUuid::from_random([0; 16]).as_str(), "00000000-0000-4000-8000-000000000000");
    }

    #[test]
    fn other_versions_and_shapes_are_refused() {
        for text in [
            "",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "6ba7b810-9dad-41d1-c0b4-00c04fd430c8",
            "6ba7b8109dad41d180b400c04fd430c8",
            "6ba7b810-9dad-41d1-80b4-00c04fd430cg",
            "{6ba7b810-9dad-41d1-80b4-00c04fd430c8}",
        ] {
            assert!(text.parse::<CorrUuid>().is_err(), "{text}");
        }
        let [upper, lower] =
            ["6BA7B810-9DAD-41D1-80B4-00C04FD430C8", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"]
                .map(|text| text.parse::<CorrUuid>().unwrap());
        assert!(upper.is_same(&lower) && upper != lower);
    }
}
