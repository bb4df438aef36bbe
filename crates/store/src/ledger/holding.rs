//! Holdings as the ledger has them.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::{Account, Hash, HoldingState};

use crate::column::{Days, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::holding::ensure_hashes;
use crate::store::{WriteTx, reads};

/// A holding as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHolding {
    /// Its id.
    pub id: Hash,
    /// Root of its tree.
    pub root: Hash,
    /// Height of its tree.
    pub height: u8,
    /// The account that holds it.
    pub holder: Account,
    /// The account that it is on its way to; zero when it is on no way.
    pub consignee: Account,
    /// Its state.
    pub state: HoldingState,
    /// Last day on which a unit in it may be used.
    pub expiry: Days,
    /// Hash of the event that opened it.
    pub cause: Hash,
    /// The account that opened it.
    pub opener: Account,
    /// The lot that it was commissioned as; `None` when it was gathered.
    pub lot_tag: Option<Hash>,
    /// Number of the block that opened it.
    pub block: u64,
    /// Hash of the transaction that opened it.
    pub transaction: Hash,
    /// Number of the block in which the ledger forgot it, after its expiry.
    pub pruned: Option<u64>,
}

reads! {
    /// The holding `id` as the ledger has it.
    statement fn ledger_holding(id: &Hash) -> Option<LedgerHolding>;
    /// The holdings that the ledger has not forgotten and of which no unit could be used after
    /// `last`, the first `limit` of them, the oldest first.
    statement fn expired_holdings(last: Days, limit: u64) -> Vec<LedgerHolding>;
}

const VALUES: &[&str] = &[
    "root",
    "height",
    "holder",
    "consignee",
    "state",
    "expiry",
    "cause",
    "opener",
    "lot_tag",
    "block",
    "transaction_hash",
    "pruned",
];

impl WriteTx {
    /// Notes a holding, or replaces what is on record of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_ledger_holding(&mut self, holding: &LedgerHolding) -> Result<(), StoreError> {
        let insert = Insert {
            table: "ledger_holding",
            columns: &[
                "hash",
                "root",
                "height",
                "holder",
                "consignee",
                "state",
                "expiry",
                "cause",
                "opener",
                "lot_tag",
                "block",
                "transaction_hash",
                "pruned",
            ],
            conflict: Conflict::Update(&["hash"], VALUES),
            returning: &[],
        };
        let row = vec![
            cell(&holding.id),
            cell(&holding.root),
            cell(&holding.height),
            cell(&holding.holder),
            cell(&holding.consignee),
            cell(&holding.state),
            cell(&holding.expiry),
            cell(&holding.cause),
            cell(&holding.opener),
            opt(holding.lot_tag.as_ref()),
            cell(&holding.block),
            cell(&holding.transaction),
            opt(holding.pruned.as_ref()),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Notes that the ledger forgot a holding; one not on record is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_holding_pruned(&mut self, id: &Hash, block: u64) -> Result<(), StoreError> {
        let update = Query::update()
            .table("ledger_holding")
            .value("pruned", val(&block))
            .and_where(Expr::col("hash").eq(val(id)))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes who holds a holding now, and how; a holding not on record is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_ledger_holding(
        &mut self,
        id: &Hash,
        holder: Account,
        consignee: Account,
        state: HoldingState,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("ledger_holding")
            .value("holder", val(&holder))
            .value("consignee", val(&consignee))
            .value("state", val(&state))
            .and_where(Expr::col("hash").eq(val(id)))
            .and_where(Expr::col("root").is_not_null())
            .take();
        self.connection().run(&update).await.map(drop)
    }
}

async fn ledger_holding(
    connection: &mut Connection<'_>,
    id: &Hash,
) -> Result<Option<LedgerHolding>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_holding")
        .and_where(Expr::col("hash").eq(val(id)))
        .and_where(Expr::col("root").is_not_null())
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn expired_holdings(
    connection: &mut Connection<'_>,
    last: Days,
    limit: u64,
) -> Result<Vec<LedgerHolding>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("ledger_holding")
        .and_where(Expr::col("expiry").lte(val(&last)))
        .and_where(Expr::col("pruned").is_null())
        .and_where(Expr::col("root").is_not_null())
        .order_by("expiry", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

pub(super) fn record(row: &Row) -> Result<LedgerHolding, StoreError> {
    Ok(LedgerHolding {
        id: row.get("hash")?,
        root: row.get("root")?,
        height: row.get("height")?,
        holder: row.get("holder")?,
        consignee: row.get("consignee")?,
        state: row.get("state")?,
        expiry: row.get("expiry")?,
        cause: row.get("cause")?,
        opener: row.get("opener")?,
        lot_tag: row.opt("lot_tag")?,
        block: row.get("block")?,
        transaction: row.get("transaction_hash")?,
        pruned: row.opt("pruned")?,
    })
}

/// The rows of holdings by id; those not on record get bare ones.
pub(super) async fn ensure(
    connection: &mut Connection<'_>,
    ids: impl Iterator<Item = &Hash>,
) -> Result<HashMap<Hash, i64>, StoreError> {
    ensure_hashes(connection, "ledger_holding", ids).await
}
