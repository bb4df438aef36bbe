//! Reads of items.

use std::ops::RangeInclusive;

use sea_query::{
    CommonTableExpression, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType,
    WithClause,
};
use theriac_custody::{Hash, Item, ItemStatus, Place, Salt};
use theriac_gs1::{Identifier, Lgtin};

use crate::column::{Column, val};
use crate::connection::{Connection, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::store::reads;

/// An item on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRecord {
    /// The item.
    pub item: Item,
    /// The secret that blinds its hash, when this node knows it.
    pub salt: Option<Salt>,
}

reads! {
    /// Those of `ids` that are on record, with all that they are packed in and all that is packed
    /// in them, each once.
    statement fn load_items(ids: &[Identifier]) -> Vec<ItemRecord>;
    /// The first `limit` keys, after `after`, of items that an event on record names, in the order
    /// of their bytes.
    statement fn item_keys(after: Option<&str>, limit: u64) -> Vec<String>;
    /// The units whose leaves stand in a holding, by position.
    statement fn items_in_holding(holding: &Hash) -> Vec<ItemRecord>;
    /// The units whose leaves stand at these positions of a holding, by position.
    snapshot fn items_at(holding: &Hash, spans: &[RangeInclusive<u64>]) -> Vec<ItemRecord>;
    /// The units of a lot, in the order in which they came on record.
    statement fn units_of_lot(lot: &Lgtin) -> Vec<ItemRecord>;
    /// The units of a lot in one of these statuses, in the order in which they came on record.
    statement fn units_of_lot_in(lot: &Lgtin, statuses: &[ItemStatus]) -> Vec<ItemRecord>;
    /// Number of units of a lot in each status that occurs.
    statement fn count_units_of_lot(lot: &Lgtin) -> Vec<(ItemStatus, u64)>;
    /// The units whose leaves stand in no holding yet, in the order in which they came on record.
    statement fn loose_units() -> Vec<ItemRecord>;
    /// Number of units (not of logistic units) in each status that occurs.
    statement fn count_items_by_status() -> Vec<(ItemStatus, u64)>;
}

/// Selects items; those named by others but not on record are left out.
fn select() -> SelectStatement {
    let is = |table: &'static str, column: &'static str| {
        Expr::col((table, "id")).equals(("item", column))
    };
    Query::select()
        .columns(["key", "status", "position", "salt"].map(|column| ("item", column)))
        .expr_as(Expr::col(("lot", "lot")), "lot")
        .expr_as(Expr::col(("holding", "hash")), "holding")
        .expr_as(Expr::col(("container", "key")), "parent")
        .from("item")
        .left_join("lot", is("lot", "lot"))
        .left_join("holding", is("holding", "holding"))
        .join_as(sea_query::JoinType::LeftJoin, "item", "container", is("container", "parent"))
        .and_where(Expr::col(("item", "status")).is_not_null())
        .take()
}

async fn item_keys(
    connection: &mut Connection<'_>,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<String>, StoreError> {
    let naming = Query::select()
        .expr(Expr::val(1))
        .from("event_item")
        .and_where(Expr::col(("event_item", "item")).equals(("item", "id")))
        .take();
    let select = Query::select()
        .column("key")
        .from("item")
        .and_where_option(after.map(|after| Expr::col("key").gt(after)))
        .and_where(Expr::exists(naming))
        .order_by("key", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(|row| row.get("key")).collect()
}

async fn load_items(
    connection: &mut Connection<'_>,
    ids: &[Identifier],
) -> Result<Vec<ItemRecord>, StoreError> {
    let of = |table: &'static str| Query::select().column("id").from(table).take();
    let select = select()
        .and_where(
            Expr::col(("item", "id"))
                .in_subquery(of("above").union(UnionType::Distinct, of("below")).take()),
        )
        .take();
    let mut with = WithClause::new();
    with.recursive(true)
        .cte(closure("above", ids, ("item", "parent"), ("item", "id")))
        .cte(closure("below", ids, ("item", "id"), ("item", "parent")));
    let query = select.with(with);
    connection.all(&query).await?.iter().map(record).collect()
}

async fn loose_units(connection: &mut Connection<'_>) -> Result<Vec<ItemRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col(("item", "lot")).is_not_null())
        .and_where(Expr::col(("item", "holding")).is_null())
        .order_by(("item", "id"), Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

/// The rows `ids`, and from each row of the table on, the `next` of the item whose `link` it is.
fn closure(
    name: &'static str,
    ids: &[Identifier],
    next: (&'static str, &'static str),
    link: (&'static str, &'static str),
) -> CommonTableExpression {
    let step = Query::select()
        .column(next)
        .from(name)
        .inner_join("item", Expr::col(link).equals((name, "id")))
        .and_where(Expr::col(next).is_not_null())
        .take();
    let named = Query::select()
        .column("id")
        .from("item")
        .and_where(Expr::col("key").in_subquery(dialect::keys(ids)))
        .union(UnionType::Distinct, step)
        .take();
    CommonTableExpression::new().table_name(name).column("id").query(named).to_owned()
}

async fn items_in_holding(
    connection: &mut Connection<'_>,
    holding: &Hash,
) -> Result<Vec<ItemRecord>, StoreError> {
    let select =
        select().and_where(in_holding(holding)).order_by(("item", "position"), Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn items_at(
    connection: &mut Connection<'_>,
    holding: &Hash,
    spans: &[RangeInclusive<u64>],
) -> Result<Vec<ItemRecord>, StoreError> {
    let mut records = Vec::new();
    for span in spans {
        let select = select()
            .and_where(in_holding(holding))
            .and_where(Expr::col(("item", "position")).gte(number(*span.start())))
            .and_where(Expr::col(("item", "position")).lte(number(*span.end())))
            .take();
        for row in connection.all(&select).await? {
            records.push(record(&row)?);
        }
    }
    records.sort_by_key(|record: &ItemRecord| record.item.place.map(|place| place.position));
    Ok(records)
}

/// The item's leaf stands in this holding.
fn in_holding(holding: &Hash) -> Expr {
    let row = Query::select()
        .column("id")
        .from("holding")
        .and_where(Expr::col("hash").eq(val(holding)))
        .take();
    Expr::col(("item", "holding")).eq(Expr::from(row))
}

/// A position as the database compares it: its numbers have a sign.
fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

async fn units_of_lot(
    connection: &mut Connection<'_>,
    lot: &Lgtin,
) -> Result<Vec<ItemRecord>, StoreError> {
    let select = select().and_where(of_lot(lot)).order_by(("item", "id"), Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn units_of_lot_in(
    connection: &mut Connection<'_>,
    lot: &Lgtin,
    statuses: &[ItemStatus],
) -> Result<Vec<ItemRecord>, StoreError> {
    let statuses = dialect::numbers(statuses.iter().map(Column::write));
    let select = select()
        .and_where(of_lot(lot))
        .and_where(Expr::col(("item", "status")).in_subquery(statuses))
        .order_by(("item", "id"), Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn count_units_of_lot(
    connection: &mut Connection<'_>,
    lot: &Lgtin,
) -> Result<Vec<(ItemStatus, u64)>, StoreError> {
    let select = Query::select()
        .column("status")
        .expr_as(Func::count(Expr::col(sea_query::Asterisk)), "count")
        .from("item")
        .and_where(of_lot(lot))
        .and_where(Expr::col("status").is_not_null())
        .group_by_col("status")
        .take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("status")?, row.get("count")?))).collect()
}

/// The item is a unit of this lot.
fn of_lot(lot: &Lgtin) -> Expr {
    let row = Query::select()
        .column("id")
        .from("lot")
        .and_where(Expr::col("gtin").eq(val(&lot.gtin)))
        .and_where(Expr::col("lot").eq(val(&lot.lot)))
        .take();
    Expr::col(("item", "lot")).eq(Expr::from(row))
}

async fn count_items_by_status(
    connection: &mut Connection<'_>,
) -> Result<Vec<(ItemStatus, u64)>, StoreError> {
    let select = Query::select()
        .column("status")
        .expr_as(Func::count(Expr::col(sea_query::Asterisk)), "count")
        .from("item")
        .and_where(Expr::col("unit"))
        .and_where(Expr::col("status").is_not_null())
        .group_by_col("status")
        .order_by("status", Order::Asc)
        .take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("status")?, row.get("count")?))).collect()
}

fn record(row: &Row) -> Result<ItemRecord, StoreError> {
    let place = match (row.opt("holding")?, row.opt("position")?) {
        (Some(holding), Some(position)) => Some(Place { holding, position }),
        _ => None,
    };
    let item = Item {
        id: row.get("key")?,
        lot: row.opt("lot")?,
        status: row.get("status")?,
        parent: row.opt("parent")?,
        place,
    };
    Ok(ItemRecord { item, salt: row.opt("salt")? })
}
