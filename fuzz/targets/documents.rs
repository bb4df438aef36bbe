//! What the targets of both formats do with a document.

use std::ops::ControlFlow;

use jiff::Timestamp;
use serde_json::Value;
use theriac_epcis::{
    DocumentError, DocumentFormat, DocumentHeader, Event, ExtensionValue, Item, MasterDataElement,
    WriteOptions, check, event_from_json, event_hash, judge, read_items, to_json,
    write_document_as,
};

/// A document of more events is read, but not written again in every format.
const WRITTEN_EVENTS_MAX: usize = 16;

/// Reads a document, judges it, and writes what was read in every format.
pub fn exercise(document: &[u8]) {
    let (mut events, mut elements, mut refused) = (Vec::new(), Vec::new(), 0);
    let info = read_items(document, &mut |item| {
        match item {
            Item::Event(event) => match event.outcome {
                Ok(parsed) => events.push(parsed.event),
                Err(_) => refused += 1,
            },
            Item::MasterData(element) => elements.push(element),
        }
        ControlFlow::Continue(())
    });
    let mut findings = 0_usize;
    let judged = judge(document, &mut |finding| {
        let _ = finding.to_string();
        findings += 1;
    });
    let is_valid = judged.is_ok() && findings == 0;
    // The judge also knows the messages of the query service, which hold no events.
    let is_read = !matches!(&info, Err(error) if !matches!(error, DocumentError::NotEpcis { .. }));
    assert!(!is_valid || is_read && refused == 0, "a valid document is read: {info:?}");
    events.iter().for_each(alone);
    let Ok(info) = info else { return };
    if events.len() + elements.len() > WRITTEN_EVENTS_MAX {
        return;
    }
    let mut header = DocumentHeader::of(&info, Timestamp::UNIX_EPOCH);
    header.master_data = elements;
    for format in [DocumentFormat::Json, DocumentFormat::Xml, DocumentFormat::Xml12] {
        if format == DocumentFormat::Json || is_sayable(&events, &header) {
            together(format, &events, &header, is_valid);
        }
    }
}

/// An event is written alone and read again the same.
fn alone(event: &Event) {
    let _ = (check(event), event.lot(), event.expiry(), event.epcs().count());
    let json = to_json(event);
    let again = event_from_json(&json).unwrap_or_else(|error| panic!("{error}: {json}"));
    assert_eq!(again, *event, "{json}");
    assert_eq!(event_hash(&again), event_hash(event), "{json}");
}

/// A document is written and read again: equal events, hashes and master data.
fn together(format: DocumentFormat, events: &[Event], header: &DocumentHeader, is_valid: bool) {
    let mut written = Vec::new();
    write_document_as(format, events, header, &WriteOptions::default(), &mut written)
        .expect("a Vec takes every write");
    let shown = String::from_utf8_lossy(&written);
    let (mut again, mut elements) = (Vec::new(), Vec::new());
    read_items(&written[..], &mut |item| {
        match item {
            Item::Event(event) => match event.outcome {
                Ok(parsed) => again.push(parsed.event),
                Err(error) => panic!("{error}: {shown}"),
            },
            Item::MasterData(element) => elements.push(as_text(element)),
        }
        ControlFlow::Continue(())
    })
    .unwrap_or_else(|error| panic!("{error}: {shown}"));
    assert_eq!(again.len(), events.len(), "{shown}");
    for (again, event) in again.iter().zip(events) {
        assert_eq!(again, event, "{shown}");
        assert_eq!(event_hash(again), event_hash(event), "{shown}");
    }
    let before: Vec<_> = header.master_data.iter().cloned().map(as_text).collect();
    assert_eq!(elements, before, "{shown}");
    if is_valid {
        judge(&written[..], &mut |_| {}).unwrap_or_else(|error| panic!("{error}: {shown}"));
    }
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

/// Whether XML has all characters of the events and the header; it loses others (decision 0009).
fn is_sayable(events: &[Event], header: &DocumentHeader) -> bool {
    let mut header_text = Vec::new();
    let written = write_document_as(
        DocumentFormat::Json,
        events,
        header,
        &WriteOptions::default(),
        &mut header_text,
    );
    let document = serde_json::from_slice(&header_text);
    written.is_ok() && document.is_ok_and(|document| is_xml(&document))
}

fn is_xml(value: &Value) -> bool {
    let has = |text: &str| {
        let lost = |one: char| matches!(one, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        !text.contains(|one| lost(one) && !matches!(one, '\t' | '\n' | '\r'))
    };
    match value {
        Value::String(text) => has(text),
        Value::Array(items) => items.iter().all(is_xml),
        Value::Object(fields) => fields.iter().all(|(name, value)| has(name) && is_xml(value)),
        _ => true,
    }
}
