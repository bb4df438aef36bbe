//! `/epcis/queries/{name}/subscriptions`: who is told of events that match, and when (EPCIS 2.0,
//! section 12.7.6).

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use theriac_node::{Node, Schedule, SubscribeError, SubscriptionRequest};
use theriac_store::SubscriptionRecord;

use super::events::{escape, expect_json, json_body};
use super::queries::{named, no_such_query};
use crate::access::Local;
use crate::epcis::discovery::{Discovery, insert};
use crate::epcis::exception::{Exception, ExceptionKind};
use crate::epcis::headers;
use crate::epcis::page::PageQuery;
use crate::epcis::terms::{EpcPreference, Terms};
use crate::epcis::token::Subject;
use crate::limits::JSON_BYTES_MAX;
use crate::routes::events::rfc3339;
use crate::service::Service;

/// A subscription that is asked for: `QueryScheduleSubscription` or `QueryStreamSubscription`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionRequest)]
pub struct SubscriptionBody {
    /// The URL that answers are posted to.
    pub dest: String,
    /// The secret that they are signed with.
    #[serde(default, alias = "secret", skip_serializing_if = "Option::is_none")]
    pub signature_token: Option<String>,
    /// Whether an answer is sent whenever an event comes; else there is a schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// When answers are sent; else there is `stream`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub schedule: Option<Map<String, Value>>,
    /// Whether an empty answer is sent too.
    #[serde(default)]
    pub report_if_empty: bool,
    /// Only events recorded from then on are sent, RFC 3339; absent: from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_record_time: Option<String>,
}

/// A subscription: `AbstractQuerySubscriptionResponse` with its schedule or stream. The secret is
/// never told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Subscription)]
pub struct SubscriptionView {
    /// Its identifier.
    #[serde(rename = "subscriptionID")]
    pub subscription_id: String,
    /// The query whose answers are sent.
    pub query_name: String,
    /// The URL that they are posted to.
    pub dest: String,
    /// When it was asked for, RFC 3339.
    pub created_at: String,
    /// When the receiver last took an answer, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_notified_at: Option<String>,
    /// Only events recorded from then on are sent, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initial_record_time: Option<String>,
    /// Least record time of the events that are sent next, RFC 3339.
    pub min_record_time: String,
    /// Form of EPCs in the answers.
    #[schema(value_type = String)]
    pub epc_format: EpcPreference,
    /// Whether an answer is sent whenever an event comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// When answers are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub schedule: Option<Map<String, Value>>,
    /// Whether an empty answer is sent too.
    pub report_if_empty: bool,
}

/// What is kept of a subscription beside its columns; whoever delivers reads it back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionControls {
    /// Whether an answer is sent whenever an event comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// When answers are sent; [`Schedule`] reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Map<String, Value>>,
    /// Form of EPCs in the answers.
    #[serde(default)]
    pub epc_format: EpcPreference,
}

/// The subscriptions to a query, page by page.
///
/// # Errors
///
/// [`NoSuchName`](ExceptionKind::NoSuchName).
pub(crate) async fn list(
    _: Local,
    State(Service { node, tokens }): State<Service>,
    terms: Terms,
    Path(name): Path<String>,
    page: PageQuery,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    page.finish()?;
    named(&node, &name).await?;
    let subject = Subject::of(page.path(), "");
    let after = page.text_position(&tokens, subject)?.unwrap_or_default();
    let all = node.subscriptions(&name).await?;
    let rows = usize::try_from(page.rows).unwrap_or(usize::MAX);
    let mut left = all.into_iter().filter(|record| record.id > after);
    let list: Vec<SubscriptionView> = left.by_ref().take(rows).map(view).collect();
    let more = left.next().is_some();
    let last = list.last().filter(|_| more).map(|view| view.subscription_id.as_bytes());
    let next = page.next(&tokens, subject, last);
    Ok((next, form.json(&list)).into_response())
}

/// Subscribes to a query: 201 with the `Location` of the subscription.
///
/// # Errors
///
/// [`SubscriptionControls`](ExceptionKind::SubscriptionControls),
/// [`Validation`](ExceptionKind::Validation), [`NoSuchName`](ExceptionKind::NoSuchName),
/// [`UnsupportedMediaType`](ExceptionKind::UnsupportedMediaType).
pub(crate) async fn create(
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    expect_json(request.headers())?;
    named(&node, &name).await?;
    let body = json_body(request.into_body(), JSON_BYTES_MAX).await?;
    let body: SubscriptionBody = serde_json::from_value(body)
        .map_err(|error| invalid(format!("expected a subscription: {error}")))?;
    let request = read(body, &terms, node.now())?;
    let record = node.subscribe(&name, request).await.map_err(|error| match error {
        SubscribeError::NoSuchQuery { name } => no_such_query(&name),
        error @ SubscribeError::Exists { .. } => {
            Exception::new(ExceptionKind::AlreadyExists, error.to_string())
        }
        SubscribeError::Node(error) => error.into(),
    })?;
    let location = format!("/epcis/queries/{}/subscriptions/{}", escape(&name), record.id);
    let answer = form.json(&view(record));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], answer).into_response())
}

/// A subscription.
///
/// # Errors
///
/// [`NoSuchResource`](ExceptionKind::NoSuchResource).
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    let record = node.subscription(&name, &id).await?.ok_or_else(|| unknown(&name, &id))?;
    let view = view(record);
    let mut map = HeaderMap::new();
    insert(&mut map, headers::QUERY_MIN_RECORD_TIME, &view.min_record_time);
    Ok((map, form.json(&view)).into_response())
}

/// What the path can do, with the least record time of what is sent next.
pub(crate) async fn discover(
    _: Local,
    State(node): State<Node>,
    Path((name, id)): Path<(String, String)>,
) -> Result<Response, Exception> {
    let record = node.subscription(&name, &id).await?.ok_or_else(|| unknown(&name, &id))?;
    let mut response = Discovery::REMOVE.respond();
    let min_record_time = view(record).min_record_time;
    insert(response.headers_mut(), headers::QUERY_MIN_RECORD_TIME, &min_record_time);
    Ok(response)
}

/// Ends a subscription.
///
/// # Errors
///
/// [`NoSuchResource`](ExceptionKind::NoSuchResource).
pub(crate) async fn remove(
    _: Local,
    State(node): State<Node>,
    Path((name, id)): Path<(String, String)>,
) -> Result<StatusCode, Exception> {
    match node.unsubscribe(&name, &id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(unknown(&name, &id)),
    }
}

/// Reads what is asked for.
fn read(
    body: SubscriptionBody,
    terms: &Terms,
    now: Timestamp,
) -> Result<SubscriptionRequest, Exception> {
    let controls = |detail: &str| Exception::new(ExceptionKind::SubscriptionControls, detail);
    let schedule = match (body.stream, &body.schedule) {
        (Some(true), None) => None,
        (None | Some(false), Some(schedule)) => {
            Some(Schedule::read(schedule).map_err(|error| controls(&error.to_string()))?)
        }
        (Some(true), Some(_)) => {
            return Err(controls("expected either stream or schedule, found both"));
        }
        (None | Some(false), None) => {
            return Err(controls("expected stream true or a schedule, found neither"));
        }
    };
    let next_at = match schedule.map(|schedule| schedule.next_after(now)) {
        Some(None) => return Err(controls("expected a schedule that ever comes, found another")),
        Some(Some(time)) => Some(time),
        None => None,
    };
    let kept = SubscriptionControls {
        stream: schedule_is_none(next_at),
        schedule: body.schedule,
        epc_format: terms.epc_format,
    };
    Ok(SubscriptionRequest {
        dest: dest(body.dest)?,
        token: body.signature_token,
        controls: serde_json::to_value(kept).unwrap_or_default(),
        report_if_empty: body.report_if_empty,
        initial_record_time: body.initial_record_time.as_deref().map(time).transpose()?,
        next_at,
    })
}

/// Whether an answer is sent whenever an event comes.
fn schedule_is_none(next_at: Option<Timestamp>) -> Option<bool> {
    next_at.is_none().then_some(true)
}

fn dest(text: String) -> Result<String, Exception> {
    let uri: Option<Uri> = text.parse().ok();
    let is_web = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    });
    match is_web {
        true => Ok(text),
        false => {
            let found: String = text.chars().take(200).collect();
            Err(invalid(format!("expected an http or https URL in dest, found {found:?}")))
        }
    }
}

fn time(text: &str) -> Result<Timestamp, Exception> {
    text.parse().map_err(|_| {
        let found: String = text.chars().take(60).collect();
        invalid(format!("expected a time in initialRecordTime, found {found:?}"))
    })
}

fn invalid(detail: String) -> Exception {
    Exception::new(ExceptionKind::Validation, detail)
}

fn unknown(name: &str, id: &str) -> Exception {
    let found: String = id.chars().take(100).collect();
    let detail = format!("expected the subscriptionID of a subscription, found {found:?}");
    let mut exception = Exception::new(ExceptionKind::NoSuchResource, detail).of_query(name);
    exception.subscription_id = Some(found);
    exception
}

fn view(record: SubscriptionRecord) -> SubscriptionView {
    let controls: SubscriptionControls =
        serde_json::from_value(record.controls).unwrap_or_default();
    let from = record.initial_record_time.unwrap_or(record.created_at);
    SubscriptionView {
        subscription_id: record.id,
        query_name: record.query_name,
        dest: record.dest,
        created_at: rfc3339(record.created_at),
        last_notified_at: record.last_notified_at.map(rfc3339),
        initial_record_time: record.initial_record_time.map(rfc3339),
        min_record_time: rfc3339(record.last_notified_at.unwrap_or(from).max(from)),
        epc_format: controls.epc_format,
        stream: controls.stream,
        schedule: controls.schedule,
        report_if_empty: record.report_if_empty,
    }
}
