//! What left holdings and what ended in them, for many holdings at once: few statements, whatever
//! the number of leaves.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::spread::{Move, Span};
use theriac_custody::{Hash, Reason};

use super::LedgerHolding;
use super::holding::record;
use crate::column::val;
use crate::connection::{Connection, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::store::reads;

/// What left a holding, and what ended in it, each ascending by leaf position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Departures {
    /// Leaves that were gathered into other holdings.
    pub moves: Vec<Move>,
    /// Leaves of units whose lives ended.
    pub ends: Vec<(Reason, Span)>,
}

reads! {
    /// The holdings that a lot was commissioned as, the oldest first; those that the ledger has
    /// forgotten too.
    statement fn holdings_of_lot(lot_tag: &Hash) -> Vec<LedgerHolding>;
    /// The holdings with these ids, as far as the ledger knows them.
    statement fn ledger_holdings(ids: &[Hash]) -> HashMap<Hash, LedgerHolding>;
    /// What left each of these holdings and what ended in it; those that nothing left or ended in
    /// are not named.
    snapshot fn departures(holdings: &[Hash]) -> HashMap<Hash, Departures>;
}

async fn holdings_of_lot(
    connection: &mut Connection<'_>,
    lot_tag: &Hash,
) -> Result<Vec<LedgerHolding>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_holding")
        .and_where(Expr::col("lot_tag").eq(val(lot_tag)))
        .and_where(Expr::col("root").is_not_null())
        .order_by("id", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn ledger_holdings(
    connection: &mut Connection<'_>,
    ids: &[Hash],
) -> Result<HashMap<Hash, LedgerHolding>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_holding")
        .and_where(Expr::col("hash").in_subquery(dialect::hashes(ids)))
        .and_where(Expr::col("root").is_not_null())
        .take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| record(row).map(|holding| (holding.id, holding))).collect()
}

async fn departures(
    connection: &mut Connection<'_>,
    holdings: &[Hash],
) -> Result<HashMap<Hash, Departures>, StoreError> {
    let mut departures: HashMap<Hash, Departures> = HashMap::new();
    for row in moves(connection, holdings).await? {
        let of = departures.entry(row.get("source_hash")?).or_default();
        if let Some(span) = span(&row)? {
            let (dest, offset) = (row.get("dest_hash")?, row.get("leaf_offset")?);
            of.moves.push(Move { span, dest, offset });
        }
    }
    for row in ends(connection, holdings).await? {
        let of = departures.entry(row.get("source_hash")?).or_default();
        if let Some(span) = span(&row)? {
            of.ends.push((row.get("reason")?, span));
        }
    }
    Ok(departures)
}

async fn moves(connection: &mut Connection<'_>, holdings: &[Hash]) -> Result<Vec<Row>, StoreError> {
    let is = |table: &'static str| Expr::col((table, "id")).equals(("ledger_gather", table));
    let select = Query::select()
        .columns(["leaf_offset", "first", "last"].map(|name| ("ledger_gather", name)))
        .expr_as(Expr::col(("source", "hash")), "source_hash")
        .expr_as(Expr::col(("dest", "hash")), "dest_hash")
        .from("ledger_gather")
        .join_as(sea_query::JoinType::InnerJoin, "ledger_holding", "source", is("source"))
        .join_as(sea_query::JoinType::InnerJoin, "ledger_holding", "dest", is("dest"))
        .and_where(Expr::col(("ledger_gather", "source")).in_subquery(rows_of(holdings)))
        .order_by(("ledger_gather", "source"), Order::Asc)
        .order_by(("ledger_gather", "first"), Order::Asc)
        .take();
    connection.all(&select).await
}

async fn ends(connection: &mut Connection<'_>, holdings: &[Hash]) -> Result<Vec<Row>, StoreError> {
    let is = Expr::col(("source", "id")).equals(("ledger_retired", "holding"));
    let select = Query::select()
        .columns(["reason", "first", "last"].map(|name| ("ledger_retired", name)))
        .expr_as(Expr::col(("source", "hash")), "source_hash")
        .from("ledger_retired")
        .join_as(sea_query::JoinType::InnerJoin, "ledger_holding", "source", is)
        .and_where(Expr::col(("ledger_retired", "holding")).in_subquery(rows_of(holdings)))
        .order_by(("ledger_retired", "holding"), Order::Asc)
        .order_by(("ledger_retired", "first"), Order::Asc)
        .take();
    connection.all(&select).await
}

/// The rows of holdings with these ids.
fn rows_of(holdings: &[Hash]) -> sea_query::SelectStatement {
    Query::select()
        .column("id")
        .from("ledger_holding")
        .and_where(Expr::col("hash").in_subquery(dialect::hashes(holdings)))
        .take()
}

/// The leaves that a row is about; `None` if a log named positions that no tree has.
fn span(row: &Row) -> Result<Option<Span>, StoreError> {
    Ok(Span::new(row.get("first")?, row.get("last")?))
}
