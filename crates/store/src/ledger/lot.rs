//! Lots as the ledger has them.

use sea_query::{Expr, ExprTrait, Query};
use theriac_custody::{Account, Hash, LotStatus};

use crate::column::{Days, cell, val};
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
}

reads! {
    /// The lot with this tag as the ledger has it.
    statement fn ledger_lot(lot_tag: &Hash) -> Option<LedgerLot>;
}

impl WriteTx {
    /// Notes a lot, or replaces what is on record of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_ledger_lot(&mut self, lot: &LedgerLot) -> Result<(), StoreError> {
        let insert = Insert {
            table: "ledger_lot",
            columns: &["lot_tag", "labeler", "expiry", "status", "block", "transaction_hash"],
            conflict: Conflict::Update(
                &["lot_tag"],
                &["labeler", "expiry", "status", "block", "transaction_hash"],
            ),
            returning: &[],
        };
        let row = vec![
            cell(&lot.lot_tag),
            cell(&lot.labeler),
            cell(&lot.expiry),
            cell(&lot.status),
            cell(&lot.block),
            cell(&lot.transaction),
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

fn record(row: &Row) -> Result<LedgerLot, StoreError> {
    Ok(LedgerLot {
        lot_tag: row.get("lot_tag")?,
        labeler: row.get("labeler")?,
        expiry: row.get("expiry")?,
        status: row.get("status")?,
        block: row.get("block")?,
        transaction: row.get("transaction_hash")?,
    })
}
