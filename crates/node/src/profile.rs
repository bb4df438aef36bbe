//! The profile of the jurisdiction that a node works in: by name, or from a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use theriac_custody::Profile;
use theriac_custody::profile::ProfileError;

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileFileError {
    /// The file cannot be read.
    #[error("expected a profile ({known}) or a file with one, cannot read {path}: {source}", known = known())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no profile.
    #[error("cannot use {path}: {source}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What was expected, what was found.
        source: ProfileError,
    },
}

/// The names of the profiles that are part of the program.
fn known() -> String {
    let names: Vec<&str> =
        Profile::built_in().iter().map(|profile| profile.name.as_str()).collect();
    names.join(", ")
}

/// The profile that a configuration names: one that is part of the program, or else a file; a
/// relative path starts in `dir`.
///
/// # Errors
///
/// [`ProfileFileError`], with the file.
pub fn read_profile(dir: &Path, name: &str) -> Result<Arc<Profile>, ProfileFileError> {
    if let Some(profile) = Profile::named(name) {
        return Ok(Arc::new(profile.clone()));
    }
    let path = dir.join(name);
    let text = std::fs::read_to_string(&path)
        .map_err(|source| ProfileFileError::Unreadable { path: path.clone(), source })?;
    Profile::parse(&text).map(Arc::new).map_err(|source| ProfileFileError::Invalid { path, source })
}
