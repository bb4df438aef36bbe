//! What is done in a case: opened, told, said, proposed, answered, resolved, packs set apart, cleared,
//! confirmed.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use theriac_custody::EvidenceItem;
use theriac_custody::case::{Classification, Resolution};
use theriac_gs1::Gln;
use theriac_node::{AnswerRequest, CaseRequest, Node};

use super::{CaseView, view};
use crate::access::Local;
use crate::body;
use crate::problem::Problem;

/// Whom a case is told to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellRequest {
    /// The other party.
    pub to: Gln,
}

/// What is said in a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SayRequest {
    /// The words.
    pub text: String,
    /// Whether it stays this member's turn.
    #[serde(default)]
    pub keep: bool,
    /// What speaks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceItem>,
}

/// A way to end a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposeRequest {
    /// The way.
    pub resolution: Resolution,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveRequest {
    /// In words.
    pub outcome: String,
    /// In the words of the trade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
}

/// Why packs are legitimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearRequest {
    /// Why.
    pub text: String,
}

/// Why packs are illegitimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// Why.
    pub text: String,
    /// In which way.
    pub classification: Classification,
}

type Answer = Result<Json<CaseView>, Problem>;

/// Opens a case.
///
/// # Errors
///
/// [`CaseRefused`](crate::ProblemCode::CaseRefused), or the body or a code cannot be read.
pub(crate) async fn open(
    _: Local,
    State(node): State<Node>,
    body::LongJson(request): body::LongJson<CaseRequest>,
) -> Result<(StatusCode, Json<CaseView>), Problem> {
    let detail = node.report_case(request).await?;
    Ok((StatusCode::CREATED, view(&node, detail)))
}

/// Tells another party of a case.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn tell(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<TellRequest>,
) -> Answer {
    Ok(view(&node, node.tell_case(&case, request.to).await?))
}

/// Says something.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn say(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<SayRequest>,
) -> Answer {
    Ok(view(&node, node.say_in_case(&case, request.text, request.keep, request.evidence).await?))
}

/// Proposes a way to end a case.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn propose(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<ProposeRequest>,
) -> Answer {
    Ok(view(&node, node.propose_in_case(&case, request.resolution, request.text).await?))
}

/// Answers a proposal.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn answer(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<AnswerRequest>,
) -> Answer {
    Ok(view(&node, node.answer_in_case(&case, request).await?))
}

/// Ends a case.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn resolve(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<ResolveRequest>,
) -> Answer {
    Ok(view(&node, node.resolve_case(&case, request.outcome, request.resolution).await?))
}

/// Finds suspect packs legitimate.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn clear(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<ClearRequest>,
) -> Answer {
    Ok(view(&node, node.clear_case(&case, request.text).await?))
}

/// Finds suspect packs illegitimate.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused),
/// or the body cannot be read.
pub(crate) async fn confirm(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    body::Json(request): body::Json<ConfirmRequest>,
) -> Answer {
    Ok(view(&node, node.confirm_case(&case, request.text, request.classification).await?))
}

/// Sets the packs of a case apart.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown), [`CaseRefused`](crate::ProblemCode::CaseRefused).
pub(crate) async fn quarantine(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
) -> Answer {
    Ok(view(&node, node.quarantine_case(&case).await?))
}
