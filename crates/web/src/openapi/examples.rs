//! Bodies that a node takes as they stand.

use serde_json::{Value, json};

const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// A pack.
pub(super) const PACK: &str = "https://id.gs1.org/01/09521321000018/21/1";

const PLACE: &str = "https://id.gs1.org/414/9521321000018";

const EVENT_ID: &str = "urn:uuid:0a1b2c3d-0000-4000-8000-000000000001";

/// What the part `name` of a path can be, once the bodies below were taken.
pub(super) fn of_path(path: &str, name: &str) -> Option<&'static str> {
    let collection = path.split('/').nth(2).unwrap_or_default();
    match (collection, name) {
        ("events", _) => Some(EVENT_ID),
        ("eventTypes", _) => Some("ObjectEvent"),
        ("epcs", _) => Some(PACK),
        ("bizSteps", _) => Some("inspecting"),
        ("bizLocations" | "readPoints", _) => Some(PLACE),
        ("dispositions", _) => Some("in_progress"),
        ("queries", "name") => Some("shipped"),
        ("capture", _) => Some("1"),
        (_, "gtin") => Some("09521321000018"),
        (_, "sscc") => Some("095213210000000018"),
        (_, "lot") => Some("A1"),
        (_, "serial") => Some("1"),
        _ if path == "/captures/{id}" => Some("1"),
        _ if path.starts_with("/cases/{id}") && !path.ends_with("/pdg") => Some("1"),
        _ if path.starts_with("/inquiries/{id}") && name == "id" => Some("1"),
        _ => None,
    }
}

/// A body of this schema.
pub(super) fn of(schema: &str) -> Option<Value> {
    match schema {
        "EpcisEvent" => {
            let mut event = event("storing");
            event["@context"] = json!([CONTEXT]);
            event["eventID"] = EVENT_ID.into();
            Some(event)
        }
        "EpcisDocument" => Some(json!({
            "@context": [CONTEXT],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-03-03T11:30:47.0Z",
            "epcisBody": { "eventList": [event("inspecting")] },
        })),
        "QueryDefinition" => Some(json!({
            "name": "shipped",
            "query": { "eventType": ["ObjectEvent"], "EQ_bizStep": ["inspecting"] },
        })),
        "SubscriptionRequest" => Some(json!({
            "dest": "https://partner.example/epcis",
            "signatureToken": "known to both",
            "schedule": { "minute": "0,30" },
        })),
        "InquiryRequest" => Some(json!({
            "items": [PACK], "reason": "suspect product", "legal_basis": "21 U.S.C. 360eee-1",
        })),
        "DecisionRequest" => Some(json!({ "reason": "approved by the compliance officer" })),
        "RecallRequest" => Some(json!({
            "gtin": "09521321000018", "lot": "A1", "class": 2, "reason": "too little of the drug",
        })),
        "RecallStart" => Some(json!({
            "scope": { "lots": { "gtin": "09521321000018", "lots": ["A1"] } },
            "class": 2,
            "depth": "retail",
            "reason": "too little of the drug",
            "notice": "Set the packs apart and send them back.",
        })),
        "LiftRequest" => Some(json!({ "reason": "the wrong lot was named" })),
        "CloseRequest" => Some(json!({ "accept": "two packs are lost" })),
        "ToldRequest" => Some(json!({
            "holder": "9521346000017", "note": "told by telephone, has set apart three packs",
        })),
        "CaseRequest" => Some(json!({
            "kind": "damaged", "reason": "two packs came with a torn seal", "packs": [PACK],
            "evidence": [{ "what": "order", "number": "PO-2026-114" }],
        })),
        "SayRequest" => Some(json!({ "text": "we look into it", "keep": true })),
        "ProposeRequest" => Some(json!({ "resolution": "Return product" })),
        "AnswerRequest" => Some(json!({ "accept": false, "alternative": "Send new data" })),
        "ResolveRequest" => Some(json!({ "outcome": "the data came" })),
        "ConfirmRequest" => Some(json!({
            "text": "the labeler knows no such serial number", "classification": "counterfeit",
        })),
        "MemberRequest" => Some(json!({
            "gln": "9521346000017",
            "name": "Corner Pharmacy",
            "roles": ["dispenser"],
            "endpoint": "https://corner.example",
            "account": "0x00000000000000000000000000000000000000a1",
        })),
        "ProductRequest" => Some(json!({ "gtin": "09521321000018" })),
        _ => of_verification(schema),
    }
}

/// A body about who answers for products, and where their codes lead to.
fn of_verification(schema: &str) -> Option<Value> {
    match schema {
        "VerificationRequest" => Some(json!({ "code": "(01)09521321000018(21)1(10)A1(17)281231" })),
        "Responder" => Some(json!({
            "gtin": "09521346000017", "gln": "9521346000017", "url": "https://vrs.example",
            "contact": "+1 555 0100",
        })),
        "LinkEntry" => Some(json!({
            "link_type": "gs1:epil", "href": "https://maker.example/leaflet", "title": "Leaflet",
            "language": "en",
        })),
        _ => None,
    }
}

fn event(step: &str) -> Value {
    json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": "in_progress",
        "eventTime": "2026-03-03T11:30:47.0Z",
        "eventTimeZoneOffset": "+00:00",
        "epcList": [PACK],
        "readPoint": { "id": PLACE },
        "bizLocation": { "id": PLACE },
    })
}
