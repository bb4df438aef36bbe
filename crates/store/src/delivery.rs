//! Deliveries: messages to other nodes, retried until acknowledged.

mod write;

use sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, val};
use crate::connection::{Connection, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::store::reads;
use crate::transaction::{TransactionId, TransactionState};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a delivery.
    DeliveryId,
}

words! {
    /// What a delivery carries.
    DeliveryKind {
        /// A shipping event with the manifest of its packs.
        Shipment = 0 "shipment",
        /// What the consignee took over and what it refused.
        Receipt = 1 "receipt",
    }

    /// How far a delivery is.
    DeliveryState {
        /// To be sent, or sent again.
        Due = 0 "due",
        /// The recipient has it durably.
        Acknowledged = 1 "acknowledged",
        /// The recipient will never take it.
        Refused = 2 "refused",
    }
}

/// A delivery to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The member that it goes to.
    pub to: Gln,
    /// What it carries.
    pub kind: DeliveryKind,
    /// The bytes to send.
    pub body: Vec<u8>,
    /// The transaction that must be mined first.
    pub after: Option<TransactionId>,
    /// When it was asked for; it is due from then on.
    pub at: Millis,
    /// The holding that it tells of.
    pub holding: Option<Hash>,
}

/// A delivery on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its row.
    pub id: DeliveryId,
    /// The member that it goes to.
    pub to: Gln,
    /// What it carries.
    pub kind: DeliveryKind,
    /// The bytes to send.
    pub body: Vec<u8>,
    /// The transaction that must be mined first.
    pub after: Option<TransactionId>,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// When it was asked for.
    pub created_at: Millis,
    /// When it is to be tried next.
    pub next_at: Millis,
    /// When it was acknowledged.
    pub acknowledged_at: Option<Millis>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// The holding that it tells of.
    pub holding: Option<Hash>,
}

reads! {
    /// The first `limit` deliveries to try now: due, and after nothing or after a transaction
    /// that is mined. The longest due come first.
    statement fn due_deliveries(now: Millis, limit: u64) -> Vec<DeliveryRecord>;
    /// The deliveries in a state, in the order in which they were asked for.
    statement fn deliveries(state: DeliveryState) -> Vec<DeliveryRecord>;
    /// The deliveries that tell of a holding, in the order in which they were asked for.
    statement fn deliveries_about(holding: &Hash) -> Vec<DeliveryRecord>;
    /// The delivery `id`.
    statement fn delivery(id: DeliveryId) -> Option<DeliveryRecord>;
}

fn select() -> SelectStatement {
    Query::select().column(("delivery", sea_query::Asterisk)).from("delivery").take()
}

async fn due_deliveries(
    connection: &mut Connection<'_>,
    now: Millis,
    limit: u64,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let state = |state: TransactionState| state as i64;
    let mined = dialect::numbers([state(TransactionState::Mined), state(TransactionState::Final)]);
    let select = select()
        .left_join(
            "transaction_out",
            Expr::col(("transaction_out", "id")).equals(("delivery", "transaction_out")),
        )
        .and_where(Expr::col(("delivery", "state")).eq(val(&DeliveryState::Due)))
        .and_where(Expr::col(("delivery", "next_at")).lte(now))
        .cond_where(
            Condition::any()
                .add(Expr::col(("delivery", "transaction_out")).is_null())
                .add(Expr::col(("transaction_out", "state")).in_subquery(mined)),
        )
        .order_by(("delivery", "next_at"), Order::Asc)
        .order_by(("delivery", "id"), Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn deliveries(
    connection: &mut Connection<'_>,
    state: DeliveryState,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let select =
        select().and_where(Expr::col("state").eq(val(&state))).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn deliveries_about(
    connection: &mut Connection<'_>,
    holding: &Hash,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let about = Expr::col("holding").eq(val(holding));
    let select = select().and_where(about).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn delivery(
    connection: &mut Connection<'_>,
    id: DeliveryId,
) -> Result<Option<DeliveryRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

fn record(row: &Row) -> Result<DeliveryRecord, StoreError> {
    Ok(DeliveryRecord {
        id: row.get("id")?,
        to: row.get("recipient")?,
        kind: row.get("kind")?,
        body: row.get("body")?,
        after: row.opt("transaction_out")?,
        state: row.get("state")?,
        attempts: row.get("attempts")?,
        created_at: row.get("created_at")?,
        next_at: row.get("next_at")?,
        acknowledged_at: row.opt("acknowledged_at")?,
        error: row.opt("error")?,
        holding: row.opt("holding")?,
    })
}
