//! Where a node is: a folder on this machine, or a URL.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use theriac_node::NodeFolder;

/// Where a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// It serves this URL, without a slash at the end.
    Url(String),
    /// In this folder, or the nearest above it that has a configuration.
    Folder(PathBuf),
}

impl FromStr for Place {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let is_url = text.starts_with("http://") || text.starts_with("https://");
        Ok(match is_url {
            true => Self::Url(text.trim_end_matches('/').to_owned()),
            false => Self::Folder(text.into()),
        })
    }
}

/// The node's folder; what is done there cannot be done through a URL.
///
/// # Errors
///
/// The place is a URL, or there is no node's folder at or above it.
pub fn folder(place: Option<Place>) -> anyhow::Result<NodeFolder> {
    let start = match place {
        Some(Place::Url(url)) => {
            anyhow::bail!("expected the node's folder, found the URL {url}; run it on its machine")
        }
        Some(Place::Folder(folder)) => folder,
        None => PathBuf::from("."),
    };
    let start = absolute(&start)?;
    Ok(NodeFolder::find(&start)?)
}

/// The path from the root, so that the folders above it are known.
pub fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path)
        .map(|path| path.components().collect())
        .with_context(|| format!("cannot find {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_makes_a_url() {
        let place = |text: &str| text.parse::<Place>().unwrap();
        assert_eq!(place("http://127.0.0.1:7340/"), Place::Url("http://127.0.0.1:7340".to_owned()));
        assert_eq!(place("http"), Place::Folder("http".into()));
        assert_eq!(place("../acme"), Place::Folder("../acme".into()));
    }
}
