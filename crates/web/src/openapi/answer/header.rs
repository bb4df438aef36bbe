//! Headers of answers.

use serde_json::{Map, Value, json};

use crate::epcis::{CbvPreference, EpcPreference};

/// What a version looks like, as [`Version`](crate::epcis::Version) reads it.
pub(in crate::openapi) const VERSION: &str = r"^[0-9]{1,9}(\.[0-9]{1,9})*$";

/// Name in the standard's spelling, what it says, schema.
fn table() -> Vec<(&'static str, &'static str, Value)> {
    let version = || json!({ "type": "string", "pattern": VERSION });
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    let list = || json!({ "type": "string", "minLength": 1 });
    let time = || json!({ "type": "string", "format": "date-time" });
    let count = || json!({ "type": "integer", "minimum": 1 });
    vec![
        (
            "Location",
            "Path of what was made",
            json!({ "type": "string", "format": "uri-reference" }),
        ),
        ("Link", "The next page, with `rel=\"next\"`; the last page has none", list()),
        ("Retry-After", "Seconds to wait before the request is sent again", count()),
        ("Allow", "The methods that the path takes", list()),
        ("GS1-EPCIS-Version", "Version of EPCIS of the answer", version()),
        ("GS1-CBV-Version", "Version of the CBV of the answer", version()),
        ("GS1-EPCIS-Min", "Lowest version of EPCIS", version()),
        ("GS1-EPCIS-Max", "Highest version of EPCIS", version()),
        ("GS1-CBV-Min", "Lowest version of the CBV", version()),
        ("GS1-CBV-Max", "Highest version of the CBV", version()),
        ("GS1-Extensions", "Extensions that the node knows, `prefix=namespace`", list()),
        ("GS1-Vendor-Version", "Version of the program", list()),
        ("GS1-Next-Page-Token-Expires", "Until when the token of the next page is taken", time()),
        ("GS1-Query-Min-Record-Time", "Least record time of the events sent next", time()),
        ("GS1-EPCIS-Capture-Limit", "Most events of a document", count()),
        ("GS1-EPCIS-Capture-File-Size-Limit", "Most bytes of a document", count()),
        (
            "GS1-Capture-Error-Behaviour",
            "What errors do to the rest",
            words(vec!["rollback", "proceed"]),
        ),
        ("GS1-EPC-Format", "Form of EPCs in the answer", words(epc_words())),
        ("GS1-CBV-XML-Format", "Form of words of the CBV in the answer", words(cbv_words())),
        ("Upgrade", "The protocol that follows", json!({ "type": "string", "const": "websocket" })),
    ]
}

/// Words of `GS1-EPC-Format`.
pub(in crate::openapi) fn epc_words() -> Vec<&'static str> {
    EpcPreference::ALL.iter().map(|form| form.word()).collect()
}

/// Words of `GS1-CBV-XML-Format`.
pub(in crate::openapi) fn cbv_words() -> Vec<&'static str> {
    CbvPreference::ALL.iter().map(|form| form.word()).collect()
}

/// The headers by name; a name with `-required` is of an answer that always has it.
pub(in crate::openapi) fn components() -> Map<String, Value> {
    let mut components = Map::new();
    for (name, what, schema) in table() {
        let header = json!({ "description": what, "schema": schema });
        let mut required = header.clone();
        required["required"] = true.into();
        components.insert(name.to_owned(), header);
        components.insert(format!("{name}-required"), required);
    }
    components
}

/// Headers of an answer: those it always has, and those it may have.
pub(super) fn named(required: &[&str], optional: &[&str]) -> Value {
    let mut headers = Map::new();
    for name in required {
        headers.insert((*name).to_owned(), reference(&format!("{name}-required")));
    }
    for name in optional {
        headers.insert((*name).to_owned(), reference(name));
    }
    headers.into()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// What every answer below `/epcis` has.
pub(super) const EVERY: [&str; 4] =
    ["GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Extensions", "GS1-Vendor-Version"];

/// Headers of an answer below `/epcis`, with those that all have.
pub(super) fn epcis(required: &[&str], optional: &[&str]) -> Value {
    let required: Vec<&str> = EVERY.iter().chain(required).copied().collect();
    named(&required, optional)
}

/// Headers of a refusal, if it has any.
pub(super) fn of_refusal(status: u16, is_epcis: bool) -> Option<Value> {
    let required: &[&str] = match status {
        425 | 429 | 503 => &["Retry-After"],
        _ => &[],
    };
    let optional: &[&str] = match status {
        413 => &["GS1-EPCIS-Capture-Limit", "GS1-EPCIS-Capture-File-Size-Limit"],
        _ => &[],
    };
    match is_epcis {
        true => Some(epcis(required, optional)),
        false => (!required.is_empty()).then(|| named(required, &[])),
    }
}

/// Headers of `OPTIONS`: lists of words where an answer has one word.
pub(super) fn of_discovery(captures: bool) -> Value {
    let versions = ["Allow", "GS1-EPCIS-Min", "GS1-EPCIS-Max", "GS1-CBV-Min", "GS1-CBV-Max"];
    let mut all = epcis(&versions, &["GS1-Query-Min-Record-Time"]);
    let list = |what: &str| json!({ "description": what, "required": true, "schema": { "type": "string" } });
    all["GS1-EPC-Format"] = list("The forms of EPCs that answers can have, commas between");
    all["GS1-CBV-XML-Format"] = list("The forms of words of the CBV, commas between");
    if captures {
        all["GS1-Capture-Error-Behaviour"] = list("`all`: both behaviours are known");
        for name in ["GS1-EPCIS-Capture-Limit", "GS1-EPCIS-Capture-File-Size-Limit"] {
            all[name] = reference(&format!("{name}-required"));
        }
    }
    all
}
