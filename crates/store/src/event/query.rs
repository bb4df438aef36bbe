//! Reads of events.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Identifier;

use super::record::{EventRecord, all, select};
use super::{EventId, EventState};
use crate::capture::CaptureId;
use crate::column::val;
use crate::connection::Connection;
use crate::dialect;
use crate::error::StoreError;
use crate::store::reads;

reads! {
    /// The event `id`.
    statement fn event(id: EventId) -> Option<EventRecord>;
    /// The event with this hash.
    statement fn event_by_hash(hash: &Hash) -> Option<EventRecord>;
    /// Those of `hashes` that are on record.
    statement fn known_events(hashes: &[Hash]) -> HashMap<Hash, EventId>;
    /// The last event on record, in the order of admission.
    statement fn last_event() -> Option<EventId>;
    /// The events with this EPCIS `eventID`, in the order of admission.
    statement fn events_with_event_id(event_id: &str) -> Vec<EventRecord>;
    /// The events with these EPCIS `eventID`s, by it, each in the order of admission; an id that
    /// no event has is left out.
    statement fn known_event_ids(event_ids: &[String]) -> HashMap<String, Vec<(EventId, Hash)>>;
    /// Events that name the item, oldest first.
    statement fn events_of_item(item: &Identifier) -> Vec<EventRecord>;
    /// Events that name one of the items, oldest first, each once.
    statement fn events_of_items(items: &[Identifier]) -> Vec<EventRecord>;
    /// Events held in a case, in the order of admission.
    statement fn held_events() -> Vec<EventRecord>;
    /// The first `limit` events held in a case after the event `after`, in the order of admission.
    statement fn held_after(after: Option<EventId>, limit: u64) -> Vec<EventRecord>;
    /// Number of events in each state; every state is listed.
    statement fn event_counts() -> Vec<(EventState, u64)>;
}

async fn event(
    connection: &mut Connection<'_>,
    id: EventId,
) -> Result<Option<EventRecord>, StoreError> {
    let select = select().and_where(Expr::col(("event", "id")).eq(id.0)).take();
    Ok(all(connection, &select).await?.pop())
}

async fn event_by_hash(
    connection: &mut Connection<'_>,
    hash: &Hash,
) -> Result<Option<EventRecord>, StoreError> {
    let select = select().and_where(Expr::col(("event", "hash")).eq(val(hash))).take();
    Ok(all(connection, &select).await?.pop())
}

async fn known_events(
    connection: &mut Connection<'_>,
    hashes: &[Hash],
) -> Result<HashMap<Hash, EventId>, StoreError> {
    let select = Query::select()
        .columns(["hash", "id"])
        .from("event")
        .and_where(Expr::col("hash").in_subquery(dialect::hashes(hashes)))
        .take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("hash")?, row.get("id")?))).collect()
}

async fn last_event(connection: &mut Connection<'_>) -> Result<Option<EventId>, StoreError> {
    let select =
        Query::select().column("id").from("event").order_by("id", Order::Desc).limit(1).take();
    connection.first(&select).await?.map(|row| row.get("id")).transpose()
}

async fn events_with_event_id(
    connection: &mut Connection<'_>,
    event_id: &str,
) -> Result<Vec<EventRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("event_id").eq(event_id))
        .order_by(("event", "id"), Order::Asc)
        .take();
    all(connection, &select).await
}

async fn known_event_ids(
    connection: &mut Connection<'_>,
    event_ids: &[String],
) -> Result<HashMap<String, Vec<(EventId, Hash)>>, StoreError> {
    let texts = dialect::texts(event_ids.iter().map(String::as_str));
    let select = Query::select()
        .columns(["event_id", "id", "hash"])
        .from("event")
        .and_where(Expr::col("event_id").in_subquery(texts))
        .order_by("id", Order::Asc)
        .take();
    let mut known: HashMap<String, Vec<_>> = HashMap::new();
    for row in connection.all(&select).await? {
        known.entry(row.get("event_id")?).or_default().push((row.get("id")?, row.get("hash")?));
    }
    Ok(known)
}

async fn events_of_item(
    connection: &mut Connection<'_>,
    item: &Identifier,
) -> Result<Vec<EventRecord>, StoreError> {
    events_of_items(connection, std::slice::from_ref(item)).await
}

async fn events_of_items(
    connection: &mut Connection<'_>,
    items: &[Identifier],
) -> Result<Vec<EventRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col(("event", "id")).in_subquery(naming(items)))
        .order_by(("event", "event_time"), Order::Asc)
        .order_by(("event", "id"), Order::Asc)
        .take();
    all(connection, &select).await
}

/// The ids of events that name one of `items`.
fn naming(items: &[Identifier]) -> SelectStatement {
    Query::select()
        .column(("event_item", "event"))
        .from("event_item")
        .inner_join("item", Expr::col(("item", "id")).equals(("event_item", "item")))
        .and_where(Expr::col(("item", "key")).in_subquery(dialect::keys(items)))
        .take()
}

async fn held_events(connection: &mut Connection<'_>) -> Result<Vec<EventRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col(("event", "state")).eq(val(&EventState::Held)))
        .order_by(("event", "id"), Order::Asc)
        .take();
    all(connection, &select).await
}

async fn held_after(
    connection: &mut Connection<'_>,
    after: Option<EventId>,
    limit: u64,
) -> Result<Vec<EventRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col(("event", "state")).eq(val(&EventState::Held)))
        .and_where_option(after.map(|after| Expr::col(("event", "id")).gt(after.0)))
        .order_by(("event", "id"), Order::Asc)
        .limit(limit)
        .take();
    all(connection, &select).await
}

/// The events that a capture put on record, in their order.
pub(crate) async fn events_of_capture(
    connection: &mut Connection<'_>,
    capture: CaptureId,
) -> Result<Vec<EventRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col(("event", "capture")).eq(capture.0))
        .order_by(("event", "ordinal"), Order::Asc)
        .take();
    all(connection, &select).await
}

async fn event_counts(
    connection: &mut Connection<'_>,
) -> Result<Vec<(EventState, u64)>, StoreError> {
    let select = Query::select()
        .column("state")
        .expr_as(Func::count(Expr::col(sea_query::Asterisk)), "count")
        .from("event")
        .group_by_col("state")
        .take();
    let mut counts: Vec<_> = EventState::ALL.iter().map(|state| (*state, 0)).collect();
    for row in connection.all(&select).await? {
        let state: EventState = row.get("state")?;
        let count = row.get("count")?;
        counts.iter_mut().filter(|(each, _)| *each == state).for_each(|each| each.1 = count);
    }
    Ok(counts)
}
