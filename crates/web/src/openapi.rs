//! The OpenAPI 3.1 document of a node, made from the code and served at `GET /openapi.json`.
//!
//! ```text
//! routes::index::PATHS ─▶ operation ─┬─ parameter (path, query, headers)
//!                                    ├─ body      (what a request carries)
//!                                    └─ answer    (what comes back, by status)
//! types of the answers ─▶ schemas
//! ```
//!
//! # Invariants
//!
//! - A path stands in the document if and only if the router answers it; tests compare them.
//! - No answer has a status, media type, header or member that the document does not name.

mod answer;
mod body;
mod detail;
mod examples;
mod operation;
mod parameter;
mod schemas;
mod simple_event_query;

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

use crate::routes::index::PATHS;

const DESCRIPTION: &str = "\
Everything that a node of Theriac answers. Below `/epcis` lies the REST interface of EPCIS 2.0 (GS1 EPCIS 2.0, section 12); \
the other paths are Theriac's own. What is no success is a problem (RFC 9457). \
Until there are access keys, most paths answer programs on the node's own machine only.";

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = format!("{:#}", document());
    text.push('\n');
    text
});

/// The document, as it is served and as `docs/reference/openapi.json` has it.
pub fn text() -> &'static str {
    &TEXT
}

/// The document.
pub fn document() -> Value {
    let mut responses = Map::new();
    let paths = paths(&mut responses);
    responses.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Theriac node",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "tags": [
            { "name": "node", "description": "The node and its books: Theriac's own paths" },
            { "name": "epcis", "description": "The REST interface of EPCIS 2.0" },
        ],
        "paths": paths,
        "components": {
            "parameters": parameter::components(),
            "responses": responses,
            "headers": answer::headers(),
            "schemas": schemas::components(),
        },
    })
}

/// All operations, by path and method; `responses` takes the answers that several have.
fn paths(responses: &mut Map<String, Value>) -> Map<String, Value> {
    let mut paths = Map::new();
    for path in PATHS {
        let item = paths.entry(path.path).or_insert_with(|| operation::item(path.path, responses));
        item[path.method.to_lowercase()] = operation::operation(path, responses);
    }
    paths
}

/// Serves the document.
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text())
}
