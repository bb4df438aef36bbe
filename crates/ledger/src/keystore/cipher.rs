//! A secret under a passphrase: scrypt, AES-128 in counter mode, keccak256 as check.

use aes::Aes128;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use theriac_custody::{Account, keccak256};
use zeroize::Zeroizing;

use crate::passphrase::Passphrase;

/// Bytes of the derived key: half of it encrypts, half of it checks.
const DERIVED_BYTES: usize = 32;

/// What guessing a passphrase costs: memory of 2^`log_n` KiB and the time to fill it, for each guess
/// (scrypt, RFC 7914, with r = 8, p = 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    log_n: u8,
}

impl Cost {
    /// 128 MiB; some tenths of a second.
    pub const STANDARD: Self = Self { log_n: 17 };
    /// 4 MiB; some milliseconds. For demonstrations and tests, and long random passphrases.
    pub const LIGHT: Self = Self { log_n: 12 };
}

/// A keystore file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sealed {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    crypto: Crypto,
    id: String,
    version: u8,
}

#[derive(Debug, Serialize, Deserialize)]
struct Crypto {
    cipher: String,
    cipherparams: CipherParams,
    #[serde(with = "digits")]
    ciphertext: Vec<u8>,
    kdf: String,
    kdfparams: KdfParams,
    #[serde(with = "digits")]
    mac: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct CipherParams {
    #[serde(with = "digits")]
    iv: Vec<u8>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KdfParams {
    dklen: usize,
    n: u64,
    p: u32,
    r: u32,
    #[serde(with = "digits")]
    salt: Vec<u8>,
}

/// A sealed secret that does not open.
#[derive(Debug)]
pub(super) enum OpenError {
    WrongPassphrase,
    Unsupported(String),
}

impl Sealed {
    pub(super) fn seal(
        secret: &[u8; 32],
        passphrase: &Passphrase,
        cost: Cost,
        account: Option<Account>,
    ) -> Self {
        let (salt, iv): ([u8; 32], [u8; 16]) = (rand::random(), rand::random());
        let kdfparams =
            KdfParams { dklen: DERIVED_BYTES, n: 1 << cost.log_n, p: 1, r: 8, salt: salt.to_vec() };
        let derived = kdfparams
            .derive(passphrase)
            .expect("scrypt takes these parameters because both costs are within its limits");
        let mut ciphertext = secret.to_vec();
        apply(&derived, &iv, &mut ciphertext);
        let mac = keccak256(&[&derived[16..], &ciphertext]).0.to_vec();
        Self {
            address: account.map(|account| hex::encode(account.0)),
            crypto: Crypto {
                cipher: "aes-128-ctr".into(),
                cipherparams: CipherParams { iv: iv.to_vec() },
                ciphertext,
                kdf: "scrypt".into(),
                kdfparams,
                mac,
            },
            id: uuid(rand::random()),
            version: 3,
        }
    }

    pub(super) fn open(&self, passphrase: &Passphrase) -> Result<Zeroizing<[u8; 32]>, OpenError> {
        let crypto = &self.crypto;
        let unsupported = |found: String| Err(OpenError::Unsupported(found));
        if crypto.cipher != "aes-128-ctr" || crypto.kdf != "scrypt" {
            return unsupported(format!("{} with {}", crypto.cipher, crypto.kdf));
        }
        let Ok(iv) = <[u8; 16]>::try_from(crypto.cipherparams.iv.as_slice()) else {
            return unsupported(format!("an iv of {} bytes", crypto.cipherparams.iv.len()));
        };
        let Ok(secret) = <[u8; 32]>::try_from(crypto.ciphertext.as_slice()) else {
            return unsupported(format!("a secret of {} bytes", crypto.ciphertext.len()));
        };
        let derived = crypto.kdfparams.derive(passphrase).map_err(OpenError::Unsupported)?;
        let mac = keccak256(&[&derived[16..], &secret]).0;
        if !bool::from(mac.as_slice().ct_eq(&crypto.mac)) {
            return Err(OpenError::WrongPassphrase);
        }
        let mut secret = Zeroizing::new(secret);
        apply(&derived, &iv, secret.as_mut_slice());
        Ok(secret)
    }

    /// The account that the file says to be of.
    pub(super) fn account(&self) -> Option<Account> {
        let text = self.address.as_deref()?;
        let digits = text.strip_prefix("0x").unwrap_or(text);
        Account::from_slice(&hex::decode(digits).ok()?)
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self)
            .expect("a keystore is JSON because its fields are texts and numbers")
    }

    pub(super) fn from_json(json: &str) -> Result<Self, String> {
        let sealed: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if sealed.version != 3 {
            return Err(format!("version {}", sealed.version));
        }
        Ok(sealed)
    }
}

impl KdfParams {
    /// The key of a passphrase. A file from elsewhere may not ask for more than 1 GiB of memory.
    fn derive(&self, passphrase: &Passphrase) -> Result<Zeroizing<[u8; DERIVED_BYTES]>, String> {
        const MEMORY_BYTES_MAX: u64 = 1 << 30;
        let memory = self.n.saturating_mul(u64::from(self.r)).saturating_mul(128);
        let usable = self.n.is_power_of_two() && self.n > 1 && self.dklen == DERIVED_BYTES;
        if !usable || memory > MEMORY_BYTES_MAX || self.p > 16 {
            let Self { dklen, n, p, r, .. } = self;
            return Err(format!("scrypt with n = {n}, r = {r}, p = {p}, dklen = {dklen}"));
        }
        let log_n = u8::try_from(self.n.trailing_zeros()).unwrap_or(u8::MAX);
        let params =
            scrypt::Params::new(log_n, self.r, self.p).map_err(|error| error.to_string())?;
        let mut derived = Zeroizing::new([0; DERIVED_BYTES]);
        scrypt::scrypt(passphrase.as_bytes(), &self.salt, &params, derived.as_mut_slice())
            .map_err(|error| error.to_string())?;
        Ok(derived)
    }
}

/// Encrypts or decrypts in place with the first half of the derived key.
fn apply(derived: &[u8; DERIVED_BYTES], iv: &[u8; 16], bytes: &mut [u8]) {
    let mut key = Zeroizing::new([0; 16]);
    key.copy_from_slice(&derived[..16]);
    Ctr128BE::<Aes128>::new(key.as_slice().into(), iv.into()).apply_keystream(bytes);
}

/// A UUID of version 4 (RFC 9562, section 5.4).
fn uuid(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let digits = hex::encode(random);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

/// Bytes as hexadecimal digits without a prefix.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        hex::decode(text.strip_prefix("0x").unwrap_or(&text)).map_err(de::Error::custom)
    }
}
