//! Lots as the ledger has them.

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::{Account, Hash, LotStatus};

use crate::column::{Days, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A lot as the ledger has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerLot {
    /// Its tag.
    pub lot_tag: Hash,
    /// The account that opened it.
    pub labeler: Account,
    /// Last day on which a unit may be used.
    pub expiry: Days,
    /// Its status.
    pub status: LotStatus,
    /// Number of the block that gave it this status.
    pub block: u64,
    /// Hash of the transaction that gave it this status.
    pub transaction: Hash,
    /// Number of the block in which the ledger forgot it, after its expiry.
    pub pruned: Option<u64>,
    /// Number of the block in which it was opened.
    pub opened: u64,
}

reads! {
    /// The lot with this tag as the ledger has it.
    statement fn ledger_lot(lot_tag: &Hash) -> Option<LedgerLot>;
    /// The lots that the ledger has not forgotten and whose last day is at most `last`, the first
    /// `limit` of them, the oldest first.
    statement fn expired_lots(last: Days, limit: u64) -> Vec<LedgerLot>;
}

const COLUMNS: &[&str] =
    &["lot_tag", "labeler", "expiry", "status", "block", "transaction_hash", "pruned", "opened"];

impl WriteTx {
    /// Notes that the ledger forgot a lot; one not on record is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_lot_pruned(&mut self, lot_tag: &Hash, block: u64) -> Result<(), StoreError> {
        let update = Query::update()
            .table("ledger_lot")
            .value("pruned", val(&block))
            .and_where(Expr::col("lot_tag").eq(val(lot_tag)))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes a lot, or replaces what is on record of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_ledger_lot(&mut self, lot: &LedgerLot) -> Result<(), StoreError> {
        let insert = Insert {
            table: "ledger_lot",
            columns: COLUMNS,
            conflict: Conflict::Update(&["lot_tag"], &COLUMNS[1..]),
            returning: &[],
        };
        let row = vec![
            cell(&lot.lot_tag),
            cell(&lot.labeler),
            cell(&lot.expiry),
            cell(&lot.status),
            cell(&lot.block),
            cell(&lot.transaction),
            opt(lot.pruned.as_ref()),
            cell(&lot.opened),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Notes the status that a transaction gave a lot; a lot not on record is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_ledger_lot_status(
        &mut self,
        lot_tag: &Hash,
        status: LotStatus,
        block: u64,
        transaction: Hash,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("ledger_lot")
            .value("status", val(&status))
            .value("block", val(&block))
            .value("transaction_hash", val(&transaction))
            .and_where(Expr::col("lot_tag").eq(val(lot_tag)))
            .take();
        self.connection().run(&update).await.map(drop)
    }
}

async fn ledger_lot(
    connection: &mut Connection<'_>,
    lot_tag: &Hash,
) -> Result<Option<LedgerLot>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_lot")
        .and_where(Expr::col("lot_tag").eq(val(lot_tag)))
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn expired_lots(
    connection: &mut Connection<'_>,
    last: Days,
    limit: u64,
) -> Result<Vec<LedgerLot>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_lot")
        .and_where(Expr::col("expiry").lte(val(&last)))
        .and_where(Expr::col("pruned").is_null())
        .order_by("expiry", Order::Asc)
        .order_by("lot_tag", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<LedgerLot, StoreError> {
    Ok(LedgerLot {
        lot_tag: row.get("lot_tag")?,
        labeler: row.get("labeler")?,
        expiry: row.get("expiry")?,
        status: row.get("status")?,
        block: row.get("block")?,
        transaction: row.get("transaction_hash")?,
        pruned: row.opt("pruned")?,
        opened: row.get("opened")?,
    })
}
