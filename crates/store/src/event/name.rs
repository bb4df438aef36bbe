//! The names that events are found by: each text once, and which events have it.

use std::collections::{BTreeSet, HashMap};

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_query::{Name, Role};

use super::EventId;
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::store::reads;

/// The role, beyond those of [`Role`], of the EPCIS `type` of an event.
pub(super) const KIND: i64 = 256;

reads! {
    /// The first `limit` names of a role that come after `after`, in the order of their bytes.
    statement fn name_values(role: Role, after: Option<&str>, limit: u64) -> Vec<String>;
    /// The EPCIS types of the events on record, in the order of their bytes.
    statement fn event_kinds() -> Vec<String>;
}

/// The role, beyond those of [`Role`], of the class of an item: see [`class_of`].
pub(super) const CLASS: i64 = 257;

/// What the keys of all items of one class begin with, such as `01/09506000134352/21/` for the
/// units of a trade item; `None` for a key that has no class.
pub(crate) fn class_of(key: &str) -> Option<&str> {
    let class = &key[..=key.rfind('/')?];
    let is_gs1 = class.starts_with(|first: char| first.is_ascii_digit());
    (is_gs1 && class.matches('/').count() > 1).then_some(class)
}

/// A class as it is stored.
pub(crate) fn stored_class(class: &str) -> Stored<'_> {
    (CLASS, class)
}

/// The stored number of a role.
pub(super) fn code(role: Role) -> i64 {
    i64::from(role.code())
}

/// A name as it is stored.
pub(crate) type Stored<'a> = (i64, &'a str);

/// The names of an event as they are stored, its kind among them.
pub(crate) fn stored_names<'a>(
    kind: &'a str,
    names: &'a [Name],
) -> impl Iterator<Item = Stored<'a>> {
    let names = names.iter().map(|name| (code(name.role), name.text.as_str()));
    names.chain([(KIND, kind)])
}

/// Notes which events have which names.
pub(crate) async fn link_names(
    connection: &mut Connection<'_>,
    named: &[(EventId, Stored<'_>)],
) -> Result<(), StoreError> {
    let names: BTreeSet<Stored<'_>> = named.iter().map(|(_, name)| *name).collect();
    if names.is_empty() {
        return Ok(());
    }
    let mut ids = ids(connection, names.iter().copied()).await?;
    let missing = |name: &&Stored<'_>| !ids.contains_key(&(name.0, name.1.to_owned()));
    let missing: Vec<_> = names.iter().filter(missing).copied().collect();
    ids.extend(intern(connection, &missing).await?);
    // In the order of the table, so that neighbours are written together.
    let rows: BTreeSet<(i64, i64)> = named
        .iter()
        .filter_map(|(event, (role, text))| {
            Some((*ids.get(&(*role, (*text).to_owned()))?, event.0))
        })
        .collect();
    let insert = Insert {
        table: "event_name",
        columns: &["name", "event"],
        conflict: Conflict::Skip(&["name", "event"]),
        returning: &[],
    };
    let rows = rows.into_iter().map(|(name, event)| vec![name.into(), event.into()]).collect();
    connection.insert(&insert, rows).await.map(drop)
}

/// Gives rows to names that have none.
async fn intern(
    connection: &mut Connection<'_>,
    names: &[Stored<'_>],
) -> Result<HashMap<(i64, String), i64>, StoreError> {
    let insert = Insert {
        table: "name",
        columns: &["role", "text"],
        conflict: Conflict::Fail,
        returning: &["id", "role", "text"],
    };
    let rows = names.iter().map(|(role, text)| vec![(*role).into(), (*text).into()]).collect();
    by_name(&connection.insert(&insert, rows).await?)
}

/// The column `id` of rows by their role and text.
fn by_name(rows: &[Row]) -> Result<HashMap<(i64, String), i64>, StoreError> {
    rows.iter().map(|row| Ok(((row.get("role")?, row.get("text")?), row.get("id")?))).collect()
}

/// The rows of those names that have one.
pub(super) async fn ids<'a>(
    connection: &mut Connection<'_>,
    names: impl Iterator<Item = Stored<'a>>,
) -> Result<HashMap<(i64, String), i64>, StoreError> {
    let select = Query::select()
        .columns([("name", "id"), ("name", "role"), ("name", "text")])
        .from_subquery(dialect::pairs(names), "asked")
        .inner_join(
            "name",
            Expr::col(("name", "role"))
                .equals(("asked", "first"))
                .and(Expr::col(("name", "text")).equals(("asked", "second"))),
        )
        .take();
    by_name(&connection.all(&select).await?)
}

/// The texts of a role, in the order of the index.
fn texts(role: i64) -> SelectStatement {
    Query::select()
        .column("text")
        .from("name")
        .and_where(Expr::col("role").eq(role))
        .order_by("text", Order::Asc)
        .take()
}

async fn name_values(
    connection: &mut Connection<'_>,
    role: Role,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<String>, StoreError> {
    let select = texts(code(role))
        .and_where_option(after.map(|after| Expr::col("text").gt(after)))
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(|row| row.get("text")).collect()
}

async fn event_kinds(connection: &mut Connection<'_>) -> Result<Vec<String>, StoreError> {
    connection.all(&texts(KIND)).await?.iter().map(|row| row.get("text")).collect()
}
