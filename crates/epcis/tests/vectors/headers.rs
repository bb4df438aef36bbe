//! What a document says beside its events is written and read again as it was.

use std::ops::ControlFlow;

use jiff::Timestamp;
use theriac_epcis::{
    DocumentFormat, DocumentHeader, DocumentInfo, Event, ExtensionValue, Item, MasterDataElement,
    WriteOptions, read_items, write_document_as,
};

use crate::corpus::{data, files};

const FORMATS: [DocumentFormat; 3] =
    [DocumentFormat::Json, DocumentFormat::Xml, DocumentFormat::Xml12];

fn header(bytes: &[u8]) -> Option<(DocumentInfo, Vec<MasterDataElement>)> {
    let mut elements = Vec::new();
    let info = read_items(bytes, &mut |item| {
        if let Item::MasterData(element) = item {
            elements.push(element);
        }
        ControlFlow::Continue(())
    });
    Some((info.ok()?, elements))
}

/// Master data has no place for the type of a value in XML: numbers and booleans are its text.
fn as_text(mut element: MasterDataElement) -> MasterDataElement {
    for attribute in &mut element.attributes {
        let text = match &attribute.value {
            ExtensionValue::Number(number) => number.to_string(),
            ExtensionValue::Boolean(value) => value.to_string(),
            ExtensionValue::Text(_) | ExtensionValue::Nested(_) => continue,
        };
        attribute.value = ExtensionValue::Text(text);
    }
    element
}

#[test]
fn headers_survive_every_format() {
    let Some(data) = data() else { return };
    let (mut documents, mut with_data, mut senders) = (0, 0, 0);
    for (name, bytes) in files(&data) {
        let Some((info, elements)) = header(&bytes) else { continue };
        let mut wanted = DocumentHeader::of(&info, Timestamp::UNIX_EPOCH);
        let left_out_of_hashes = info.ignore_fields;
        wanted.master_data = elements;
        documents += 1;
        with_data += usize::from(!wanted.master_data.is_empty());
        senders += usize::from(wanted.sender.is_some());
        for format in FORMATS {
            let mut written = Vec::new();
            let events: [Event; 0] = [];
            write_document_as(format, events, &wanted, &WriteOptions::default(), &mut written)
                .expect("a Vec takes every write");
            let (info, elements) = header(&written).unwrap_or_else(|| panic!("{name} {format:?}"));
            let found = DocumentHeader::of(&info, Timestamp::UNIX_EPOCH);
            assert_eq!(info.ignore_fields, left_out_of_hashes, "{name} {format:?}");
            assert_eq!(found.creation_date, wanted.creation_date, "{name} {format:?}");
            assert_eq!(found.query_name, wanted.query_name, "{name} {format:?}");
            assert_eq!(found.subscription_id, wanted.subscription_id, "{name} {format:?}");
            if format != DocumentFormat::Json || wanted.query_name.is_none() {
                assert_eq!(found.sender, wanted.sender, "{name} {format:?}");
                assert_eq!(found.receiver, wanted.receiver, "{name} {format:?}");
            }
            let elements: Vec<_> = elements.into_iter().map(as_text).collect();
            let before: Vec<_> = wanted.master_data.iter().cloned().map(as_text).collect();
            assert_eq!(elements, before, "{name} {format:?}");
            let count =
                |header: &DocumentHeader| header.header_extensions.len() + header.extensions.len();
            assert_eq!(count(&found), count(&wanted), "{name} {format:?}");
        }
    }
    eprintln!(
        "{documents} of {documents} headers survive, {with_data} with master data, \
         {senders} with a sender"
    );
    assert!(documents > 300 && with_data > 10 && senders > 30);
}

#[test]
fn fields_left_out_of_hashes_are_a_list_in_json() {
    let document = br#"{
      "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"repository": "https://repository.example/", "own": "https://own.example/"}],
      "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T08:00:00Z",
      "repository:ignoreFields": ["repository:hash", "own:note"],
      "epcisBody": {"eventList": []}
    }"#;
    let (info, _) = header(document).expect("a document");
    let wanted = DocumentHeader::of(&info, Timestamp::UNIX_EPOCH);
    let mut written = Vec::new();
    let (events, options): ([Event; 0], _) = ([], WriteOptions::default());
    write_document_as(DocumentFormat::Json, events, &wanted, &options, &mut written)
        .expect("a Vec takes every write");
    let text = String::from_utf8(written).expect("JSON is UTF-8");
    assert!(text.contains(r#":ignoreFields":["ext1:hash","ext2:note"]"#), "{text}");
    let (again, _) = header(text.as_bytes()).expect("a document");
    assert_eq!(again.ignore_fields, info.ignore_fields);
}
