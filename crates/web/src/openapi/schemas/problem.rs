//! Schemas of refusals.

use serde_json::{Map, Value, json};

use crate::epcis::ExceptionKind;
use crate::problem::ProblemCode;

/// Schemas by name.
pub(super) fn schemas() -> Map<String, Value> {
    let codes: Vec<String> = ProblemCode::ALL.iter().map(|code| code.urn()).collect();
    let kinds: Vec<String> = ExceptionKind::ALL.iter().map(|kind| kind.urn()).collect();
    let mut exception = told(&kinds, "Why a request below `/epcis` was not done");
    exception["properties"]["queryName"] =
        json!({ "type": "string", "description": "The named query that failed" });
    exception["properties"]["subscriptionID"] =
        json!({ "type": "string", "description": "The subscription that failed" });
    let mut xml = told(&kinds, "Why a request below `/epcis` was not done, in XML");
    xml["xml"] = json!({
        "name": "EPCISException", "namespace": "urn:epcglobal:epcis:xsd:2", "prefix": "epcis",
    });
    let all = [
        ("Problem", told(&codes, "Why a request was not done (RFC 9457)")),
        ("Exception", exception),
        ("EPCISException", xml),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn told(types: &[String], what: &str) -> Value {
    json!({
        "type": "object",
        "description": what,
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "enum": types },
            "title": { "type": "string", "description": "The kind of problem, in words" },
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
            "detail": { "type": "string", "description": "What happened this time" },
            "hint": { "type": "string", "description": "What to do about it" },
        },
        "additionalProperties": false,
    })
}
