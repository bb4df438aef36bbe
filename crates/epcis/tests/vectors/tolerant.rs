//! Tolerant mode reads every well-formed document, with its master data, and tells its repairs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use theriac_epcis::{DocumentError, Item, read_items};

use crate::corpus::{data, files};

#[test]
fn every_document_of_events_or_master_data_is_read() {
    let Some(data) = data() else { return };
    let (mut documents, mut events, mut unreadable, mut elements) = (0, 0, 0, 0);
    let (mut repaired_documents, mut repaired_events) = (0, 0);
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for (name, bytes) in files(&data) {
        let (mut own_elements, mut repairs) = (0, 0);
        let info = read_items(&bytes[..], &mut |item| {
            match item {
                Item::Event(event) => {
                    events += 1;
                    match event.outcome {
                        Ok(parsed) => repairs += usize::from(!parsed.repairs.is_empty()),
                        Err(_) => unreadable += 1,
                    }
                }
                Item::MasterData(element) => {
                    assert!(!element.vocabulary.is_empty() && !element.id.is_empty(), "{name}");
                    own_elements += 1;
                }
            }
            ControlFlow::Continue(())
        });
        match info {
            Ok(info) => {
                documents += 1;
                repaired_documents += usize::from(!info.repairs.is_empty() || repairs > 0);
                repaired_events += repairs;
                assert_eq!(info.master_data, own_elements, "{name}");
                assert_eq!(own_elements, count(&name, &bytes), "{name}: elements in the file");
                elements += own_elements;
            }
            Err(DocumentError::NotEpcis { found, .. }) => {
                assert_eq!(count(&name, &bytes), 0, "{name}: {found}");
                *others.entry(found).or_default() += 1;
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    let not_epcis: usize = others.values().sum();
    eprintln!(
        "{documents} documents read, {repaired_documents} of them with repairs; {not_epcis} files \
         are not EPCIS"
    );
    eprintln!(
        "{} of {events} events read, {repaired_events} of them with repairs; {unreadable} \
         unreadable (listed in documents.rs); {elements} master data elements",
        events - unreadable
    );
    for (found, files) in &others {
        eprintln!("    {files} {found}");
    }
    assert!(documents > 300 && events > 3_000 && elements > 50, "{documents} {events} {elements}");
    assert_eq!(unreadable, crate::documents::REFUSED.len());
}

/// Master data elements in a file by a plain search of its text, independent of the reader.
fn count(name: &str, bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    if name.ends_with(".xml") {
        let mut parts = text.split("<!--");
        let first = parts.next().unwrap_or_default().to_owned();
        let text = parts
            .filter_map(|part| part.split_once("-->"))
            .fold(first, |text, (_, rest)| text + rest);
        let tags = text.split('<').filter(|tag| !tag.starts_with('/'));
        let names = tags.map(|tag| tag.split([' ', '>', '/', '\n', '\r', '\t']).next());
        let local = names.flatten().map(|name| name.rsplit(':').next().unwrap_or_default());
        return local.filter(|name| *name == "VocabularyElement").count();
    }
    let Ok(json) = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}'))
    else {
        return 0;
    };
    in_json(&json)
}

fn in_json(json: &serde_json::Value) -> usize {
    match json {
        serde_json::Value::Array(items) => items.iter().map(in_json).sum(),
        serde_json::Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| match value.as_array() {
                Some(items) if key == "vocabularyElementList" => items.len(),
                _ => in_json(value),
            })
            .sum(),
        _ => 0,
    }
}
