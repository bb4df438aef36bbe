//! Parameters: of the path, of the query, and headers.

use serde_json::{Map, Value, json};

use super::answer::{VERSION, cbv_words, epc_words};
use super::{examples, simple_event_query};
use crate::limits::{LIST_ROWS_MAX, PARAMETER_BYTES_MAX};
use crate::routes::index::{self, Path};

/// Parameters that several operations have, by name.
pub(super) fn components() -> Map<String, Value> {
    let mut components = Map::new();
    for parameter in request_headers().into_iter().chain(pages()).chain(signature(false)) {
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        components.insert(name, parameter);
    }
    components.extend(simple_event_query::components());
    components
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

/// The parts of the path that vary; with an example but for what would be gone thereafter.
pub(super) fn of_path(method: &str, path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|name| {
            let schema = json!({ "type": "string", "minLength": 1 });
            let mut parameter =
                json!({ "name": name, "in": "path", "required": true, "schema": schema });
            if let Some(example) = examples::of_path(path, name).filter(|_| method != "DELETE") {
                parameter["example"] = example.into();
            }
            parameter
        })
        .collect()
}

/// Query parameters and headers of an operation.
pub(super) fn of_operation(path: &Path) -> Vec<Value> {
    let mut parameters = Vec::new();
    for parameter in path.parameters {
        match parameter.name {
            "eventType …" => parameters.extend(simple_event_query::references()),
            "perPage" | "nextPageToken" => parameters.push(reference(parameter.name)),
            _ => parameters.push(own(parameter)),
        }
    }
    let names: &[&str] = match (path.method, path.path.strip_prefix("/epcis")) {
        (_, None) if path.path == "/events" => &["GS1-Extensions"],
        (_, None) if is_signed(path.path) => SIGNATURE,
        (_, None) if path.path == "/captures" && path.method == "POST" => &["Prefer"],
        (_, None) => &[],
        ("DELETE", Some(_)) => &[],
        (_, Some("/soap")) => &[],
        ("POST", Some("/capture")) => SENT_DOCUMENT,
        ("POST", Some(_)) => SENT,
        ("GET", Some(below)) if below.starts_with("/events") || below.ends_with("/events") => {
            EVENTS
        }
        ("GET", Some(_)) => &VERSIONS,
        _ => &[],
    };
    parameters.extend(names.iter().map(|name| reference(name)));
    parameters
}

/// Whether members may sign what they ask there.
fn is_signed(path: &str) -> bool {
    matches!(path, "/verify" | "/trace" | "/checkConnectivity") || path.starts_with("/verify/")
}

const VERSIONS: [&str; 4] = ["GS1-EPCIS-Min", "GS1-EPCIS-Max", "GS1-CBV-Min", "GS1-CBV-Max"];

const EVENTS: &[&str] = &[
    "GS1-EPCIS-Min",
    "GS1-EPCIS-Max",
    "GS1-CBV-Min",
    "GS1-CBV-Max",
    "GS1-EPC-Format",
    "GS1-CBV-XML-Format",
    "GS1-Extensions",
];

const SENT: &[&str] = &["GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-EPC-Format", "GS1-Extensions"];

const SENT_DOCUMENT: &[&str] =
    &["GS1-EPCIS-Version", "GS1-CBV-Version", "GS1-Capture-Error-Behaviour", "Prefer"];

const SIGNATURE: &[&str] =
    &["theriac-member", "theriac-time", "theriac-digest", "theriac-signature"];

/// The headers that sign a message between members.
pub(super) fn signature(required: bool) -> Vec<Value> {
    let header = |name: &str, what: &str| {
        json!({
            "name": name, "in": "header", "required": required, "description": what,
            "schema": { "type": "string" },
        })
    };
    vec![
        header("theriac-member", "GLN of the member that asks"),
        header("theriac-time", "When the request was signed, seconds since 1970"),
        header("theriac-digest", "SHA-256 of the body, hexadecimal"),
        header(
            "theriac-signature",
            "Ed25519 signature over sender, recipient, method, path, time and digest",
        ),
    ]
}

/// One of Theriac's own parameters.
fn own(parameter: &index::Parameter) -> Value {
    let schema = match parameter.name {
        "limit" => json!({ "type": "integer", "minimum": 1, "maximum": LIST_ROWS_MAX }),
        "open" | "outcomes" | "checkConnectivity" | "overdue" => json!({ "type": "boolean" }),
        "code" => json!({ "type": "string", "maxLength": PARAMETER_BYTES_MAX }),
        "stream" | "reportIfEmpty" => json!({ "type": "boolean" }),
        "initialRecordTime" => json!({ "type": "string", "format": "date-time" }),
        _ => json!({ "type": "string" }),
    };
    let mut own = json!({
        "name": parameter.name, "in": "query", "required": parameter.name == "code",
        "description": parameter.what, "schema": schema,
    });
    if parameter.name == "code" {
        own["example"] = examples::PACK.into();
    }
    own
}

fn pages() -> Vec<Value> {
    vec![
        json!({
            "name": "perPage", "in": "query",
            "description": "How many on a page; the node gives 1000 at most, and 30 unless said",
            "schema": { "type": "integer", "minimum": 1 },
        }),
        json!({
            "name": "nextPageToken", "in": "query",
            "description": "From the header Link of the page before; good for the same query alone",
            "schema": { "type": "string" },
        }),
    ]
}

/// Headers of requests below `/epcis`, and `Prefer`.
fn request_headers() -> Vec<Value> {
    let header = |name: &str, what: &str, schema: Value| json!({ "name": name, "in": "header", "description": what, "schema": schema });
    let version = || json!({ "type": "string", "pattern": VERSION });
    let words = |words: Vec<&str>| json!({ "type": "string", "enum": words });
    vec![
        header("GS1-EPCIS-Version", "Version of EPCIS of the body", version()),
        header("GS1-CBV-Version", "Version of the CBV of the body", version()),
        header("GS1-EPCIS-Min", "Lowest version of EPCIS that the client takes", version()),
        header("GS1-EPCIS-Max", "Highest version of EPCIS that the client takes", version()),
        header("GS1-CBV-Min", "Lowest version of the CBV that the client takes", version()),
        header("GS1-CBV-Max", "Highest version of the CBV that the client takes", version()),
        header("GS1-EPC-Format", "Form of EPCs in the answer", words(epc_words())),
        header("GS1-CBV-XML-Format", "Form of words of the CBV in XML", words(cbv_words())),
        header(
            "GS1-Extensions",
            "What prefixes of extension fields stand for: `prefix=namespace`, commas between",
            json!({ "type": "string" }),
        ),
        header(
            "GS1-Capture-Error-Behaviour",
            "Whether one error keeps the whole document off the record; `rollback` unless said",
            words(vec!["rollback", "proceed"]),
        ),
        header(
            "Prefer",
            "`respond-async`: answer once the document is durable (RFC 7240)",
            json!({ "type": "string" }),
        ),
    ]
}
