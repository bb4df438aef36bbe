//! Secrets in files, encrypted with a passphrase: Ethereum keystore version 3 (Web3 Secret Storage).
//!
//! # Invariants
//!
//! - A file that exists is never overwritten.
//! - A file is whole or not there: it is written aside, made durable, then given its name.
//! - Only its owner may read it (mode 0600).

mod cipher;
mod file;

use std::path::{Path, PathBuf};

use theriac_custody::Account;
use zeroize::Zeroizing;

pub use cipher::Cost;

use crate::passphrase::Passphrase;
use crate::signer::Signer;
use cipher::{OpenError, Sealed};

/// Secrets in files. Opening and creating one takes as long as its [`Cost`] says, on one core.
#[derive(Debug, Clone, Copy)]
pub struct Keystore;

/// A keystore that could not be written or opened.
#[derive(Debug, thiserror::Error)]
pub enum KeystoreError {
    /// Caller: the file is there already.
    #[error("expected no file at {path}, found one: a keystore is never overwritten")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// System: the file cannot be written or read.
    #[error("cannot {action} the keystore {path}: {source}")]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Operator: the file is no keystore of version 3.
    #[error("expected a keystore of version 3 at {path}, found {found}")]
    NotAKeystore {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        found: String,
    },
    /// Operator: the passphrase is not the one of the file, or the file was altered.
    #[error("wrong passphrase for the keystore {path}, or the file was altered")]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
}

impl Keystore {
    /// Makes a new key, writes it to `path` at standard cost, and gives its account.
    ///
    /// # Errors
    ///
    /// When there is a file at `path`, or it cannot be written.
    pub fn create(path: &Path, passphrase: &Passphrase) -> Result<Account, KeystoreError> {
        Self::create_at(path, passphrase, Cost::STANDARD)
    }

    /// [`create`](Self::create) at another cost.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_at(
        path: &Path,
        passphrase: &Passphrase,
        cost: Cost,
    ) -> Result<Account, KeystoreError> {
        let signer = Signer::random();
        Self::keep(path, passphrase, cost, &signer)?;
        Ok(signer.account())
    }

    /// Writes an existing key to `path`.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn keep(
        path: &Path,
        passphrase: &Passphrase,
        cost: Cost,
        signer: &Signer,
    ) -> Result<(), KeystoreError> {
        let sealed = Sealed::seal(&signer.secret(), passphrase, cost, Some(signer.account()));
        file::write_new(path, &sealed.to_json())
    }

    /// Opens the key at `path`.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, is no keystore, or has another passphrase.
    pub fn unlock(path: &Path, passphrase: &Passphrase) -> Result<Signer, KeystoreError> {
        let (sealed, secret) = open(path, passphrase)?;
        let not = |found: &str| KeystoreError::NotAKeystore {
            path: path.to_owned(),
            found: found.to_owned(),
        };
        let signer = Signer::from_secret(&secret).map_err(|error| not(&error.to_string()))?;
        match sealed.account() {
            Some(account) if account != signer.account() => {
                Err(not(&format!("the address {account} over the key of {}", signer.account())))
            }
            _ => Ok(signer),
        }
    }

    /// Writes a 32-byte secret to `path` at standard cost.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_secret(
        path: &Path,
        passphrase: &Passphrase,
        secret: [u8; 32],
    ) -> Result<(), KeystoreError> {
        Self::create_secret_at(path, passphrase, secret, Cost::STANDARD)
    }

    /// [`create_secret`](Self::create_secret) at another cost.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_secret_at(
        path: &Path,
        passphrase: &Passphrase,
        secret: [u8; 32],
        cost: Cost,
    ) -> Result<(), KeystoreError> {
        let secret = Zeroizing::new(secret);
        file::write_new(path, &Sealed::seal(&secret, passphrase, cost, None).to_json())
    }

    /// Opens the 32-byte secret at `path`.
    ///
    /// # Errors
    ///
    /// As [`unlock`](Self::unlock).
    pub fn open_secret(path: &Path, passphrase: &Passphrase) -> Result<[u8; 32], KeystoreError> {
        open(path, passphrase).map(|(_, secret)| *secret)
    }

    /// The account that a keystore says to be of, without opening it; `None` for other secrets.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or is no keystore.
    pub fn account(path: &Path) -> Result<Option<Account>, KeystoreError> {
        read(path).map(|sealed| sealed.account())
    }
}

fn read(path: &Path) -> Result<Sealed, KeystoreError> {
    Sealed::from_json(&file::read(path)?)
        .map_err(|found| KeystoreError::NotAKeystore { path: path.to_owned(), found })
}

fn open(
    path: &Path,
    passphrase: &Passphrase,
) -> Result<(Sealed, Zeroizing<[u8; 32]>), KeystoreError> {
    let sealed = read(path)?;
    let path = path.to_owned();
    match sealed.open(passphrase) {
        Ok(secret) => Ok((sealed, secret)),
        Err(OpenError::WrongPassphrase) => Err(KeystoreError::WrongPassphrase { path }),
        Err(OpenError::Unsupported(found)) => Err(KeystoreError::NotAKeystore { path, found }),
    }
}

#[cfg(test)]
mod tests;
