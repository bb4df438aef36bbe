//! `/epcis/queries`: named queries and their events (EPCIS 2.0, section 12.7.5).

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use theriac_node::{NamedQueryError, Node, read_named};
use theriac_query::EventQuery;
use theriac_store::NamedQueryRecord;

use super::events::{answer, escape, expect_json, json_body};
use super::stream::{self, Wanted};
use crate::access::Local;
use crate::epcis::document::epc_format;
use crate::epcis::exception::{Exception, ExceptionKind};
use crate::epcis::page::PageQuery;
use crate::epcis::terms::Terms;
use crate::epcis::token::Subject;
use crate::limits::JSON_BYTES_MAX;
use crate::service::Service;

/// A named query: `QueryDefinition`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryDefinition {
    /// Its name; no two queries have the same.
    pub name: String,
    /// The parameters of `SimpleEventQuery`, as `query-schema.json` has them.
    #[schema(value_type = Object)]
    pub query: Map<String, Value>,
}

/// The named queries, page by page.
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
    let after = page.text_position(&tokens, subject)?;
    let mut records = node.named_queries(after.as_deref(), page.rows + 1).await?;
    let more = records.len() as u64 > page.rows;
    records.truncate(usize::try_from(page.rows).unwrap_or(usize::MAX));
    let last = records.last().filter(|_| more).map(|record| record.name.as_bytes());
    let next = page.next(&tokens, subject, last);
    let list: Vec<QueryDefinition> = records.into_iter().map(QueryDefinition::from).collect();
    Ok((next, form.json(&list)).into_response())
}

/// Keeps a query under a name.
///
/// # Errors
///
/// [`QueryValidation`](ExceptionKind::QueryValidation),
/// [`AlreadyExists`](ExceptionKind::AlreadyExists),
/// [`UnsupportedMediaType`](ExceptionKind::UnsupportedMediaType).
pub(crate) async fn create(
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    request: Request,
) -> Result<Response, Exception> {
    expect_json(request.headers())?;
    let invalid = |detail: String| Exception::new(ExceptionKind::QueryValidation, detail);
    let body = json_body(request.into_body(), JSON_BYTES_MAX).await?;
    let definition: QueryDefinition = serde_json::from_value(body)
        .map_err(|error| invalid(format!("expected name and query: {error}")))?;
    let query = EventQuery::from_json(&definition.query, &terms.namespaces)
        .map_err(|error| invalid(error.to_string()))?;
    // With the prefixes of the header, so that the query stands by itself.
    let kept = serde_json::to_value(&query).unwrap_or(Value::Object(definition.query));
    node.create_query(&definition.name, &kept).await?;
    let location = format!("/epcis/queries/{}", escape(&definition.name));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)]).into_response())
}

/// A named query.
///
/// # Errors
///
/// [`NoSuchName`](ExceptionKind::NoSuchName).
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    terms: Terms,
    Path(name): Path<String>,
) -> Result<Response, Exception> {
    let form = terms.json()?;
    let record = named(&node, &name).await?;
    Ok(form.json(&QueryDefinition::from(record)))
}

/// Forgets a named query with its subscriptions.
///
/// # Errors
///
/// [`NoSuchName`](ExceptionKind::NoSuchName).
pub(crate) async fn remove(
    _: Local,
    State(node): State<Node>,
    Path(name): Path<String>,
) -> Result<StatusCode, Exception> {
    match node.delete_query(&name).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(no_such_query(&name)),
    }
}

/// The events that match a named query and the further parameters: page by page, or as they come
/// to a client that asks for a WebSocket.
///
/// # Errors
///
/// [`NoSuchName`](ExceptionKind::NoSuchName),
/// [`SubscriptionControls`](ExceptionKind::SubscriptionControls), and those of a query.
pub(crate) async fn events(
    _: Local,
    State(service): State<Service>,
    terms: Terms,
    Path(name): Path<String>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    mut page: PageQuery,
) -> Result<Response, Exception> {
    let record = named(&service.node, &name).await?;
    let of_query = |exception: Exception| exception.of_query(&name);
    let wanted = Wanted::take(&mut page.pairs).map_err(of_query)?;
    let query = read_named(&record.query).map_err(Exception::from).map_err(of_query)?;
    let rest = EventQuery::from_pairs(&page.pairs, &terms.namespaces);
    let query = query.and(rest.map_err(Exception::from).map_err(of_query)?);
    if wanted.is_none() && !headers.contains_key(header::UPGRADE) {
        let answer = answer(&service, &terms, &page, &query, &name).await;
        return answer.map_err(of_query);
    }
    terms.json()?;
    let (wanted, upgrade) = stream::agreed(wanted, upgrade).map_err(of_query)?;
    let request = wanted.of(&record, query, epc_format(&terms));
    stream::open(&service, upgrade, request).await.map_err(of_query)
}

/// The query of this name.
pub(super) async fn named(node: &Node, name: &str) -> Result<NamedQueryRecord, Exception> {
    node.named_query(name).await?.ok_or_else(|| no_such_query(name))
}

/// No query has this name.
pub(super) fn no_such_query(name: &str) -> Exception {
    let found: String = name.chars().take(200).collect();
    let detail = format!("expected the name of a query, found {found:?}");
    Exception::new(ExceptionKind::NoSuchName, detail).of_query(found)
}

impl From<NamedQueryRecord> for QueryDefinition {
    fn from(record: NamedQueryRecord) -> Self {
        let query = match record.query {
            Value::Object(query) => query,
            _ => Map::new(),
        };
        Self { name: record.name, query }
    }
}

impl From<NamedQueryError> for Exception {
    fn from(error: NamedQueryError) -> Self {
        let kind = match error {
            NamedQueryError::Exists { .. } => ExceptionKind::AlreadyExists,
            NamedQueryError::Name | NamedQueryError::Query(_) => ExceptionKind::QueryValidation,
            NamedQueryError::Node(error) => return error.into(),
        };
        Self::new(kind, error.to_string())
    }
}
