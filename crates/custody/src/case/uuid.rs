//! Names that two organisations share (RFC 9562): of cases and of what is said in them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::hash::keccak256;

/// A UUID; its text form has lower-case hexadecimal digits in groups of 8, 4, 4, 4 and 12.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(pub [u8; 16]);

/// Text that is no UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a UUID as 00000000-0000-0000-0000-000000000000, found {0:?}")]
pub struct UuidError(String);

/// Where the text form has its hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Uuid {
    /// A UUID of version 4 from random bytes.
    #[must_use]
    pub const fn random(bytes: [u8; 16]) -> Self {
        Self::versioned(bytes, 4)
    }

    /// A UUID of version 8 that follows from `parts`: the same parts make the same UUID.
    #[must_use]
    pub fn derived(parts: &[&[u8]]) -> Self {
        let hash = keccak256(parts);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.0[..16]);
        Self::versioned(bytes, 8)
    }

    const fn versioned(mut bytes: [u8; 16], version: u8) -> Self {
        bytes[6] = bytes[6] & 0x0f | version << 4;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        Self(bytes)
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = hex::encode(self.0);
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        f.write_str(&parts.join("-"))
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Uuid {
    type Err = UuidError;

    fn from_str(text: &str) -> Result<Self, UuidError> {
        let error = || UuidError(text.chars().take(80).collect());
        let has_form = text.len() == 36 && HYPHENS.iter().all(|&at| text.as_bytes()[at] == b'-');
        let mut bytes = [0; 16];
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        match hex::decode_to_slice(digits, &mut bytes) {
            Ok(()) if has_form => Ok(Self(bytes)),
            _ => Err(error()),
        }
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Uuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_that_of_rfc_9562() {
        let uuid = Uuid::random([0xff; 16]);
        assert_eq!(uuid.to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid.to_string().parse(), Ok(uuid));
        assert_eq!("C2A57E9F-3d54-5767-a9d1-82b08b3e7d61".parse::<Uuid>().unwrap().0[0], 0xc2);
        let derived = Uuid::derived(&[b"a", b"b"]);
        assert_eq!((derived, derived.0[6] >> 4), (Uuid::derived(&[b"ab"]), 8));
    }

    #[test]
    fn other_text_is_no_uuid() {
        for text in [
            "",
            "ffffffff-ffff-4fff-bfff-fffffffffff",
            "ffffffffffff-4fff-bfff-ffffffff-ffff",
            "ffffffff-ffff-4fff-bfff-fffffffffffg",
            "{fffffff-ffff-4fff-bfff-ffffffffffff",
            "-fffffff-ffff-4fff-bfff-ffffffffffff",
            "\u{e9}fffffff-ffff-4fff-bfff-fffffffffff",
        ] {
            assert!(text.parse::<Uuid>().is_err(), "{text}");
        }
    }
}
