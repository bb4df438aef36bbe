//! Schemas of arrivals and of shipping by code; a test compares them with the types.

use serde_json::{Map, Value, json};

use super::node::{
    count, count_or_none, gln, hash_or_none, list, object, reference, text, text_or_none,
};

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("ArrivalRequest", arrival_request()),
        ("ArrivalReport", arrival_report()),
        ("ArrivalOutcome", arrival_outcome()),
        ("ScanRequest", scan_request()),
        ("ScanReport", scan_report()),
        ("ScansReport", scans_report()),
        ("CloseRequest", close_request()),
        ("ShipOrder", ship_order()),
        ("ShipReport", ship_report()),
        ("Whereabouts", whereabouts()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn words(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

fn kind() -> Value {
    words(&["delivery", "return"])
}

fn gln_or_none() -> Value {
    json!({ "type": ["string", "null"], "pattern": "^[0-9]{13}$" })
}

fn arrival_request() -> Value {
    let properties = json!({
        "kind": json!({ "type": ["string", "null"], "enum": ["delivery", "return", null] }),
        "shipment": hash_or_none(), "container": text_or_none(), "sender": gln_or_none(),
        "place": text_or_none(), "all": flag(), "request_key": text_or_none(),
    });
    let all = ["kind", "shipment", "container", "sender", "place", "all", "request_key"];
    object(properties, &all)
}

fn scan_request() -> Value {
    let codes = json!({ "type": "array", "items": text(), "minItems": 1, "maxItems": 1000 });
    let properties = json!({ "codes": codes, "damaged": flag(), "request_key": text_or_none() });
    object(properties, &["damaged", "request_key"])
}

fn close_request() -> Value {
    object(json!({ "missing": words(&["refuse", "wait"]) }), &["missing"])
}

fn scan_report() -> Value {
    let answer = words(&[
        "expected",
        "extra",
        "unknown",
        "duplicate",
        "mismatch",
        "not_fit",
        "damaged",
        "unreadable",
    ]);
    let properties = json!({
        "code": text(), "answer": answer, "identifier": text_or_none(), "packs": count(),
        "reason": text(),
    });
    object(properties, &[])
}

fn scans_report() -> Value {
    let answers = list(reference("ScanReport"));
    let properties = json!({
        "arrival": count(), "answers": answers, "expected": count(), "here": count(),
    });
    object(properties, &[])
}

fn arrival_report() -> Value {
    let answers = json!({ "type": "object", "additionalProperties": count() });
    let outcome = json!({ "anyOf": [reference("ArrivalOutcome"), { "type": "null" }] });
    let properties = json!({
        "arrival": count(), "kind": kind(), "state": words(&["open", "closed", "cancelled"]),
        "shipment": hash_or_none(), "container": text_or_none(), "sender": gln_or_none(),
        "place": text_or_none(), "opened_at": text(), "ended_at": text_or_none(),
        "expected": count(), "here": count(), "answers": answers, "missing": list(text()),
        "scans": list(reference("ScanReport")), "outcome": outcome,
    });
    object(properties, &[])
}

fn arrival_outcome() -> Value {
    let properties = json!({
        "expected": count(), "here": count(), "received": count(), "refused": count(),
        "set_apart": count(), "missing": count(), "without_data": count(),
        "capture": count_or_none(), "events": list(text()), "cases": list(count()),
    });
    object(properties, &[])
}

fn ship_order() -> Value {
    let codes = json!({ "type": "array", "items": text(), "minItems": 1, "maxItems": 1000 });
    let properties = json!({
        "to": gln(), "codes": codes, "possessor": gln_or_none(), "owned_by": gln_or_none(),
        "place": text_or_none(), "returned": flag(), "drop_shipment": flag(),
    });
    object(properties, &["possessor", "owned_by", "place", "returned", "drop_shipment"])
}

fn ship_report() -> Value {
    let properties = json!({
        "event": text(), "state": text(), "case": count_or_none(), "reason": text_or_none(),
        "what_to_do": text_or_none(),
    });
    object(properties, &[])
}

fn whereabouts() -> Value {
    let properties = json!({
        "identifier": text(), "status": text_or_none(), "site": text_or_none(),
        "to": text_or_none(), "since": text_or_none(), "owner": gln_or_none(),
    });
    object(properties, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_node::{ArrivalOutcome, ArrivalRequest, ScanRequest, ShipReport};

    /// The members that a value has, and those that its schema has.
    fn same(name: &str, value: &Value) {
        let schema = &schemas()[name]["properties"];
        let mut names: Vec<&String> = value.as_object().unwrap().keys().collect();
        let mut described: Vec<&String> = schema.as_object().unwrap().keys().collect();
        names.sort();
        described.sort();
        assert_eq!(names, described, "{name}");
    }

    #[test]
    fn the_schemas_have_the_members_of_the_types() {
        let json = |value: Result<Value, serde_json::Error>| value.unwrap();
        same("ArrivalRequest", &json(serde_json::to_value(ArrivalRequest::default())));
        same("ArrivalOutcome", &json(serde_json::to_value(ArrivalOutcome::default())));
        same("ScanRequest", &json(serde_json::to_value(ScanRequest::default())));
        let shipped = ShipReport {
            event: String::new(),
            state: String::new(),
            case: None,
            reason: None,
            what_to_do: None,
        };
        same("ShipReport", &json(serde_json::to_value(shipped)));
    }
}
