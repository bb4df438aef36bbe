//! Schemas of cases; a test compares them with the answers.

use serde_json::{Map, Value, json};
use theriac_custody::case::{Classification, Resolution};
use theriac_node::CaseState;

use super::node::{
    actor, count, count_or_none, gln, hash_or_none, list, object, reference, text, text_or_none,
};

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let words = |words: Vec<Value>| json!({ "type": "string", "enum": words });
    let resolutions = words(Resolution::ALL.iter().map(|way| json!(way)).collect());
    let classes = words(Classification::ALL.iter().map(|kind| json!(kind)).collect());
    let all = [
        ("Item", json!({ "type": "string", "description": "Digital Link of a pack" })),
        ("Resolution", resolutions),
        ("Classification", classes),
        ("EvidenceItem", evidence_item()),
        ("CaseEntry", object(case_entry(), &[])),
        ("CaseView", case_view()),
        ("ProposalLine", proposal_line()),
        ("CaseLine", case_line()),
        ("CaseRequest", case_request()),
        ("TellRequest", object(json!({ "to": gln() }), &[])),
        ("SayRequest", say_request()),
        ("ProposeRequest", propose_request()),
        ("AnswerRequest", answer_request()),
        ("ResolveRequest", resolve_request()),
        ("ClearRequest", object(json!({ "text": text() }), &[])),
        ("ConfirmRequest", confirm_request()),
        ("Form3911", form_3911()),
        ("PdgMessage", pdg_message()),
        ("PdgTaken", pdg_taken()),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn hash() -> Value {
    json!({ "type": "string", "pattern": "^0x[0-9a-f]{64}$" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

fn gln_or_none() -> Value {
    json!({ "type": ["string", "null"], "pattern": "^[0-9]{13}$" })
}

fn or_none(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn kind() -> Value {
    json!({
        "type": "string",
        "description": "A rule of custody that an event broke, or missing, extra, damaged, mismatch, no_data, \
            suspect, clone_suspected, return_failed, recall_unacknowledged, master_data, message_refused, other",
    })
}

fn case_entry() -> Value {
    let states: Vec<&str> = CaseState::ALL.iter().map(|state| state.word()).collect();
    let waits_for = json!({
        "anyOf": [{ "type": "null" }, { "type": "object" }],
        "description": "What would let the event be admitted by itself",
    });
    json!({
        "case": count(), "uuid": uuid(), "event": count_or_none(), "code": kind(), "reason": text(),
        "actor": actor(), "what_to_do": text(), "items": list(text()), "waits_for": waits_for,
        "state": { "type": "string", "enum": states }, "counterparty": gln_or_none(),
        "opened_by": gln_or_none(), "pack_count": count(), "opened_at": text(),
        "deadline": text_or_none(), "overdue": flag(), "closed_at": text_or_none(),
        "outcome": text_or_none(),
    })
}

fn case_view() -> Value {
    let mut properties = case_entry();
    properties["turn"] = gln();
    properties["shared"] = flag();
    properties["packs"] = list(reference("Item"));
    properties["proposals"] = list(reference("ProposalLine"));
    properties["entries"] = list(reference("CaseLine"));
    object(properties, &[])
}

fn proposal_line() -> Value {
    let properties = json!({
        "id": uuid(), "by": gln(), "resolution": reference("Resolution"), "accepted": flag(),
    });
    object(properties, &["accepted"])
}

fn case_line() -> Value {
    let acts = [
        "opened",
        "said",
        "proposed",
        "answered",
        "reminded",
        "quarantined",
        "cleared",
        "confirmed",
        "resolved",
    ];
    let properties = json!({
        "shared": flag(), "id": uuid(), "number": count(), "author": gln(), "at": text(),
        "act": { "type": "string", "enum": acts }, "evidence": list(reference("EvidenceItem")),
        "text": text_or_none(), "keep": flag(), "resolution": or_none(reference("Resolution")),
        "proposal": uuid(), "accept": flag(), "alternative": or_none(reference("Resolution")),
        "event": hash_or_none(), "packs": count(), "classification": reference("Classification"),
        "outcome": text(),
    });
    let absent = [
        "evidence",
        "text",
        "keep",
        "resolution",
        "proposal",
        "accept",
        "alternative",
        "event",
        "packs",
        "classification",
        "outcome",
    ];
    object(properties, &absent)
}

fn evidence_item() -> Value {
    let kinds = [
        "event",
        "transaction",
        "shipment",
        "scan",
        "document",
        "order",
        "count",
        "difference",
        "case",
        "other",
    ];
    let properties = json!({
        "what": { "type": "string", "enum": kinds }, "hash": hash(), "holding": hash(),
        "code": text(), "answer": text(), "at": text_or_none(), "name": text(),
        "media_type": text_or_none(), "number": text(), "gtin": text(),
        "expected": { "type": ["integer", "string"] }, "found": { "type": ["integer", "string"] },
        "pack": text(), "field": text(), "case": uuid(), "value": {},
    });
    let absent = [
        "hash",
        "holding",
        "code",
        "answer",
        "at",
        "name",
        "media_type",
        "number",
        "gtin",
        "expected",
        "found",
        "pack",
        "field",
        "case",
        "value",
    ];
    object(properties, &absent)
}

fn case_request() -> Value {
    let properties = json!({
        "kind": kind(), "reason": text(), "what_to_do": text_or_none(), "packs": list(text()),
        "with": gln_or_none(), "tell": flag(), "evidence": list(reference("EvidenceItem")),
        "quarantine": { "type": ["boolean", "null"] },
    });
    object(properties, &["what_to_do", "packs", "with", "tell", "evidence", "quarantine"])
}

fn say_request() -> Value {
    let evidence = list(reference("EvidenceItem"));
    let properties = json!({ "text": text(), "keep": flag(), "evidence": evidence });
    object(properties, &["keep", "evidence"])
}

fn propose_request() -> Value {
    let properties = json!({ "resolution": reference("Resolution"), "text": text_or_none() });
    object(properties, &["text"])
}

fn answer_request() -> Value {
    let properties = json!({
        "proposal": or_none(uuid()), "accept": flag(), "text": text_or_none(),
        "alternative": or_none(reference("Resolution")),
    });
    object(properties, &["proposal", "text", "alternative"])
}

fn resolve_request() -> Value {
    let resolution = or_none(reference("Resolution"));
    object(json!({ "outcome": text(), "resolution": resolution }), &["resolution"])
}

fn confirm_request() -> Value {
    let classification = reference("Classification");
    object(json!({ "text": text(), "classification": classification }), &[])
}

fn form_3911() -> Value {
    let reports = ["initial", "follow_up", "termination"];
    let texts = || list(text());
    let properties = json!({
        "form": text(), "type_of_report": { "type": "string", "enum": reports },
        "incident_number": text_or_none(), "date_of_initial_notification": text_or_none(),
        "date_of_determination": text_or_none(),
        "classification": or_none(reference("Classification")), "product_names": texts(),
        "primary_ingredients": text_or_none(), "drug_use": text_or_none(),
        "drug_description": text_or_none(), "strengths": texts(), "dosage_forms": texts(),
        "quantity": count(), "ndcs": texts(), "gtins": texts(), "serial_numbers": texts(),
        "lot_numbers": texts(), "expiration_dates": texts(), "description": text(),
        "reason_for_termination": text_or_none(), "other_submissions": text_or_none(),
        "company_name": text(), "company_address": texts(), "company_categories": texts(),
        "company_gln": text(), "contact_name": text_or_none(), "contact_phone": text_or_none(),
        "contact_email": text_or_none(), "missing": texts(),
    });
    object(properties, &[])
}

fn pdg_message() -> Value {
    json!({
        "type": "object",
        "description": "An exception report or response as the schemas of the PDG describe it",
        "required": ["message_uuid", "exception_case_uuid", "timestamp", "po_number", "sender_information"],
        "properties": {
            "message_uuid": text(), "exception_case_uuid": uuid(),
            "timestamp": { "type": "integer" }, "po_number": text(),
            "sender_information": { "type": "object" },
        },
    })
}

fn pdg_taken() -> Value {
    object(json!({ "case": count(), "uuid": uuid(), "opened": flag(), "known": flag() }), &[])
}
