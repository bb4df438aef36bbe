//! One operation: a method of a path.

use serde_json::{Map, Value, json};

use super::detail::Detail;
use super::{answer, body, parameter};
use crate::routes::index::{Path, Who};
use crate::soap;

/// What all methods of a path share; below `/epcis` each path takes `OPTIONS`.
pub(super) fn item(path: &str, responses: &mut Map<String, Value>) -> Value {
    let mut item = json!({});
    if path.starts_with("/epcis") && path != soap::PATH {
        item["options"] = json!({
            "operationId": id("options", path),
            "tags": ["epcis"],
            "summary": "methods, versions, forms and limits of the path",
            "parameters": parameter::of_path("OPTIONS", path),
            "responses": answer::of_options(path, responses),
        });
    }
    item
}

/// The operation of a row of the table of paths.
pub(super) fn operation(path: &Path, responses: &mut Map<String, Value>) -> Value {
    let is_epcis = path.path.starts_with("/epcis");
    let detail = Detail::of(path);
    let mut operation = json!({
        "operationId": id(path.method, path.path),
        "tags": [if is_epcis { "epcis" } else { "node" }],
        "summary": path.what,
        "description": format!("Who may ask: {}.", path.who.words()),
    });
    let mut parameters = parameter::of_path(path.method, path.path);
    parameters.extend(parameter::of_operation(path));
    if path.who == Who::Members {
        parameters.extend(parameter::signature(true));
    }
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = detail.body {
        operation["requestBody"] = body::request(body);
    }
    operation["responses"] = answer::of_operation(path, &detail, responses).into();
    operation
}

/// A name for the operation: `get_epcis_queries_name_events`.
fn id(method: &str, path: &str) -> String {
    let words = path.split(['/', '{', '}', '.']).filter(|word| !word.is_empty());
    let mut id = method.to_lowercase();
    for word in words {
        id.push('_');
        id.push_str(word);
    }
    // The two forms of the root differ in a slash alone.
    if path.len() > 1 && path.ends_with('/') {
        id.push_str("_root");
    }
    id
}
