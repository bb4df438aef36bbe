//! Schemas of trade: shipments, partners, files, descriptions; a test compares them with the types.

use serde_json::{Map, Value, json};
use theriac_epcis::trade::FindingKind;
use theriac_node::FileFormat;

use super::node::{count, gln, list, object, reference, text, text_or_none};

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let all = [
        ("ShipmentEntry", shipment_entry(json!({}))),
        ("ShipmentReport", shipment_report()),
        ("TransactionInformation", information()),
        ("TransactionLine", line()),
        ("TradeParty", party()),
        ("TradeItem", item()),
        ("PartnerReport", partner()),
        ("PartnerSettings", settings()),
        ("QualityReport", quality()),
        ("FileReport", file()),
        ("Description", description()),
        ("Descriptions", descriptions()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn hash() -> Value {
    json!({ "type": "string", "pattern": "^0x[0-9a-f]{64}$" })
}

fn date_or_none() -> Value {
    json!({ "type": ["string", "null"], "format": "date" })
}

fn or_none(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn shipment_entry(more: Value) -> Value {
    let mut properties = json!({
        "shipment": hash(), "direction": { "type": "string", "enum": ["out", "in"] },
        "partner": reference("Party"), "shipped_at": text(), "packs": count(),
        "files": list(count()),
    });
    for (name, schema) in more.as_object().into_iter().flatten() {
        properties[name] = schema.clone();
    }
    object(properties, &[])
}

fn shipment_report() -> Value {
    shipment_entry(json!({
        "event_id": text_or_none(), "information": or_none(reference("TransactionInformation")),
    }))
}

fn information() -> Value {
    let reference_to = object(json!({ "kind": text_or_none(), "id": text() }), &[]);
    let statement =
        object(json!({ "affirmed": { "type": "boolean" }, "legal_notice": text() }), &[]);
    let properties = json!({
        "transaction_date": { "type": "string", "format": "date" },
        "shipment_date": date_or_none(), "shipped_at": text(), "from": reference("TradeParty"),
        "to": reference("TradeParty"), "from_place": or_none(reference("TradeParty")),
        "to_place": or_none(reference("TradeParty")), "references": list(reference_to),
        "lines": list(reference("TransactionLine")), "packs": count(),
        "statement": or_none(statement),
    });
    object(properties, &[])
}

fn line() -> Value {
    let properties = json!({
        "gtin": text(), "ndc": text_or_none(), "name": text_or_none(), "strength": text_or_none(),
        "dosage_form": text_or_none(), "container_size": text_or_none(),
        "manufacturer": text_or_none(), "lot": text_or_none(), "expiry": date_or_none(),
        "containers": count(), "serials": list(text()),
    });
    object(properties, &[])
}

const PARTY: [&str; 7] =
    ["name", "street", "street_two", "city", "state", "postal_code", "country"];

fn party() -> Value {
    let mut properties = json!({ "gln": gln() });
    PARTY.iter().for_each(|name| properties[name] = text());
    object(properties, &PARTY)
}

const ITEM: [&str; 6] =
    ["ndc", "name", "manufacturer", "dosage_form", "strength", "container_size"];

fn item() -> Value {
    let mut properties = json!({ "gtin": text() });
    ITEM.iter().for_each(|name| properties[name] = text());
    object(properties, &ITEM)
}

fn partner() -> Value {
    let properties = json!({
        "gln": gln(), "name": text(), "member": { "type": "boolean" }, "endpoint": text_or_none(),
        "settings": reference("PartnerSettings"),
    });
    object(properties, &[])
}

fn settings() -> Value {
    let formats = FileFormat::ALL.map(FileFormat::word);
    let properties = json!({
        "name": text(), "channel": { "type": "string", "enum": ["none", "folder", "download"] },
        "format": { "type": "string", "enum": formats },
        "guideline": { "type": "string", "enum": ["r1.2", "r1.3"] },
        "labels": { "type": "string", "enum": ["cbv", "gs1ushc"] }, "sites": list(gln()),
    });
    object(properties, &["name", "channel", "format", "guideline", "labels", "sites"])
}

fn finding_kinds() -> Value {
    let words: Vec<&str> = FindingKind::ALL.iter().map(|kind| kind.word()).collect();
    json!({ "type": "string", "enum": words })
}

fn quality() -> Value {
    let finding = json!({
        "kind": finding_kinds(), "count": count(), "last_at": text(), "what_to_do": text(),
        "examples": list(text()),
    });
    let properties = json!({
        "partner": gln(), "documents": count(), "sound": count(),
        "findings": list(object(finding, &[])),
    });
    object(properties, &[])
}

fn file() -> Value {
    let finding = json!({ "kind": finding_kinds(), "text": text(), "items": list(text()) });
    let number = || or_none(count());
    let states = ["due", "written", "failed", "received", "processed", "rejected", "duplicate"];
    let properties = json!({
        "file": count(), "name": text(), "state": { "type": "string", "enum": states },
        "kind": { "type": ["string", "null"], "enum": ["own", "told", "table", null] },
        "partner": or_none(gln()), "duplicate_of": number(), "capture": number(),
        "events": { "type": "array", "items": count(), "minItems": 4, "maxItems": 4 },
        "shipments": list(hash()), "findings": list(object(finding, &[])), "errors": list(text()),
    });
    object(properties, &[])
}

fn description() -> Value {
    json!({ "oneOf": [
        object(json!({ "product": reference("TradeItem") }), &[]),
        object(json!({ "party": reference("TradeParty") }), &[]),
    ] })
}

fn descriptions() -> Value {
    let properties = json!({
        "products": list(reference("TradeItem")), "parties": list(reference("TradeParty")),
        "others": count(),
    });
    object(properties, &[])
}
