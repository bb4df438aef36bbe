//! The inbox: what other nodes sent, each message once by its sender and its name.
//!
//! # Invariants
//!
//! - A message is on record before it is handled, and handled once.
//! - Its bytes are kept until it is handled or refused; what it means is kept by who handled it.

use sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::delivery::{DeliveryKind, MessageId};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a message in the inbox.
    InboxId,
}

words! {
    /// How far a message that came in is.
    InboxState {
        /// It is on record, and not handled yet.
        Waiting = 0 "waiting",
        /// It was handled.
        Handled = 1 "handled",
        /// It will never be handled.
        Refused = 2 "refused",
    }
}

/// A message that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The member that sent it.
    pub from: Gln,
    /// What the sender calls it.
    pub message: MessageId,
    /// What it carries.
    pub kind: DeliveryKind,
    /// What it is about.
    pub subject: Option<Hash>,
    /// What it says.
    pub body: Vec<u8>,
    /// When it came.
    pub at: Millis,
}

/// A message on record, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxRecord {
    /// Its row.
    pub id: InboxId,
    /// The member that sent it.
    pub from: Gln,
    /// What the sender calls it.
    pub message: MessageId,
    /// What it carries.
    pub kind: DeliveryKind,
    /// What it is about.
    pub subject: Option<Hash>,
    /// Bytes of its body when it came.
    pub bytes: u64,
    /// How far it is.
    pub state: InboxState,
    /// When it came.
    pub received_at: Millis,
    /// When it was handled or refused.
    pub ended_at: Option<Millis>,
    /// Why it waits or was refused.
    pub error: Option<String>,
}

reads! {
    /// The message that `from` calls `message`.
    statement fn inbox_message(from: &Gln, message: &MessageId) -> Option<InboxRecord>;
    /// What a message says; none after it was handled or refused.
    statement fn inbox_body(id: InboxId) -> Option<Vec<u8>>;
    /// The first `limit` messages in a state, in the order in which they came.
    statement fn inbox_in(state: InboxState, limit: u64) -> Vec<InboxRecord>;
    /// The last `limit` messages, newest first.
    statement fn inbox_latest(limit: u64) -> Vec<InboxRecord>;
    /// How many messages of a member were refused since then.
    statement fn inbox_refused_since(from: &Gln, since: Millis) -> u64;
    /// The bytes of the messages of a member that wait.
    statement fn inbox_bytes_waiting(from: &Gln) -> u64;
}

impl WriteTx {
    /// Puts a message on record; none, and nothing changes, if its sender has sent it before.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn take_message(&mut self, new: &NewMessage) -> Result<Option<InboxId>, StoreError> {
        let insert = Insert {
            table: "inbox",
            columns: &[
                "sender",
                "message",
                "kind",
                "subject",
                "body",
                "bytes",
                "state",
                "received_at",
            ],
            conflict: Conflict::Skip(&["sender", "message"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&new.from),
            cell(&new.message),
            cell(&new.kind),
            opt(new.subject.as_ref()),
            cell(&new.body),
            cell(&(new.body.len() as u64)),
            cell(&InboxState::Waiting),
            cell(&new.at),
        ];
        let rows = self.connection().insert(&insert, vec![row]).await?;
        rows.first().map(|row| row.get("id")).transpose()
    }

    /// Ends a message: handled, or refused for a reason.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such message.
    pub async fn end_message(
        &mut self,
        id: InboxId,
        at: Millis,
        refused: Option<&str>,
    ) -> Result<(), StoreError> {
        let state = match refused {
            None => InboxState::Handled,
            Some(_) => InboxState::Refused,
        };
        let update = Query::update()
            .table("inbox")
            .value("state", val(&state))
            .value("ended_at", val(&at))
            .value("error", Expr::val(refused))
            .value("body", val(&Vec::new()))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "message", id.0).await
    }

    /// Notes why a message cannot be handled yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such message.
    pub async fn message_waits(&mut self, id: InboxId, reason: &str) -> Result<(), StoreError> {
        let update = Query::update()
            .table("inbox")
            .value("error", Expr::val(reason))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "message", id.0).await
    }
}

const COLUMNS: [&str; 10] = [
    "id",
    "sender",
    "message",
    "kind",
    "subject",
    "bytes",
    "state",
    "received_at",
    "ended_at",
    "error",
];

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from("inbox").take()
}

async fn inbox_message(
    connection: &mut Connection<'_>,
    from: &Gln,
    message: &MessageId,
) -> Result<Option<InboxRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("sender").eq(val(from)))
        .and_where(Expr::col("message").eq(val(message)))
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn inbox_body(
    connection: &mut Connection<'_>,
    id: InboxId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let select = Query::select()
        .column("body")
        .from("inbox")
        .and_where(Expr::col("id").eq(id.0))
        .and_where(Expr::col("state").eq(val(&InboxState::Waiting)))
        .take();
    connection.first(&select).await?.map(|row| row.get("body")).transpose()
}

async fn inbox_in(
    connection: &mut Connection<'_>,
    state: InboxState,
    limit: u64,
) -> Result<Vec<InboxRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("state").eq(val(&state)))
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn inbox_latest(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<InboxRecord>, StoreError> {
    let select = select().order_by("id", Order::Desc).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn inbox_refused_since(
    connection: &mut Connection<'_>,
    from: &Gln,
    since: Millis,
) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Func::count(Expr::col("id")), "total")
        .from("inbox")
        .and_where(Expr::col("sender").eq(val(from)))
        .and_where(Expr::col("state").eq(val(&InboxState::Refused)))
        .and_where(Expr::col("ended_at").gte(since))
        .take();
    connection.first(&select).await?.map_or(Ok(0), |row| row.get("total"))
}

async fn inbox_bytes_waiting(
    connection: &mut Connection<'_>,
    from: &Gln,
) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("bytes").sum(), "total")
        .from("inbox")
        .and_where(Expr::col("sender").eq(val(from)))
        .and_where(Expr::col("state").eq(val(&InboxState::Waiting)))
        .take();
    let total = connection.first(&select).await?.map(|row| row.opt("total")).transpose()?;
    Ok(total.flatten().unwrap_or(0))
}

fn record(row: &Row) -> Result<InboxRecord, StoreError> {
    Ok(InboxRecord {
        id: row.get("id")?,
        from: row.get("sender")?,
        message: row.get("message")?,
        kind: row.get("kind")?,
        subject: row.opt("subject")?,
        bytes: row.get("bytes")?,
        state: row.get("state")?,
        received_at: row.get("received_at")?,
        ended_at: row.opt("ended_at")?,
        error: row.opt("error")?,
    })
}
