//! Schemas of what the node's other parts tell; a test compares them with the types.

use serde_json::{Map, Value, json};

use theriac_custody::{Role, VerdictCode};

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("OpenApi", open_api()),
        ("Health", health()),
        ("LedgerHealth", ledger_health()),
        ("VerifyReport", verify_report()),
        ("Evidence", evidence()),
        ("Party", party()),
        ("CaptureReport", capture_report()),
        ("CaptureStatus", capture_status()),
        ("EventOutcome", event_outcome()),
        ("AlarmReport", alarm_report()),
        ("RecallReport", recall_report()),
        ("ReconcileReport", reconcile_report()),
        ("Taken", taken()),
        ("Role", role()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn text_or_none() -> Value {
    json!({ "type": ["string", "null"] })
}

pub(super) fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn count_or_none() -> Value {
    json!({ "type": ["integer", "null"], "minimum": 0 })
}

pub(super) fn hash() -> Value {
    json!({ "type": "string", "pattern": "^0x[0-9a-f]{64}$" })
}

pub(super) fn hash_or_none() -> Value {
    json!({ "type": ["string", "null"], "pattern": "^0x[0-9a-f]{64}$" })
}

fn account() -> Value {
    json!({ "type": "string", "pattern": "^0x[0-9a-f]{40}$" })
}

pub(super) fn gln() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{13}$" })
}

pub(super) fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// A reference to a schema.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(super) fn of_or_none(name: &str) -> Value {
    json!({ "anyOf": [reference(name), { "type": "null" }] })
}

/// Pairs of a word and how many there are.
pub(super) fn counts() -> Value {
    let pair = json!({
        "type": "array", "prefixItems": [text(), count()], "minItems": 2, "maxItems": 2,
    });
    list(pair)
}

/// An object with all of these members, but for those in `absent`, which may be left out.
pub(super) fn object(properties: Value, absent: &[&str]) -> Value {
    let names = properties.as_object().into_iter().flatten().map(|(name, _)| name.clone());
    let required: Vec<String> = names.filter(|name| !absent.contains(&name.as_str())).collect();
    json!({
        "type": "object", "required": required, "properties": properties,
        "additionalProperties": false,
    })
}

fn open_api() -> Value {
    json!({
        "type": "object",
        "required": ["openapi", "info", "paths"],
        "properties": { "openapi": text(), "info": { "type": "object" }, "paths": { "type": "object" } },
        "additionalProperties": true,
    })
}

fn role() -> Value {
    let words: Vec<Value> = Role::ALL.iter().map(|role| json!(role)).collect();
    json!({ "type": "string", "enum": words, "description": "What a member does" })
}

fn health() -> Value {
    let properties = json!({
        "status": text(), "version": text(), "name": text(), "gln": gln(), "account": account(),
        "roles": list(text()), "ledger": reference("LedgerHealth"), "events": counts(), "units": counts(),
        "operations_waiting": count(), "deliveries_waiting": count(), "cases_open": count(),
    });
    object(properties, &[])
}

fn ledger_health() -> Value {
    let properties = json!({
        "chain_id": count(), "registry": account(), "custody": account(),
        "documents": account(), "timelock": account(),
        "rpc_url": text_or_none(), "head": count(), "followed": count(),
    });
    object(properties, &[])
}

fn verify_report() -> Value {
    let codes: Vec<Value> = VerdictCode::ALL.iter().map(|code| json!(code)).collect();
    let properties = json!({
        "verdict": { "type": "string", "enum": codes }, "reason": text(),
        "actor": { "anyOf": [actor(), { "type": "null" }] }, "what_to_do": text(), "code": text(),
        "repairs": list(text()), "identifier": text(), "lot": text_or_none(),
        "expiry": text_or_none(), "labeler": of_or_none("Party"), "evidence": reference("Evidence"),
        "condition": text(), "cause": text(), "jurisdiction": jurisdiction(), "alarm": text(),
        "unanswered": reference("Unanswered"),
    });
    let absent = ["repairs", "condition", "cause", "jurisdiction", "alarm", "unanswered"];
    object(properties, &absent)
}

/// State and alert in the words of a jurisdiction.
fn jurisdiction() -> Value {
    object(json!({ "profile": text(), "state": text(), "alert": alert() }), &["state", "alert"])
}

fn alert() -> Value {
    let properties = json!({
        "cause": text(), "code": text(), "text": text(), "examples": list(text()),
    });
    object(properties, &[])
}

fn alarm_report() -> Value {
    let kinds = ["two_places", "after_end", "out_of_custody"];
    let sighting = object(
        json!({
            "at": text(), "known_at": text(), "member": gln(), "place": gln(), "position": text(),
            "act": { "type": "string", "enum": ["verified", "received", "used"] },
        }),
        &["place", "position"],
    );
    let properties = json!({
        "pack": text(), "since": text(), "kind": { "type": "string", "enum": kinds },
        "reason": text(), "sighting": sighting, "against": sighting, "case": count_or_none(),
    });
    object(properties, &["against"])
}

pub(super) fn actor() -> Value {
    json!({
        "type": "string", "enum": ["this_member", "sender", "partner", "labeler", "governor", "regulator"],
        "description": "Who must act",
    })
}

fn evidence() -> Value {
    let properties = json!({
        "answered_by": { "type": "string", "enum": ["this_node", "labeler", "responder", "cache", "nobody"] },
        "answered_at": text(), "lot_tag": hash_or_none(), "holding": hash_or_none(), "position": count_or_none(),
        "holding_state": text_or_none(), "block": count_or_none(), "transaction": hash_or_none(),
    });
    object(properties, &["answered_at"])
}

fn party() -> Value {
    object(json!({ "gln": gln(), "name": text() }), &[])
}

/// The members of a report on a capture.
fn of_capture() -> Value {
    json!({
        "capture": count(), "document_error": text_or_none(), "events": count(),
        "admitted": count(), "held": count(), "refused": count(), "duplicate": count(),
        "master_data": count(), "outcomes": list(reference("EventOutcome")),
    })
}

fn capture_report() -> Value {
    object(of_capture(), &[])
}

fn capture_status() -> Value {
    let mut properties = of_capture();
    properties["running"] = json!({ "type": "boolean" });
    object(properties, &[])
}

fn event_outcome() -> Value {
    let states = ["admitted", "recorded", "final", "held", "refused", "duplicate"];
    let properties = json!({
        "ordinal": count(), "place": text(), "kind": text_or_none(), "biz_step": text_or_none(),
        "state": { "type": "string", "enum": states }, "hash": text_or_none(),
        "reason": text_or_none(), "what_to_do": text_or_none(), "code": text_or_none(),
        "alert": alert(), "case": count_or_none(), "transaction": text_or_none(),
    });
    object(properties, &["alert"])
}

fn recall_report() -> Value {
    let properties = json!({
        "gtin": text(), "lot": text(), "status": text(), "transaction": hash_or_none(),
        "packs": counts(),
    });
    object(properties, &[])
}

fn reconcile_report() -> Value {
    let safe = json!({ "type": "boolean" });
    let difference = object(
        json!({
            "kind": text(), "what": text(), "here": text(), "ledger": text(), "safe": safe,
            "remedy": text(),
        }),
        &[],
    );
    let properties = json!({
        "units": count(), "holdings": count(), "pruned": count(), "transactions": count(),
        "events": count(), "differences": list(difference.clone()), "mended": list(difference),
    });
    object(properties, &[])
}

fn taken() -> Value {
    let message = json!({ "type": "string", "pattern": "^[0-9a-f]{32}$" });
    object(json!({ "message": message, "known": { "type": "boolean" } }), &[])
}
