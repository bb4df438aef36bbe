//! Schemas of recalls; a test compares them with the types.

use serde_json::{Map, Value, json};

use super::node::{count, gln, hash, list, object, reference, text, text_or_none};

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("RecallScope", scope()),
        ("RecallStart", start()),
        ("RecallEntry", object(entry(), &[])),
        ("RecallHolder", holder()),
        ("RecallView", object(view(), &[])),
        ("RecallClosure", closure()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn gtin() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{14}$" })
}

fn class() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 3 })
}

fn depth() -> Value {
    json!({ "enum": ["wholesale", "retail", "consumer"] })
}

fn or_none(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn by_word() -> Value {
    json!({ "type": "object", "additionalProperties": count() })
}

/// One of the ways to name packs.
fn scope() -> Value {
    let date = || json!({ "type": "string", "format": "date" });
    let one = |name: &str, of: Value| object(json!({ name: of }), &[]);
    json!({ "oneOf": [
        one("lots", object(json!({ "gtin": gtin(), "lots": list(text()) }), &[])),
        one("packs", list(text())),
        one("expiring", object(json!({ "gtin": gtin(), "from": date(), "to": date() }), &[])),
        one("shipped", object(json!({ "gtin": gtin(), "lot": text(), "to": list(gln()) }), &["lot"])),
    ] })
}

fn start() -> Value {
    let properties = json!({
        "scope": reference("RecallScope"), "class": class(), "depth": depth(), "reason": text(),
        "notice": text(),
    });
    object(properties, &["depth", "notice"])
}

fn entry() -> Value {
    json!({
        "number": count(), "recall": hash(), "by": reference("Party"),
        "part": { "enum": ["issuer", "holder"] },
        "state": { "enum": ["ordered", "active", "lifted", "closed", "refused"] },
        "class": class(), "depth": depth(), "gtin": or_none(gtin()),
        "scope": or_none(reference("RecallScope")), "reason": text(), "ordered_at": text(),
        "ended_at": text_or_none(), "on_ledger": { "type": "boolean" },
    })
}

fn holder() -> Value {
    let answer = object(
        json!({ "recall": hash(), "at": text(), "packs": by_word(), "set_apart": count() }),
        &[],
    );
    let properties = json!({
        "company": reference("Party"),
        "state": { "enum": ["told", "not_reached", "acknowledged", "by_hand"] },
        "overdue": { "type": "boolean" }, "packs": by_word(), "told_at": text_or_none(),
        "answer_by": text_or_none(), "reminders": count(), "answered_at": text_or_none(),
        "answer": or_none(answer), "note": text_or_none(),
    });
    object(properties, &[])
}

fn view() -> Value {
    let mut properties = entry();
    let more = json!({
        "notice": text(), "packs": by_word(), "total": count(), "out": count(),
        "exact": { "type": "boolean" }, "set_apart_here": count(), "block": count(),
        "holders": list(reference("RecallHolder")), "outstanding": list(text()),
        "report": { "type": ["object", "null"] },
    });
    merge(&mut properties, more);
    properties
}

fn closure() -> Value {
    let mut properties = view();
    let pair = json!({
        "type": "array", "prefixItems": [count(), count()], "minItems": 2, "maxItems": 2,
    });
    let more = json!({
        "closed_at": text(), "accepted_because": text_or_none(), "answered": pair,
        "accounted_basis_points": count(),
    });
    merge(&mut properties, more);
    object(properties, &[])
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}
