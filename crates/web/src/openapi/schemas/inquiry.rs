//! Schemas of journeys and inquiries; a test compares them with the types.

use serde_json::{Value, json};

use super::node::{
    count, count_or_none, counts, gln, hash_or_none, list, object, of_or_none, reference, text,
    text_or_none,
};

/// Schemas by name.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("Journey", journey()),
        ("JourneyStep", journey_step()),
        ("JourneyHop", journey_hop()),
        ("HopAnswer", hop_answer()),
        ("MadeLink", made_link()),
        ("SignedStatement", signed_statement()),
        ("InquiryRequest", inquiry_request()),
        ("InquiryEntry", object(of_inquiry(), &[])),
        ("InquiryPartyEntry", inquiry_party()),
        ("InquiryDocumentEntry", inquiry_document()),
        ("InquiryReport", inquiry_report()),
        ("DisclosureEntry", disclosure()),
    ]
}

fn journey() -> Value {
    let properties = json!({
        "code": text(), "identifier": text(), "steps": list(reference("JourneyStep")),
        "hops": list(reference("JourneyHop")), "made_from": list(reference("MadeLink")),
        "made_into": list(reference("MadeLink")), "complete": { "type": "boolean" },
    });
    object(properties, &[])
}

fn journey_step() -> Value {
    let properties = json!({
        "at": text(), "what": text(), "party": of_or_none("Party"), "place": text_or_none(),
        "biz_step": text_or_none(), "disposition": text_or_none(), "event": text_or_none(),
        "declared_erroneous": { "type": "boolean" }, "corrected_by": list(text()),
        "block": count_or_none(), "transaction": hash_or_none(),
        "proven_by": { "type": "string", "enum": ["ledger", "event"] },
        "told_by": of_or_none("Party"), "contradiction": text_or_none(),
    });
    object(properties, &["corrected_by"])
}

fn journey_hop() -> Value {
    let begins = ["commissioned", "received", "expected", "back", "named"];
    let properties = json!({
        "party": of_or_none("Party"), "begins": { "type": "string", "enum": begins },
        "since": text_or_none(), "from": of_or_none("Party"), "ends": text(),
        "until": text_or_none(), "to": of_or_none("Party"),
        "proven_by": { "type": "string", "enum": ["ledger", "party"] },
        "answer": reference("HopAnswer"), "contradictions": list(text()),
    });
    object(properties, &["contradictions"])
}

fn hop_answer() -> Value {
    let states = ["here", "told", "earlier", "refused", "pending", "silent", "not_asked"];
    let properties = json!({
        "state": { "type": "string", "enum": states }, "at": text_or_none(),
        "sight": text_or_none(), "events": count(), "reason": text_or_none(),
        "silent_since": text_or_none(), "asked_again_at": text_or_none(), "packs": counts(),
        "from": list(gln()), "next": list(gln()),
    });
    object(properties, &["packs", "from", "next"])
}

fn made_link() -> Value {
    let properties = json!({
        "identifier": text(), "event": text(), "told_by": reference("Party"),
        "proven": { "type": "boolean" },
    });
    object(properties, &[])
}

fn signed_statement() -> Value {
    let signature = json!({ "type": "string", "pattern": "^[0-9a-f]{128}$" });
    object(json!({ "by": gln(), "statement": text(), "signature": signature }), &[])
}

fn inquiry_request() -> Value {
    let items = json!({ "type": "array", "items": text(), "minItems": 1, "maxItems": 100 });
    let properties = json!({
        "items": items, "reason": text(), "legal_basis": text(), "parties": list(gln()),
    });
    object(properties, &["parties"])
}

/// The members of an inquiry.
fn of_inquiry() -> Value {
    let states = ["open", "asked", "complete", "received", "waiting", "answered", "denied"];
    json!({
        "inquiry": count(), "number": text(), "asked_by": reference("Party"),
        "ours": { "type": "boolean" },
        "kind": { "type": "string", "enum": ["authority", "trace"] },
        "state": { "type": "string", "enum": states }, "items": list(text()), "reason": text(),
        "legal_basis": text(), "asked_at": text(), "due_at": text_or_none(),
        "decided_at": text_or_none(), "decision": text_or_none(), "late": { "type": "boolean" },
    })
}

fn inquiry_party() -> Value {
    let states = ["asked", "pending", "answered", "denied"];
    let properties = json!({
        "party": reference("Party"), "state": { "type": "string", "enum": states },
        "asked_at": text(), "due_at": text(), "answered_at": text_or_none(),
        "late": { "type": "boolean" }, "reason": text_or_none(), "reminders": count(),
        "not_reached": text_or_none(),
    });
    object(properties, &[])
}

fn inquiry_document() -> Value {
    let properties = json!({
        "party": gln(), "name": text(), "content_type": text(), "digest": text(),
        "bytes": count(),
    });
    object(properties, &[])
}

fn inquiry_report() -> Value {
    let mut properties = of_inquiry();
    properties["parties"] = list(reference("InquiryPartyEntry"));
    properties["journeys"] = list(reference("Journey"));
    properties["documents"] = list(reference("InquiryDocumentEntry"));
    object(properties, &[])
}

fn disclosure() -> Value {
    let properties = json!({
        "asked_by": reference("Party"), "item": text(),
        "kind": { "type": "string", "enum": ["authority", "trace"] }, "sight": text(),
        "first_at": text(), "last_at": text(), "times": count(),
    });
    object(properties, &[])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use theriac_gs1::Gln;
    use theriac_node::{
        DisclosureEntry, HopAnswer, InquiryDocumentEntry, InquiryEntry, InquiryPartyEntry, Journey,
        JourneyHop, JourneyStep, MadeLink, Party, SignedStatement,
    };

    fn gln() -> Gln {
        Gln::from_body(952_110_000_001).unwrap()
    }

    fn party() -> Party {
        Party { gln: gln(), name: String::new() }
    }

    /// The names of the members that a value has, and those that the schema of this name has.
    fn names(name: &str, value: Value) -> (BTreeSet<String>, BTreeSet<String>) {
        let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect();
        let schemas = schemas();
        let (_, schema) = schemas.iter().find(|(one, _)| *one == name).unwrap();
        (keys(&value), keys(&schema["properties"]))
    }

    #[test]
    fn the_schemas_have_the_members_of_the_types() {
        let answer = HopAnswer {
            packs: vec![("in_stock".to_owned(), 1)],
            from: vec![gln()],
            next: vec![gln()],
            ..HopAnswer::default()
        };
        let hop = JourneyHop {
            party: None,
            begins: String::new(),
            since: None,
            from: None,
            ends: String::new(),
            until: None,
            to: None,
            proven_by: String::new(),
            answer: answer.clone(),
            contradictions: vec![String::new()],
        };
        let step = JourneyStep {
            at: String::new(),
            what: String::new(),
            party: None,
            place: None,
            biz_step: None,
            disposition: None,
            event: None,
            declared_erroneous: false,
            corrected_by: vec![String::new()],
            block: None,
            transaction: None,
            proven_by: String::new(),
            told_by: None,
            contradiction: None,
        };
        let link = MadeLink {
            identifier: String::new(),
            event: String::new(),
            told_by: party(),
            proven: true,
        };
        let journey = Journey {
            code: String::new(),
            identifier: String::new(),
            steps: Vec::new(),
            hops: Vec::new(),
            made_from: Vec::new(),
            made_into: Vec::new(),
            complete: true,
        };
        let statement =
            SignedStatement { by: gln(), statement: String::new(), signature: String::new() };
        for (name, value) in [
            ("HopAnswer", json!(answer)),
            ("JourneyHop", json!(hop)),
            ("JourneyStep", json!(step)),
            ("MadeLink", json!(link)),
            ("Journey", json!(journey)),
            ("SignedStatement", json!(statement)),
        ] {
            let (found, expected) = names(name, value);
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn the_schemas_of_inquiries_have_the_members_of_the_types() {
        let text = String::new;
        let entry = InquiryEntry {
            inquiry: 1,
            number: text(),
            asked_by: party(),
            ours: true,
            kind: text(),
            state: text(),
            items: Vec::new(),
            reason: text(),
            legal_basis: text(),
            asked_at: text(),
            due_at: None,
            decided_at: None,
            decision: None,
            late: false,
        };
        let one = InquiryPartyEntry {
            party: party(),
            state: text(),
            asked_at: text(),
            due_at: text(),
            answered_at: None,
            late: false,
            reason: None,
            reminders: 0,
            not_reached: None,
        };
        let document = InquiryDocumentEntry {
            party: gln(),
            name: text(),
            content_type: text(),
            digest: text(),
            bytes: 0,
        };
        let told = DisclosureEntry {
            asked_by: party(),
            item: text(),
            kind: text(),
            sight: text(),
            first_at: text(),
            last_at: text(),
            times: 1,
        };
        let report = theriac_node::InquiryReport {
            entry: entry.clone(),
            parties: Vec::new(),
            journeys: Vec::new(),
            documents: Vec::new(),
        };
        for (name, value) in [
            ("InquiryEntry", json!(entry)),
            ("InquiryPartyEntry", json!(one)),
            ("InquiryDocumentEntry", json!(document)),
            ("DisclosureEntry", json!(told)),
            ("InquiryReport", json!(report)),
        ] {
            let (found, expected) = names(name, value);
            assert_eq!(found, expected, "{name}");
        }
    }
}
