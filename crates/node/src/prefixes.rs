//! The operator's table of company prefix lengths, with which EPC URNs are written of what came in as
//! Digital Link.

use std::path::{Path, PathBuf};

use theriac_gs1::{CompanyPrefixes, CompanyPrefixesError};

/// Why a table of company prefixes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PrefixFileError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no list of prefixes and lengths.
    #[error("cannot use {path}: {source}")]
    Csv {
        /// The file.
        path: PathBuf,
        /// What was expected, what was found, in which line.
        source: CompanyPrefixesError,
    },
    /// The file is not GS1's list in JSON.
    #[error("cannot use {path}: {source}")]
    Json {
        /// The file.
        path: PathBuf,
        /// What was expected, what was found, where.
        source: serde_json::Error,
    },
}

/// Reads a table: lines of prefix and length with a comma between, or GS1's own list in JSON.
///
/// # Errors
///
/// [`PrefixFileError`], with the file and the place in it.
pub fn read_company_prefixes(path: &Path) -> Result<CompanyPrefixes, PrefixFileError> {
    let path = || path.to_owned();
    let text = std::fs::read_to_string(path())
        .map_err(|source| PrefixFileError::Unreadable { path: path(), source })?;
    if text.trim_start_matches('\u{FEFF}').trim_start().starts_with('{') {
        return serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
            .map_err(|source| PrefixFileError::Json { path: path(), source });
    }
    CompanyPrefixes::from_csv(&text).map_err(|source| PrefixFileError::Csv { path: path(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_mistakes_name_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let read = |name: &str, text: &str| {
            let file = dir.path().join(name);
            std::fs::write(&file, text).unwrap();
            read_company_prefixes(&file)
        };
        let json = r#"{"GCPPrefixFormatList":{"entry":[{"prefix":"9521321","gcpLength":7}]}}"#;
        for (name, text) in [("a.csv", "prefix,length\n9521321,7\n"), ("a.json", json)] {
            let id = "https://id.gs1.org/01/09521321000421/21/A001".parse().unwrap();
            let length = read(name, text).unwrap().length_of(&id);
            assert_eq!(length.map(|length| length.digits()), Some(7), "{name}");
        }
        for (name, text) in [("b.csv", "9521321\n"), ("b.json", "{}")] {
            assert!(read(name, text).unwrap_err().to_string().contains(name));
        }
        let missing = read_company_prefixes(&dir.path().join("no")).unwrap_err();
        assert!(matches!(missing, PrefixFileError::Unreadable { .. }));
    }
}
