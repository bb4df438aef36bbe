//! Schemas of GS1 Lightweight Messaging and of the archive of verifications.

use serde_json::{Map, Value, json};
use theriac_custody::lightweight::{AdditionalInfo, FailureReason};

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("VerifyAnswer", verify_answer()),
        ("ConnectivityAnswer", connectivity_answer()),
        ("VerificationEntry", verification_entry()),
        ("PublicVerdict", public_verdict()),
        ("Verdict", verdict()),
        ("Unanswered", unanswered()),
        ("Resolver", json!({ "type": "object", "required": ["resolverRoot"] })),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn gln() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{13}$" })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn text_or_none() -> Value {
    json!({ "type": ["string", "null"] })
}

fn verify_answer() -> Value {
    let reasons: Vec<&str> = FailureReason::ALL.iter().map(|reason| reason.word()).collect();
    let infos: Vec<&str> = AdditionalInfo::ALL.iter().map(|info| info.word()).collect();
    let data = json!({
        "type": "object",
        "required": ["verified"],
        "properties": {
            "verified": { "type": "boolean" },
            "verificationFailureReason": { "type": "string", "enum": reasons },
            "additionalInfo": { "type": "string", "enum": infos },
        },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["verificationTimestamp", "responderGLN", "corrUUID", "data"],
        "properties": {
            "verificationTimestamp": { "type": "string", "format": "date-time" },
            "responderGLN": gln(),
            "corrUUID": { "type": "string", "format": "uuid" },
            "data": data,
        },
        "additionalProperties": false,
    })
}

fn connectivity_answer() -> Value {
    json!({
        "type": "object",
        "required": ["responderGLN"],
        "properties": { "responderGLN": gln() },
        "additionalProperties": false,
    })
}

/// The answer to members, and to anybody else.
fn verdict() -> Value {
    json!({ "anyOf": [
        { "$ref": "#/components/schemas/VerifyReport" },
        { "$ref": "#/components/schemas/PublicVerdict" },
    ] })
}

fn public_verdict() -> Value {
    let words = ["genuine", "not_genuine", "withdrawn", "unknown"];
    json!({
        "type": "object",
        "required": ["verdict", "reason", "what_to_do", "identifier"],
        "properties": {
            "verdict": { "type": "string", "enum": words },
            "reason": text(), "what_to_do": text(), "identifier": text(),
        },
        "additionalProperties": false,
    })
}

fn unanswered() -> Value {
    let unreached = json!({
        "type": "object",
        "required": ["gln", "name", "why"],
        "properties": { "gln": gln(), "name": text(), "why": text() },
        "additionalProperties": false,
    });
    let last_answer = json!({
        "type": ["object", "null"],
        "required": ["at", "verified", "correlation"],
        "properties": { "at": text(), "verified": { "type": "boolean" }, "correlation": text() },
        "additionalProperties": false,
    });
    json!({
        "type": "object",
        "required": ["asked", "since", "due", "last_answer"],
        "properties": {
            "asked": { "type": "array", "items": unreached },
            "since": text(), "due": text(), "last_answer": last_answer,
        },
        "additionalProperties": false,
    })
}

fn verification_entry() -> Value {
    let properties = json!({
        "verification": { "type": "integer", "minimum": 0 },
        "direction": { "type": "string", "enum": ["asked", "served"] },
        "protocol": { "type": "string", "enum": ["lightweight", "node"] },
        "correlation": text(),
        "identifier": text(),
        "lot": text_or_none(),
        "expiry": text_or_none(),
        "requester": gln(),
        "responder": text_or_none(),
        "url": text_or_none(),
        "asked_at": text(),
        "answered_at": text_or_none(),
        "status": { "type": ["integer", "null"], "minimum": 100 },
        "verified": { "type": ["boolean", "null"] },
        "error": text_or_none(),
        "request": text(),
        "answer": text_or_none(),
    });
    let required: Vec<&String> =
        properties.as_object().into_iter().flatten().map(|it| it.0).collect();
    json!({
        "type": "object", "required": required, "properties": properties,
        "additionalProperties": false,
    })
}
