//! Every document is read without loss: events read and refused are the events in the file.

use std::collections::BTreeSet;

use theriac_epcis::DocumentError;

use crate::corpus::{data, files, read_all};

const KINDS: &[&str] = &[
    "ObjectEvent",
    "AggregationEvent",
    "AssociationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "QuantityEvent",
];

/// Every event that is refused, with where it goes wrong. Anything else must be readable.
pub(crate) const REFUSED: &[(&str, usize, &str)] = &[
    // Deliberately invalid: see `invalid.rs`.
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/Combination_of_events_with_missing_mandatory_fields.json",
        0,
        "action",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/Combination_of_events_with_missing_mandatory_fields.json",
        1,
        "action",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/Combination_of_non_standard_bizStep_and_disposition.json",
        0,
        "bizStep",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/Combination_of_non_standard_bizStep_and_disposition.json",
        1,
        "disposition",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/ObjectEvent_with_invalid_action.json",
        0,
        "action",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/ObjectEvent_with_non_standard_bizStep.json",
        0,
        "bizStep",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/ObjectEvent_with_non_standard_disposition.json",
        0,
        "disposition",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Capture/Invalid/ObjectEvent_with_quantity_as_text.json",
        0,
        "quantityList[0].quantity",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/JSON/Query/Invalid/QueryDocument_with_invalid_action.json",
        0,
        "action",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/XML/Capture/Invalid/ObjectEvent_with_invalid_action.xml",
        0,
        "action",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/XML/Capture/Invalid/ObjectEvent_with_near_miss_action.xml",
        0,
        "action",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/XML/Query/Invalid/QueryDocument_with_invalid_action.xml",
        0,
        "action",
    ),
    // Digits of dates and offsets were swapped to mask them.
    ("pharma-quartet/EParseCIS/no-cbv-namespace.xml", 0, "eventTimeZoneOffset"),
    ("pharma-quartet/EParseCIS/no-cbv-namespace.xml", 1, "eventTimeZoneOffset"),
    ("pharma-quartet/EParseCIS/no-cbv-namespace.xml", 2, "eventTimeZoneOffset"),
    ("pharma-quartet/EParseCIS/no-cbv-namespace.xml", 3, "eventTimeZoneOffset"),
    ("pharma-quartet/EParseCIS/no-cbv-namespace.xml", 4, "eventTimeZoneOffset"),
    ("pharma-quartet/EParseCIS/no-cbv-namespace.xml", 5, "eventTimeZoneOffset"),
    // Templates with placeholders where values belong.
    ("pharma-quartet/quartet_integrations/ext-add-shipping.xml", 0, "eventTimeZoneOffset"),
    ("pharma-quartet/quartet_integrations/tmpl_tl_hk_object_events.xml", 0, "action"),
];

#[test]
fn every_event_is_read_or_refused() {
    let Some(data) = data() else { return };
    let mut refused = BTreeSet::new();
    let mut read = 0;
    for (name, bytes) in files(&data) {
        let (events, info) = read_all(&bytes);
        match info {
            Ok(info) => {
                assert_eq!(events.len(), count(&name, &bytes), "{name}: events in the file");
                assert_eq!(info.events, events.len(), "{name}");
                assert!(info.complete, "{name}");
            }
            Err(DocumentError::NotEpcis { .. }) => assert!(events.is_empty(), "{name}"),
            Err(error) => panic!("{name}: {error}"),
        }
        for (rank, event) in events.into_iter().enumerate() {
            assert_eq!(event.ordinal, rank, "{name}");
            match event.outcome {
                Ok(parsed) => {
                    read += 1;
                    // A quantity event of EPCIS 1.x is read as an object event.
                    let kind = event.kind.map(|kind| kind.replace("QuantityEvent", "ObjectEvent"));
                    assert_eq!(kind.as_deref(), Some(parsed.event.kind()), "{name}");
                }
                Err(error) => {
                    refused.insert((name.clone(), event.ordinal, error.path));
                }
            }
        }
    }
    let expected = REFUSED.iter().map(|(name, rank, path)| ((*name).into(), *rank, (*path).into()));
    assert_eq!(refused, expected.collect());
    assert!(read > 3_000, "read only {read} events");
}

#[test]
fn wrong_identifiers_are_kept_and_named() {
    let Some(data) = data() else { return };
    for (name, rank, path) in [
        ("pharma-quartet/quartet-vrs/commission_external.xml", 0, "epcList[0]"),
        ("pharma-quartet/quartet_integrations/rocit-test-data-epcis.xml", 0, "epcList[12]"),
        ("pharma-quartet/quartet_integrations/rocit-test-data-epcis.xml", 3, "parentID"),
        ("pharma-quartet/quartet_tracelink/2-b.xml", 0, "epcList[0]"),
    ] {
        let bytes = std::fs::read(data.join(name)).expect("a file of the data");
        let event = &crate::corpus::readable(&bytes)[rank];
        let violations = theriac_epcis::check(event);
        let named = violations.iter().find(|violation| violation.rule == "identifier-is-right");
        assert_eq!(named.map(|violation| violation.path.as_str()), Some(path), "{name}");
    }
}

#[test]
fn messages_that_are_not_epcis_are_named() {
    let Some(data) = data() else { return };
    let mut messages = 0;
    for (name, bytes) in files(&data) {
        let ours = "pharma-quartet/quartet_integrations/";
        let is_message =
            ["systech/", "tracelink/", "unitrace/", "rocit-gtin", "rocit-search", "nr"]
                .iter()
                .any(|start| name.strip_prefix(ours).is_some_and(|rest| rest.starts_with(start)));
        if !is_message {
            continue;
        }
        messages += 1;
        match read_all(&bytes).1 {
            Err(DocumentError::NotEpcis { found, place }) => {
                assert!(found.starts_with("XML with the root element "), "{name}: {found}");
                assert!(place.line >= 1, "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert!(messages > 15, "found only {messages} messages");
}

#[test]
fn lot_and_expiry_are_found_in_every_dialect() {
    let Some(data) = data() else { return };
    for (name, lot, expiry) in [
        ("pharma-quartet/quartet_integrations/sap-epcis.xml", "8AHUB97A01", "2020-04-18"),
        ("pharma-quartet/quartet_integrations/optel_double_timezone.xml", "23930", "2021-01-31"),
        ("pharma-quartet/quartet_epcis/commission.xml", "DL232", "2015-12-31"),
        ("pharma-quartet/quartet_tracelink/optel-data-obj.xml", "19820", "2019-05-31"),
    ] {
        let bytes = std::fs::read(data.join(name)).expect("a file of the data");
        let events = crate::corpus::readable(&bytes);
        let event = events.first().expect("an event");
        assert_eq!(event.lot().map(|lot| lot.to_string()).as_deref(), Some(lot), "{name}");
        assert_eq!(event.expiry().map(|day| day.to_string()).as_deref(), Some(expiry), "{name}");
    }
}

/// Event elements in a file by a plain search of its text, independent of the reader.
fn count(name: &str, bytes: &[u8]) -> usize {
    let text = String::from_utf8_lossy(bytes);
    if !name.ends_with(".xml") {
        return count_json(&text);
    }
    let mut outside = String::new();
    for (index, part) in text.split("<!--").enumerate() {
        let part =
            if index == 0 { part } else { part.split_once("-->").map_or("", |(_, rest)| rest) };
        outside.push_str(part);
    }
    let tags = outside.split('<').skip(1).filter(|tag| {
        let name = tag.split([' ', '>', '/', '\t', '\r', '\n']).next().unwrap_or_default();
        KINDS.contains(&name.rsplit(':').next().unwrap_or_default())
    });
    tags.count()
}

fn count_json(text: &str) -> usize {
    let dense: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    let keys = ["\"type\":\"", "\"isA\":\"", "\"@type\":\""];
    keys.iter()
        .flat_map(|key| dense.split(key).skip(1))
        .filter(|value| KINDS.contains(&value.split('"').next().unwrap_or_default()))
        .count()
}
