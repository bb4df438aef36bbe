//! `/epcis/events`: the events on record, by `SimpleEventQuery`; one event in (EPCIS 2.0, section
//! 12.7.2).

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use theriac_epcis::{event_from_json, to_json_with};
use theriac_node::{CaptureEventError, EventPage, Node, PagePosition, PageRequest, QueryFailure};
use theriac_query::EventQuery;

use crate::access::Local;
use crate::body;
use crate::epcis::accept::Media;
use crate::epcis::document::{options, query_document};
use crate::epcis::exception::{Exception, ExceptionKind};
use crate::epcis::page::PageQuery;
use crate::epcis::terms::Terms;
use crate::epcis::token::Subject;
use crate::limits::EVENT_BYTES_MAX;
use crate::problem::ProblemCode;
use crate::service::Service;

/// The name of the query that the parameters of a URI make.
pub(super) const SIMPLE_EVENT_QUERY: &str = "SimpleEventQuery";

/// The events that match the parameters, page by page.
///
/// # Errors
///
/// [`QueryParameter`](ExceptionKind::QueryParameter),
/// [`QueryTooLarge`](ExceptionKind::QueryTooLarge),
/// [`QueryTooComplex`](ExceptionKind::QueryTooComplex),
/// [`NotAcceptable`](ExceptionKind::NotAcceptable).
pub(crate) async fn query(
    _: Local,
    State(service): State<Service>,
    terms: Terms,
    page: PageQuery,
) -> Result<Response, Exception> {
    let query = EventQuery::from_pairs(&page.pairs, &terms.namespaces)?;
    answer(&service, &terms, &page, &query, SIMPLE_EVENT_QUERY).await
}

/// A page of the answer to the query `name` as a document.
pub(super) async fn answer(
    service: &Service,
    terms: &Terms,
    page: &PageQuery,
    query: &EventQuery,
    name: &str,
) -> Result<Response, Exception> {
    let form = terms.document()?;
    let (found, next) = event_page(service, page, query).await?;
    let prefixes = service.node.company_prefixes();
    Ok((next, query_document(&found.events, name, terms, form, prefixes)?).into_response())
}

/// A page of a query's answer, with the headers that name the next one.
pub(crate) async fn event_page(
    service: &Service,
    page: &PageQuery,
    query: &EventQuery,
) -> Result<(EventPage, HeaderMap), Exception> {
    // The query as it was understood: other prefixes make another one of the same parameters.
    let subject = Subject::of(page.path(), &format!("{query:?}"));
    let from = page.position(&service.tokens, subject)?;
    let from = from.map(|bytes| PagePosition::from_bytes(&bytes)).transpose();
    let from = from.map_err(|error| {
        Exception::new(ExceptionKind::QueryParameter, format!("nextPageToken: {error}"))
    })?;
    let request = PageRequest { rows: page.rows, from };
    let found = service.node.query_events(query, request).await?;
    let position = found.next.map(|next| next.to_bytes());
    let next = page.next(&service.tokens, subject, position.as_ref().map(|bytes| &bytes[..]));
    Ok((found, next))
}

/// All events with an `eventID`: the event, and its error declarations.
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
    let form = terms.document()?;
    page.finish()?;
    let events = node.events_of_id(&id).await?;
    if events.is_empty() {
        let found: String = id.chars().take(200).collect();
        let detail = format!("expected the eventID of an event on record, found {found:?}");
        return Err(Exception::new(ExceptionKind::NoSuchResource, detail));
    }
    query_document(&events, SIMPLE_EVENT_QUERY, &terms, form, node.company_prefixes())
}

/// Captures one event in JSON: when the answer comes, the event is on record.
///
/// # Errors
///
/// [`Validation`](ExceptionKind::Validation),
/// [`AlreadyExists`](ExceptionKind::AlreadyExists),
/// [`UnsupportedMediaType`](ExceptionKind::UnsupportedMediaType),
/// [`CaptureLimit`](ExceptionKind::CaptureLimit).
pub(crate) async fn create(
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    request: Request,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    expect_json(request.headers())?;
    let value = json_body(request.into_body(), EVENT_BYTES_MAX).await?;
    let event = event_from_json(&value)
        .map_err(|error| Exception::new(ExceptionKind::Validation, error.to_string()))?;
    let record = node.capture_event(event).await?;
    let found = theriac_node::query::read_event(record)?;
    let id = found.event.common().event_id.clone().unwrap_or_default();
    let location = format!("/epcis/events/{}", escape(&id));
    let body = to_json_with(&found.event, &options(&terms, node.company_prefixes())).to_string();
    let headers =
        [(header::LOCATION, location), (header::CONTENT_TYPE, form.media.name().to_owned())];
    Ok((StatusCode::CREATED, headers, Body::from(body)).into_response())
}

/// The body is JSON, as far as its media type says.
///
/// # Errors
///
/// [`UnsupportedMediaType`](ExceptionKind::UnsupportedMediaType).
pub(super) fn expect_json(headers: &HeaderMap) -> Result<(), Exception> {
    expect_media(headers, Media::JSON).map(drop)
}

/// The media type of the body, `None` if it has none.
///
/// # Errors
///
/// [`UnsupportedMediaType`](ExceptionKind::UnsupportedMediaType) for one that is not `offered`.
pub(super) fn expect_media(
    headers: &HeaderMap,
    offered: &[Media],
) -> Result<Option<Media>, Exception> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let media = Media::of_content_type(text).filter(|media| offered.contains(media));
    media.map(Some).ok_or_else(|| {
        let names: Vec<&str> = offered.iter().map(|media| media.name()).collect();
        let (names, found) = (names.join(", "), text.chars().take(100).collect::<String>());
        let detail = format!("expected Content-Type with one of {names}, found {found:?}");
        Exception::new(ExceptionKind::UnsupportedMediaType, detail)
    })
}

/// A body of JSON with at most `most` bytes.
pub(super) async fn json_body(body: Body, most: usize) -> Result<serde_json::Value, Exception> {
    let bytes = body::read(body, most).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Exception::new(ExceptionKind::Validation, format!("the body is no JSON: {error}"))
    })
}

/// Percent-encodes a text as one segment of a path.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b':' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

impl From<CaptureEventError> for Exception {
    fn from(error: CaptureEventError) -> Self {
        match error {
            CaptureEventError::AlreadyExists { .. } => {
                Self::new(ExceptionKind::AlreadyExists, error.to_string())
            }
            CaptureEventError::Refused { reason, .. } => {
                Self::new(ExceptionKind::Validation, reason)
            }
            CaptureEventError::Node(error) => error.into(),
        }
    }
}

impl From<theriac_query::QueryError> for Exception {
    fn from(error: theriac_query::QueryError) -> Self {
        QueryFailure::from(error).into()
    }
}

impl From<QueryFailure> for Exception {
    fn from(failure: QueryFailure) -> Self {
        let complex = failure.is_too_complex();
        match failure {
            QueryFailure::Node(error) => error.into(),
            failure if complex => Self::new(ExceptionKind::QueryTooComplex, failure.to_string())
                .with_hint("ask for a shorter time, or name an EPC, a place or a business step"),
            QueryFailure::TooLarge { .. } => {
                Self::new(ExceptionKind::QueryTooLarge, failure.to_string())
                    .with_hint("ask for less, or leave the limit out and ask page by page")
            }
            failure => Self::new(ExceptionKind::QueryParameter, failure.to_string()),
        }
    }
}

impl From<Exception> for crate::problem::Problem {
    /// For the paths of Theriac's own that take the same queries.
    fn from(exception: Exception) -> Self {
        let code = match exception.kind {
            ExceptionKind::Implementation => ProblemCode::Internal,
            ExceptionKind::QueryTooLarge | ExceptionKind::QueryTooComplex => {
                ProblemCode::QueryTooLarge
            }
            _ => ProblemCode::ParameterWrong,
        };
        let problem = Self::new(code, exception.detail);
        match exception.hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_id_is_one_segment() {
        let id = "ni:///sha-256;df7b?ver=CBV2.0";
        assert_eq!(escape(id), "ni:%2F%2F%2Fsha-256%3Bdf7b%3Fver%3DCBV2.0");
    }
}
