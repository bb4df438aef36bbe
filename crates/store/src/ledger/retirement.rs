//! Retirements that can be undone: what one log ended, for as long as the ledger lets it come back.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::{Account, Hash, Reason};

use crate::column::{cell, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A node of a holding: the holding, the node's height, and its number among those of its height.
pub type Node = (Hash, u8, u64);

/// Bytes of a node on record: holding 32, height 1, number 8.
const NODE_BYTES: usize = 41;

/// What one log of the ledger ended and its holder may still undo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetirementBatch {
    /// Hash of the event that caused it.
    pub cause: Hash,
    /// Why.
    pub reason: Reason,
    /// The account that retired them.
    pub holder: Account,
    /// Until when it can be undone, in seconds since 1970-01-01T00:00Z.
    pub until: u64,
    /// What is not restored yet, in the order of the log.
    pub places: Vec<Node>,
    /// Number of the block.
    pub block: u64,
    /// Index of the log in the block.
    pub log_index: u64,
    /// Hash of the transaction.
    pub transaction: Hash,
}

reads! {
    /// The retirements that an event caused and that can be undone, or could, in their order.
    statement fn retirement_batches(cause: &Hash) -> Vec<RetirementBatch>;
    /// The retirements that cannot be undone any more at `now` (seconds since 1970) and that the
    /// ledger still keeps, the first `limit`.
    statement fn ended_retirements(now: u64, limit: u64) -> Vec<RetirementBatch>;
}

impl WriteTx {
    /// Notes a retirement that can be undone.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when its log is on record or the database does not take it.
    pub async fn put_retirement_batch(
        &mut self,
        batch: &RetirementBatch,
    ) -> Result<(), StoreError> {
        let columns = &[
            "cause",
            "reason",
            "holder",
            "until",
            "places",
            "block",
            "log_index",
            "transaction_hash",
        ];
        let row = vec![
            cell(&batch.cause),
            cell(&batch.reason),
            cell(&batch.holder),
            cell(&batch.until),
            packed(&batch.places).into(),
            cell(&batch.block),
            cell(&batch.log_index),
            cell(&batch.transaction),
        ];
        self.connection().insert_one::<i64>("ledger_retirement", columns, row).await.map(drop)
    }

    /// Notes what is left of a retirement; of nothing the row goes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_retirement_places(
        &mut self,
        batch: &RetirementBatch,
        places: &[Node],
    ) -> Result<(), StoreError> {
        let block = Expr::col("block").eq(val(&batch.block));
        let log = block.and(Expr::col("log_index").eq(val(&batch.log_index)));
        if places.is_empty() {
            let delete = Query::delete().from_table("ledger_retirement").and_where(log).take();
            return self.connection().run(&delete).await.map(drop);
        }
        let update = Query::update()
            .table("ledger_retirement")
            .value("places", Expr::val(packed(places)))
            .and_where(log)
            .take();
        self.connection().run(&update).await.map(drop)
    }
}

fn packed(places: &[Node]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(places.len() * NODE_BYTES);
    for (holding, height, index) in places {
        bytes.extend_from_slice(&holding.0);
        bytes.push(*height);
        bytes.extend_from_slice(&index.to_be_bytes());
    }
    bytes
}

fn unpacked(bytes: &[u8]) -> Vec<Node> {
    let node = |bytes: &[u8]| {
        let (holding, rest) = bytes.split_at_checked(32)?;
        let (height, index) = rest.split_first()?;
        Some((Hash::from_slice(holding)?, *height, u64::from_be_bytes(index.try_into().ok()?)))
    };
    bytes.chunks_exact(NODE_BYTES).filter_map(node).collect()
}

fn select() -> SelectStatement {
    Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_retirement")
        .order_by("block", Order::Asc)
        .order_by("log_index", Order::Asc)
        .take()
}

async fn retirement_batches(
    connection: &mut Connection<'_>,
    cause: &Hash,
) -> Result<Vec<RetirementBatch>, StoreError> {
    let select = select().and_where(Expr::col("cause").eq(val(cause))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn ended_retirements(
    connection: &mut Connection<'_>,
    now: u64,
    limit: u64,
) -> Result<Vec<RetirementBatch>, StoreError> {
    let select = select().and_where(Expr::col("until").lt(val(&now))).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<RetirementBatch, StoreError> {
    Ok(RetirementBatch {
        cause: row.get("cause")?,
        reason: row.get("reason")?,
        holder: row.get("holder")?,
        until: row.get("until")?,
        places: unpacked(&row.get::<Vec<u8>>("places")?),
        block: row.get("block")?,
        log_index: row.get("log_index")?,
        transaction: row.get("transaction_hash")?,
    })
}
