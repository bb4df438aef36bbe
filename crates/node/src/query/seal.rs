//! Secrets of clients as they lie in the database: unreadable without the node's own secret.
//!
//! ```text
//! nonce 16 ‖ AES-256-CTR(text) ‖ HMAC-SHA-256(nonce ‖ ciphertext)
//! ```

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use theriac_custody::LotSecret;
use theriac_gs1::{Gtin, Lgtin, Lot};

const NONCE_BYTES: usize = 16;
const TAG_BYTES: usize = 32;

/// Seals a text.
pub(super) fn seal(secret: &LotSecret, text: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let mut sealed = nonce.to_vec();
    sealed.extend_from_slice(text);
    apply(secret, &nonce, &mut sealed[NONCE_BYTES..]);
    let tag = mac(secret, &sealed).finalize().into_bytes();
    sealed.extend_from_slice(&tag);
    sealed
}

/// Opens what this node sealed.
pub(super) fn open(secret: &LotSecret, sealed: &[u8]) -> Option<Vec<u8>> {
    let end = sealed.len().checked_sub(TAG_BYTES).filter(|end| *end >= NONCE_BYTES)?;
    let (sealed, tag) = sealed.split_at(end);
    mac(secret, sealed).verify_slice(tag).ok()?;
    let (nonce, text) = sealed.split_at(NONCE_BYTES);
    let mut text = text.to_vec();
    apply(secret, nonce.try_into().ok()?, &mut text);
    Some(text)
}

fn apply(secret: &LotSecret, nonce: &[u8; NONCE_BYTES], text: &mut [u8]) {
    let key = key(secret, "encrypt");
    Ctr128BE::<Aes256>::new(&key.into(), nonce.into()).apply_keystream(text);
}

fn mac(secret: &LotSecret, bytes: &[u8]) -> Hmac<Sha256> {
    let mut mac = hmac(&key(secret, "authenticate"));
    mac.update(bytes);
    mac
}

/// A key for one purpose. It follows from the salts of a lot that no product can have: a GTIN is
/// never all zeros.
fn key(secret: &LotSecret, purpose: &str) -> [u8; 32] {
    let gtin = Gtin::from_body(0).expect("a GTIN, because its digits are all zeros");
    let lot = Lot::new("subscriptions").expect("a lot, because it has 13 letters");
    let salt = secret.lot(&Lgtin { gtin, lot }).lot();
    let mut mac = hmac(&salt.0);
    mac.update(b"theriac subscription token ");
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(key)
        .expect("the key is taken, because HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_secret_opens_what_is_sealed() {
        let secret = LotSecret::new([7; 32]);
        let sealed = seal(&secret, b"token");
        assert!(!sealed.windows(5).any(|window| window == b"token"));
        assert_eq!(open(&secret, &sealed).unwrap(), b"token");
        assert_eq!(open(&LotSecret::new([8; 32]), &sealed), None);
        for place in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[place] ^= 1;
            assert_eq!(open(&secret, &altered), None, "{place}");
        }
        assert_eq!(open(&secret, b""), None);
        assert_ne!(seal(&secret, b"token"), sealed, "a nonce serves once");
    }
}
