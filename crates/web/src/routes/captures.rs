//! `/captures`: documents in, and what became of each of their events, in Theriac's own words.
//!
//! Takes the same documents as `/epcis/capture`; its events without error are captured, whatever
//! the others.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use theriac_node::{CaptureReport, Node};
use theriac_store::{CaptureId, CaptureRecord, CaptureSource, CaptureState};
use utoipa::ToSchema;

use crate::access::Local;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};
use crate::receive::{process, receive};
use crate::routes::events::rfc3339;

/// A capture that was acknowledged and is being processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaptureTicket {
    /// Its number.
    pub capture: i64,
}

/// What became of each event so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureStatus {
    /// Whether events are still to come.
    pub running: bool,
    /// The events dealt with.
    #[serde(flatten)]
    pub report: CaptureReport,
}

/// A capture in the list of captures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CaptureEntry {
    /// Its number.
    pub capture: i64,
    /// When its first byte came, RFC 3339.
    pub received_at: String,
    /// Where it came from: `api`, `cli`, `exchange` or `sim`.
    pub source: String,
    /// `receiving`, `captured`, `done` or `failed`.
    pub state: String,
    /// Number of its bytes.
    pub bytes: u64,
    /// Events that obey the rules.
    pub admitted: u64,
    /// Events held in a case.
    pub held: u64,
    /// Events that cannot be read, or break the standard.
    pub refused: u64,
    /// Events captured before.
    pub duplicate: u64,
    /// Why the document could not be read to its end.
    pub error: Option<String>,
}

/// Captures the body, an EPCIS document in JSON or XML of any length.
///
/// The answer is 202 with the capture's `Location`. It comes after all events are processed, with
/// the report; with `Prefer: respond-async` it comes as soon as the document is durable, with the
/// number of the capture.
///
/// # Errors
///
/// [`ProblemCode::CaptureBroken`] or [`ProblemCode::TooSlow`]: nothing was captured.
pub(crate) async fn capture(
    _: Local,
    State(node): State<Node>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let source = parts.extensions.get().copied().unwrap_or(CaptureSource::Api);
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let writer = node.begin_capture(source, content_type).await?;
    let id = receive(writer, body, u64::MAX).await?;
    let processing = process(node, id);
    if prefers_async(&parts.headers) {
        return Ok(accepted(id, &CaptureTicket { capture: id.0 }));
    }
    // The document is durable, so it is acknowledged whatever happens to its processing.
    match processing.await {
        Ok(Ok(report)) => Ok(accepted(id, &report)),
        Ok(Err(_)) | Err(_) => Ok(accepted(id, &CaptureTicket { capture: id.0 })),
    }
}

/// RFC 7240.
pub(crate) fn prefers_async(headers: &HeaderMap) -> bool {
    headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|preference| preference.trim().eq_ignore_ascii_case("respond-async"))
    })
}

fn accepted(id: CaptureId, body: &impl Serialize) -> Response {
    let location = format!("/captures/{}", id.0);
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(body)).into_response()
}

/// The latest captures, newest first; `limit` sets how many.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<CaptureEntry>>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let captures = node.captures(limit).await?;
    Ok(Json(captures.into_iter().map(CaptureEntry::from).collect()))
}

/// What became of each event of a capture so far; `outcomes=false` gives the counts alone.
///
/// # Errors
///
/// [`ProblemCode::CaptureUnknown`].
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
    mut parameters: Parameters,
) -> Result<Json<CaptureStatus>, Problem> {
    // What is no UTF-8 is no number.
    let id = id.map_or_else(|_| String::new(), |Path(id)| id);
    let outcomes = parameters.value("outcomes", "true or false")?.unwrap_or(true);
    parameters.finish()?;
    let unknown = || {
        let found: String = id.chars().take(40).collect();
        let detail = format!("expected the number of a capture, found {found:?}");
        Problem::new(ProblemCode::CaptureUnknown, detail)
    };
    let id = CaptureId(id.parse().map_err(|_| unknown())?);
    let record = node.store().capture(id).await.map_err(|error| Problem::internal(&error))?;
    let record = record.ok_or_else(unknown)?;
    let running = matches!(record.state, CaptureState::Receiving | CaptureState::Captured);
    let report = match outcomes {
        true => node.capture_report(id).await?.ok_or_else(unknown)?,
        false => counts(record),
    };
    Ok(Json(CaptureStatus { running, report }))
}

/// The report without its outcomes.
fn counts(record: CaptureRecord) -> CaptureReport {
    let counts = record.counts;
    CaptureReport {
        capture: record.id.0,
        document_error: record.error,
        events: counts.admitted + counts.held + counts.refused + counts.duplicate,
        admitted: counts.admitted,
        held: counts.held,
        refused: counts.refused,
        duplicate: counts.duplicate,
        master_data: 0,
        outcomes: Vec::new(),
    }
}

impl From<CaptureRecord> for CaptureEntry {
    fn from(record: CaptureRecord) -> Self {
        Self {
            capture: record.id.0,
            received_at: rfc3339(record.received_at),
            source: record.source.word().to_owned(),
            state: record.state.word().to_owned(),
            bytes: record.bytes,
            admitted: record.counts.admitted,
            held: record.counts.held,
            refused: record.counts.refused,
            duplicate: record.counts.duplicate,
            error: record.error,
        }
    }
}
