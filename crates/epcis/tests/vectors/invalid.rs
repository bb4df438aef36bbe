//! Documents that are deliberately invalid are named with their error.

use theriac_epcis::check;

use crate::corpus::{data, files, read_all};

/// What is told of each file: an error, a repair (an error to a strict receiver), or a violation.
const TOLD: &[(&str, &str)] = &[
    (
        "JSON/Capture/Invalid/Combination_of_events_with_missing_mandatory_fields.json",
        "expected ADD, OBSERVE or DELETE, found nothing",
    ),
    (
        "JSON/Capture/Invalid/Combination_of_non_standard_bizStep_and_disposition.json",
        "expected a business step of the CBV or an absolute URI, found \"transforming\"",
    ),
    ("JSON/Capture/Invalid/EPCISDocument_without_context.json", "nothing read as the EPCIS 2.0"),
    ("JSON/Capture/Invalid/ObjectEvent_with_ilmd_field_without_namespace.json", "without a name"),
    (
        "JSON/Capture/Invalid/ObjectEvent_with_invalid_action.json",
        "expected ADD, OBSERVE or DELETE, found \"CREATE\" at \"action\"",
    ),
    ("JSON/Capture/Invalid/ObjectEvent_with_non_standard_bizStep.json", "found \"transforming\""),
    (
        "JSON/Capture/Invalid/ObjectEvent_with_non_standard_disposition.json",
        "expected a disposition of the CBV or an absolute URI, found \"in_transport\"",
    ),
    (
        "JSON/Capture/Invalid/ObjectEvent_with_quantity_as_text.json",
        "found \"twenty\" at \"quantityList[0].quantity\"",
    ),
    ("JSON/Capture/Invalid/ObjectEvent_without_identifier_list.json", "object-names-something"),
    ("JSON/Query/Invalid/QueryDocument_with_invalid_action.json", "found \"INVALIDACTION\""),
    ("XML/Capture/Invalid/ObjectEvent_with_invalid_action.xml", "found \"CREATE\""),
    ("XML/Capture/Invalid/ObjectEvent_with_near_miss_action.xml", "found \"OBSERV\""),
    ("XML/Query/Invalid/QueryDocument_with_invalid_action.xml", "found \"INVALIDACTION\""),
];

/// Invalid only as a query, which is not the business of a reader of events.
const QUERIES: &[&str] = &["XML/Query/Invalid/QueryDocument_with_missing_value.xml"];

#[test]
fn invalid_documents_are_named_with_their_error() {
    let Some(data) = data() else { return };
    let mut met = 0;
    for (name, bytes) in files(&data) {
        let Some(short) = name.strip_prefix("openepcis-test-resources/2.0/EPCIS/") else {
            continue;
        };
        if !short.contains("/Invalid/") || QUERIES.contains(&short) {
            continue;
        }
        let (_, wanted) = TOLD
            .iter()
            .find(|(file, _)| *file == short)
            .unwrap_or_else(|| panic!("{short} is not listed"));
        let told = told(&bytes);
        assert!(told.iter().any(|line| line.contains(wanted)), "{short}: {told:#?}");
        met += 1;
    }
    assert_eq!(met, TOLD.len());
}

fn told(bytes: &[u8]) -> Vec<String> {
    let (events, info) = read_all(bytes);
    let mut told = Vec::new();
    let info = info.expect("a document of events");
    let mut repairs = info.repairs;
    for event in events {
        match event.outcome {
            Err(error) => told.push(error.to_string()),
            Ok(parsed) => {
                repairs.extend(parsed.repairs);
                told.extend(check(&parsed.event).iter().map(ToString::to_string));
            }
        }
    }
    let repairs = repairs.iter();
    told.extend(repairs.map(|repair| format!("{} read as {}", repair.found, repair.read_as)));
    told
}
