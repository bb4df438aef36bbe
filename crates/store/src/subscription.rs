//! Subscriptions: whom the answers to a named query are sent to, and how far that is.
//!
//! A subscription is `active` until its receiver can never be reached again, then `stopped`; both
//! stay until a client deletes them or their named query.

mod write;

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::column::{Millis, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::event::EventId;
use crate::named_query::NamedQueryId;
use crate::store::reads;
use crate::word::words;

words! {
    /// How far a subscription is.
    SubscriptionState {
        /// Its receiver is told of events.
        Active = 0 "active",
        /// Its receiver will never be told again.
        Stopped = 1 "stopped",
    }
}

/// A subscription that begins.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubscription {
    /// EPCIS `subscriptionID`; no two have the same.
    pub id: String,
    /// The query whose answers are sent.
    pub query: NamedQueryId,
    /// Where they are sent to: EPCIS `dest`, a URL.
    pub dest: String,
    /// EPCIS `signatureToken`, sealed by the node.
    pub token: Option<Vec<u8>>,
    /// What else the client asked for, such as `stream`, `schedule` and the formats.
    pub controls: serde_json::Value,
    /// Whether an empty answer is sent too.
    pub report_if_empty: bool,
    /// Only events recorded from then on are sent.
    pub initial_record_time: Option<Millis>,
    /// When it was asked for.
    pub created_at: Millis,
    /// The last event that is not to be sent; `EventId(0)` when all are.
    pub position: EventId,
    /// When to look at it first; `None` when an event comes.
    pub next_at: Option<Millis>,
}

/// A subscription on record.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionRecord {
    /// EPCIS `subscriptionID`.
    pub id: String,
    /// The name of the query whose answers are sent.
    pub query_name: String,
    /// Its `query` object.
    pub query: serde_json::Value,
    /// Where the answers are sent to.
    pub dest: String,
    /// EPCIS `signatureToken`, sealed by the node.
    pub token: Option<Vec<u8>>,
    /// What else the client asked for.
    pub controls: serde_json::Value,
    /// Whether an empty answer is sent too.
    pub report_if_empty: bool,
    /// Only events recorded from then on are sent.
    pub initial_record_time: Option<Millis>,
    /// When it was asked for.
    pub created_at: Millis,
    /// When the receiver last took an answer.
    pub last_notified_at: Option<Millis>,
    /// The last event delivered, or passed over.
    pub position: EventId,
    /// How often the receiver was tried in vain since it last took an answer.
    pub failures: u32,
    /// When to look at it next; `None` when an event comes.
    pub next_at: Option<Millis>,
    /// How far it is.
    pub state: SubscriptionState,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

reads! {
    /// The subscription of this id.
    statement fn subscription(id: &str) -> Option<SubscriptionRecord>;
    /// The subscriptions to the query of this name, by id.
    statement fn subscriptions_of(query_name: &str) -> Vec<SubscriptionRecord>;
    /// All active subscriptions, by id.
    statement fn active_subscriptions() -> Vec<SubscriptionRecord>;
    /// The first `limit` active subscriptions to look at by `now`, the longest due first. Those
    /// that wait for events alone (without `next_at`) are not among them.
    statement fn due_subscriptions(now: Millis, limit: u64) -> Vec<SubscriptionRecord>;
}

const COLUMNS: [&str; 13] = [
    "dest",
    "token",
    "controls",
    "report_if_empty",
    "initial_record_time",
    "created_at",
    "last_notified_at",
    "position",
    "failures",
    "next_at",
    "state",
    "error",
    "id",
];

fn select() -> SelectStatement {
    Query::select()
        .columns(COLUMNS.map(|column| ("subscription", column)))
        .expr_as(Expr::col(("subscription", "name")), "subscription_id")
        .expr_as(Expr::col(("named_query", "name")), "query_name")
        .expr_as(Expr::col(("named_query", "query")), "query_body")
        .from("subscription")
        .inner_join(
            "named_query",
            Expr::col(("named_query", "id")).equals(("subscription", "query")),
        )
        .take()
}

fn active() -> Expr {
    Expr::col(("subscription", "state")).eq(val(&SubscriptionState::Active))
}

async fn subscription(
    connection: &mut Connection<'_>,
    id: &str,
) -> Result<Option<SubscriptionRecord>, StoreError> {
    let select = select().and_where(Expr::col(("subscription", "name")).eq(id)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn subscriptions_of(
    connection: &mut Connection<'_>,
    query_name: &str,
) -> Result<Vec<SubscriptionRecord>, StoreError> {
    let of_query = Expr::col(("named_query", "name")).eq(query_name);
    let mut select = select();
    select.and_where(of_query).order_by(("subscription", "name"), Order::Asc);
    connection.all(&select).await?.iter().map(record).collect()
}

async fn active_subscriptions(
    connection: &mut Connection<'_>,
) -> Result<Vec<SubscriptionRecord>, StoreError> {
    let mut select = select();
    select.and_where(active()).order_by(("subscription", "name"), Order::Asc);
    connection.all(&select).await?.iter().map(record).collect()
}

async fn due_subscriptions(
    connection: &mut Connection<'_>,
    now: Millis,
    limit: u64,
) -> Result<Vec<SubscriptionRecord>, StoreError> {
    let select = select()
        .and_where(active())
        .and_where(Expr::col(("subscription", "next_at")).lte(now))
        .order_by(("subscription", "next_at"), Order::Asc)
        .order_by(("subscription", "id"), Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<SubscriptionRecord, StoreError> {
    Ok(SubscriptionRecord {
        id: row.get("subscription_id")?,
        query_name: row.get("query_name")?,
        query: row.get("query_body")?,
        dest: row.get("dest")?,
        token: row.opt("token")?,
        controls: row.get("controls")?,
        report_if_empty: row.get("report_if_empty")?,
        initial_record_time: row.opt("initial_record_time")?,
        created_at: row.get("created_at")?,
        last_notified_at: row.opt("last_notified_at")?,
        position: row.get("position")?,
        failures: row.get("failures")?,
        next_at: row.opt("next_at")?,
        state: row.get("state")?,
        error: row.opt("error")?,
    })
}
