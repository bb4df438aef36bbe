//! Answers that are no success: problems of Theriac's own, and exceptions of the standard.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{EVER, header};
use crate::epcis::exception::MEDIA_TYPE_XML;
use crate::epcis::{Exception, ExceptionKind};
use crate::problem::{MEDIA_TYPE, Problem, ProblemCode};
use crate::routes::index::Who;

/// The kinds of refusals with one status: their types, and what they mean.
#[derive(Default)]
struct Kinds {
    types: Vec<String>,
    titles: Vec<String>,
}

impl Kinds {
    fn add(&mut self, kind: String, title: &str) {
        if !self.types.contains(&kind) {
            self.types.push(kind);
        }
        let title = title.to_owned();
        if !self.titles.contains(&title) {
            self.titles.push(title);
        }
    }
}

/// Adds the refusals of one of Theriac's own paths.
pub(super) fn problems(answers: &mut Map<String, Value>, who: Who, codes: &[ProblemCode]) {
    let mut statuses: BTreeMap<u16, Kinds> = BTreeMap::new();
    let local = (who == Who::ThisMachine).then_some(ProblemCode::NotLocal);
    for code in codes.iter().chain(&local).chain(&EVER) {
        let kinds = statuses.entry(code.status().as_u16()).or_default();
        kinds.add(code.urn(), code.title());
    }
    for (status, kinds) in statuses {
        let schema = narrowed("Problem", status, &kinds);
        let mut answer = json!({
            "description": sentences(&kinds),
            "content": { MEDIA_TYPE: { "schema": schema } },
        });
        if let Some(headers) = header::of_refusal(status, false) {
            answer["headers"] = headers;
        }
        answers.insert(status.to_string(), answer);
    }
}

/// Adds the refusals of a path below `/epcis`.
pub(super) fn exceptions(answers: &mut Map<String, Value>, local: bool, kinds: &[ExceptionKind]) {
    let mut statuses: BTreeMap<u16, Kinds> = BTreeMap::new();
    for kind in kinds.iter().chain(&[ExceptionKind::UriTooLong]) {
        let entry = statuses.entry(kind.status().as_u16()).or_default();
        entry.add(kind.urn(), kind.title());
    }
    let local = local.then_some(ProblemCode::NotLocal);
    for code in EVER.iter().chain(&local) {
        let exception = Exception::from(Problem::new(*code, ""));
        let entry = statuses.entry(exception.status).or_default();
        entry.add(exception.kind.urn(), code.title());
    }
    for (status, kinds) in statuses {
        let schema = narrowed("Exception", status, &kinds);
        let xml = json!({ "$ref": "#/components/schemas/EPCISException" });
        let answer = json!({
            "description": sentences(&kinds),
            "headers": header::of_refusal(status, true),
            "content": { MEDIA_TYPE: { "schema": schema }, MEDIA_TYPE_XML: { "schema": xml } },
        });
        answers.insert(status.to_string(), answer);
    }
}

/// The schema of a refusal with this status and one of these types.
fn narrowed(schema: &str, status: u16, kinds: &Kinds) -> Value {
    json!({
        "allOf": [
            { "$ref": format!("#/components/schemas/{schema}") },
            { "properties": { "type": { "enum": kinds.types }, "status": { "const": status } } },
        ],
    })
}

fn sentences(kinds: &Kinds) -> String {
    format!("{}.", kinds.titles.join(". "))
}
