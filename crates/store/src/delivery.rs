//! Deliveries: messages to other nodes, retried until acknowledged.

mod write;

use sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Column, Millis, val};
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
        /// A case between two parties: opened, a message, a proposal, an answer, its end.
        Case = 2 "case",
        /// An order to set packs apart, or its end.
        Recall = 3 "recall",
        /// What became of the packs of a recall.
        RecallAnswer = 4 "recall_answer",
        /// A question about packs, of a regulator or a partner.
        Inquiry = 5 "inquiry",
        /// The answer to an inquiry.
        InquiryAnswer = 6 "inquiry_answer",
        /// News that asks nothing of its recipient.
        Information = 7 "information",
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

/// What a sender calls a message: it stays the same however often the message is sent, so that its
/// recipient takes it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub [u8; 16]);

impl MessageId {
    /// That of a message that was queued before messages had names.
    fn of_row(id: DeliveryId) -> Self {
        Self(u128::from(id.0.unsigned_abs()).to_be_bytes())
    }
}

impl std::fmt::Display for MessageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Column for MessageId {
    type Raw = Vec<u8>;
    const EXPECTED: &'static str = "16 bytes";

    fn write(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn read(raw: Vec<u8>) -> Option<Self> {
        raw.try_into().ok().map(Self)
    }
}

/// A delivery to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The member that it goes to.
    pub to: Gln,
    /// What the recipient knows it by.
    pub message: MessageId,
    /// What it carries.
    pub kind: DeliveryKind,
    /// The bytes to send.
    pub body: Vec<u8>,
    /// The transaction that must be mined first.
    pub after: Option<TransactionId>,
    /// When it was asked for; it is due from then on.
    pub at: Millis,
    /// What it is about, the holding of a shipment for one: what is about the same thing goes to a
    /// recipient in the order in which it was asked for.
    pub subject: Option<Hash>,
}

/// A delivery to make now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueDelivery {
    /// Its row.
    pub id: DeliveryId,
    /// The member that it goes to.
    pub to: Gln,
}

/// A delivery on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its row.
    pub id: DeliveryId,
    /// The member that it goes to.
    pub to: Gln,
    /// What the recipient knows it by.
    pub message: MessageId,
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
    /// What it is about, the holding of a shipment for one: what is about the same thing goes to a
    /// recipient in the order in which it was asked for.
    pub subject: Option<Hash>,
}

reads! {
    /// The first `limit` deliveries to try now: due, after nothing or after a transaction that is
    /// mined, and the first of those to its recipient about its subject that are due. The longest due
    /// come first.
    statement fn due_deliveries(now: Millis, limit: u64) -> Vec<DueDelivery>;
    /// The deliveries in a state, in the order in which they were asked for.
    statement fn deliveries(state: DeliveryState) -> Vec<DeliveryRecord>;
    /// The deliveries about a subject, in the order in which they were asked for.
    statement fn deliveries_about(subject: &Hash) -> Vec<DeliveryRecord>;
    /// The last `limit` deliveries, newest first, without their bytes.
    statement fn deliveries_latest(limit: u64) -> Vec<DeliveryRecord>;
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
) -> Result<Vec<DueDelivery>, StoreError> {
    let state = |state: TransactionState| state as i64;
    let mined = dialect::numbers([state(TransactionState::Mined), state(TransactionState::Final)]);
    let select = Query::select()
        .columns([("delivery", "id"), ("delivery", "recipient")])
        .from("delivery")
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
        .and_where(Expr::exists(earlier()).not())
        .order_by(("delivery", "next_at"), Order::Asc)
        .order_by(("delivery", "id"), Order::Asc)
        .limit(limit)
        .take();
    let due = |row: &Row| Ok(DueDelivery { id: row.get("id")?, to: row.get("recipient")? });
    connection.all(&select).await?.iter().map(due).collect()
}

/// A delivery before the present one, to the same recipient about the same subject, that is due.
fn earlier() -> SelectStatement {
    let same = |column: &'static str| Expr::col(("earlier", column)).equals(("delivery", column));
    Query::select()
        .expr(Expr::val(1))
        .from_as("delivery", "earlier")
        .and_where(same("holding"))
        .and_where(same("recipient"))
        .and_where(Expr::col(("earlier", "state")).eq(val(&DeliveryState::Due)))
        .and_where(Expr::col(("earlier", "id")).lt(Expr::col(("delivery", "id"))))
        .take()
}

async fn deliveries(
    connection: &mut Connection<'_>,
    state: DeliveryState,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let select =
        select().and_where(Expr::col("state").eq(val(&state))).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

/// All columns but the bytes, which are empty.
fn select_light() -> SelectStatement {
    let columns = [
        "id",
        "recipient",
        "message",
        "kind",
        "transaction_out",
        "state",
        "attempts",
        "created_at",
        "next_at",
        "acknowledged_at",
        "error",
        "holding",
    ];
    Query::select()
        .columns(columns)
        .expr_as(Expr::val(Vec::<u8>::new()), "body")
        .from("delivery")
        .take()
}

async fn deliveries_latest(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let select = select_light().order_by("id", Order::Desc).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn deliveries_about(
    connection: &mut Connection<'_>,
    subject: &Hash,
) -> Result<Vec<DeliveryRecord>, StoreError> {
    let about = Expr::col("holding").eq(val(subject));
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
    let id = row.get("id")?;
    Ok(DeliveryRecord {
        id,
        message: row.opt("message")?.unwrap_or_else(|| MessageId::of_row(id)),
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
        subject: row.opt("holding")?,
    })
}
