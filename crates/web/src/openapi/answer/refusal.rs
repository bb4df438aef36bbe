//! Answers that are no success: problems of Theriac's own, exceptions of the standard, faults of SOAP.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{EVER, header};
use crate::epcis::exception::MEDIA_TYPE_XML;
use crate::epcis::{Exception, ExceptionKind};
use crate::problem::{MEDIA_TYPE, Problem, ProblemCode};

/// The kinds of refusals with one status: their types, and what they mean.
#[derive(Default)]
struct Kinds {
    words: Vec<&'static str>,
    types: Vec<String>,
    titles: Vec<&'static str>,
}

impl Kinds {
    fn add(&mut self, word: &'static str, kind: String, title: &'static str) {
        if !self.words.contains(&word) {
            self.words.push(word);
            self.types.push(kind);
        }
        if !self.titles.contains(&title) {
            self.titles.push(title);
        }
    }

    /// The name of the answer: its status and its words.
    fn name(&self, status: u16) -> String {
        format!("{status}-{}", self.words.join("-"))
    }

    /// The schema of a refusal with this status and one of these types.
    fn narrowed(&self, schema: &str, status: u16) -> Value {
        json!({
            "allOf": [
                { "$ref": format!("#/components/schemas/{schema}") },
                { "properties": { "type": { "enum": self.types }, "status": { "const": status } } },
            ],
        })
    }

    fn sentences(&self) -> String {
        format!("{}.", self.titles.join(". "))
    }
}

/// Adds the refusals of one of Theriac's own paths.
pub(super) fn problems(shared: &mut Shared<'_>, local: bool, codes: &[ProblemCode]) {
    let mut statuses: BTreeMap<u16, Kinds> = BTreeMap::new();
    let local = local.then_some(ProblemCode::NotLocal);
    for code in codes.iter().chain(&local).chain(&EVER) {
        let kinds = statuses.entry(code.status().as_u16()).or_default();
        kinds.add(code.word(), code.urn(), code.title());
    }
    for (status, kinds) in statuses {
        let mut answer = json!({
            "description": kinds.sentences(),
            "content": { MEDIA_TYPE: { "schema": kinds.narrowed("Problem", status) } },
        });
        if let Some(headers) = header::of_refusal(status, false) {
            answer["headers"] = headers;
        }
        shared.add(&status.to_string(), kinds.name(status), answer);
    }
}

/// Adds the refusals of a path below `/epcis`.
pub(super) fn exceptions(shared: &mut Shared<'_>, local: bool, kinds: &[ExceptionKind]) {
    let mut statuses: BTreeMap<u16, Kinds> = BTreeMap::new();
    for kind in kinds.iter().chain(&[ExceptionKind::UriTooLong]) {
        let entry = statuses.entry(kind.status().as_u16()).or_default();
        entry.add(kind.word(), kind.urn(), kind.title());
    }
    let local = local.then_some(ProblemCode::NotLocal);
    for code in EVER.iter().chain(&local) {
        let exception = Exception::from(Problem::new(*code, ""));
        let entry = statuses.entry(exception.status).or_default();
        entry.add(exception.kind.word(), exception.kind.urn(), code.title());
    }
    for (status, kinds) in statuses {
        let xml = json!({ "$ref": "#/components/schemas/EPCISException" });
        let answer = json!({
            "description": kinds.sentences(),
            "headers": header::of_refusal(status, true),
            "content": {
                MEDIA_TYPE: { "schema": kinds.narrowed("Exception", status) },
                MEDIA_TYPE_XML: { "schema": xml },
            },
        });
        shared.add(&status.to_string(), kinds.name(status), answer);
    }
}

/// Adds the faults of the SOAP service.
pub(super) fn faults(shared: &mut Shared<'_>) {
    for (status, what) in [
        (400, "The message is no SOAP, or a fault of the client in SOAP 1.2"),
        (403, "The path answers programs on the node's own machine only"),
        (408, "The request took too long"),
        (413, "The message is too large"),
        (415, "The body is no XML"),
        (500, "A fault of the client in SOAP 1.1 (section 6.2), or of the node"),
        (503, "The node has more requests than it can answer"),
    ] {
        let mut answer = super::success::envelope(&format!("{what}."));
        if let Some(headers) = header::of_refusal(status, false) {
            answer["headers"] = headers;
        }
        shared.add(&status.to_string(), format!("{status}-fault"), answer);
    }
}

/// The answers of an operation, and those that operations share.
pub(in crate::openapi) struct Shared<'a> {
    /// The answers of the operation by their status.
    pub(super) answers: Map<String, Value>,
    components: &'a mut Map<String, Value>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(components: &'a mut Map<String, Value>) -> Self {
        Self { answers: Map::new(), components }
    }

    /// Adds an answer under a name that stands for all of it.
    pub(super) fn add(&mut self, status: &str, name: String, answer: Value) {
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        self.answers.insert(status.to_owned(), reference);
        self.components.insert(name, answer);
    }
}
