//! The key of an account: signs transactions and messages.

use std::fmt;

use alloy::primitives::{B256, Signature};
use alloy::signers::SignerSync;
use alloy::signers::local::PrivateKeySigner;
use theriac_custody::Account;
use zeroize::Zeroizing;

use crate::bindings::convert::account;

/// An unlocked secp256k1 key and its account; wiped from memory when dropped.
#[derive(Clone)]
pub struct Signer(PrivateKeySigner);

/// Bytes that are not a secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a secp256k1 secret key, found 32 bytes outside its range")]
pub struct KeyError;

/// A signature from which no account can be recovered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Sender: the 65th byte is not a recovery id.
    #[error("expected a recovery id of 0, 1, 27 or 28 as last byte of a signature, found {found}")]
    RecoveryId {
        /// The byte.
        found: u8,
    },
    /// Sender: `s` is in the upper half of the curve's order, so the signature is the altered copy of
    /// another one (EIP-2).
    #[error(
        "expected a signature with s in the lower half of the order, found it in the upper half"
    )]
    Malleable,
    /// Sender: no key makes this signature over this message.
    #[error("expected a signature over this message, found one that no key makes")]
    NoKey,
}

impl Signer {
    /// A new key from the operating system's randomness.
    pub fn random() -> Self {
        loop {
            let mut secret = Zeroizing::new([0; 32]);
            rand::fill(secret.as_mut_slice());
            // All but one in 2^128 draws are keys.
            if let Ok(signer) = Self::from_secret(&secret) {
                return signer;
            }
        }
    }

    /// The key with the given bytes.
    ///
    /// # Errors
    ///
    /// When they are zero or not below the order of secp256k1.
    pub fn from_secret(secret: &[u8; 32]) -> Result<Self, KeyError> {
        PrivateKeySigner::from_slice(secret).map(Self).map_err(|_| KeyError)
    }

    /// The account that the key controls.
    pub fn account(&self) -> Account {
        account(self.0.address())
    }

    /// Signs a message as EIP-191 (`personal_sign`) says: `r`, `s`, and 27 or 28.
    pub fn sign_message(&self, message: &[u8]) -> [u8; 65] {
        let hash = alloy::primitives::eip191_hash_message(message);
        self.sign_hash(&hash).as_bytes()
    }

    pub(crate) fn sign_hash(&self, hash: &B256) -> Signature {
        self.0
            .sign_hash_sync(hash)
            .expect("a local key signs any hash because RFC 6979 always finds a nonce")
    }

    pub(crate) fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().0)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, key redacted)", self.account())
    }
}

/// The account whose key signed `message` as [`Signer::sign_message`] does.
///
/// # Errors
///
/// When the signature is malformed, malleable, or made by no key.
pub fn recover_message(message: &[u8], signature: &[u8; 65]) -> Result<Account, SignatureError> {
    let found = signature[64];
    if !matches!(found, 0 | 1 | 27 | 28) {
        return Err(SignatureError::RecoveryId { found });
    }
    let signature =
        Signature::from_raw_array(signature).map_err(|_| SignatureError::RecoveryId { found })?;
    if signature.normalize_s().is_some() {
        return Err(SignatureError::Malleable);
    }
    signature.recover_address_from_msg(message).map(account).map_err(|_| SignatureError::NoKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_recover_to_their_signer_only() {
        let signer = Signer::from_secret(&[7; 32]).unwrap();
        let signature = signer.sign_message(b"shipment");
        assert_eq!(recover_message(b"shipment", &signature), Ok(signer.account()));
        assert_ne!(recover_message(b"shipmens", &signature), Ok(signer.account()));
    }

    /// The first account of the well-known development mnemonic.
    #[test]
    fn accounts_are_ethereum_addresses() {
        let mut secret = [0; 32];
        let hex = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        hex::decode_to_slice(hex, &mut secret).unwrap();
        let account = Signer::from_secret(&secret).unwrap().account();
        assert_eq!(account.to_string(), "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266");
    }

    #[test]
    fn altered_signatures_are_refused() {
        let signer = Signer::from_secret(&[7; 32]).unwrap();
        let mut signature = signer.sign_message(b"shipment");
        signature[64] = 99;
        let refused = recover_message(b"shipment", &signature);
        assert_eq!(refused, Err(SignatureError::RecoveryId { found: 99 }));
        assert!(recover_message(b"shipment", &[0; 65]).is_err());
    }

    #[test]
    fn bytes_out_of_range_are_no_key_and_debug_shows_none() {
        assert_eq!(Signer::from_secret(&[0; 32]).err(), Some(KeyError));
        assert_eq!(Signer::from_secret(&[255; 32]).err(), Some(KeyError));
        let signer = Signer::from_secret(&[7; 32]).unwrap();
        assert!(!format!("{signer:?}").contains("0707"));
    }
}
