//! What happened to a holding after it was opened: received, cancelled, released.

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::{Account, Hash};

use super::holding;
use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::words;

words! {
    /// What happened to a holding.
    ChangeKind {
        /// Its consignee received it.
        Received = 0 "received",
        /// Its sender took it back.
        Cancelled = 1 "cancelled",
        /// Its quarantine ended, or it was found.
        Released = 2 "released",
    }
}

/// Something that happened to a holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeRow {
    /// The holding.
    pub holding: Hash,
    /// What happened.
    pub kind: ChangeKind,
    /// Who holds it from then on.
    pub account: Account,
    /// The event that caused it.
    pub cause: Hash,
    /// Number of the block.
    pub block: u64,
    /// Index of the log in the block.
    pub log_index: u64,
    /// Hash of the transaction.
    pub transaction: Hash,
}

reads! {
    /// What happened to a holding since it was opened, in order.
    statement fn holding_changes(id: &Hash) -> Vec<ChangeRow>;
}

impl WriteTx {
    /// Notes that something happened to a holding.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_holding_change(&mut self, change: &ChangeRow) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let rows = holding::ensure(&mut connection, [&change.holding].into_iter()).await?;
        let insert = Insert {
            table: "ledger_change",
            columns: &[
                "holding",
                "block",
                "log_index",
                "kind",
                "account",
                "cause",
                "transaction_hash",
            ],
            conflict: Conflict::Fail,
            returning: &[],
        };
        let row = vec![
            opt(rows.get(&change.holding)),
            cell(&change.block),
            cell(&change.log_index),
            cell(&change.kind),
            cell(&change.account),
            cell(&change.cause),
            cell(&change.transaction),
        ];
        connection.insert(&insert, vec![row]).await.map(drop)
    }
}

async fn holding_changes(
    connection: &mut Connection<'_>,
    id: &Hash,
) -> Result<Vec<ChangeRow>, StoreError> {
    let select = Query::select()
        .columns(
            ["block", "log_index", "kind", "account", "cause", "transaction_hash"]
                .map(|name| ("ledger_change", name)),
        )
        .from("ledger_change")
        .inner_join(
            "ledger_holding",
            Expr::col(("ledger_holding", "id")).equals(("ledger_change", "holding")),
        )
        .and_where(Expr::col(("ledger_holding", "hash")).eq(val(id)))
        .order_by(("ledger_change", "block"), Order::Asc)
        .order_by(("ledger_change", "log_index"), Order::Asc)
        .take();
    let change = |row: &Row| {
        Ok(ChangeRow {
            holding: *id,
            kind: row.get("kind")?,
            account: row.get("account")?,
            cause: row.get("cause")?,
            block: row.get("block")?,
            log_index: row.get("log_index")?,
            transaction: row.get("transaction_hash")?,
        })
    };
    connection.all(&select).await?.iter().map(change).collect()
}
