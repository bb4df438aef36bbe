//! A node's folder: configuration, keys, database, embedded ledger, and the lock of the process
//! that has it open.
//!
//! ```text
//! theriac.toml   configuration
//! keys/account.json, keys/lots.json   encrypted keystores (Ethereum keystore V3)
//! keys/service.N.json   the keys of the node's service, under a passphrase that follows from lots.json
//! theriac.db     database
//! ledger/        embedded ledger
//! node.lock      held by the process that has the folder open; its URL, if it serves
//! ```

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use theriac_ledger::KeystoreError;

use crate::config::{self, ConfigError};

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// No folder above has a configuration.
    #[error(
        "expected a node's folder at or above {start}, found none: run theriac init, or name one with --node"
    )]
    NotFound {
        /// Where the search began.
        start: PathBuf,
    },
    /// Another process has the folder open.
    #[error("{path} is open in another process{}", url.as_ref().map(|u| format!(", which serves {u}")).unwrap_or_default())]
    Running {
        /// The folder.
        path: PathBuf,
        /// Where it serves, if it does.
        url: Option<String>,
    },
    /// The folder has something in it.
    #[error("expected an empty folder, found files in {path}")]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("cannot {action} {path}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The keys cannot be used.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// A node's folder and the places in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeFolder {
    path: PathBuf,
}

impl NodeFolder {
    /// The folder at `path`, whether or not it exists.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder at or above `start` that has a configuration.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotFound`].
    pub fn find(start: &Path) -> Result<Self, FolderError> {
        start
            .ancestors()
            .find(|path| path.join(config::FILE_NAME).is_file())
            .map(Self::at)
            .ok_or_else(|| FolderError::NotFound { start: start.to_owned() })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.path.join(config::FILE_NAME)
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.path.join("theriac.db")
    }

    /// The embedded ledger's folder.
    pub fn ledger(&self) -> PathBuf {
        self.path.join("ledger")
    }

    /// The keystore of the account.
    pub fn account_key(&self) -> PathBuf {
        self.path.join("keys").join("account.json")
    }

    /// The keystore of the secret from which the salts of lots and units follow.
    pub fn lot_secret(&self) -> PathBuf {
        self.path.join("keys").join("lots.json")
    }

    /// The folder of the keystores.
    pub(crate) fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The URL that a process serving this folder has announced, if one is running.
    pub fn serving_url(&self) -> Option<String> {
        match FolderLock::take(self) {
            Err(FolderError::Running { url, .. }) => url,
            _ => None,
        }
    }

    /// Makes the folder and its `keys`, readable by their owner only.
    ///
    /// # Errors
    ///
    /// [`FolderError::NotEmpty`] if there is something in it already.
    pub fn create(&self) -> Result<(), FolderError> {
        let io = |action| {
            let path = self.path.clone();
            move |source| FolderError::Io { action, path, source }
        };
        std::fs::create_dir_all(&self.path).map_err(io("make"))?;
        let mut entries = std::fs::read_dir(&self.path).map_err(io("list"))?;
        if entries.next().is_some() {
            return Err(FolderError::NotEmpty { path: self.path.clone() });
        }
        std::fs::create_dir(self.path.join("keys")).map_err(io("make"))?;
        only_owner(&self.path).map_err(io("restrict"))
    }
}

#[cfg(unix)]
fn only_owner(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn only_owner(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Held while a process has the folder open; the system frees it when the process ends, however.
#[derive(Debug)]
pub(crate) struct FolderLock {
    file: std::sync::Mutex<File>,
}

impl FolderLock {
    /// Takes the lock.
    ///
    /// # Errors
    ///
    /// [`FolderError::Running`] with the URL that the other process has announced.
    pub(crate) fn take(folder: &NodeFolder) -> Result<Self, FolderError> {
        let path = folder.path.join("node.lock");
        let io = |source| FolderError::Io { action: "lock", path: path.clone(), source };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0).map_err(io)?;
                Ok(Self { file: std::sync::Mutex::new(file) })
            }
            Err(std::fs::TryLockError::WouldBlock) => {
                let mut url = String::new();
                file.read_to_string(&mut url).map_err(io)?;
                let url = Some(url.trim().to_owned()).filter(|url| !url.is_empty());
                Err(FolderError::Running { path: folder.path.clone(), url })
            }
            Err(std::fs::TryLockError::Error(source)) => Err(io(source)),
        }
    }

    /// Writes the URL that this process serves, for commands run in the folder.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub(crate) fn announce(&self, url: &str) -> std::io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(url.as_bytes())
    }
}
