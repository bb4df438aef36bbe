//! `/epcis/capture`: documents in, and the jobs that capture them (EPCIS 2.0, section 12.6).

use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use theriac_node::{
    CaptureJob, CaptureJobError, CaptureOptions, CaptureReport, ErrorBehaviour, Node,
};
use theriac_store::{CaptureId, CaptureSource};

use super::events::expect_media;
use crate::access::Local;
use crate::epcis::accept::Media;
use crate::epcis::discovery::insert;
use crate::epcis::exception::{Exception, ExceptionKind};
use crate::epcis::headers;
use crate::epcis::page::PageQuery;
use crate::epcis::terms::{Form, Terms};
use crate::epcis::token::Subject;
use crate::epcis::xml::Element;
use crate::limits::{CAPTURE_BYTES_MAX, CAPTURE_EVENTS_MAX, CAPTURE_WAIT_MAX};
use crate::receive::{process, receive, too_large};
use crate::routes::captures::prefers_async;
use crate::service::Service;

/// Most numbers of captures looked at for a page; numbers of captures that broke off are not given
/// again.
const NUMBERS_MAX: i64 = 10_000;

/// A capture job: `CaptureJob`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CaptureJob)]
pub struct CaptureJobView {
    /// Its identifier.
    #[serde(rename = "captureID")]
    pub capture_id: String,
    /// When its first byte came, RFC 3339.
    pub created_at: String,
    /// When its last event was dealt with, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// Whether events are still to come.
    pub running: bool,
    /// Whether no error was found so far.
    pub success: bool,
    /// `rollback` or `proceed`.
    pub capture_error_behaviour: String,
    /// The errors found so far.
    pub errors: Vec<CaptureErrorView>,
}

/// An error of a capture job: `RFC7807ProblemResponseBody`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = CaptureError)]
pub struct CaptureErrorView {
    /// The standard's exception, `epcisException:…`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The exception in words.
    pub title: String,
    /// The HTTP status that it would have.
    pub status: u16,
    /// What was expected, what was found.
    pub detail: String,
    /// The rule broken; Theriac's own member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The event's position in the document, from 0; Theriac's own member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u64>,
    /// Where in the document: line, column and path; Theriac's own member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// Captures a document in JSON or XML: 202 with the `Location` of its job.
///
/// The answer comes once the events are dealt with, or after [`CAPTURE_WAIT_MAX`]; with `Prefer:
/// respond-async` as soon as the document is durable.
///
/// # Errors
///
/// [`Validation`](ExceptionKind::Validation) if the document breaks off or cannot be read,
/// [`UnsupportedMediaType`](ExceptionKind::UnsupportedMediaType),
/// [`CaptureLimit`](ExceptionKind::CaptureLimit).
pub(crate) async fn capture(
    _: Local,
    State(node): State<Node>,
    _: Terms,
    request: Request,
) -> Result<Response, Exception> {
    let (parts, body) = request.into_parts();
    let media = expect_media(&parts.headers, Media::ALL)?;
    let error_behaviour = error_behaviour(&parts.headers)?;
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|text| text.parse().ok()) > Some(CAPTURE_BYTES_MAX) {
        return Ok((limits(), Exception::from(too_large(CAPTURE_BYTES_MAX))).into_response());
    }
    let options = CaptureOptions {
        source: parts.extensions.get().copied().unwrap_or(CaptureSource::Api),
        content_type: media.map(|media| media.name().to_owned()),
        error_behaviour,
    };
    let writer = node.begin_capture_with(options).await?;
    let id = match receive(writer, body, CAPTURE_BYTES_MAX).await {
        Ok(id) => id,
        Err(problem) => return Ok((limits(), Exception::from(problem)).into_response()),
    };
    let processing = process(node, id);
    let patience = if prefers_async(&parts.headers) { Duration::ZERO } else { CAPTURE_WAIT_MAX };
    // The document is durable, so it is acknowledged whatever happens to its processing.
    if let Ok(Ok(Ok(report))) = tokio::time::timeout(patience, processing).await {
        refuse_unreadable(&report)?;
    }
    let location = format!("/epcis/capture/{}", id.0);
    let mut map = HeaderMap::new();
    insert(&mut map, header::LOCATION, &location);
    insert(&mut map, headers::CAPTURE_ERROR_BEHAVIOUR, behaviour_word(error_behaviour));
    Ok((StatusCode::ACCEPTED, map).into_response())
}

/// A document of which no event could be read is not accepted.
fn refuse_unreadable(report: &CaptureReport) -> Result<(), Exception> {
    match &report.document_error {
        Some(error) if report.events == 0 => Err(Exception::new(ExceptionKind::Validation, error)),
        _ => Ok(()),
    }
}

/// The limits of a capture, told with a refusal.
fn limits() -> HeaderMap {
    let mut map = HeaderMap::new();
    insert(&mut map, headers::CAPTURE_LIMIT, &CAPTURE_EVENTS_MAX.to_string());
    insert(&mut map, headers::CAPTURE_FILE_SIZE_LIMIT, &CAPTURE_BYTES_MAX.to_string());
    map
}

/// Reads `GS1-Capture-Error-Behaviour`; absent is `rollback`.
fn error_behaviour(headers: &HeaderMap) -> Result<ErrorBehaviour, Exception> {
    let name = &headers::CAPTURE_ERROR_BEHAVIOUR;
    let Some(value) = headers.get(name) else { return Ok(ErrorBehaviour::Rollback) };
    match value.to_str().unwrap_or_default().trim() {
        "rollback" => Ok(ErrorBehaviour::Rollback),
        "proceed" => Ok(ErrorBehaviour::Proceed),
        found => {
            let found: String = found.chars().take(40).collect();
            let detail = format!("expected {name} rollback or proceed, found {found:?}");
            Err(Exception::new(ExceptionKind::Validation, detail))
        }
    }
}

fn behaviour_word(behaviour: ErrorBehaviour) -> &'static str {
    match behaviour {
        ErrorBehaviour::Rollback => "rollback",
        ErrorBehaviour::Proceed => "proceed",
    }
}

/// The capture jobs, newest first, page by page.
///
/// # Errors
///
/// [`NotAcceptable`](ExceptionKind::NotAcceptable), [`QueryParameter`](ExceptionKind::QueryParameter).
pub(crate) async fn list(
    _: Local,
    State(Service { node, tokens }): State<Service>,
    terms: Terms,
    page: PageQuery,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    page.finish()?;
    let subject = Subject::of(page.path(), "");
    let from = match page.text_position(&tokens, subject)?.and_then(|text| text.parse().ok()) {
        Some(last) => last,
        None => node.captures(1).await?.first().map_or(0, |newest| newest.id.0 + 1),
    };
    let rows = usize::try_from(page.rows).unwrap_or(usize::MAX);
    let mut jobs = Vec::new();
    let mut number = from;
    while number > 1 && from - number < NUMBERS_MAX && jobs.len() < rows {
        number -= 1;
        jobs.extend(node.capture_job(CaptureId(number)).await?.map(CaptureJobView::from));
    }
    let position = (number > 1).then(|| number.to_string());
    let next = page.next(&tokens, subject, position.as_deref().map(str::as_bytes));
    Ok((next, form.json(&jobs)).into_response())
}

/// A capture job.
///
/// # Errors
///
/// [`NoSuchResource`](ExceptionKind::NoSuchResource).
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    Path(id): Path<String>,
    page: PageQuery,
) -> Result<Response, Exception> {
    let form = terms.json_or_xml()?;
    page.finish()?;
    let unknown = || {
        let found: String = id.chars().take(40).collect();
        let detail = format!("expected the captureID of a job, found {found:?}");
        Exception::new(ExceptionKind::NoSuchResource, detail)
    };
    let number = CaptureId(id.parse().map_err(|_| unknown())?);
    let job = node.capture_job(number).await?.ok_or_else(unknown)?;
    Ok(respond(&job.into(), form))
}

fn respond(job: &CaptureJobView, form: Form) -> Response {
    match form.media.is_xml() {
        false => form.json(job),
        true => ([(header::CONTENT_TYPE, form.media.name())], to_xml(job)).into_response(),
    }
}

/// The element `EPCISCaptureJob` of the namespace `urn:epcglobal:epcis:xsd:2`.
fn to_xml(job: &CaptureJobView) -> String {
    let mut element = Element::epcis("EPCISCaptureJob");
    element.attribute("running", &job.running.to_string());
    element.attribute("success", &job.success.to_string());
    element.attribute("captureID", &job.capture_id);
    element.text("captureErrorBehaviour", &job.capture_error_behaviour);
    element.text("createdAt", &job.created_at);
    if let Some(finished_at) = &job.finished_at {
        element.text("finishedAt", finished_at);
    }
    if !job.errors.is_empty() {
        let mut errors = Element::local("errors");
        for error in &job.errors {
            let mut child = Element::local("error");
            child.text("type", &error.kind);
            child.text("title", &error.title);
            child.text("status", &error.status.to_string());
            child.text("detail", &error.detail);
            errors.child(child);
        }
        element.child(errors);
    }
    element.finish()
}

impl From<CaptureJob> for CaptureJobView {
    fn from(job: CaptureJob) -> Self {
        Self {
            capture_id: job.capture.to_string(),
            created_at: job.created_at.to_string(),
            finished_at: job.finished_at.map(|time| time.to_string()),
            running: job.running,
            success: job.success,
            capture_error_behaviour: behaviour_word(job.behaviour).to_owned(),
            errors: job.errors.into_iter().map(CaptureErrorView::from).collect(),
        }
    }
}

impl From<CaptureJobError> for CaptureErrorView {
    fn from(error: CaptureJobError) -> Self {
        Self {
            kind: error.problem.to_owned(),
            title: error.title.to_owned(),
            status: error.status,
            detail: error.detail,
            code: error.code,
            ordinal: error.ordinal,
            place: error.place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_with_errors_has_the_form_of_the_schema() {
        let error = CaptureErrorView {
            kind: "epcisException:ValidationException".to_owned(),
            title: "Event breaks the standard".to_owned(),
            status: 400,
            detail: "expected <a>".to_owned(),
            code: Some("x".to_owned()),
            ordinal: Some(0),
            place: None,
        };
        let job = CaptureJobView {
            capture_id: "7".to_owned(),
            created_at: "2026-03-03T10:33:31Z".to_owned(),
            finished_at: Some("2026-03-03T10:33:45Z".to_owned()),
            running: false,
            success: false,
            capture_error_behaviour: "rollback".to_owned(),
            errors: vec![error],
        };
        assert_eq!(
            to_xml(&job),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><epcis:EPCISCaptureJob \
             xmlns:epcis=\"urn:epcglobal:epcis:xsd:2\" running=\"false\" success=\"false\" \
             captureID=\"7\"><captureErrorBehaviour>rollback</captureErrorBehaviour>\
             <createdAt>2026-03-03T10:33:31Z</createdAt>\
             <finishedAt>2026-03-03T10:33:45Z</finishedAt><errors><error>\
             <type>epcisException:ValidationException</type>\
             <title>Event breaks the standard</title><status>400</status>\
             <detail>expected &lt;a&gt;</detail></error></errors></epcis:EPCISCaptureJob>"
        );
    }
}
