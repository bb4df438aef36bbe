//! Puts events on record and moves them from state to state.

use std::collections::{BTreeSet, HashMap};

use sea_query::{Expr, ExprTrait, OnConflict, Query, Value};
use theriac_custody::Hash;
use theriac_gs1::Identifier;
use theriac_query::Name;

use super::name::{class_of, link_names, stored_class, stored_names};
use super::{EventId, EventState};
use crate::capture::CaptureId;
use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert};
use crate::dialect;
use crate::error::StoreError;
use crate::item;
use crate::store::WriteTx;
use crate::transaction::TransactionId;

/// An event to put on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// Its hash, by which it is known.
    pub hash: Hash,
    /// EPCIS `eventID`.
    pub event_id: Option<String>,
    /// EPCIS `type`, as `ObjectEvent`.
    pub kind: String,
    /// EPCIS `eventTime`.
    pub event_time: Millis,
    /// EPCIS `recordTime`: when this node captured it.
    pub record_time: Millis,
    /// EPCIS `bizStep`.
    pub biz_step: Option<String>,
    /// EPCIS `disposition`.
    pub disposition: Option<String>,
    /// EPCIS `action`.
    pub action: Option<String>,
    /// The capture that it came with.
    pub capture: CaptureId,
    /// Its number in the capture, from 0.
    pub ordinal: u64,
    /// Where it stands in the document.
    pub place: String,
    /// EPCIS 2.0 JSON.
    pub body: String,
    /// How far it is.
    pub state: EventState,
    /// The event on record that this one declares erroneous (EPCIS `errorDeclaration`).
    pub declares: Option<EventId>,
    /// What it is found by, from [`theriac_query::names_of`]; its kind is added to them.
    pub names: Vec<Name>,
}

const COLUMNS: &[&str] = &[
    "hash",
    "event_id",
    "kind",
    "event_time",
    "record_time",
    "biz_step",
    "disposition",
    "action",
    "capture",
    "ordinal",
    "place",
    "body",
    "state",
    "declares",
];

impl WriteTx {
    /// Puts an event on record, with the items that it names; `None` when its hash is on record.
    ///
    /// Items not on record get a row without status, which no read of items returns. An event that
    /// it declares erroneous is marked.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the event that it declares erroneous is not on record, or the database
    /// does not take it.
    pub async fn insert_event(
        &mut self,
        event: &NewEvent,
        items: &[Identifier],
    ) -> Result<Option<EventId>, StoreError> {
        let inserted = insert(&mut self.connection(), &[(event, items)]).await?;
        Ok(inserted.into_iter().next().flatten())
    }

    /// As [`insert_event`](Self::insert_event) for many events, in a few statements; the answers
    /// stand in the order of `events`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn insert_events(
        &mut self,
        events: &[(NewEvent, Vec<Identifier>)],
    ) -> Result<Vec<Option<EventId>>, StoreError> {
        let events: Vec<_> =
            events.iter().map(|(event, items)| (event, items.as_slice())).collect();
        insert(&mut self.connection(), &events).await
    }

    /// Notes that an event on record names more items.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn link_event_items(
        &mut self,
        event: EventId,
        items: &[Identifier],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        item::name(&mut connection, items.iter()).await?;
        let named = items.iter().map(|item| (item.key(), event.0)).collect();
        link_items(&mut connection, named).await
    }

    /// Moves events to `state`. A transaction given is noted as the one that records them;
    /// without one, `admitted` and `held` events lose theirs, and others keep it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_event_state(
        &mut self,
        events: &[EventId],
        state: EventState,
        transaction: Option<TransactionId>,
    ) -> Result<(), StoreError> {
        let mut update = Query::update();
        update.table("event").value("state", val(&state)).and_where(
            Expr::col("id").in_subquery(dialect::numbers(events.iter().map(|event| event.0))),
        );
        if transaction.is_some() || matches!(state, EventState::Admitted | EventState::Held) {
            update.value("transaction_out", Expr::val(opt(transaction.as_ref())));
        }
        self.connection().run(&update).await.map(drop)
    }
}

async fn insert(
    connection: &mut Connection<'_>,
    events: &[(&NewEvent, &[Identifier])],
) -> Result<Vec<Option<EventId>>, StoreError> {
    let statement = Insert {
        table: "event",
        columns: COLUMNS,
        conflict: Conflict::Skip(&["hash"]),
        returning: &["id", "hash"],
    };
    let rows = events.iter().map(|(event, _)| row(event)).collect();
    let mut inserted = HashMap::with_capacity(events.len());
    for row in connection.insert(&statement, rows).await? {
        inserted.insert(row.get::<Hash>("hash")?, row.get::<EventId>("id")?);
    }
    // The first of several events with one hash is the one that was written.
    let ids: Vec<_> = events.iter().map(|(event, _)| inserted.remove(&event.hash)).collect();
    let written = ids.iter().zip(events);
    let new: Vec<_> = written.filter_map(|(id, event)| Some(((*id)?, event.0, event.1))).collect();
    link(connection, &new).await?;
    for (id, event, _) in &new {
        if let Some(declared) = event.declares {
            declare(connection, declared, *id).await?;
        }
    }
    Ok(ids)
}

/// Notes that an event declares another erroneous.
async fn declare(
    connection: &mut Connection<'_>,
    declared: EventId,
    by: EventId,
) -> Result<(), StoreError> {
    let update = Query::update()
        .table("event")
        .value("declared_by", val(&by))
        .and_where(Expr::col("id").eq(declared.0))
        .take();
    connection.change(&update, "event", declared.0).await
}

/// Links new events to the rows of the items that they name, and to their names.
async fn link(
    connection: &mut Connection<'_>,
    events: &[(EventId, &NewEvent, &[Identifier])],
) -> Result<(), StoreError> {
    item::name(connection, events.iter().flat_map(|(_, _, items)| *items)).await?;
    let items: BTreeSet<(String, i64)> = events
        .iter()
        .flat_map(|(event, _, items)| items.iter().map(|item| (item.key(), event.0)))
        .collect();
    let mut names: BTreeSet<_> = items
        .iter()
        .filter_map(|(key, event)| Some((EventId(*event), stored_class(class_of(key)?))))
        .collect();
    for (id, event, _) in events {
        names.extend(stored_names(&event.kind, &event.names).map(|name| (*id, name)));
    }
    link_names(connection, &names.into_iter().collect::<Vec<_>>()).await?;
    link_items(connection, items).await
}

/// Notes which events name which items.
async fn link_items(
    connection: &mut Connection<'_>,
    named: BTreeSet<(String, i64)>,
) -> Result<(), StoreError> {
    if named.is_empty() {
        return Ok(());
    }
    let links = Query::select()
        .column(("item", "id"))
        .column(("named", "second"))
        .from_subquery(dialect::pairs(named), "named")
        .inner_join("item", Expr::col(("item", "key")).equals(("named", "first")))
        .take();
    let insert = Query::insert()
        .into_table("event_item")
        .columns(["item", "event"])
        .select_from(links)
        .expect("two columns because two are selected")
        .on_conflict(OnConflict::columns(["item", "event"]).do_nothing().to_owned())
        .take();
    connection.run(&insert).await.map(drop)
}

fn row(event: &NewEvent) -> Vec<Value> {
    vec![
        cell(&event.hash),
        opt(event.event_id.as_ref()),
        cell(&event.kind),
        cell(&event.event_time),
        cell(&event.record_time),
        opt(event.biz_step.as_ref()),
        opt(event.disposition.as_ref()),
        opt(event.action.as_ref()),
        cell(&event.capture),
        cell(&event.ordinal),
        cell(&event.place),
        cell(&event.body),
        cell(&event.state),
        opt(event.declares.as_ref()),
    ]
}
