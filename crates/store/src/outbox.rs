//! The outbox: ledger operations, written with the event that asks for them.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::{Hash, Operation};

use crate::column::{Column, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::event::EventId;
use crate::store::{WriteTx, reads};
use crate::transaction::TransactionId;
use crate::word::{row_id, words};

row_id! {
    /// Row id of an operation in the outbox; ascending in the order of admission.
    OutboxId,
}

words! {
    /// How far an operation is.
    OutboxState {
        /// To be put into a transaction.
        Pending = 0 "pending",
        /// Cannot be put into a transaction before something else happens.
        Waiting = 1 "waiting",
        /// In a signed transaction.
        Signed = 2 "signed",
        /// In a mined transaction.
        Mined = 3 "mined",
        /// Refused by the ledger.
        Failed = 4 "failed",
    }
}

/// An operation in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRecord {
    /// Its row; operations go to the ledger in this order.
    pub id: OutboxId,
    /// The event that asks for it.
    pub event: EventId,
    /// Hash of that event.
    pub event_hash: Hash,
    /// The operation.
    pub operation: Operation,
    /// How far it is.
    pub state: OutboxState,
    /// The transaction that carries it.
    pub transaction: Option<TransactionId>,
}

reads! {
    /// The first `limit` operations that are pending, in their order.
    statement fn pending_operations(limit: u64) -> Vec<OutboxRecord>;
    /// The operations that a transaction carries, in their order.
    statement fn outbox_of_transaction(transaction: TransactionId) -> Vec<OutboxRecord>;
    /// The operations that an event asked for, in their order.
    statement fn outbox_of_event(event: EventId) -> Vec<OutboxRecord>;
    /// The operations in a state, in their order.
    statement fn outbox_in(state: OutboxState) -> Vec<OutboxRecord>;
}

impl WriteTx {
    /// Puts operations into the outbox, pending, in this order.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when an event is not on record or the database does not take them.
    pub async fn enqueue(&mut self, operations: &[(EventId, Operation)]) -> Result<(), StoreError> {
        let insert = Insert {
            table: "outbox",
            columns: &["event", "operation", "state"],
            conflict: Conflict::Fail,
            returning: &[],
        };
        let row = |(event, operation): &(EventId, Operation)| {
            vec![cell(event), cell(operation), cell(&OutboxState::Pending)]
        };
        self.connection().insert(&insert, operations.iter().map(row).collect()).await.map(drop)
    }

    /// Moves operations to `state`. A transaction given is noted as the one that carries them;
    /// without one, pending and waiting operations lose theirs, and others keep it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_outbox(
        &mut self,
        operations: &[OutboxId],
        state: OutboxState,
        transaction: Option<TransactionId>,
    ) -> Result<(), StoreError> {
        let ids = dialect::numbers(operations.iter().map(|operation| operation.0));
        let mut update = Query::update();
        update.table("outbox").value("state", val(&state));
        update.and_where(Expr::col("id").in_subquery(ids));
        if transaction.is_some() || matches!(state, OutboxState::Pending | OutboxState::Waiting) {
            update.value("transaction_out", Expr::val(opt(transaction.as_ref())));
        }
        self.connection().run(&update).await.map(drop)
    }

    /// Makes all waiting operations pending; their number.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn wake_waiting(&mut self) -> Result<u64, StoreError> {
        let update = Query::update()
            .table("outbox")
            .value("state", val(&OutboxState::Pending))
            .and_where(Expr::col("state").eq(val(&OutboxState::Waiting)))
            .take();
        self.connection().run(&update).await
    }
}

impl Column for Operation {
    type Raw = String;
    const EXPECTED: &'static str = "an operation as JSON";

    fn write(&self) -> String {
        serde_json::to_string(self).expect("JSON because an operation has text keys only")
    }

    fn read(raw: String) -> Option<Self> {
        serde_json::from_str(&raw).ok()
    }
}

fn select() -> SelectStatement {
    Query::select()
        .columns(
            ["id", "event", "operation", "state", "transaction_out"]
                .map(|column| ("outbox", column)),
        )
        .column(("event", "hash"))
        .from("outbox")
        .inner_join("event", Expr::col(("event", "id")).equals(("outbox", "event")))
        .order_by(("outbox", "id"), Order::Asc)
        .take()
}

async fn all(
    connection: &mut Connection<'_>,
    select: &SelectStatement,
) -> Result<Vec<OutboxRecord>, StoreError> {
    connection.all(select).await?.iter().map(record).collect()
}

async fn pending_operations(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<OutboxRecord>, StoreError> {
    let pending = Expr::col(("outbox", "state")).eq(val(&OutboxState::Pending));
    all(connection, &select().and_where(pending).limit(limit).take()).await
}

async fn outbox_of_transaction(
    connection: &mut Connection<'_>,
    transaction: TransactionId,
) -> Result<Vec<OutboxRecord>, StoreError> {
    let carried = Expr::col(("outbox", "transaction_out")).eq(transaction.0);
    all(connection, &select().and_where(carried).take()).await
}

async fn outbox_of_event(
    connection: &mut Connection<'_>,
    event: EventId,
) -> Result<Vec<OutboxRecord>, StoreError> {
    let asked = Expr::col(("outbox", "event")).eq(event.0);
    all(connection, &select().and_where(asked).take()).await
}

async fn outbox_in(
    connection: &mut Connection<'_>,
    state: OutboxState,
) -> Result<Vec<OutboxRecord>, StoreError> {
    let there = Expr::col(("outbox", "state")).eq(val(&state));
    all(connection, &select().and_where(there).take()).await
}

fn record(row: &Row) -> Result<OutboxRecord, StoreError> {
    Ok(OutboxRecord {
        id: row.get("id")?,
        event: row.get("event")?,
        event_hash: row.get("hash")?,
        operation: row.get("operation")?,
        state: row.get("state")?,
        transaction: row.opt("transaction_out")?,
    })
}
