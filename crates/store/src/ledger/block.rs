//! Blocks and logs of the ledger, as they came.

use std::ops::Range;

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;

use crate::column::{cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::meta::{REPLAY_KEY, forget};
use crate::store::{WriteTx, reads};

/// A block of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockRow {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: Hash,
    /// Hash of the block before it.
    pub parent_hash: Hash,
    /// When it was made, in seconds since 1970-01-01T00:00Z, as the ledger says.
    pub timestamp: u64,
}

/// A log of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRow {
    /// Its index in the block.
    pub index: u64,
    /// Hash of its transaction.
    pub transaction: Hash,
    /// The ledger event.
    pub body: serde_json::Value,
}

/// A log on record, with its block.
#[derive(Debug, Clone, PartialEq)]
pub struct LogRecord {
    /// Number of its block.
    pub block: u64,
    /// Hash of its block.
    pub block_hash: Hash,
    /// When its block was made, in seconds since 1970-01-01T00:00Z.
    pub timestamp: u64,
    /// Its index in the block.
    pub index: u64,
    /// Hash of its transaction.
    pub transaction: Hash,
    /// The ledger event.
    pub body: serde_json::Value,
}

reads! {
    /// The last block on record.
    statement fn last_block() -> Option<BlockRow>;
    /// The block with this number, if it is on record.
    statement fn block(number: u64) -> Option<BlockRow>;
    /// The last block on record before this one.
    statement fn block_before(number: u64) -> Option<BlockRow>;
    /// The logs of this block and all later ones, in order.
    statement fn logs_from(block: u64) -> Vec<LogRecord>;
    /// The logs of a range of blocks, in order.
    statement fn logs_in(blocks: Range<u64>) -> Vec<LogRecord>;
    /// The logs of a transaction, in order.
    statement fn logs_of_transaction(transaction: &Hash) -> Vec<LogRecord>;
}

/// The tables derived from logs; those that name others come first.
const DERIVED: [&str; 9] = [
    "ledger_change",
    "ledger_gather",
    "ledger_retired",
    "ledger_retirement",
    "ledger_holding",
    "ledger_lot",
    "member",
    "member_account",
    "product",
];

impl WriteTx {
    /// Stores a block and its logs. Blocks may be left out, but none is stored twice.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the block is on record or the database does not take it.
    pub async fn append_logs(
        &mut self,
        block: &BlockRow,
        logs: &[LogRow],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let insert = Query::insert()
            .into_table("ledger_block")
            .columns(["number", "hash", "parent_hash", "timestamp"])
            .values_panic([
                val(&block.number),
                val(&block.hash),
                val(&block.parent_hash),
                val(&block.timestamp),
            ])
            .take();
        connection.run(&insert).await?;
        let insert = Insert {
            table: "ledger_log",
            columns: &["block", "log_index", "transaction_hash", "body"],
            conflict: Conflict::Fail,
            returning: &[],
        };
        let row = |log: &LogRow| {
            vec![cell(&block.number), cell(&log.index), cell(&log.transaction), cell(&log.body)]
        };
        connection.insert(&insert, logs.iter().map(row).collect()).await.map(drop)
    }

    /// Deletes the blocks after `block` with their logs, and all that was derived from logs: the
    /// caller derives it again from the logs that are left.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn unwind_to(&mut self, block: u64) -> Result<(), StoreError> {
        let mut connection = self.connection();
        for (table, number) in [("ledger_log", "block"), ("ledger_block", "number")] {
            let later = Expr::col(number).gt(val(&block));
            connection.run(&Query::delete().from_table(table).and_where(later).take()).await?;
        }
        for table in DERIVED {
            connection.run(&Query::delete().from_table(table).take()).await?;
        }
        forget(&mut connection, REPLAY_KEY).await
    }
}

fn select_block() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("ledger_block").take()
}

async fn last_block(connection: &mut Connection<'_>) -> Result<Option<BlockRow>, StoreError> {
    let select = select_block().order_by("number", Order::Desc).limit(1).take();
    connection.first(&select).await?.map(|row| block_row(&row)).transpose()
}

async fn block(
    connection: &mut Connection<'_>,
    number: u64,
) -> Result<Option<BlockRow>, StoreError> {
    let select = select_block().and_where(Expr::col("number").eq(val(&number))).take();
    connection.first(&select).await?.map(|row| block_row(&row)).transpose()
}

async fn block_before(
    connection: &mut Connection<'_>,
    number: u64,
) -> Result<Option<BlockRow>, StoreError> {
    let select = select_block()
        .and_where(Expr::col("number").lt(val(&number)))
        .order_by("number", Order::Desc)
        .limit(1)
        .take();
    connection.first(&select).await?.map(|row| block_row(&row)).transpose()
}

fn block_row(row: &Row) -> Result<BlockRow, StoreError> {
    Ok(BlockRow {
        number: row.get("number")?,
        hash: row.get("hash")?,
        parent_hash: row.get("parent_hash")?,
        timestamp: row.get("timestamp")?,
    })
}

fn select_logs() -> SelectStatement {
    Query::select()
        .columns(["block", "log_index", "transaction_hash", "body"])
        .columns(["hash", "timestamp"])
        .from("ledger_log")
        .inner_join(
            "ledger_block",
            Expr::col(("ledger_block", "number")).equals(("ledger_log", "block")),
        )
        .order_by("block", Order::Asc)
        .order_by("log_index", Order::Asc)
        .take()
}

async fn logs_from(
    connection: &mut Connection<'_>,
    block: u64,
) -> Result<Vec<LogRecord>, StoreError> {
    let select = select_logs().and_where(Expr::col("block").gte(val(&block))).take();
    connection.all(&select).await?.iter().map(log_record).collect()
}

async fn logs_in(
    connection: &mut Connection<'_>,
    blocks: Range<u64>,
) -> Result<Vec<LogRecord>, StoreError> {
    let select = select_logs()
        .and_where(Expr::col("block").gte(val(&blocks.start)))
        .and_where(Expr::col("block").lt(val(&blocks.end)))
        .take();
    connection.all(&select).await?.iter().map(log_record).collect()
}

async fn logs_of_transaction(
    connection: &mut Connection<'_>,
    transaction: &Hash,
) -> Result<Vec<LogRecord>, StoreError> {
    let select = select_logs().and_where(Expr::col("transaction_hash").eq(val(transaction))).take();
    connection.all(&select).await?.iter().map(log_record).collect()
}

fn log_record(row: &Row) -> Result<LogRecord, StoreError> {
    Ok(LogRecord {
        block: row.get("block")?,
        block_hash: row.get("hash")?,
        timestamp: row.get("timestamp")?,
        index: row.get("log_index")?,
        transaction: row.get("transaction_hash")?,
        body: row.get("body")?,
    })
}
