//! Several attempts of one transaction: signed again with the same nonce and higher fees. Whichever
//! is mined counts, so none is forgotten.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;

use super::{SignedTransaction, TransactionId, TransactionRecord};
use crate::column::{Millis, cell, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// An attempt that is not the current one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptRecord {
    /// The transaction.
    pub transaction: TransactionId,
    /// Hash of the attempt.
    pub hash: Hash,
    /// The bytes to send.
    pub raw: Vec<u8>,
    /// When it was signed.
    pub signed_at: Millis,
    /// The most that it pays for a unit of gas, in wei.
    pub max_fee: u64,
    /// The most of it that goes to the block's maker, in wei.
    pub priority_fee: u64,
}

impl AttemptRecord {
    /// The attempt that a transaction stands at.
    fn current(of: &TransactionRecord) -> Self {
        Self {
            transaction: of.id,
            hash: of.hash,
            raw: of.raw.clone(),
            signed_at: of.signed_at,
            max_fee: of.max_fee,
            priority_fee: of.priority_fee,
        }
    }
}

reads! {
    /// The attempts of a transaction beside the current one, in the order in which they were left.
    statement fn attempts_of(transaction: TransactionId) -> Vec<AttemptRecord>;
}

impl WriteTx {
    /// Stores another attempt of a transaction before it is sent; it becomes the current one, and
    /// the one before is kept.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the hash is on record or the database does not take it.
    pub async fn add_attempt(
        &mut self,
        of: &TransactionRecord,
        signed: &SignedTransaction,
    ) -> Result<(), StoreError> {
        self.put_attempt(&AttemptRecord::current(of)).await?;
        let current = AttemptRecord {
            transaction: of.id,
            hash: signed.hash,
            raw: signed.raw.clone(),
            signed_at: signed.signed_at,
            max_fee: signed.max_fee,
            priority_fee: signed.priority_fee,
        };
        self.set_current(&current).await
    }

    /// Makes an attempt the current one, because it is the one that was mined.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such transaction.
    pub async fn choose_attempt(
        &mut self,
        of: &TransactionRecord,
        hash: Hash,
    ) -> Result<(), StoreError> {
        let attempts = attempts_of(&mut self.connection(), of.id).await?;
        let Some(chosen) = attempts.into_iter().find(|attempt| attempt.hash == hash) else {
            return Ok(());
        };
        self.remove_attempt(&chosen.hash).await?;
        self.put_attempt(&AttemptRecord::current(of)).await?;
        self.set_current(&chosen).await
    }

    /// Forgets an attempt that can never be mined any more.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn remove_attempt(&mut self, hash: &Hash) -> Result<(), StoreError> {
        let delete =
            Query::delete().from_table("attempt").and_where(Expr::col("hash").eq(val(hash))).take();
        self.connection().run(&delete).await.map(drop)
    }

    async fn put_attempt(&mut self, attempt: &AttemptRecord) -> Result<(), StoreError> {
        let columns = &["transaction_out", "hash", "raw", "signed_at", "max_fee", "priority_fee"];
        let row = vec![
            cell(&attempt.transaction),
            cell(&attempt.hash),
            cell(&attempt.raw),
            cell(&attempt.signed_at),
            cell(&attempt.max_fee),
            cell(&attempt.priority_fee),
        ];
        self.connection().insert_one::<i64>("attempt", columns, row).await.map(drop)
    }

    async fn set_current(&mut self, attempt: &AttemptRecord) -> Result<(), StoreError> {
        let update = Query::update()
            .table("transaction_out")
            .value("hash", val(&attempt.hash))
            .value("raw", val(&attempt.raw))
            .value("signed_at", val(&attempt.signed_at))
            .value("max_fee", val(&attempt.max_fee))
            .value("priority_fee", val(&attempt.priority_fee))
            .and_where(Expr::col("id").eq(attempt.transaction.0))
            .take();
        self.connection().change(&update, "transaction", attempt.transaction.0).await
    }
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("attempt").order_by("id", Order::Asc).take()
}

async fn attempts_of(
    connection: &mut Connection<'_>,
    transaction: TransactionId,
) -> Result<Vec<AttemptRecord>, StoreError> {
    let select = select().and_where(Expr::col("transaction_out").eq(transaction.0)).take();
    connection.all(&select).await?.iter().map(record).collect()
}

/// The transaction of which an earlier attempt has this hash.
pub(super) async fn transaction_of(
    connection: &mut Connection<'_>,
    hash: &Hash,
) -> Result<Option<TransactionId>, StoreError> {
    let select = select().and_where(Expr::col("hash").eq(val(hash))).take();
    connection.first(&select).await?.map(|row| row.get("transaction_out")).transpose()
}

fn record(row: &Row) -> Result<AttemptRecord, StoreError> {
    Ok(AttemptRecord {
        transaction: row.get("transaction_out")?,
        hash: row.get("hash")?,
        raw: row.get("raw")?,
        signed_at: row.get("signed_at")?,
        max_fee: row.get("max_fee")?,
        priority_fee: row.get("priority_fee")?,
    })
}
