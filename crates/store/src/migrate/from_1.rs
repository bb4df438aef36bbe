//! From version 1 to 2: new tables and columns, and the names of the events on record.
//!
//! # Invariants
//!
//! - The version is 1 until everything is done. What is done so far is written with its mark, so a
//!   migration that was cut off goes on where it was.

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_epcis::event_from_json;
use theriac_query::{Name, names_of};

use super::VERSION_KEY;
use crate::connection::Connection;
use crate::error::StoreError;
use crate::event::{EventId, class_of, link_names, stored_class, stored_names};
use crate::meta::{forget, set_meta};
use crate::schema;
use crate::store::Store;

/// What is done so far: the stage and the last row of it.
const PROGRESS_KEY: &str = "schema_from_1";

/// Events of one transaction: an event may be megabytes.
const EVENTS: u64 = 200;

/// Items of one transaction.
const ITEMS: i64 = 5_000;

/// How far the migration is.
#[derive(Clone, Copy)]
enum Progress {
    /// The names of the events up to this row are noted.
    Events(i64),
    /// So are those of all events, and the classes of the items up to this row.
    Items(i64),
}

impl Progress {
    fn write(self) -> String {
        match self {
            Self::Events(row) => format!("event {row}"),
            Self::Items(row) => format!("item {row}"),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let (stage, row) = text.split_once(' ')?;
        let row = row.parse().ok()?;
        match stage {
            "event" => Some(Self::Events(row)),
            "item" => Some(Self::Items(row)),
            _ => None,
        }
    }
}

/// Migrates a database of version 1, from where an earlier attempt was cut off.
pub(super) async fn run(store: &Store) -> Result<(), StoreError> {
    tracing::info!(path = %store.path().display(), "the database is brought to schema version 2");
    while step(store).await? {}
    Ok(())
}

/// One transaction of the migration; whether there is more to do.
async fn step(store: &Store) -> Result<bool, StoreError> {
    let mut tx = store.write().await?;
    let text = tx.get(PROGRESS_KEY).await?;
    let mut connection = tx.connection();
    let next = match text.as_deref().map(Progress::read) {
        None => {
            for sql in schema::statements_from_1() {
                connection.run_schema(sql).await?;
            }
            Some(Progress::Events(0))
        }
        Some(None) => {
            return Err(StoreError::Corrupt {
                column: "value",
                expected: "how far the migration is",
                found: text.unwrap_or_default(),
            });
        }
        Some(Some(Progress::Events(after))) => events(&mut connection, after).await?,
        Some(Some(Progress::Items(after))) => items(&mut connection, after).await?,
    };
    match next {
        Some(next) => set_meta(&mut connection, PROGRESS_KEY, &next.write()).await?,
        None => {
            forget(&mut connection, PROGRESS_KEY).await?;
            set_meta(&mut connection, VERSION_KEY, "2").await?;
        }
    }
    tx.commit().await?;
    Ok(next.is_some())
}

/// Notes the names of the next events.
async fn events(
    connection: &mut Connection<'_>,
    after: i64,
) -> Result<Option<Progress>, StoreError> {
    let select = Query::select()
        .columns(["id", "kind", "body"])
        .from("event")
        .and_where(Expr::col("id").gt(after))
        .order_by("id", Order::Asc)
        .limit(EVENTS)
        .take();
    let mut events: Vec<(EventId, String, Vec<Name>)> = Vec::new();
    for row in connection.all(&select).await? {
        let id = row.get("id")?;
        events.push((id, row.get("kind")?, names_in(id, &row.get::<String>("body")?)));
    }
    let names = events
        .iter()
        .flat_map(|(id, kind, names)| stored_names(kind, names).map(move |name| (*id, name)));
    link_names(connection, &names.collect::<Vec<_>>()).await?;
    Ok(Some(events.last().map_or(Progress::Items(0), |(id, ..)| Progress::Events(id.0))))
}

/// The names of an event on record. One that cannot be read stays on record, without names.
fn names_in(id: EventId, body: &str) -> Vec<Name> {
    let value = serde_json::from_str(body).ok();
    let event = value.and_then(|value: serde_json::Value| event_from_json(&value).ok());
    let names = event.as_ref().map(names_of);
    if names.is_none() {
        tracing::warn!(
            event = id.0,
            "an event on record cannot be read, so only its items, its kind and its times find it"
        );
    }
    names.unwrap_or_default()
}

/// Notes the classes of the next items for the events that name them.
async fn items(
    connection: &mut Connection<'_>,
    after: i64,
) -> Result<Option<Progress>, StoreError> {
    let last = Query::select().expr_as(Expr::col("id").max(), "id").from("item").take();
    let last: Option<i64> = match connection.first(&last).await? {
        Some(row) => row.opt("id")?,
        None => None,
    };
    if last.is_none_or(|last| last <= after) {
        return Ok(None);
    }
    let select = Query::select()
        .columns([("item", "key"), ("event_item", "event")])
        .from("item")
        .inner_join("event_item", Expr::col(("event_item", "item")).equals(("item", "id")))
        .and_where(Expr::col(("item", "id")).gt(after))
        .and_where(Expr::col(("item", "id")).lte(after + ITEMS))
        .take();
    let mut keys: Vec<(EventId, String)> = Vec::new();
    for row in connection.all(&select).await? {
        keys.push((row.get("event")?, row.get("key")?));
    }
    let classes = keys.iter().filter_map(|(event, key)| Some((*event, class_of(key)?)));
    let names: std::collections::BTreeSet<_> = classes.collect();
    let names = names.into_iter().map(|(event, class)| (event, stored_class(class)));
    link_names(connection, &names.collect::<Vec<_>>()).await?;
    Ok(Some(Progress::Items(after + ITEMS)))
}
