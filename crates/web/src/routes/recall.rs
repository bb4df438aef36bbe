//! `/recall` and `/recalls`: packs are taken off the market, or put back; how that stands.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin, Lot};
use theriac_node::{
    Node, RecallClosure, RecallEntry, RecallError, RecallOrder, RecallReport, RecallStart,
    RecallView,
};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body::Json;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// What is to happen to a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallRequest {
    /// GTIN of the lot.
    #[schema(value_type = String, pattern = "^[0-9]{8,14}$")]
    pub gtin: Gtin,
    /// Lot number.
    #[schema(value_type = String, min_length = 1, max_length = 20)]
    pub lot: Lot,
    /// Class of the recall, 1 (gravest) to 3; absent when it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3)]
    pub class: Option<u8>,
    /// Whether the recall is lifted.
    #[serde(default)]
    pub lift: bool,
    /// Why, in a sentence.
    pub reason: String,
}

/// Recalls a lot: from the block of its transaction on nobody can dispense a pack of it.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`] unless it has either a class or `lift`;
/// [`ProblemCode::RecallRefused`].
pub(crate) async fn recall(
    _: Local,
    State(node): State<Node>,
    Json(request): Json<RecallRequest>,
) -> Result<axum::Json<RecallReport>, Problem> {
    let order = order(request)?;
    Ok(axum::Json(node.recall(&order).await?))
}

fn order(request: RecallRequest) -> Result<RecallOrder, Problem> {
    let RecallRequest { gtin, lot, class, lift, reason } = request;
    match (class, lift) {
        (Some(1..=3), false) | (None, true) => Ok(RecallOrder { gtin, lot, class, reason }),
        (class, lift) => {
            let found = class.map_or("none".to_owned(), |class| class.to_string());
            let detail =
                format!("expected a class from 1 to 3, or lift, found class {found}, lift {lift}");
            Err(Problem::new(ProblemCode::BodyWrong, detail))
        }
    }
}

/// Why a recall is lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftRequest {
    /// In a sentence.
    pub reason: String,
}

/// The end of a recall.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRequest {
    /// Why it is closed although something is outstanding; without it nothing may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<String>,
}

/// A holder that was told, and has acted, in another way than by its node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToldRequest {
    /// The holder.
    #[schema(value_type = String, pattern = "^[0-9]{13}$")]
    pub holder: Gln,
    /// Who was told, how, and what was said.
    pub note: String,
}

/// The number of a recall in a path.
type Number = Result<Path<String>, PathRejection>;

/// The latest recalls that this node ordered or was told of, newest first.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<axum::Json<Vec<RecallEntry>>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    Ok(axum::Json(node.recalls(limit).await?))
}

/// Orders a recall: whole lots are stopped on the ledger at once, and whoever has packs is told.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`]; [`ProblemCode::RecallRefused`].
pub(crate) async fn start(
    _: Local,
    State(node): State<Node>,
    Json(order): Json<RecallStart>,
) -> Result<Response, Problem> {
    let view = node.start_recall(&order).await?;
    let location = format!("/recalls/{}", view.recall.number);
    Ok((StatusCode::CREATED, [(LOCATION, location)], axum::Json(view)).into_response())
}

/// How a recall stands: packs by state, holders by answer, what is outstanding.
///
/// # Errors
///
/// [`ProblemCode::RecallUnknown`].
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    number: Number,
    parameters: Parameters,
) -> Result<axum::Json<RecallView>, Problem> {
    parameters.finish()?;
    Ok(axum::Json(node.recall_view(self::number(number)?).await?))
}

/// Lifts a recall: holders put back what they have set apart for it.
///
/// # Errors
///
/// [`ProblemCode::RecallUnknown`], [`ProblemCode::RecallRefused`].
pub(crate) async fn lift(
    _: Local,
    State(node): State<Node>,
    number: Number,
    Json(request): Json<LiftRequest>,
) -> Result<axum::Json<RecallView>, Problem> {
    Ok(axum::Json(node.lift_recall(self::number(number)?, &request.reason).await?))
}

/// Closes a recall once all is accounted for.
///
/// # Errors
///
/// [`ProblemCode::RecallUnknown`], [`ProblemCode::RecallRefused`],
/// [`ProblemCode::RecallOutstanding`].
pub(crate) async fn close(
    _: Local,
    State(node): State<Node>,
    number: Number,
    Json(request): Json<CloseRequest>,
) -> Result<axum::Json<RecallClosure>, Problem> {
    let number = self::number(number)?;
    Ok(axum::Json(node.close_recall(number, request.accept.as_deref()).await?))
}

/// Notes that a holder was told, and has acted, in another way than by its node.
///
/// # Errors
///
/// [`ProblemCode::RecallUnknown`], [`ProblemCode::RecallRefused`].
pub(crate) async fn told(
    _: Local,
    State(node): State<Node>,
    number: Number,
    Json(request): Json<ToldRequest>,
) -> Result<axum::Json<RecallView>, Problem> {
    let number = self::number(number)?;
    Ok(axum::Json(node.acknowledge_by_hand(number, request.holder, &request.note).await?))
}

/// The report of a closed recall, as text to print and sign.
///
/// # Errors
///
/// [`ProblemCode::RecallUnknown`]; [`ProblemCode::RecallRefused`] for one that is not closed.
pub(crate) async fn report(
    _: Local,
    State(node): State<Node>,
    number: Number,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.finish()?;
    let view = node.recall_view(self::number(number)?).await?;
    let report = view.report.and_then(|report| serde_json::from_value(report).ok());
    let closure: RecallClosure = report.ok_or_else(|| {
        let state = view.recall.state;
        let detail = format!("expected a closed recall, found {} {state}", view.recall.number);
        Problem::new(ProblemCode::RecallRefused, detail)
    })?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], closure.text()).into_response())
}

fn number(number: Number) -> Result<i64, Problem> {
    // What is no UTF-8 is no number.
    let text = number.map_or_else(|_| String::new(), |Path(text)| text);
    text.parse().map_err(|_| {
        let found: String = text.chars().take(40).collect();
        let detail = format!("expected the number of a recall, found {found:?}");
        Problem::new(ProblemCode::RecallUnknown, detail)
    })
}

impl From<RecallError> for Problem {
    fn from(error: RecallError) -> Self {
        let code = match &error {
            RecallError::Class(_) | RecallError::Scope(_) | RecallError::Text { .. } => {
                ProblemCode::BodyWrong
            }
            RecallError::NoSuchRecall(_) => ProblemCode::RecallUnknown,
            RecallError::Outstanding(_) => ProblemCode::RecallOutstanding,
            _ => ProblemCode::RecallRefused,
        };
        match error {
            RecallError::Held { reason, what_to_do } => {
                Self::new(code, reason).with_hint(what_to_do)
            }
            RecallError::Node(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}
