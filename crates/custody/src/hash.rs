//! Hashes and accounts as bytes, and keccak256.

use std::fmt;
use std::str::FromStr;

use keccak_asm::{Digest, Keccak256};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// keccak256 over the concatenation of `parts`.
pub fn keccak256(parts: &[&[u8]]) -> Hash {
    let mut hasher = Keccak256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// Text that is not the hexadecimal form of the expected number of bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected 0x and {expected} hexadecimal digits, found {found:?}")]
pub struct HexError {
    expected: usize,
    found: String,
}

macro_rules! bytes_type {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// All bytes zero.
            pub const ZERO: Self = Self([0; $len]);

            /// The bytes, if there are exactly as many as this type has.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "0x{}", hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                let error = || HexError { expected: 2 * $len, found: text.to_owned() };
                let mut bytes = [0; $len];
                let digits = text.strip_prefix("0x").ok_or_else(error)?;
                hex::decode_to_slice(digits, &mut bytes).map_err(|_| error())?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

bytes_type!(
    /// A 32-byte hash: a node of a tree, a holding's id, a lot's tag, an event's or a transaction's hash.
    Hash,
    32
);
bytes_type!(
    /// An Ethereum account, through which a member acts on the ledger.
    Account,
    20
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let hash = keccak256(&[b"ab", b"c"]);
        assert_eq!(hash, keccak256(&[b"abc"]));
        assert_eq!(
            hash.to_string(),
            "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
        );
        assert_eq!(hash.to_string().parse(), Ok(hash));
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "0x", "4e", "0x4e", "0xzz", &format!("0x{}", "0".repeat(41)), "0xé"] {
            let error = text.parse::<Account>().unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("expected 0x and 40 hexadecimal digits, found {text:?}")
            );
        }
        assert_eq!(Hash::from_slice(&[0; 31]), None);
    }
}
