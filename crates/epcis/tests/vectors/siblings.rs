//! Documents that were published in JSON and in XML give the same events.

use std::collections::{BTreeMap, BTreeSet};

use theriac_epcis::{Event, Extension, ExtensionValue};

use crate::corpus::{data, files, readable};

/// Names of folders that differ between siblings.
const NOTATIONS: &[&str] = &["XML", "JSON", "JSON-simple-context"];

/// Siblings whose content differs where they were published, and in what.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "fastnt/tests/FasTnT.Host.Tests/Features/v2_0/Communication/Resources/Events/ObjectEvent_StringCertificationInfo",
        "two events of other times and objects",
    ),
    (
        "gs1-epcis/WithFullCombinationOfFields/aggregation_event_all_possible_fields",
        "certificationInfo, errorDeclaration and one level of ext2:object in JSON only",
    ),
    (
        "gs1-epcis/WithFullCombinationOfFields/association_event_all_possible_fields",
        "certificationInfo, errorDeclaration and one level of ext2:object in JSON only",
    ),
    (
        "gs1-epcis/WithFullCombinationOfFields/object_event_all_possible_fields",
        "another action; the extensions of the event in JSON only",
    ),
    (
        "gs1-epcis/WithFullCombinationOfFields/transformation_event_all_possible_fields",
        "certificationInfo, errorDeclaration and one level of ext2:object in JSON only",
    ),
    (
        "openepcis-converter-egypt/test/resources/1._GS1_Eg_EPCIS_Document",
        "two events of other times and objects",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/Capture/Documents/Combination_of_different_event",
        "declarationTime 14:00+01:00 in XML, 14:00Z in JSON",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/Capture/Documents/TransformationEvent_with_userExtensions",
        "cbvmda is urn:epcglobal:cbv:mda in XML, urn:epcglobal:cbv:mda: in JSON",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/Query/Combination_of_different_event",
        "declarationTime 14:00+01:00 in XML, 14:00Z in JSON",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/Query/ObjectEventWithAllPossibleFields",
        "other rawData and deviceMetadata; cbvmda as above",
    ),
    (
        "openepcis-test-resources/2.0/EPCIS/Query/queryDocument",
        "https://ref.gs1.org/voc/Speed in XML, Speed (https://gs1.org/voc/Speed) in JSON",
    ),
];

#[test]
fn json_and_xml_siblings_give_the_same_events() {
    let Some(data) = data() else { return };
    let mut families: BTreeMap<String, Vec<(bool, Vec<Event>)>> = BTreeMap::new();
    for (name, bytes) in files(&data) {
        let events: Vec<Event> = readable(&bytes).into_iter().map(plain).collect();
        if !events.is_empty() {
            let family = families.entry(stem(&name)).or_default();
            family.push((name.ends_with(".xml"), events));
        }
    }
    let (mut pairs, mut alike) = (0, 0);
    let mut different = BTreeSet::new();
    for (stem, family) in &families {
        for (_, xml) in family.iter().filter(|(is_xml, _)| *is_xml) {
            for (_, json) in family.iter().filter(|(is_xml, _)| !is_xml) {
                pairs += 1;
                match xml == json {
                    true => alike += 1,
                    false => drop(different.insert(stem.as_str())),
                }
            }
        }
    }
    eprintln!("{alike} of {pairs} pairs of JSON and XML give the same events");
    for (stem, what) in DIFFERENT {
        eprintln!("differs where it was published: {stem}: {what}");
    }
    assert_eq!(different, DIFFERENT.iter().map(|(stem, _)| *stem).collect());
    assert_eq!(pairs, 53);
}

/// The path without its notation and ending.
fn stem(name: &str) -> String {
    let path = name.rsplit_once('.').map_or(name, |(path, _)| path);
    let parts = path.split('/').filter(|part| !NOTATIONS.contains(part));
    parts.collect::<Vec<_>>().join("/")
}

/// The event with what a notation may leave open said in one way: the order of the fields of
/// other vocabularies, whether a value is text or a number, and fields without content.
fn plain(mut event: Event) -> Event {
    let ilmd = match &mut event {
        Event::Object(event) => std::mem::take(&mut event.ilmd),
        Event::Transformation(event) => std::mem::take(&mut event.ilmd),
        _ => Vec::new(),
    };
    let common = event.common_mut();
    common.extensions = plain_fields(std::mem::take(&mut common.extensions));
    for element in &mut common.sensor_elements {
        element.extensions = plain_fields(std::mem::take(&mut element.extensions));
    }
    match &mut event {
        Event::Object(event) => event.ilmd = plain_fields(ilmd),
        Event::Transformation(event) => event.ilmd = plain_fields(ilmd),
        _ => {}
    }
    event
}

fn plain_fields(fields: Vec<Extension>) -> Vec<Extension> {
    let mut fields: Vec<Extension> = fields.into_iter().filter_map(plain_field).collect();
    fields.sort_by_key(|field| (field.namespace.clone(), field.name.clone()));
    fields
}

fn plain_field(mut field: Extension) -> Option<Extension> {
    field.value = match field.value {
        ExtensionValue::Nested(inner) => match plain_fields(inner) {
            inner if inner.is_empty() => return None,
            inner => ExtensionValue::Nested(inner),
        },
        ExtensionValue::Boolean(value) => ExtensionValue::Text(value.to_string()),
        ExtensionValue::Number(number) => ExtensionValue::Text(number.to_string()),
        ExtensionValue::Text(text) => match text.parse::<theriac_epcis::Number>() {
            Ok(number) if text.contains('.') => ExtensionValue::Text(number.to_string()),
            _ => ExtensionValue::Text(text),
        },
    };
    Some(field)
}
