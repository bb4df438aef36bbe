//! Which nodes of which holdings a holding was gathered from.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;

use super::{holding, leaves_below};
use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A node of one holding that became part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatherRow {
    /// The holding that the node was taken from.
    pub source: Hash,
    /// Height of the node.
    pub height: u8,
    /// Number of the node among those of its height, from the left, from 0.
    pub index: u64,
    /// Position of its first leaf in the new holding.
    pub offset: u64,
}

reads! {
    /// What a holding was gathered from, by offset.
    statement fn gathers_into(dest: &Hash) -> Vec<GatherRow>;
    /// The holding that the leaf at `position` of `source` was gathered into, and the node that
    /// took it there; on the ledger a leaf leaves its holding at most once.
    statement fn gather_covering(source: &Hash, position: u64) -> Option<(Hash, GatherRow)>;
}

impl WriteTx {
    /// Notes what a holding was gathered from, or replaces what is on record of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_gathers(
        &mut self,
        dest: Hash,
        gathers: &[GatherRow],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let named = gathers.iter().map(|gather| &gather.source).chain([&dest]);
        let rows = holding::ensure(&mut connection, named).await?;
        let insert = Insert {
            table: "ledger_gather",
            columns: &["dest", "leaf_offset", "source", "height", "node_index", "first", "last"],
            conflict: Conflict::Update(
                &["dest", "leaf_offset"],
                &["source", "height", "node_index", "first", "last"],
            ),
            returning: &[],
        };
        let row = |gather: &GatherRow| {
            let (first, last) = leaves_below(gather.height, gather.index);
            vec![
                opt(rows.get(&dest)),
                cell(&gather.offset),
                opt(rows.get(&gather.source)),
                cell(&gather.height),
                cell(&gather.index),
                cell(&first),
                cell(&last),
            ]
        };
        connection.insert(&insert, gathers.iter().map(row).collect()).await.map(drop)
    }
}

fn select() -> SelectStatement {
    let is = |table: &'static str| Expr::col((table, "id")).equals(("ledger_gather", table));
    Query::select()
        .columns(
            ["height", "node_index", "leaf_offset", "last"].map(|name| ("ledger_gather", name)),
        )
        .expr_as(Expr::col(("source", "hash")), "source_hash")
        .expr_as(Expr::col(("dest", "hash")), "dest_hash")
        .from("ledger_gather")
        .join_as(sea_query::JoinType::InnerJoin, "ledger_holding", "source", is("source"))
        .join_as(sea_query::JoinType::InnerJoin, "ledger_holding", "dest", is("dest"))
        .take()
}

async fn gathers_into(
    connection: &mut Connection<'_>,
    dest: &Hash,
) -> Result<Vec<GatherRow>, StoreError> {
    let select = select()
        .and_where(Expr::col(("dest", "hash")).eq(val(dest)))
        .order_by("leaf_offset", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn gather_covering(
    connection: &mut Connection<'_>,
    source: &Hash,
    position: u64,
) -> Result<Option<(Hash, GatherRow)>, StoreError> {
    // No two nodes overlap, so only the last that begins at or before the position can cover it.
    let select = select()
        .and_where(Expr::col(("source", "hash")).eq(val(source)))
        .and_where(Expr::col(("ledger_gather", "first")).lte(val(&position)))
        .order_by(("ledger_gather", "first"), Order::Desc)
        .limit(1)
        .take();
    let Some(row) = connection.first(&select).await? else { return Ok(None) };
    if row.get::<u64>("last")? < position {
        return Ok(None);
    }
    Ok(Some((row.get("dest_hash")?, record(&row)?)))
}

fn record(row: &Row) -> Result<GatherRow, StoreError> {
    Ok(GatherRow {
        source: row.get("source_hash")?,
        height: row.get("height")?,
        index: row.get("node_index")?,
        offset: row.get("leaf_offset")?,
    })
}
