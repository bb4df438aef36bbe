//! Cases as messages of the trade: exception messages of the PDG, Form FDA 3911.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;
use theriac_node::{Form3911, Node, PdgForm, PdgTaken, ReportType};

use crate::access::Local;
use crate::body;
use crate::parameters::{Parameters, wrong};
use crate::problem::Problem;

/// A case as a message of the PDG; `form` is `report` or `response`.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused)
/// without an email address, [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn pdg(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    mut parameters: Parameters,
) -> Result<Json<Value>, Problem> {
    let form = match parameters.text("form").as_deref() {
        None => None,
        Some("report") => Some(PdgForm::Report),
        Some("response") => Some(PdgForm::Response),
        Some(found) => {
            return Err(wrong(format!("expected report or response in form, found {found:?}")));
        }
    };
    parameters.finish()?;
    Ok(Json(node.case_pdg(&case, form).await?))
}

/// Takes in a message of the PDG.
///
/// # Errors
///
/// [`BodyWrong`](crate::ProblemCode::BodyWrong), [`CaseUnknown`](crate::ProblemCode::CaseUnknown),
/// [`CaseRefused`](crate::ProblemCode::CaseRefused).
pub(crate) async fn take_pdg(
    _: Local,
    State(node): State<Node>,
    body::LongJson(message): body::LongJson<Value>,
) -> Result<Json<PdgTaken>, Problem> {
    Ok(Json(node.take_pdg(&message).await?))
}

/// The fields of Form FDA 3911; `type` is `initial`, `follow_up` or `termination`, `incident` the
/// number that the FDA has given.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown),
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn form_3911(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    mut parameters: Parameters,
) -> Result<Json<Form3911>, Problem> {
    let kind = match parameters.text("type").as_deref() {
        None => None,
        Some("initial") => Some(ReportType::Initial),
        Some("follow_up") => Some(ReportType::FollowUp),
        Some("termination") => Some(ReportType::Termination),
        Some(found) => {
            return Err(wrong(format!(
                "expected initial, follow_up or termination in type, found {found:?}"
            )));
        }
    };
    let incident = parameters.text("incident");
    parameters.finish()?;
    Ok(Json(node.case_form_3911(&case, kind, incident).await?))
}
