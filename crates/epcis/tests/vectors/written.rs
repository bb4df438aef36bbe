//! What is written is valid: the strict reader finds no departure from the schemas in it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::Timestamp;
use theriac_epcis::{
    DocumentFormat, DocumentHeader, Event, Item, Layer, WriteOptions, judge, read_items,
    write_document_as,
};

use crate::corpus::{data, files};

/// Documents that break the JSON schema where they were published, and in what: it says of values
/// what the XML schemas leave open. They are written as they were read.
const INVALID: &[(&str, &str)] = &[
    ("evrythng-epcis2js/data/hashing/epcisDocWithSingleEvent.json", "the event ID is no URI"),
    (
        "fastnt/tests/FasTnT.Host.Tests/Features/v2_0/Communication/Resources/Requests/Request_ObjectEvent_WithMultipleMasterdata.json",
        "the name of an attribute of master data is no URI",
    ),
    (
        "gs1-epcis/JSON-simple-context/WithFullCombinationOfFields/object_event_all_possible_fields.jsonld",
        "master data with action OBSERVE",
    ),
    ("gs1-epcis/XSL/1.2/XML/ObjectEvent.xml", "a field without a namespace"),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Documents/TransactionEvent_with_userExtensions.json",
        "no measurement of GS1",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/ObjectEvent_with_ilmd_field_without_namespace.json",
        "a field without a namespace",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/ObjectEvent_without_identifier_list.json",
        "no objects",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Query/TransactionEvent_with_userExtensions.json",
        "no measurement of GS1",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/XML/Capture/Documents/TransactionEvent_with_userExtensions.xml",
        "no measurement of GS1",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/XML/Query/Documents/TransactionEvent_with_userExtensions.xml",
        "no measurement of GS1",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/XML/Query/TransactionEvent_with_userExtensions.xml",
        "no measurement of GS1",
    ),
    ("pharma-quartet/EParseCIS/epcis.xml", "the transformation ID is no URI"),
    ("pharma-quartet/quartet_integrations/epcis.xml", "a field without a namespace"),
    (
        "pharma-quartet/quartet_integrations/rocit-test-data-epcis.xml",
        "master data with action OBSERVE",
    ),
    ("pharma-quartet/quartet_integrations/sap-epcis.xml", "a field without a namespace"),
    ("pharma-quartet/quartet_tracelink/2-b.xml", "a business transaction is no URI"),
    (
        "pharma-quartet/quartet_tracelink/bitter-waterfall-ship.xml",
        "a business transaction is no URI",
    ),
    (
        "pharma-quartet/quartet_tracelink/delayed_ship_pallet.xml",
        "a business transaction is no URI",
    ),
    ("ralphtro-event-hash/expected_equal/numberPrecision.xml", "no measurement of GS1"),
];

/// Events and header of a document, with its master data.
fn document(bytes: &[u8]) -> Option<(Vec<Event>, DocumentHeader)> {
    let (mut events, mut master_data) = (Vec::new(), Vec::new());
    let info = read_items(bytes, &mut |item| {
        match item {
            Item::Event(event) => events.extend(event.outcome.ok().map(|parsed| parsed.event)),
            Item::MasterData(element) => master_data.push(element),
        }
        ControlFlow::Continue(())
    });
    let header = DocumentHeader::of(&info.ok()?, Timestamp::UNIX_EPOCH);
    let is_empty = events.is_empty() && master_data.is_empty();
    (!is_empty).then_some((events, DocumentHeader { master_data, ..header }))
}

#[test]
fn what_is_written_is_valid() {
    let Some(data) = data() else { return };
    let mut invalid = BTreeMap::new();
    for format in [DocumentFormat::Json, DocumentFormat::Xml, DocumentFormat::Xml12] {
        let (mut documents, mut valid) = (0, 0);
        for (name, bytes) in files(&data) {
            let Some((events, header)) = document(&bytes) else { continue };
            let mut written = Vec::new();
            write_document_as(format, &events, &header, &WriteOptions::default(), &mut written)
                .expect("a Vec takes every write");
            let mut findings = Vec::new();
            let judged = judge(&written[..], &mut |finding| {
                findings.extend((finding.layer == Layer::Schema).then(|| finding.to_string()));
            });
            if let Err(error) = judged {
                findings.push(error.to_string());
            }
            documents += 1;
            match findings.is_empty() {
                true => valid += 1,
                false => drop(invalid.insert((name, format!("{format:?}")), findings)),
            }
        }
        eprintln!("{format:?}: {valid} of {documents} documents are valid as they are written");
    }
    for ((name, format), findings) in &invalid {
        let reason = INVALID.iter().find(|(listed, _)| listed == name).map(|(_, reason)| reason);
        match reason {
            Some(reason) => eprintln!("invalid where it was published: {name}: {reason}"),
            None => eprintln!("{name} {format}: {findings:#?}"),
        }
    }
    let found: Vec<&str> = invalid.keys().map(|(name, _)| name.as_str()).collect();
    let listed: Vec<&str> = INVALID.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, listed);
}
