//! The keys of a node's service: Ed25519 signs what it asks and sends, X25519 opens what others seal
//! to it. Others find the public halves in the registry, where the node itself puts them.
//!
//! # Invariants
//!
//! - Keys follow from a secret of 32 bytes, one file for each; a file is never overwritten.
//! - The last secret is the present one; the others stay, to open what is on its way.
//! - A request is signed with the key that the registry shows, as long as this node has it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, KeyInit, Mac};
use hpke::kem::X25519HkdfSha256;
use hpke::{Kem, Serializable};
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::Sha256;
use theriac_custody::Hash;
use theriac_ledger::{Cost, Keystore, KeystoreError, Passphrase};
use zeroize::Zeroizing;

use crate::folder::{FolderError, NodeFolder};

/// Secrets that a node keeps at most; the oldest of more are not read.
const SECRETS_MAX: usize = 64;

/// The private half of an X25519 key.
pub(crate) type OpeningKey = <X25519HkdfSha256 as Kem>::PrivateKey;

/// One pair of keys.
pub(crate) struct ServiceKey {
    signing: Ed25519KeyPair,
    opening: OpeningKey,
    sealing: Hash,
}

impl ServiceKey {
    /// The keys that follow from a secret.
    fn of(secret: &[u8; 32]) -> Self {
        let seed = derived(secret, b"theriac/1 signing");
        let material = derived(secret, b"theriac/1 sealing");
        let (opening, sealing) = X25519HkdfSha256::derive_keypair(&*material);
        let signing = Ed25519KeyPair::from_seed_unchecked(&*seed).expect("any 32 bytes are a seed");
        Self { signing, opening, sealing: Hash(sealing.to_bytes().into()) }
    }

    /// The key with which others check what this node signs.
    pub(crate) fn signing(&self) -> Hash {
        Hash::from_slice(self.signing.public_key().as_ref()).unwrap_or_default()
    }

    /// The key to which others seal what only this node may read.
    pub(crate) fn sealing(&self) -> Hash {
        self.sealing
    }

    /// The private half of the sealing key.
    pub(crate) fn opening(&self) -> &OpeningKey {
        &self.opening
    }

    /// Signs a text.
    pub(crate) fn sign(&self, text: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.signing.sign(text).as_ref());
        signature
    }
}

/// All service keys of a node.
pub(crate) struct ServiceKeys {
    folder: PathBuf,
    passphrase: Passphrase,
    /// The oldest first; never empty.
    keys: RwLock<Vec<Arc<ServiceKey>>>,
    /// Number of the file of the last.
    last: std::sync::Mutex<u32>,
}

impl ServiceKeys {
    /// Opens the keys in a folder, and makes the first if there are none.
    pub(crate) fn open(folder: &NodeFolder, lot_secret: &[u8; 32]) -> Result<Self, FolderError> {
        let passphrase = passphrase(lot_secret);
        let folder = folder.keys();
        let mut numbers = numbers(&folder)?;
        if numbers.is_empty() {
            write(&folder, 1, &passphrase)?;
            numbers.push(1);
        }
        let oldest = numbers.len().saturating_sub(SECRETS_MAX);
        let mut keys = Vec::new();
        for number in &numbers[oldest..] {
            let secret = Keystore::open_secret(&file(&folder, *number), &passphrase)?;
            keys.push(Arc::new(ServiceKey::of(&Zeroizing::new(secret))));
        }
        let last = numbers.last().copied().unwrap_or_default().into();
        Ok(Self { folder, passphrase, keys: RwLock::new(keys), last })
    }

    /// The present keys.
    pub(crate) fn current(&self) -> Arc<ServiceKey> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(keys.last().expect("there is one because opening makes the first"))
    }

    /// All keys, the present ones first.
    pub(crate) fn all(&self) -> Vec<Arc<ServiceKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().rev().cloned().collect()
    }

    /// The keys whose signing key others know, else the present ones.
    pub(crate) fn known_as(&self, signing: Option<Hash>) -> Arc<ServiceKey> {
        let known = self.all().into_iter().find(|key| Some(key.signing()) == signing);
        known.unwrap_or_else(|| self.current())
    }

    /// Makes other keys, which are the present ones from then on.
    ///
    /// # Errors
    ///
    /// [`KeystoreError`] when the file cannot be written; the keys stay as they are.
    pub(crate) fn rotate(&self) -> Result<Arc<ServiceKey>, KeystoreError> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let secret = write(&self.folder, *last + 1, &self.passphrase)?;
        *last += 1;
        let key = Arc::new(ServiceKey::of(&secret));
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        keys.push(Arc::clone(&key));
        Ok(key)
    }
}

/// A secret for one purpose.
fn derived(secret: &[u8; 32], purpose: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret).expect("a secret of any length is a key of HMAC");
    mac.update(purpose);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// The passphrase of the keystores: as long as a key, so that guessing it needs no cost.
fn passphrase(lot_secret: &[u8; 32]) -> Passphrase {
    Passphrase::new(hex::encode(*derived(lot_secret, b"theriac/1 service keys")))
}

fn file(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("service.{number}.json"))
}

/// Writes a new secret.
fn write(
    folder: &Path,
    number: u32,
    passphrase: &Passphrase,
) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
    let mut secret = Zeroizing::new([0; 32]);
    rand::fill(&mut *secret);
    Keystore::create_secret_at(&file(folder, number), passphrase, *secret, Cost::LIGHT)?;
    Ok(secret)
}

/// The numbers of the files, ascending.
fn numbers(folder: &Path) -> Result<Vec<u32>, FolderError> {
    let io = |source| FolderError::Io { action: "list", path: folder.to_owned(), source };
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        let number = name.to_str().and_then(|name| {
            name.strip_prefix("service.")?.strip_suffix(".json")?.parse::<u32>().ok()
        });
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, NodeFolder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = NodeFolder::at(dir.path().join("node"));
        folder.create().unwrap();
        (dir, folder)
    }

    #[test]
    fn keys_are_made_once_and_the_old_ones_stay() {
        let (_dir, folder) = folder();
        let keys = ServiceKeys::open(&folder, &[7; 32]).unwrap();
        let first = keys.current();
        assert_ne!(first.signing(), first.sealing());
        let second = keys.rotate().unwrap();
        assert_ne!(first.signing(), second.signing());
        assert_eq!(keys.current().signing(), second.signing());
        assert_eq!(keys.known_as(Some(first.signing())).sealing(), first.sealing());
        assert_eq!(keys.known_as(None).sealing(), second.sealing());
        let again = ServiceKeys::open(&folder, &[7; 32]).unwrap();
        let found: Vec<Hash> = again.all().iter().map(|key| key.sealing()).collect();
        assert_eq!(found, [second.sealing(), first.sealing()]);
        assert!(ServiceKeys::open(&folder, &[8; 32]).is_err(), "another lot secret");
    }
}
