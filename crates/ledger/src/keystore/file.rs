//! Writing a small secret file once and for all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::KeystoreError;

/// Keystores are a few hundred bytes; nothing larger is read.
const BYTES_MAX: u64 = 64 * 1024;

pub(super) fn read(path: &Path) -> Result<String, KeystoreError> {
    let failed = |source| KeystoreError::Io { action: "read", path: path.to_owned(), source };
    let bytes = fs::metadata(path).map_err(failed)?.len();
    if bytes > BYTES_MAX {
        let found = format!("a file of {bytes} bytes");
        return Err(KeystoreError::NotAKeystore { path: path.to_owned(), found });
    }
    let text = fs::read(path).map_err(failed)?;
    String::from_utf8(text).map_err(|error| KeystoreError::NotAKeystore {
        path: path.to_owned(),
        found: error.to_string(),
    })
}

/// Writes `text` to `path`, where there must be no file.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), KeystoreError> {
    if path.exists() {
        return Err(KeystoreError::Exists { path: path.to_owned() });
    }
    let aside = aside(path);
    let written = write_aside(&aside, text).and_then(|()| fs::rename(&aside, path));
    let durable = written.and_then(|()| sync_folder(path));
    durable.map_err(|source| {
        // What is left aside is useless, and whether it can be removed changes nothing.
        let _ = fs::remove_file(&aside);
        KeystoreError::Io { action: "write", path: path.to_owned(), source }
    })
}

fn aside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let tag: [u8; 8] = rand::random();
    path.with_file_name(format!(".{name}.{}", hex::encode(tag)))
}

fn write_aside(aside: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Makes the new name durable; without it a power cut could lose the file that was just written.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
