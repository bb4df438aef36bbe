//! Ledger transactions of this node: signed and stored before they are sent.

mod attempt;
mod beside;

pub use attempt::AttemptRecord;
pub(crate) use beside::{add_columns, summary_beside};

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use theriac_custody::Hash;

use crate::column::{Millis, cell, opt, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::event::EventId;
use crate::meta;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a transaction of this node.
    TransactionId,
}

words! {
    /// How far a transaction is.
    TransactionState {
        /// Signed and stored; perhaps sent.
        Signed = 0 "signed",
        /// In a block.
        Mined = 1 "mined",
        /// In a block that can no longer be reverted.
        Final = 2 "final",
        /// In a block, and without effect: the contract refused it.
        Reverted = 3 "reverted",
    }
}

/// A transaction that was just signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedTransaction {
    /// Its number among the account's transactions, from 0, without gaps.
    pub nonce: u64,
    /// Its hash.
    pub hash: Hash,
    /// The bytes to send, again after a crash.
    pub raw: Vec<u8>,
    /// When it was signed.
    pub signed_at: Millis,
    /// The most that it pays for a unit of gas, in wei.
    pub max_fee: u64,
    /// The most of it that goes to the block's maker, in wei.
    pub priority_fee: u64,
}

/// A transaction on record: of several attempts with one nonce the one that is mined, or the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionRecord {
    /// Its row.
    pub id: TransactionId,
    /// Its number among the account's transactions.
    pub nonce: u64,
    /// Its hash.
    pub hash: Hash,
    /// The bytes to send.
    pub raw: Vec<u8>,
    /// How far it is.
    pub state: TransactionState,
    /// The block that it is in.
    pub block: Option<u64>,
    /// The gas that it used.
    pub gas: Option<u64>,
    /// Why the contract refused it.
    pub error: Option<String>,
    /// When it was signed.
    pub signed_at: Millis,
    /// The most that it pays for a unit of gas, in wei.
    pub max_fee: u64,
    /// The most of it that goes to the block's maker, in wei.
    pub priority_fee: u64,
}

/// A transaction on record, as it stands beside each event that it records: without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionSummary {
    /// Its row.
    pub id: TransactionId,
    /// Its number among the account's transactions.
    pub nonce: u64,
    /// Its hash.
    pub hash: Hash,
    /// How far it is.
    pub state: TransactionState,
    /// The block that it is in.
    pub block: Option<u64>,
    /// The gas that it used.
    pub gas: Option<u64>,
    /// Why the contract refused it.
    pub error: Option<String>,
    /// When it was signed.
    pub signed_at: Millis,
}

reads! {
    /// The transaction `id`.
    statement fn transaction(id: TransactionId) -> Option<TransactionRecord>;
    /// The transaction of which one attempt has this hash.
    snapshot fn transaction_by_hash(hash: &Hash) -> Option<TransactionRecord>;
    /// The transaction of the node's present account with a nonce; of several the last.
    statement fn transaction_with_nonce(nonce: u64) -> Option<TransactionRecord>;
    /// The transactions in a state, by nonce.
    statement fn transactions_in(state: TransactionState) -> Vec<TransactionRecord>;
    /// The transactions in blocks after this one, by nonce.
    statement fn transactions_after(block: u64) -> Vec<TransactionRecord>;
    /// What a transaction is signed from, where that is kept.
    statement fn draft_of(id: TransactionId) -> Option<serde_json::Value>;
    /// The highest nonce of all transactions of the node's present account.
    statement fn highest_nonce() -> Option<u64>;
    /// The events that a transaction carries operations of, or records, in their order.
    statement fn events_of_transaction(id: TransactionId) -> Vec<EventId>;
}

/// The account that the node's transactions are of.
const ACCOUNT_KEY: &str = "account";

/// The last transaction of the account before it.
const BEFORE_ACCOUNT_KEY: &str = "account_before";

impl WriteTx {
    /// Tells the account whose transactions follow. Nonces are counted anew with each account.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn begin_account(&mut self, account: &str) -> Result<(), StoreError> {
        let connection = &mut self.connection();
        match meta::get(connection, ACCOUNT_KEY).await? {
            Some(known) if known == account => return Ok(()),
            Some(_) => {
                let select = Query::select()
                    .expr_as(Expr::col("id").max(), "last")
                    .from("transaction_out")
                    .take();
                let last: Option<i64> = match connection.first(&select).await? {
                    Some(row) => row.opt("last")?,
                    None => None,
                };
                let last = last.unwrap_or(0).to_string();
                meta::set_meta(connection, BEFORE_ACCOUNT_KEY, &last).await?;
            }
            None => {}
        }
        meta::set_meta(connection, ACCOUNT_KEY, account).await
    }

    /// Stores a signed transaction, before it is sent.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the hash is on record or the database does not take it.
    pub async fn insert_transaction(
        &mut self,
        signed: &SignedTransaction,
    ) -> Result<TransactionId, StoreError> {
        let row = vec![
            cell(&signed.nonce),
            cell(&signed.hash),
            cell(&signed.raw),
            cell(&signed.signed_at),
            cell(&TransactionState::Signed),
            cell(&signed.max_fee),
            cell(&signed.priority_fee),
        ];
        let columns = &["nonce", "hash", "raw", "signed_at", "state", "max_fee", "priority_fee"];
        self.connection().insert_one("transaction_out", columns, row).await
    }

    /// Keeps what a transaction is signed from, so that it can be signed again with higher fees;
    /// `None` forgets it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such transaction.
    pub async fn set_draft(
        &mut self,
        id: TransactionId,
        draft: Option<&serde_json::Value>,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("transaction_out")
            .value("draft", Expr::val(opt(draft)))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "transaction", id.0).await
    }

    /// Moves a transaction to `state`. `None` keeps what is on record, but a transaction that is
    /// `signed` again (its block was reverted) is in no block and has no error.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such transaction.
    pub async fn set_transaction(
        &mut self,
        id: TransactionId,
        state: TransactionState,
        block: Option<u64>,
        gas: Option<u64>,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .table("transaction_out")
            .value("state", val(&state))
            .and_where(Expr::col("id").eq(id.0));
        let numbers = [("block", block), ("gas", gas)].map(|(column, number)| {
            (column, number.map(|number| val(&number)), Expr::val(None::<i64>))
        });
        let error = ("error", error.map(Expr::val), Expr::val(None::<String>));
        for (column, given, nothing) in numbers.into_iter().chain([error]) {
            match given {
                Some(given) => _ = update.value(column, given),
                None if state == TransactionState::Signed => _ = update.value(column, nothing),
                None => {}
            }
        }
        self.connection().change(&update, "transaction", id.0).await
    }
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(["raw", "max_fee", "priority_fee"].map(|column| ("transaction_out", column)))
        .from("transaction_out")
        .order_by("nonce", Order::Asc)
        .order_by(("transaction_out", "id"), Order::Asc);
    add_columns(&mut select);
    select
}

async fn transaction(
    connection: &mut Connection<'_>,
    id: TransactionId,
) -> Result<Option<TransactionRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn transaction_by_hash(
    connection: &mut Connection<'_>,
    hash: &Hash,
) -> Result<Option<TransactionRecord>, StoreError> {
    let current = select().and_where(Expr::col("hash").eq(val(hash))).take();
    if let Some(row) = connection.first(&current).await? {
        return record(&row).map(Some);
    }
    match attempt::transaction_of(connection, hash).await? {
        Some(id) => transaction(connection, id).await,
        None => Ok(None),
    }
}

async fn transaction_with_nonce(
    connection: &mut Connection<'_>,
    nonce: u64,
) -> Result<Option<TransactionRecord>, StoreError> {
    let after = before_account(connection).await?;
    let select = select()
        .and_where(Expr::col("nonce").eq(val(&nonce)))
        .and_where(Expr::col("id").gt(after))
        .take();
    let rows = connection.all(&select).await?;
    rows.last().map(record).transpose()
}

async fn transactions_in(
    connection: &mut Connection<'_>,
    state: TransactionState,
) -> Result<Vec<TransactionRecord>, StoreError> {
    let select = select().and_where(Expr::col("state").eq(val(&state))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn transactions_after(
    connection: &mut Connection<'_>,
    block: u64,
) -> Result<Vec<TransactionRecord>, StoreError> {
    let select = select().and_where(Expr::col("block").gt(val(&block))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn draft_of(
    connection: &mut Connection<'_>,
    id: TransactionId,
) -> Result<Option<serde_json::Value>, StoreError> {
    let select = Query::select()
        .column("draft")
        .from("transaction_out")
        .and_where(Expr::col("id").eq(id.0))
        .take();
    match connection.first(&select).await? {
        Some(row) => row.opt("draft"),
        None => Ok(None),
    }
}

/// The last transaction of the account that the node had before its present one; 0 if it had none.
async fn before_account(connection: &mut Connection<'_>) -> Result<i64, StoreError> {
    let found = meta::get(connection, BEFORE_ACCOUNT_KEY).await?;
    Ok(found.and_then(|id| id.parse().ok()).unwrap_or(0))
}

async fn highest_nonce(connection: &mut Connection<'_>) -> Result<Option<u64>, StoreError> {
    let after = before_account(connection).await?;
    let select = Query::select()
        .expr_as(Expr::col("nonce").max(), "highest")
        .from("transaction_out")
        .and_where(Expr::col("id").gt(after))
        .take();
    match connection.first(&select).await? {
        Some(row) => row.opt("highest"),
        None => Ok(None),
    }
}

async fn events_of_transaction(
    connection: &mut Connection<'_>,
    id: TransactionId,
) -> Result<Vec<EventId>, StoreError> {
    let of = |column: &'static str, table: &'static str| {
        Query::select()
            .expr_as(Expr::col(column), "event")
            .from(table)
            .and_where(Expr::col("transaction_out").eq(id.0))
            .take()
    };
    let select = of("event", "outbox").union(UnionType::Distinct, of("id", "event")).take();
    let rows = connection.all(&select).await?;
    let mut events: Vec<EventId> =
        rows.iter().map(|row| row.get("event")).collect::<Result<_, _>>()?;
    events.sort_unstable();
    Ok(events)
}

fn record(row: &Row) -> Result<TransactionRecord, StoreError> {
    let TransactionSummary { id, nonce, hash, state, block, gas, error, signed_at } =
        beside::summary(row)?;
    Ok(TransactionRecord {
        id,
        nonce,
        hash,
        raw: row.get("raw")?,
        state,
        block,
        gas,
        error,
        signed_at,
        max_fee: row.get("max_fee")?,
        priority_fee: row.get("priority_fee")?,
    })
}
