//! The files of shared data, and reading them.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use theriac_epcis::{DocumentError, DocumentInfo, Event, ReadEvent, read};

/// Folders with documents of events.
pub(crate) const FOLDERS: &[&str] = &[
    "pharma-quartet",
    "pharma-epcistransformer",
    "openepcis-test-resources",
    "gs1-epcis",
    "evrythng-epcis2js",
    "ralphtro-event-hash",
    "eecc-sanitisation",
    "fastnt",
    "fosstrak-interop",
    "openepcis-testdata-generator",
    "openepcis-converter-egypt",
];

/// The folder of shared data; `None`, and a message, where it is absent.
pub(crate) fn data() -> Option<PathBuf> {
    let path = match std::env::var_os("THERIAC_DATA") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no shared data at {} (set THERIAC_DATA)", path.display());
    None
}

/// Every JSON and XML file below the folders, by its path below the data.
pub(crate) fn files(data: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for folder in FOLDERS {
        collect(data, &data.join(folder), &mut files);
    }
    assert!(files.len() > 300, "found only {} files", files.len());
    files
}

fn collect(data: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("the folder is part of the data") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            collect(data, &path, files);
        } else if path
            .extension()
            .is_some_and(|end| end == "xml" || end == "json" || end == "jsonld")
        {
            let name = path.strip_prefix(data).expect("a path below the data");
            let bytes = fs::read(&path).expect("a readable file");
            files.insert(name.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
}

/// All events of a document, readable or not.
pub(crate) fn read_all(bytes: &[u8]) -> (Vec<ReadEvent>, Result<DocumentInfo, DocumentError>) {
    let mut events = Vec::new();
    let info = read(bytes, &mut |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    (events, info)
}

/// The readable events of a document.
pub(crate) fn readable(bytes: &[u8]) -> Vec<Event> {
    let (events, _) = read_all(bytes);
    events.into_iter().filter_map(|event| event.outcome.ok()).map(|parsed| parsed.event).collect()
}
