//! Which documents the words of the command line name.

use std::io;
use std::path::{Path, PathBuf};

use crate::client::Document;
use crate::exit::InputError;

/// Endings of files that are taken from a folder.
const ENDINGS: [&str; 3] = ["xml", "json", "jsonld"];

/// The documents named, folders replaced by the documents in them.
///
/// # Errors
///
/// One is not there, or a folder has none.
pub fn documents(words: &[PathBuf]) -> Result<Vec<Document>, InputError> {
    let mut documents = Vec::new();
    for word in words {
        if word.as_os_str() == "-" {
            documents.push(Document::StandardInput);
            continue;
        }
        let unreadable = |error| InputError(format!("cannot read {}: {error}", word.display()));
        if std::fs::metadata(word).map_err(unreadable)?.is_dir() {
            let mut files = Vec::new();
            gather(word, &mut files).map_err(unreadable)?;
            if files.is_empty() {
                let word = word.display();
                let expected = "expected files ending in .xml, .json or .jsonld";
                return Err(InputError(format!("{expected} in {word}, found none")));
            }
            files.sort();
            documents.extend(files.into_iter().map(Document::File));
        } else {
            documents.push(Document::File(word.clone()));
        }
    }
    Ok(documents)
}

/// Adds the documents in a folder, at any depth. Links to folders are not followed, so that there
/// is an end.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        let ending = path.extension().and_then(|ending| ending.to_str());
        let taken = ending
            .is_some_and(|ending| ENDINGS.iter().any(|taken| taken.eq_ignore_ascii_case(ending)));
        if kind.is_dir() {
            gather(&path, files)?;
        } else if taken && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_walked_in_order() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir_all(at("b/deep")).unwrap();
        for name in ["b/deep/2.XML", "c.json", "a.jsonld", "readme.txt"] {
            std::fs::write(at(name), "").unwrap();
        }
        let found = documents(&[dir.path().to_owned(), "-".into()]).unwrap();
        let expected: Vec<Document> = ["a.jsonld", "b/deep/2.XML", "c.json"]
            .map(|name| Document::File(at(name)))
            .into_iter()
            .chain([Document::StandardInput])
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_to_read_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(documents(&[dir.path().to_owned()]).unwrap_err().0.contains("found none"));
        assert!(documents(&[dir.path().join("no")]).unwrap_err().0.contains("cannot read"));
    }
}
