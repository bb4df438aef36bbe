//! `/arrivals`: goods are received by scanning, or a whole shipment at once.

use axum::Json as Answer;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use theriac_node::{
    ArrivalError, ArrivalId, ArrivalRecord, ArrivalReport, ArrivalRequest, CloseRequest, Node,
    ScanRequest, ScansReport,
};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body::Json;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};
use crate::routes::events::rfc3339;

/// An arrival in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ArrivalEntry {
    /// Its number.
    pub arrival: i64,
    /// What arrives: `delivery` or `return`.
    pub kind: String,
    /// How far it is: `open`, `closed` or `cancelled`.
    pub state: String,
    /// The shipment, if it is one.
    pub shipment: Option<String>,
    /// The logistic unit, if it is one, as GS1 Digital Link.
    pub container: Option<String>,
    /// The sender, if it is all of one sender's shipments.
    pub sender: Option<String>,
    /// When it was opened, RFC 3339.
    pub opened_at: String,
    /// When it was closed or cancelled, RFC 3339.
    pub ended_at: Option<String>,
}

/// Arrivals, newest first: `open=true` lists open ones alone, `limit` sets how many.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Answer<Vec<ArrivalEntry>>, Problem> {
    let open_only = parameters.value("open", "true or false")?.unwrap_or(false);
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let arrivals = node.arrivals(open_only, limit).await?;
    Ok(Answer(arrivals.into_iter().map(ArrivalEntry::from).collect()))
}

/// Opens an arrival; with `all` everything announced is received at once.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`].
pub(crate) async fn open(
    _: Local,
    State(node): State<Node>,
    Json(request): Json<ArrivalRequest>,
) -> Result<(StatusCode, Answer<ArrivalReport>), Problem> {
    Ok((StatusCode::CREATED, Answer(node.open_arrival(&request).await?)))
}

/// How an arrival stands.
///
/// # Errors
///
/// [`ProblemCode::ArrivalUnknown`].
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Answer<ArrivalReport>, Problem> {
    Ok(Answer(node.arrival(number(id)?).await?))
}

/// Scans codes; each is answered at once.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`], [`ProblemCode::ArrivalUnknown`], [`ProblemCode::ArrivalEnded`].
pub(crate) async fn scan(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
    Json(request): Json<ScanRequest>,
) -> Result<Answer<ScansReport>, Problem> {
    Ok(Answer(node.scan(number(id)?, &request).await?))
}

/// Closes an arrival: its goods are received, refused or set apart; cases open about the rest.
///
/// # Errors
///
/// As [`scan`].
pub(crate) async fn close(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
    Json(request): Json<CloseRequest>,
) -> Result<Answer<ArrivalReport>, Problem> {
    Ok(Answer(node.close_arrival(number(id)?, &request).await?))
}

/// Cancels an arrival: nothing comes of it.
///
/// # Errors
///
/// As [`scan`].
pub(crate) async fn cancel(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Answer<ArrivalReport>, Problem> {
    Ok(Answer(node.cancel_arrival(number(id)?).await?))
}

fn number(id: Result<Path<String>, PathRejection>) -> Result<ArrivalId, Problem> {
    // What is no UTF-8 is no number.
    let id = id.map_or_else(|_| String::new(), |Path(id)| id);
    id.parse().map(ArrivalId).map_err(|_| {
        let found: String = id.chars().take(40).collect();
        let detail = format!("expected the number of an arrival, found {found:?}");
        Problem::new(ProblemCode::ArrivalUnknown, detail)
    })
}

impl From<ArrivalError> for Problem {
    fn from(error: ArrivalError) -> Self {
        let code = match &error {
            ArrivalError::Unknown(_) => ProblemCode::ArrivalUnknown,
            ArrivalError::Ended { .. } => ProblemCode::ArrivalEnded,
            ArrivalError::Wrong { .. } => ProblemCode::BodyWrong,
            ArrivalError::Node(_) => ProblemCode::Internal,
        };
        match error {
            ArrivalError::Node(error) => error.into(),
            error => Self::new(code, error.to_string()),
        }
    }
}

impl From<ArrivalRecord> for ArrivalEntry {
    fn from(record: ArrivalRecord) -> Self {
        Self {
            arrival: record.id.0,
            kind: record.kind.word().to_owned(),
            state: record.state.word().to_owned(),
            shipment: record.holding.map(|holding| holding.to_string()),
            container: record.container.map(|container| container.digital_link()),
            sender: record.sender.map(|gln| gln.to_string()),
            opened_at: rfc3339(record.opened_at),
            ended_at: record.ended_at.map(rfc3339),
        }
    }
}
