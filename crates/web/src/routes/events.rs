//! `GET /events`: what happened, page by page, with how far each event is on its way to the ledger.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_query::EventQuery;
use theriac_store::EventRecord;
use utoipa::ToSchema;

use crate::access::Local;
use crate::epcis::resource::events::event_page;
use crate::epcis::{Exception, PageQuery, Terms};
use crate::problem::Problem;
use crate::service::Service;

/// An event with how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

/// Events with their states; the header `Link` with `rel="next"` names the next page. Takes the
/// parameters of `GET /epcis/events`.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(service): State<Service>,
    terms: Result<Terms, Exception>,
    uri: Uri,
) -> Result<Response, Problem> {
    let page = PageQuery::read(&uri)?;
    let query = EventQuery::from_pairs(&page.pairs, &terms?.namespaces).map_err(Exception::from)?;
    let (found, next) = event_page(&service, &page, &query).await?;
    let records = found.events.into_iter().map(|found| found.record);
    let entries: Vec<EventEntry> = records.map(EventEntry::from).collect();
    Ok((next, Json(entries)).into_response())
}

/// A time in milliseconds since 1970-01-01T00:00Z as RFC 3339 in UTC.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds)
        .map_or_else(|_| milliseconds.to_string(), |time| time.to_string())
}

impl From<EventRecord> for EventEntry {
    fn from(record: EventRecord) -> Self {
        let case = record.case.filter(|case| case.closed_at.is_none()).map(|case| case.matter);
        let (reason, what_to_do) = case.map(|matter| (matter.reason, matter.what_to_do)).unzip();
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
