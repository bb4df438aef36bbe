//! Events that between them have every field that a parameter asks of.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use serde_json::{Value, json};
use theriac_epcis::{Event, MasterDataAttribute, MasterDataElement, read};
use theriac_query::{MasterDataIndex, vocabulary};

/// The namespace of the prefix `ex`.
pub(crate) const EX: &str = "https://ns.example.com/epcis/";

/// The events by name: `full` has what most parameters ask of, `bare` has none of it.
pub(crate) fn events() -> BTreeMap<&'static str, Event> {
    let named = [
        ("full", full()),
        ("bare", bare()),
        ("packed", packed()),
        ("bound", bound()),
        ("sold", sold()),
        ("made", made()),
        ("counted", counted()),
        ("erroneous", erroneous()),
        ("sensed", sensed()),
        ("near", near()),
    ];
    named.into_iter().map(|(name, event)| (name, read_one(event))).collect()
}

fn read_one(event: Value) -> Event {
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld", {"ex": EX}],
        "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T08:00:00Z",
        "epcisBody": {"eventList": [event]},
    });
    let mut events = Vec::new();
    read(document.to_string().as_bytes(), &mut |item| {
        let parsed = item.outcome.expect("a readable event");
        assert!(parsed.repairs.is_empty(), "{:?}", parsed.repairs);
        events.push(parsed.event);
        ControlFlow::Continue(())
    })
    .expect("a readable document");
    events.remove(0)
}

/// `full` happened at 08:00, recorded at 09:00; every other event a day later.
pub(crate) fn record_time(name: &str) -> jiff::Timestamp {
    let time = if name == "full" { "2026-03-01T09:00:00Z" } else { "2026-03-02T09:00:00Z" };
    time.parse().expect("a time")
}

fn full() -> Value {
    json!({
        "type": "ObjectEvent", "action": "ADD", "eventID": "urn:uuid:1",
        "eventTime": "2026-03-01T09:00:00+01:00", "eventTimeZoneOffset": "+01:00",
        "bizStep": "commissioning", "disposition": "active",
        "persistentDisposition": {"set": ["completeness_verified"], "unset": ["mismatch_class"]},
        "epcList": ["urn:epc:id:sgtin:0614141.107346.2018"],
        "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200.5, "uom": "KGM"}],
        "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234", "ex:door": "north", "ex:in": {"ex:deep": "d"}},
        "bizLocation": {"id": "https://id.gs1.org/414/0614141073467", "ex:floor": "3", "ex:in": {"ex:deep": "b"}},
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.06012.1234"}],
        "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        "destinationList": [{"type": "possessing_party", "destination": "urn:epc:id:pgln:0614142.00001"}],
        "ilmd": {"ex:lot": "L1", "ex:strength": 5, "ex:until": "2027-01-01T00:00:00Z",
            "ex:part": {"ex:dose": 7, "ex:name": "core"}},
        "ex:color": "red", "ex:weight": 12.5, "ex:due": "2026-05-01T00:00:00+02:00", "ex:flag": true,
        "ex:box": {"ex:side": 3, "ex:word": "inner", "ex:lid": {"ex:when": "2026-06-01T00:00:00Z"}},
    })
}

fn bare() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sgtin:0614141.107999.1"],
        "ex:color": "blue", "ex:weight": 1, "ex:due": "2026-01-01T00:00:00Z",
    })
}

fn packed() -> Value {
    json!({
        "type": "AggregationEvent", "action": "ADD", "bizStep": "https://example.com/step/own",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "parentID": "urn:epc:id:sscc:0614141.1234567890",
        "childEPCs": ["urn:epc:id:sgtin:0614141.107346.2019"],
        "childQuantityList": [{"epcClass": "urn:epc:idpat:sgtin:4012345.098765.*", "quantity": 10}],
    })
}

fn bound() -> Value {
    json!({
        "type": "AssociationEvent", "action": "ADD", "eventID": "urn:uuid:4",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "parentID": "urn:epc:id:grai:4012345.55555.987",
        "childEPCs": ["urn:epc:id:giai:4000001.12345"],
    })
}

fn sold() -> Value {
    json!({
        "type": "TransactionEvent", "action": "DELETE", "disposition": "https://example.com/disp/own",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "parentID": "urn:epc:id:sscc:0614141.1234567891",
        "epcList": ["urn:epc:id:sgtin:0614141.107346.2020"],
        "bizTransactionList": [
            {"type": "inv", "bizTransaction": "urn:epcglobal:cbv:bt:0614141073467:1152"},
            {"type": "https://example.com/btt/own", "bizTransaction": "urn:example:own:1"}],
        "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1235"},
        "bizLocation": {"id": "urn:epc:id:sgln:0614141.00001.0"},
        "sourceList": [{"type": "location", "source": "urn:epc:id:sgln:4012345.00225.0"}],
    })
}

fn made() -> Value {
    json!({
        "type": "TransformationEvent", "transformationID": "urn:epc:id:gdti:0614141.12345.400",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "inputEPCList": ["urn:epc:id:sgtin:4012345.011122.25"],
        "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 10, "uom": "GRM"}],
        "outputEPCList": ["urn:epc:id:sgtin:4012345.077889.26"],
        "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.077889.A1", "quantity": 3, "uom": "LTR"}],
    })
}

fn counted() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": [],
        "quantityList": [{"epcClass": "urn:epc:idpat:sgtin:0614141.107342.*", "quantity": 1000}],
    })
}

/// What `full` and `counted` have, in another place.
fn near() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": [],
        "quantityList": [
            {"epcClass": "urn:epc:idpat:sgtin:0614141.107343.*", "quantity": 1},
            {"epcClass": "urn:epc:idpat:sgtin:0614141.107344.*", "quantity": 2}],
        "bizLocation": {"id": "https://example.com/town"},
        "bizTransactionList": [{"type": "https://ns.example.com/epcis/own", "bizTransaction": "urn:example:own:2"}],
        "sourceList": [{"type": "location", "source": "urn:epc:id:pgln:4012345.00225"}],
        "destinationList": [{"type": "location", "destination": "urn:epc:id:pgln:0614142.00001"}],
        "ex:word": "inner", "ex:box": {"ex:color": "red", "ex:lot": "L1"}, "ex:lot": "L1",
    })
}

fn erroneous() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE", "eventID": "urn:uuid:8",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sgtin:0614141.107999.2"],
        "errorDeclaration": {
            "declarationTime": "2026-04-01T00:00:00Z", "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:9"],
            "ex:by": "me", "ex:score": 4, "ex:at": "2026-04-02T00:00:00Z",
            "ex:in": {"ex:deep": "e", "ex:level": 2, "ex:then": "2026-04-03T00:00:00Z"}},
    })
}

fn sensed() -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE",
        "eventTime": "2026-03-02T08:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sgtin:0614141.107999.3"],
        "sensorElementList": [{
            "ex:belt": "left", "ex:turns": 9, "ex:seen": "2026-02-01T00:00:00Z",
            "ex:in": {"ex:deep": "s", "ex:level": 1, "ex:then": "2026-02-02T00:00:00Z"},
            "sensorMetadata": {
                "time": "2026-03-02T07:00:00Z", "startTime": "2026-03-02T06:00:00Z", "endTime": "2026-03-02T07:30:00Z",
                "deviceID": "urn:epc:id:giai:4000001.111", "dataProcessingMethod": "https://example.com/method/1",
                "bizRules": "https://example.com/rules/1",
                "ex:maker": "acme", "ex:build": 3, "ex:made": "2020-01-01T00:00:00Z",
                "ex:in": {"ex:deep": "m", "ex:level": 2, "ex:then": "2020-01-02T00:00:00Z"}},
            "sensorReport": [{
                "type": "Temperature", "value": 8.4, "minValue": 2, "maxValue": 9, "meanValue": 5, "sDev": 0.5,
                "percRank": 50, "percValue": 6, "uom": "CEL", "time": "2026-03-02T07:10:00Z",
                "deviceID": "urn:epc:id:giai:4000001.112", "dataProcessingMethod": "https://example.com/method/2",
                "microorganism": "https://www.ncbi.nlm.nih.gov/taxonomy/1126011",
                "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N",
                "stringValue": "ok", "booleanValue": true, "hexBinaryValue": "F0F0F0", "uriValue": "https://example.com/v/1",
                "ex:note": "fine", "ex:grade": 1, "ex:read": "2026-03-03T00:00:00Z",
                "ex:in": {"ex:deep": "r", "ex:level": 3, "ex:then": "2026-03-04T00:00:00Z"}}],
        }],
    })
}

/// Master data of the places that `full` names.
pub(crate) fn master_data() -> MasterDataIndex {
    let element = |vocabulary: &str, id: &str, attributes: &[(&str, &str)], children: &[&str]| {
        let attribute = |(id, text): &(&str, &str)| MasterDataAttribute {
            id: (*id).to_owned(),
            value: theriac_epcis::ExtensionValue::Text((*text).to_owned()),
        };
        MasterDataElement {
            vocabulary: vocabulary.to_owned(),
            id: id.to_owned(),
            attributes: attributes.iter().map(attribute).collect(),
            children: children.iter().map(|child| (*child).to_owned()).collect(),
        }
    };
    let (site, city) = ("urn:epcglobal:cbv:mda#site", "urn:epcglobal:cbv:mda#city");
    let mut index = MasterDataIndex::new();
    for element in [
        element(
            vocabulary::BUSINESS_LOCATION,
            "https://example.com/region",
            &[],
            &["https://example.com/town"],
        ),
        element(
            vocabulary::BUSINESS_LOCATION,
            "https://example.com/town",
            &[],
            &["urn:epc:id:sgln:0614141.07346.0"],
        ),
        element(
            vocabulary::BUSINESS_LOCATION,
            "urn:epc:id:sgln:0614141.07346.0",
            &[(city, "Kyiv")],
            &[],
        ),
        element(
            vocabulary::READ_POINT,
            "https://example.com/hall",
            &[],
            &["https://id.gs1.org/414/0614141073467/254/1234"],
        ),
        element(
            vocabulary::READ_POINT,
            "urn:epc:id:sgln:0614141.07346.1234",
            &[(site, "0614141073467")],
            &[],
        ),
        element(
            vocabulary::BUSINESS_STEP,
            "urn:epcglobal:cbv:bizstep:commissioning",
            &[("urn:x:mda:who", "line"), ("https://ns.example.com/epcis/own", "yes")],
            &[],
        ),
        element(
            vocabulary::EPC_CLASS,
            "https://id.gs1.org/01/04012345123456/10/998877",
            &[("urn:x:mda:cold", "yes")],
            &[],
        ),
        element("urn:x:colours", "red", &[("urn:x:mda:rgb", "f00")], &[]),
    ] {
        index.insert(element);
    }
    index
}
