//! The commitments to a lot and to a unit, and the secrets that blind them (DESIGN 3.1).

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;
use theriac_gs1::{Lgtin, Sgtin};

use crate::hash::{Hash, keccak256};

/// 16 secret bytes that blind a lot tag or a unit hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Salt(pub [u8; 16]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(secret)")
    }
}

impl Serialize for Salt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Salt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        let mut bytes = [0; 16];
        hex::decode_to_slice(text.as_ref(), &mut bytes).map_err(|_| {
            serde::de::Error::custom(format!("expected 32 hexadecimal digits, found {text:?}"))
        })?;
        Ok(Self(bytes))
    }
}

/// lotTag = keccak256("01" gtin14 "10" lot ‖ salt16).
pub fn lot_tag(lot: &Lgtin, salt: Salt) -> Hash {
    let gtin = lot.gtin.to_string();
    keccak256(&[b"01", gtin.as_bytes(), b"10", lot.lot.as_str().as_bytes(), &salt.0])
}

/// unitHash = keccak256("01" gtin14 "21" serial ‖ salt16).
pub fn unit_hash(unit: &Sgtin, salt: Salt) -> Hash {
    let gtin = unit.gtin.to_string();
    keccak256(&[b"01", gtin.as_bytes(), b"21", unit.serial.as_str().as_bytes(), &salt.0])
}

/// leaf = keccak256(0x00 ‖ lotTag ‖ unitHash): 65 bytes in, so it can never be read as a node.
pub fn leaf(lot_tag: Hash, unit_hash: Hash) -> Hash {
    keccak256(&[&[0], &lot_tag.0, &unit_hash.0])
}

/// The labeler's secret from which the salts of all its lots and units follow.
#[derive(Clone)]
pub struct LotSecret([u8; 32]);

impl fmt::Debug for LotSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LotSecret(secret)")
    }
}

impl LotSecret {
    /// A secret of 32 random bytes, which must be kept as long as any of its lots lives.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The salts of one lot: HMAC-SHA256 under a key that is itself the HMAC of the lot.
    pub fn lot(&self, lot: &Lgtin) -> LotSalts {
        LotSalts {
            key: mac(
                &self.0,
                &[b"lot", lot.gtin.to_string().as_bytes(), lot.lot.as_str().as_bytes()],
            ),
        }
    }
}

/// The salts of one lot and of its units.
pub struct LotSalts {
    key: [u8; 32],
}

impl LotSalts {
    /// The salt of the lot's tag.
    pub fn lot(&self) -> Salt {
        truncate(mac(&self.key, &[b"tag"]))
    }

    /// The salt of one unit of the lot.
    pub fn unit(&self, unit: &Sgtin) -> Salt {
        truncate(mac(&self.key, &[b"unit", unit.serial.as_str().as_bytes()]))
    }
}

/// HMAC-SHA256 over length-prefixed parts, so that no two lists of parts give the same input.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .expect("32 bytes because HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn truncate(bytes: [u8; 32]) -> Salt {
    let mut salt = [0; 16];
    salt.copy_from_slice(&bytes[..16]);
    Salt(salt)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(lot: &str) -> Lgtin {
        Lgtin { gtin: "09506000134352".parse().unwrap(), lot: lot.parse().unwrap() }
    }

    fn unit(serial: &str) -> Sgtin {
        Sgtin { gtin: "09506000134352".parse().unwrap(), serial: serial.parse().unwrap() }
    }

    /// Salts differ by secret, lot and unit, and the same secret gives the same salts again.
    #[test]
    fn salts_follow_from_the_secret() {
        let salts = |byte, name| LotSecret::new([byte; 32]).lot(&lot(name));
        assert_eq!(salts(1, "A").unit(&unit("1")), salts(1, "A").unit(&unit("1")));
        let all = [
            salts(1, "A").lot(),
            salts(2, "A").lot(),
            salts(1, "a").lot(),
            salts(1, "A").unit(&unit("1")),
            salts(1, "A").unit(&unit("2")),
            salts(1, "B").unit(&unit("1")),
        ];
        let distinct: std::collections::HashSet<Salt> = all.into();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn secrets_are_not_shown() {
        let secret = LotSecret::new([0xab; 32]);
        let text = format!("{secret:?} {:?}", secret.lot(&lot("A")).lot());
        assert_eq!(text, "LotSecret(secret) Salt(secret)");
    }

    #[test]
    fn salts_as_json() {
        let salt = Salt([0x5a; 16]);
        let json = serde_json::to_string(&salt).unwrap();
        assert_eq!(serde_json::from_str::<Salt>(&json).unwrap(), salt);
        let error = serde_json::from_str::<Salt>("\"5a\"").unwrap_err();
        assert!(error.to_string().starts_with("expected 32 hexadecimal digits, found \"5a\""));
    }
}
