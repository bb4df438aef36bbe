//! Each rule of the standard, broken and obeyed.

use serde_json::{Value, json};
use theriac_epcis::{check, event_from_json};

/// The names of the rules that an event of this kind with these fields breaks.
fn broken(kind: &str, fields: Value) -> Vec<&'static str> {
    let mut event = json!({
        "type": kind, "eventTime": "2026-01-01T10:00:00Z", "eventTimeZoneOffset": "+00:00",
    });
    let object = event.as_object_mut().expect("an object");
    object.extend(fields.as_object().expect("an object").clone());
    let event = event_from_json(&event).expect("a readable event");
    check(&event).iter().map(|violation| violation.rule).collect()
}

const UNIT: &str = "urn:epc:id:sgtin:0614141.107346.2017";
const CASE: &str = "urn:epc:id:sscc:0614141.1234567890";
const LOT: &str = "urn:epc:class:lgtin:0614141.107346.L1";
const NONE: [&str; 0] = [];

#[test]
fn object_events() {
    let kind = "ObjectEvent";
    let ilmd = json!({ "cbvmda:lotNumber": "L1" });
    let good = json!({ "action": "ADD", "epcList": [UNIT], "ilmd": ilmd });
    assert_eq!(broken(kind, good), NONE);
    let late = json!({ "action": "OBSERVE", "epcList": [UNIT], "ilmd": ilmd });
    assert_eq!(broken(kind, late), ["ilmd-only-with-add"]);
    assert_eq!(broken(kind, json!({ "action": "ADD" })), ["object-names-something"]);
    let empty = json!({ "action": "ADD", "epcList": [] });
    assert_eq!(broken(kind, empty), ["object-names-something"]);
    let sensors = json!([{ "sensorReport": [{ "type": "Temperature", "value": 4 }] }]);
    let nowhere = json!({ "action": "OBSERVE", "sensorElementList": sensors });
    assert_eq!(broken(kind, nowhere), ["object-names-something"]);
    let place = json!({ "id": "urn:epc:id:sgln:0614141.07346.0" });
    let here = json!({ "action": "OBSERVE", "sensorElementList": sensors, "readPoint": place });
    assert_eq!(broken(kind, here), NONE);
}

#[test]
fn aggregations_and_associations() {
    for kind in ["AggregationEvent", "AssociationEvent"] {
        let good = json!({ "action": "ADD", "parentID": CASE, "childEPCs": [UNIT] });
        assert_eq!(broken(kind, good), NONE);
        let all_out = json!({ "action": "DELETE", "parentID": CASE });
        assert_eq!(broken(kind, all_out), NONE);
        let childless = json!({ "action": "ADD", "parentID": CASE });
        assert_eq!(broken(kind, childless), ["children-unless-delete"]);
    }
    let orphans = json!({ "action": "ADD", "childEPCs": [UNIT] });
    assert_eq!(broken("AggregationEvent", orphans.clone()), ["aggregation-parent"]);
    assert_eq!(broken("AssociationEvent", orphans), ["association-parent"]);
    let seen = json!({ "action": "OBSERVE", "childEPCs": [UNIT] });
    assert_eq!(broken("AggregationEvent", seen.clone()), NONE);
    assert_eq!(broken("AssociationEvent", seen), ["association-parent"]);
}

#[test]
fn transactions() {
    let kind = "TransactionEvent";
    let documents = json!([{ "type": "po", "bizTransaction": "urn:example:po:1" }]);
    let good = json!({ "action": "ADD", "bizTransactionList": documents, "epcList": [UNIT] });
    assert_eq!(broken(kind, good), NONE);
    let ended = json!({ "action": "DELETE", "bizTransactionList": documents });
    assert_eq!(broken(kind, ended), NONE);
    let nothing = json!({ "action": "ADD" });
    assert_eq!(broken(kind, nothing), ["transaction-documents", "transaction-objects"]);
}

#[test]
fn transformations() {
    let kind = "TransformationEvent";
    let good = json!({ "inputEPCList": [UNIT], "outputQuantityList": [{ "epcClass": LOT }] });
    assert_eq!(broken(kind, good), NONE);
    let half = json!({ "inputEPCList": [UNIT] });
    assert_eq!(broken(kind, half), ["transformation-sides"]);
    let linked = json!({ "outputEPCList": [UNIT], "transformationID": "urn:example:t:1" });
    assert_eq!(broken(kind, linked), NONE);
    assert_eq!(broken(kind, json!({})), ["transformation-sides"]);
    let unnamed = json!({ "outputEPCList": [UNIT], "transformationID": "391" });
    assert_eq!(broken(kind, unnamed), ["id-is-uri"]);
}

#[test]
fn quantities() {
    let of = |element: Value| {
        broken("ObjectEvent", json!({ "action": "OBSERVE", "quantityList": [element] }))
    };
    assert_eq!(of(json!({ "epcClass": LOT, "quantity": 12 })), NONE);
    assert_eq!(of(json!({ "epcClass": LOT, "quantity": 12.5, "uom": "KGM" })), NONE);
    assert_eq!(of(json!({ "epcClass": LOT, "quantity": 12.5 })), ["quantity-is-amount"]);
    let negative = json!({ "epcClass": LOT, "quantity": -1, "uom": "KGM" });
    assert_eq!(of(negative), ["quantity-is-amount"]);
    let unit = json!({ "epcClass": LOT, "quantity": 1, "uom": "kilogram" });
    assert_eq!(of(unit), ["quantity-is-amount"]);
    assert_eq!(of(json!({ "epcClass": UNIT, "quantity": 1 })), ["class-is-class"]);
}

#[test]
fn identifiers() {
    let of = |epc: &str| broken("ObjectEvent", json!({ "action": "OBSERVE", "epcList": [epc] }));
    for right in [UNIT, CASE, "https://example.com/thing", "urn:epc:id:grai:0614141.00022.3"] {
        assert_eq!(of(right), NONE, "{right}");
    }
    for wrong in ["urn:epc:id:sscc:305555.0000000001", "https://id.gs1.org/00/401234533135644655"] {
        assert_eq!(of(wrong), ["identifier-is-right"], "{wrong}");
    }
}

#[test]
fn measurements() {
    let of = |element: Value| {
        let fields = json!({
            "action": "OBSERVE", "epcList": [UNIT], "sensorElementList": [element],
        });
        broken("ObjectEvent", fields)
    };
    assert_eq!(of(json!({ "sensorReport": [{ "exception": "ALARM_CONDITION" }] })), NONE);
    assert_eq!(of(json!({ "sensorReport": [{ "value": 4 }] })), ["sensor-report-type"]);
    assert_eq!(of(json!({ "sensorReport": [] })), ["sensor-report-type"]);
    let backwards = json!({
        "sensorMetadata":
            { "startTime": "2026-01-02T00:00:00Z", "endTime": "2026-01-01T00:00:00Z" },
        "sensorReport": [{ "type": "Temperature" }],
    });
    assert_eq!(of(backwards), ["sensor-times"]);
}
