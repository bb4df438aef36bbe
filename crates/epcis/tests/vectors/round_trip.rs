//! What is written is read again as it was, in every format and every form of identifiers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use theriac_epcis::{
    CbvFormat, DocumentFormat, DocumentHeader, EpcFormat, Event, Format, WriteOptions,
    event_from_json, event_hash, to_json_with, write_document, write_document_as, write_event,
};

use crate::corpus::{data, files, read_all, readable};

const FORMATS: &[(DocumentFormat, Format)] = &[
    (DocumentFormat::Json, Format::Json20),
    (DocumentFormat::Xml, Format::Xml20),
    (DocumentFormat::Xml12, Format::Xml12),
];

const FORMS: &[(EpcFormat, CbvFormat)] = &[
    (EpcFormat::DigitalLink, CbvFormat::WebUri),
    (EpcFormat::AsRead, CbvFormat::Urn),
    (EpcFormat::Urn, CbvFormat::WebUri),
];

/// What is lost when these events are written and read, one line for each event that differs.
fn lost(
    events: &[Event],
    format: (DocumentFormat, Format),
    options: &WriteOptions<'_>,
) -> Vec<String> {
    let header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    let mut written = Vec::new();
    write_document_as(format.0, events, &header, options, &mut written)
        .expect("a Vec takes every write");
    let (again, info) = read_all(&written);
    let info = match info {
        Ok(info) => info,
        Err(error) => return vec![error.to_string()],
    };
    assert_eq!(info.format, format.1);
    let mut lost: Vec<String> = info.repairs.iter().map(|repair| format!("{repair:?}")).collect();
    if again.len() != events.len() {
        lost.push(format!("{} events of {}", again.len(), events.len()));
    }
    for (event, again) in events.iter().zip(again) {
        match again.outcome {
            Err(error) => lost.push(error.to_string()),
            Ok(parsed) if &parsed.event != event => {
                lost.push(format!("wrote {event:?}\nread {:?}", parsed.event));
            }
            Ok(parsed) => assert_eq!(event_hash(&parsed.event), event_hash(event)),
        }
    }
    lost
}

#[test]
fn every_event_survives_every_format() {
    let Some(data) = data() else { return };
    for format in FORMATS {
        let (mut documents, mut events) = (0, 0);
        let mut differing = BTreeMap::new();
        for (name, bytes) in files(&data) {
            let document = readable(&bytes);
            if document.is_empty() {
                continue;
            }
            documents += 1;
            events += document.len();
            for (epc, cbv) in FORMS {
                let options = WriteOptions { epc: *epc, cbv: *cbv, ..WriteOptions::default() };
                let lost = lost(&document, *format, &options);
                if !lost.is_empty() {
                    differing.insert(name.clone(), lost);
                }
            }
        }
        eprintln!(
            "{:?}: {} of {documents} documents with {events} events are the same when read again",
            format.0,
            documents - differing.len()
        );
        for (name, lost) in &differing {
            eprintln!("{name}:\n{}", lost.join("\n").chars().take(3000).collect::<String>());
        }
        assert!(documents > 200 && events > 3_000, "{documents} documents, {events} events");
        assert_eq!(differing.len(), 0, "{:?}", format.0);
    }
}

#[test]
fn every_event_survives_alone() {
    let Some(data) = data() else { return };
    for (name, bytes) in files(&data) {
        for event in readable(&bytes) {
            let options = WriteOptions { epc: EpcFormat::AsRead, ..WriteOptions::default() };
            let json = to_json_with(&event, &options);
            let again = event_from_json(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(again, event, "{name}");
            let mut xml = Vec::new();
            write_event(DocumentFormat::Xml, &event, &options, &mut xml).expect("a Vec");
            assert_eq!(readable(&xml), [event], "{name}");
        }
    }
}

#[test]
fn the_plain_form_is_json_with_digital_links() {
    let Some(data) = data() else { return };
    for (name, bytes) in files(&data) {
        let events = readable(&bytes);
        let header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
        let (mut plain, mut chosen) = (Vec::new(), Vec::new());
        write_document(events.iter(), &header, &mut plain).expect("a Vec takes every write");
        let options = WriteOptions::default();
        write_document_as(DocumentFormat::Json, &events, &header, &options, &mut chosen)
            .expect("a Vec takes every write");
        assert_eq!(plain, chosen, "{name}");
    }
}
