//! `GET /epcis/events` and `GET /events`: what happened, page by page.
//!
//! Both take the same filters. The first answers as EPCIS 2.0 has it (section 12), the second
//! with how far each event is on its way to the ledger.

mod document;
mod filter;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_node::Node;
use theriac_store::EventRecord;

use crate::access::Local;
use crate::parameters::Parameters;
use crate::problem::Problem;
use document::query_document;
use filter::filter;

/// An event with how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEntry {
    /// Its row; rises in the order of admission.
    pub event: i64,
    /// Its hash.
    pub hash: String,
    /// EPCIS `type`.
    pub kind: String,
    /// EPCIS `eventTime`, in UTC.
    pub event_time: String,
    /// When it was captured, RFC 3339.
    pub record_time: String,
    /// EPCIS `bizStep`.
    pub biz_step: Option<String>,
    /// EPCIS `disposition`.
    pub disposition: Option<String>,
    /// EPCIS `action`.
    pub action: Option<String>,
    /// `admitted`, `held`, `recorded` or `final`.
    pub state: String,
    /// The capture that it came with.
    pub capture: i64,
    /// Its number in the capture, from 0.
    pub ordinal: u64,
    /// The ledger transaction that records it.
    pub transaction: Option<String>,
    /// Why it is held.
    pub reason: Option<String>,
    /// What to do about it.
    pub what_to_do: Option<String>,
}

/// Events as an `EPCISQueryDocument`; the header `Link` with `rel="next"` names the next page.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn query(
    _: Local,
    State(node): State<Node>,
    uri: Uri,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (events, headers) = page(&node, &uri, parameters).await?;
    let document = query_document(&events, Timestamp::now())?;
    Ok((headers, [(header::CONTENT_TYPE, "application/json")], document).into_response())
}

/// Events with their states; the header `Link` with `rel="next"` names the next page.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    uri: Uri,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let (events, headers) = page(&node, &uri, parameters).await?;
    let entries: Vec<EventEntry> = events.into_iter().map(EventEntry::from).collect();
    Ok((headers, Json(entries)).into_response())
}

/// The events of the page asked for, and the headers that name the next one.
async fn page(
    node: &Node,
    uri: &Uri,
    parameters: Parameters,
) -> Result<(Vec<EventRecord>, HeaderMap), Problem> {
    let mut filter = filter(parameters)?;
    let rows = filter.limit;
    // One more tells whether there is a next page.
    filter.limit += 1;
    let mut events = node.events(&filter).await?;
    let more = events.len() as u64 > rows;
    events.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    let mut headers = HeaderMap::new();
    if let (true, Some(last)) = (more, events.last()) {
        let link = format!("<{}>; rel=\"next\"", next(uri, last.id.0));
        if let Ok(link) = HeaderValue::from_str(&link) {
            headers.insert(header::LINK, link);
        }
    }
    Ok((events, headers))
}

/// The same query, going on after the row `last`.
fn next(uri: &Uri, last: i64) -> String {
    let kept = uri.query().unwrap_or_default().split('&');
    let mut query: Vec<&str> =
        kept.filter(|pair| !pair.is_empty() && !pair.starts_with("nextPageToken=")).collect();
    let token = format!("nextPageToken={last}");
    query.push(&token);
    format!("{}?{}", uri.path(), query.join("&"))
}

/// A time in milliseconds since 1970-01-01T00:00Z as RFC 3339 in UTC.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds)
        .map_or_else(|_| milliseconds.to_string(), |time| time.to_string())
}

impl From<EventRecord> for EventEntry {
    fn from(record: EventRecord) -> Self {
        let case = record.case.filter(|case| case.closed_at.is_none()).map(|case| case.breach);
        let (reason, what_to_do) = case.map(|breach| (breach.reason, breach.what_to_do)).unzip();
        Self {
            event: record.id.0,
            hash: record.hash.to_string(),
            kind: record.kind,
            event_time: rfc3339(record.event_time),
            record_time: rfc3339(record.record_time),
            biz_step: record.biz_step,
            disposition: record.disposition,
            action: record.action,
            state: record.state.word().to_owned(),
            capture: record.capture.0,
            ordinal: record.ordinal,
            transaction: record.transaction.map(|transaction| transaction.hash.to_string()),
            reason,
            what_to_do,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_query() {
        let uri = "/epcis/events?eventType=ObjectEvent&nextPageToken=4&perPage=2";
        let next = next(&uri.parse().unwrap(), 9);
        assert_eq!(next, "/epcis/events?eventType=ObjectEvent&perPage=2&nextPageToken=9");
        assert_eq!(super::next(&"/events".parse().unwrap(), 1), "/events?nextPageToken=1");
    }
}
