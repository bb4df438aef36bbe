//! What comes back: by status, with media types, headers and schemas.

mod header;
mod refusal;
mod success;

pub(super) use header::{VERSION, cbv_words, components as headers, epc_words};
pub(super) use success::Success;

use serde_json::{Map, Value, json};

use super::detail::{Detail, Refusals};
use crate::epcis::ExceptionKind;
use crate::problem::ProblemCode;
use crate::routes::index::{Path, Who};

/// The answers of an operation.
pub(super) fn of_operation(path: &Path, detail: &Detail) -> Map<String, Value> {
    let mut answers = Map::new();
    for (status, answer) in detail.success.answers() {
        answers.insert(status.to_owned(), answer);
    }
    match detail.refusals {
        Refusals::Problems(problems) => refusal::problems(&mut answers, path.who, problems),
        Refusals::Exceptions(exceptions) => {
            let local = path.who == Who::ThisMachine;
            refusal::exceptions(&mut answers, local, exceptions);
        }
    }
    sorted(answers)
}

/// The answers of `OPTIONS` of a path below `/epcis`.
pub(super) fn of_options(path: &str) -> Map<String, Value> {
    let mut answers = Map::new();
    let headers = header::of_discovery(path == "/epcis/capture");
    let what = "What the path takes and in which forms it answers.";
    answers.insert("204".to_owned(), json!({ "description": what, "headers": headers }));
    match path.ends_with("/subscriptions/{id}") {
        true => {
            let unknown = &[ExceptionKind::Validation, ExceptionKind::NoSuchResource];
            refusal::exceptions(&mut answers, true, unknown);
        }
        false => refusal::exceptions(&mut answers, false, &[]),
    }
    sorted(answers)
}

/// In the order of their statuses.
fn sorted(answers: Map<String, Value>) -> Map<String, Value> {
    let mut answers: Vec<(String, Value)> = answers.into_iter().collect();
    answers.sort_by(|(one, _), (other, _)| one.cmp(other));
    answers.into_iter().collect()
}

/// What every path can refuse, whatever is asked.
const EVER: [ProblemCode; 3] =
    [ProblemCode::TooSlow, ProblemCode::Overloaded, ProblemCode::Internal];
