//! The watched folder: files in `in` are taken once they rest, and moved to `processed` or `rejected`
//! beside a report.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::incoming::FileReport;
use super::outgoing::write_whole;
use super::{FILE_BYTES_MAX, FileError};
use crate::error::NodeError;
use crate::node::Node;

/// Files that are looked at in one round.
const ROUND_FILES: usize = 64;

/// Size and time of each file in `in` when it was last looked at: one that has changed since is
/// still being written.
pub(crate) type Looks = HashMap<PathBuf, (u64, Option<SystemTime>)>;

impl Node {
    /// Takes the files in the folder `in` that have not changed since the last look; true if there
    /// were any. A file that was not there at the last look is taken at the next one.
    pub(super) async fn look_into_folder(&self) -> Result<bool, NodeError> {
        let Some(folder) = self.inner().files.clone() else { return Ok(false) };
        let inbox = folder.join("in");
        let failed = |error: std::io::Error| NodeError::Files(error.to_string());
        let found = look(&inbox).map_err(failed)?;
        let resting: Vec<PathBuf> = {
            let mut looks =
                self.inner().looks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let before = std::mem::replace(&mut *looks, found.clone());
            let rests = |(path, look): (&PathBuf, &_)| {
                (before.get(path) == Some(look)).then(|| path.clone())
            };
            found.iter().filter_map(rests).take(ROUND_FILES).collect()
        };
        for path in &resting {
            self.take_from(path, &inbox).await?;
        }
        Ok(!resting.is_empty())
    }

    async fn take_from(&self, path: &Path, inbox: &Path) -> Result<(), NodeError> {
        let failed = |error: std::io::Error| NodeError::Files(error.to_string());
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("file").to_owned();
        let size = std::fs::metadata(path).map_err(failed)?.len();
        let taken = if size > FILE_BYTES_MAX as u64 {
            Err(FileError::TooLarge { found: size })
        } else {
            let bytes = tokio::fs::read(path).await.map_err(failed)?;
            self.take_file(&name, bytes).await
        };
        let report = match taken {
            Ok(report) => report,
            Err(FileError::Node(error)) => return Err(error),
            Err(error) => FileReport::refused(&name, &error.to_string()),
        };
        let folder = if report.is_rejected() { "rejected" } else { "processed" };
        let own = format!("{}-{name}", report.file);
        let target = inbox.join(folder).join(&own);
        let json = serde_json::to_vec_pretty(&report).unwrap_or_default();
        let beside = inbox.join(folder).join(format!("{own}.report.json"));
        write_whole(beside, json).await.map_err(failed)?;
        std::fs::rename(path, target).map_err(failed)
    }
}

/// The files of a folder that may be taken; a name that begins with a dot or ends in `.part` or
/// `.tmp` is still being written.
fn look(inbox: &Path) -> std::io::Result<Looks> {
    std::fs::create_dir_all(inbox)?;
    let mut looks = Looks::new();
    for entry in std::fs::read_dir(inbox)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let unfinished = [".part", ".tmp"].iter().any(|ending| name.ends_with(ending));
        let Ok(about) = entry.metadata() else { continue };
        if name.starts_with('.') || unfinished || !about.is_file() {
            continue;
        }
        looks.insert(entry.path(), (about.len(), about.modified().ok()));
    }
    Ok(looks)
}
