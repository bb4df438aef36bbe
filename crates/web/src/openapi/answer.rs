//! What comes back: by status, with media types, headers and schemas.

mod header;
mod refusal;
mod success;

pub(super) use header::{VERSION, cbv_words, components as headers, epc_words};
pub(super) use success::Success;

use refusal::Shared;

use serde_json::{Map, Value, json};

use super::detail::{Detail, Refusals};
use crate::epcis::ExceptionKind;
use crate::problem::ProblemCode;
use crate::routes::index::{Path, Who};

/// The answers of an operation; those that others have too are added to `components`.
pub(super) fn of_operation(
    path: &Path,
    detail: &Detail,
    components: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut shared = Shared::new(components);
    for (status, answer) in detail.success.answers() {
        match detail.success {
            Success::Events => shared.add(status, "events".to_owned(), answer),
            _ => drop(shared.answers.insert(status.to_owned(), answer)),
        }
    }
    let local = path.who == Who::ThisMachine;
    match detail.refusals {
        Refusals::Problems(problems) => refusal::problems(&mut shared, local, problems),
        Refusals::Exceptions(kinds) => refusal::exceptions(&mut shared, local, kinds),
        Refusals::Faults => refusal::faults(&mut shared),
    }
    sorted(shared.answers)
}

/// The answers of `OPTIONS` of a path below `/epcis`.
pub(super) fn of_options(path: &str, components: &mut Map<String, Value>) -> Map<String, Value> {
    let mut shared = Shared::new(components);
    let captures = path == "/epcis/capture";
    let what = "What the path takes and in which forms it answers.";
    let answer = json!({ "description": what, "headers": header::of_discovery(captures) });
    let name = if captures { "discovery-of-capture" } else { "discovery" };
    shared.add("204", name.to_owned(), answer);
    match path.ends_with("/subscriptions/{id}") {
        true => {
            let unknown = [ExceptionKind::Validation, ExceptionKind::NoSuchResource];
            refusal::exceptions(&mut shared, true, &unknown);
        }
        false => refusal::exceptions(&mut shared, false, &[]),
    }
    sorted(shared.answers)
}

/// In the order of their statuses.
fn sorted(mut answers: Map<String, Value>) -> Map<String, Value> {
    answers.sort_keys();
    answers
}

/// What every path can refuse, whatever is asked.
const EVER: [ProblemCode; 3] =
    [ProblemCode::TooSlow, ProblemCode::Overloaded, ProblemCode::Internal];
