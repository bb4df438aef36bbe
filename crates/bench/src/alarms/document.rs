//! EPCIS documents of the trade.

use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_gs1::Gln;

/// The text of a document with these events.
pub(super) fn document(events: &[Value]) -> String {
    json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-01T00:00:00Z",
        "epcisBody": { "eventList": events },
    })
    .to_string()
}

/// An event about packs at a site.
pub(super) fn event(
    action: &str,
    step: &str,
    disposition: &str,
    packs: &[String],
    site: Gln,
    at: Timestamp,
) -> Value {
    json!({
        "type": "ObjectEvent",
        "action": action,
        "bizStep": step,
        "disposition": disposition,
        "eventTime": at.to_string(),
        "eventTimeZoneOffset": "+00:00",
        "epcList": packs,
        "readPoint": { "id": format!("https://id.gs1.org/414/{site}") },
    })
}

/// The same with the lot of what it makes.
pub(super) fn of_lot(mut event: Value, lot: &str, expiry: &str) -> Value {
    event["ilmd"] = json!({ "cbvmda:lotNumber": lot, "cbvmda:itemExpirationDate": expiry });
    event
}

/// The same from one party to another.
pub(super) fn between(mut event: Value, from: Gln, to: Gln) -> Value {
    let party = |gln: Gln| format!("https://id.gs1.org/417/{gln}");
    event["sourceList"] = json!([{ "type": "owning_party", "source": party(from) }]);
    event["destinationList"] = json!([{ "type": "owning_party", "destination": party(to) }]);
    event
}

/// A lot is recalled.
pub(super) fn recalled(gtin: &str, lot: &str, at: Timestamp) -> Value {
    json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "holding",
        "eventTime": at.to_string(),
        "eventTimeZoneOffset": "+00:00",
        "quantityList": [{ "epcClass": format!("https://id.gs1.org/01/{gtin}/10/{lot}") }],
        "persistentDisposition": { "set": ["recalled"] },
    })
}
