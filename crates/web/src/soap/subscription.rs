//! `subscribe`, `unsubscribe`, `getSubscriptionIDs` (EPCIS 1.2, section 8.2.5).
//!
//! A subscription of SOAP brings its own query and its own identifier; the node has subscriptions
//! to named queries. So the query is kept under the name [`SUBSCRIPTION_QUERY_PREFIX`] with the
//! identifier behind it, with one subscription to it, and both go together.

mod controls;

pub use controls::TRIGGER;

use axum::http::Uri;
use theriac_node::{DeliveryControls, NamedQueryError, Node, SubscribeError};
use tokio::sync::Mutex;

use super::envelope::Dialect;
use super::exception::SoapException;
use super::fault::Fault;
use super::limits::SUBSCRIPTION_ID_BYTES_MAX;
use super::markup::cut;
use super::names::{SIMPLE_EVENT_QUERY, SIMPLE_MASTER_DATA_QUERY, kept_names, strings};
use super::operation::Operation;
use super::parameter;
use super::poll::{event_query, no_such_query, required};
use super::tree::Element;
use controls::read_controls;

/// What the names of the queries of SOAP subscriptions start with.
pub const SUBSCRIPTION_QUERY_PREFIX: &str = "soap-subscription:";

/// One subscription begins or ends at a time: its query and itself are two writes.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// Subscribes to a query.
pub(super) async fn subscribe(
    node: &Node,
    message: &Element,
    dialect: Dialect,
) -> Result<Vec<u8>, Fault> {
    let name = required(message, "queryName")?;
    if name == SIMPLE_MASTER_DATA_QUERY {
        let reason = format!("expected a query for events, found {name}");
        return Err(Fault::new(SoapException::SubscribeNotPermitted, reason));
    }
    let id = identifier(message)?;
    let query = event_query(node, name, &parameter::read(message)?).await?;
    let query = serde_json::to_value(&query)
        .map_err(|error| Fault::new(SoapException::QueryParameter, error.to_string()))?;
    let request = read_controls(message, name, dialect, node.now())?.request(dest(message)?);
    let kept = format!("{SUBSCRIPTION_QUERY_PREFIX}{id}");
    let _one = ONE_AT_A_TIME.lock().await;
    keep_query(node, &kept, &query).await?;
    if let Err(error) = node.subscribe_as(id, &kept, request).await {
        // It is of no use without its subscription.
        node.delete_query(&kept).await?;
        return Err(match error {
            SubscribeError::NoSuchQuery { .. } => no_such_query(name),
            SubscribeError::Exists { id } => duplicate(&id),
            SubscribeError::Node(error) => error.into(),
        });
    }
    Ok(dialect.element(Operation::Subscribe.result(), ""))
}

/// Keeps the query of a subscription, whose identifier must be free.
async fn keep_query(node: &Node, kept: &str, query: &serde_json::Value) -> Result<(), Fault> {
    loop {
        match node.create_query(kept, query).await {
            Ok(()) => return Ok(()),
            Err(NamedQueryError::Exists { .. }) if node.subscriptions(kept).await?.is_empty() => {
                // Left over: the node stopped before the subscription was on record.
                node.delete_query(kept).await?;
            }
            Err(NamedQueryError::Exists { .. }) => {
                return Err(duplicate(kept.trim_start_matches(SUBSCRIPTION_QUERY_PREFIX)));
            }
            Err(NamedQueryError::Node(error)) => return Err(error.into()),
            Err(error) => return Err(Fault::invalid(error.to_string())),
        }
    }
}

fn duplicate(id: &str) -> Fault {
    let found = cut(id);
    let reason = format!("expected a subscriptionID that no subscription has, found {found:?}");
    Fault::new(SoapException::DuplicateSubscription, reason)
}

/// Ends a subscription.
pub(super) async fn unsubscribe(
    node: &Node,
    message: &Element,
    dialect: Dialect,
) -> Result<Vec<u8>, Fault> {
    let id = required(message, "subscriptionID")?;
    let kept = format!("{SUBSCRIPTION_QUERY_PREFIX}{id}");
    let _one = ONE_AT_A_TIME.lock().await;
    let is_there = node.subscription(&kept, id).await?.is_some();
    if !is_there || !node.delete_query(&kept).await? {
        let found = cut(id);
        let reason = format!("expected the subscriptionID of a subscription, found {found:?}");
        return Err(Fault::new(SoapException::NoSuchSubscription, reason));
    }
    Ok(dialect.element(Operation::Unsubscribe.result(), ""))
}

/// The identifiers of the subscriptions to a query, those that SOAP clients made.
pub(super) async fn subscription_ids(
    node: &Node,
    message: &Element,
    dialect: Dialect,
) -> Result<Vec<u8>, Fault> {
    let name = required(message, "queryName")?;
    let names = kept_names(node).await?;
    let (own, others): (Vec<&String>, Vec<&String>) =
        names.iter().partition(|kept| kept.starts_with(SUBSCRIPTION_QUERY_PREFIX));
    let is_known = [SIMPLE_EVENT_QUERY, SIMPLE_MASTER_DATA_QUERY].contains(&name)
        || others.iter().any(|other| *other == name);
    if !is_known {
        return Err(no_such_query(name));
    }
    let mut ids = Vec::new();
    for kept in own {
        let records = node.subscriptions(kept).await?;
        let of_query = records.into_iter().filter(|record| {
            let controls = DeliveryControls::read(&record.controls).unwrap_or_default();
            controls.query_name.as_deref() == Some(name)
        });
        ids.extend(of_query.map(|record| record.id));
    }
    let ids = ids.iter().map(String::as_str);
    Ok(strings(dialect, Operation::GetSubscriptionIds, ids))
}

/// The identifier that the client chose.
fn identifier(message: &Element) -> Result<&str, Fault> {
    let id = required(message, "subscriptionID")?;
    match id.len() > SUBSCRIPTION_ID_BYTES_MAX || id.contains(char::is_control) {
        false => Ok(id),
        true => Err(Fault::invalid(format!(
            "expected a subscriptionID of at most {SUBSCRIPTION_ID_BYTES_MAX} bytes without \
             control characters, found {:?}",
            cut(id)
        ))),
    }
}

/// Where the answers are sent to.
fn dest(message: &Element) -> Result<String, Fault> {
    let text = required(message, "dest")?;
    let uri: Option<Uri> = text.parse().ok();
    let is_web = uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    });
    match is_web {
        true => Ok(text.to_owned()),
        false => {
            let reason = format!("expected an http or https URL in dest, found {:?}", cut(text));
            Err(Fault::new(SoapException::InvalidUri, reason))
        }
    }
}
