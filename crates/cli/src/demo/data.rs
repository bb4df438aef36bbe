//! The folder of a demo's data.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;

use crate::exit::InputError;
use crate::place::absolute;

/// The folder asked for, or a new one under the system's folder for temporary files; empty.
pub fn folder(asked: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let dir = match asked {
        Some(dir) => absolute(&dir)?,
        None => {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let name = format!("theriac-demo-{}-{}", now.as_secs(), std::process::id());
            std::env::temp_dir().join(name)
        }
    };
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    expect_empty(&dir)?;
    Ok(dir)
}

/// # Errors
///
/// There is something in the folder, or it cannot be listed.
pub fn expect_empty(dir: &Path) -> anyhow::Result<()> {
    let mut entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => {
            let dir = dir.display();
            Err(InputError(format!("expected an empty folder, found files in {dir}")).into())
        }
    }
}
