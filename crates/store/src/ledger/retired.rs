//! Which nodes of which holdings were retired.

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::{Account, Hash, Reason};

use super::{holding, leaves_below};
use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A node of a holding whose units' lives ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetiredRow {
    /// The holding.
    pub holding: Hash,
    /// Height of the node.
    pub height: u8,
    /// Number of the node among those of its height, from the left, from 0.
    pub index: u64,
    /// Why.
    pub reason: Reason,
    /// The account that retired them.
    pub holder: Account,
    /// Hash of the event that caused it.
    pub cause: Hash,
    /// Number of the block.
    pub block: u64,
    /// Hash of the transaction.
    pub transaction: Hash,
    /// When the block was made, in seconds since 1970-01-01T00:00Z.
    pub timestamp: u64,
    /// Until when it can be undone, in seconds since 1970-01-01T00:00Z; 0: not at all.
    pub until: u64,
}

reads! {
    /// The retirement of the leaf at `position` of a holding; on the ledger a leaf is retired at
    /// most once.
    statement fn retirement_covering(holding: &Hash, position: u64) -> Option<RetiredRow>;
    /// The nodes of a holding whose units are not in it any more, or ended in it: each height and
    /// index that the ledger has marked.
    snapshot fn spent_nodes(holding: &Hash) -> Vec<(u8, u64)>;
}

const COLUMNS: &[&str] = &[
    "holding",
    "first",
    "last",
    "height",
    "node_index",
    "reason",
    "holder",
    "cause",
    "block",
    "transaction_hash",
    "timestamp",
    "until",
];

const VALUES: &[&str] = &[
    "last",
    "height",
    "node_index",
    "reason",
    "holder",
    "cause",
    "block",
    "transaction_hash",
    "timestamp",
    "until",
];

impl WriteTx {
    /// Forgets retirements: the units of these nodes came back.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn remove_retirements(
        &mut self,
        nodes: &[(Hash, u8, u64)],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let holdings =
            holding::ensure(&mut connection, nodes.iter().map(|(holding, ..)| holding)).await?;
        for (holding, height, index) in nodes {
            let (first, _) = leaves_below(*height, *index);
            let delete = Query::delete()
                .from_table("ledger_retired")
                .and_where(Expr::col("holding").eq(Expr::val(opt(holdings.get(holding)))))
                .and_where(Expr::col("first").eq(val(&first)))
                .and_where(Expr::col("height").eq(val(height)))
                .take();
            connection.run(&delete).await?;
        }
        Ok(())
    }

    /// Notes retirements, or replaces what is on record of the same nodes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn put_retirements(&mut self, retired: &[RetiredRow]) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let holdings =
            holding::ensure(&mut connection, retired.iter().map(|row| &row.holding)).await?;
        let insert = Insert {
            table: "ledger_retired",
            columns: COLUMNS,
            conflict: Conflict::Update(&["holding", "first"], VALUES),
            returning: &[],
        };
        let row = |row: &RetiredRow| {
            let (first, last) = leaves_below(row.height, row.index);
            vec![
                opt(holdings.get(&row.holding)),
                cell(&first),
                cell(&last),
                cell(&row.height),
                cell(&row.index),
                cell(&row.reason),
                cell(&row.holder),
                cell(&row.cause),
                cell(&row.block),
                cell(&row.transaction),
                cell(&row.timestamp),
                cell(&row.until),
            ]
        };
        connection.insert(&insert, retired.iter().map(row).collect()).await.map(drop)
    }
}

async fn retirement_covering(
    connection: &mut Connection<'_>,
    holding: &Hash,
    position: u64,
) -> Result<Option<RetiredRow>, StoreError> {
    // No two nodes overlap, so only the last that begins at or before the position can cover it.
    let row = Query::select()
        .column("id")
        .from("ledger_holding")
        .and_where(Expr::col("hash").eq(val(holding)))
        .take();
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_retired")
        .and_where(Expr::col("holding").eq(Expr::from(row)))
        .and_where(Expr::col("first").lte(val(&position)))
        .order_by("first", Order::Desc)
        .limit(1)
        .take();
    let Some(row) = connection.first(&select).await? else { return Ok(None) };
    if row.get::<u64>("last")? < position {
        return Ok(None);
    }
    record(*holding, &row).map(Some)
}

async fn spent_nodes(
    connection: &mut Connection<'_>,
    holding: &Hash,
) -> Result<Vec<(u8, u64)>, StoreError> {
    let row = || {
        let select = Query::select().column("id").from("ledger_holding").take();
        Expr::from(select.clone().and_where(Expr::col("hash").eq(val(holding))).take())
    };
    let mut nodes = Vec::new();
    for (table, column) in [("ledger_gather", "source"), ("ledger_retired", "holding")] {
        let select = Query::select()
            .columns(["height", "node_index"])
            .from(table)
            .and_where(Expr::col(column).eq(row()))
            .take();
        for row in connection.all(&select).await? {
            nodes.push((row.get("height")?, row.get("node_index")?));
        }
    }
    Ok(nodes)
}

fn record(holding: Hash, row: &Row) -> Result<RetiredRow, StoreError> {
    Ok(RetiredRow {
        holding,
        height: row.get("height")?,
        index: row.get("node_index")?,
        reason: row.get("reason")?,
        holder: row.get("holder")?,
        cause: row.get("cause")?,
        block: row.get("block")?,
        transaction: row.get("transaction_hash")?,
        timestamp: row.get("timestamp")?,
        until: row.get("until")?,
    })
}
