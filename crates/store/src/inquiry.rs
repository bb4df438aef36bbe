//! Inquiries: questions about packs that members and authorities ask each other, durable on both
//! sides until they are answered.

mod disclosure;
mod party;
mod told;
mod write;

pub use disclosure::DisclosureRecord;
pub use party::{InquiryDocument, InquiryPartyRecord, PartyState};
pub use told::ToldRecord;

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::reads;
use crate::word::{row_id, words};

row_id! {
    /// Row id of an inquiry.
    InquiryId,
}

words! {
    /// Why it is asked.
    InquiryKind {
        /// A member traces a pack, and a party did not answer at once.
        Trace = 0 "trace",
        /// An authority asks, for a reason and on a legal basis.
        Authority = 1 "authority",
    }

    /// How far an inquiry is.
    InquiryState {
        /// Asked by this member; it is to be looked at who is to be asked next.
        Open = 0 "open",
        /// Asked by this member; answers are awaited.
        Asked = 1 "asked",
        /// Asked by this member, and all have answered.
        Complete = 2 "complete",
        /// Asked by another member; this node is to answer.
        Received = 3 "received",
        /// Asked by another member; a person here must approve or deny the answer.
        Waiting = 4 "waiting",
        /// Asked by another member, and answered.
        Answered = 5 "answered",
        /// Asked by another member, which was told nothing.
        Denied = 6 "denied",
    }
}

/// An inquiry to put on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInquiry {
    /// Its number, random, the same at the asker and at those asked.
    pub number: Hash,
    /// The member that asks.
    pub asked_by: Gln,
    /// Why it is asked.
    pub kind: InquiryKind,
    /// How far it is.
    pub state: InquiryState,
    /// What it is about.
    pub subject: serde_json::Value,
    /// The reason given.
    pub reason: String,
    /// The legal basis given.
    pub legal_basis: String,
    /// What the asker has signed, as text.
    pub statement: String,
    /// The signature.
    pub signature: String,
    /// When it was asked, or came in.
    pub asked_at: Millis,
    /// Until when it must be answered; of an inquiry of another member.
    pub due_at: Option<Millis>,
}

/// An inquiry on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InquiryRecord {
    /// Its row.
    pub id: InquiryId,
    /// Its number.
    pub number: Hash,
    /// The member that asks.
    pub asked_by: Gln,
    /// Why it is asked.
    pub kind: InquiryKind,
    /// How far it is.
    pub state: InquiryState,
    /// What it is about.
    pub subject: serde_json::Value,
    /// The reason given.
    pub reason: String,
    /// The legal basis given.
    pub legal_basis: String,
    /// What the asker has signed, as text.
    pub statement: String,
    /// The signature.
    pub signature: String,
    /// When it was asked, or came in.
    pub asked_at: Millis,
    /// Until when it must be answered; of an inquiry of another member.
    pub due_at: Option<Millis>,
    /// When it was answered, denied or closed.
    pub decided_at: Option<Millis>,
    /// Who decided and why, in words.
    pub decision: Option<String>,
}

reads! {
    /// The inquiry `id`.
    statement fn inquiry(id: InquiryId) -> Option<InquiryRecord>;
    /// The inquiry of a member with this number.
    statement fn inquiry_of(asked_by: &Gln, number: &Hash) -> Option<InquiryRecord>;
    /// The last `limit` inquiries, newest first.
    statement fn inquiries(limit: u64) -> Vec<InquiryRecord>;
    /// The inquiries of a state, oldest first, the first `limit` of them.
    statement fn inquiries_in(state: InquiryState, limit: u64) -> Vec<InquiryRecord>;
    /// The inquiry of a kind that a member has asked about a subject, if not all have answered it.
    statement fn pending_inquiry(
        asked_by: &Gln,
        kind: InquiryKind,
        subject: &serde_json::Value,
    ) -> Option<InquiryRecord>;
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("inquiry").take()
}

async fn inquiry(
    connection: &mut Connection<'_>,
    id: InquiryId,
) -> Result<Option<InquiryRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn inquiry_of(
    connection: &mut Connection<'_>,
    asked_by: &Gln,
    number: &Hash,
) -> Result<Option<InquiryRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("number").eq(val(number)))
        .and_where(Expr::col("asked_by").eq(val(asked_by)))
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn inquiries(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<InquiryRecord>, StoreError> {
    let select = select().order_by("id", Order::Desc).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn inquiries_in(
    connection: &mut Connection<'_>,
    state: InquiryState,
    limit: u64,
) -> Result<Vec<InquiryRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("state").eq(val(&state)))
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn pending_inquiry(
    connection: &mut Connection<'_>,
    asked_by: &Gln,
    kind: InquiryKind,
    subject: &serde_json::Value,
) -> Result<Option<InquiryRecord>, StoreError> {
    let select = select()
        .and_where(
            Expr::col("state").is_in([InquiryState::Open as i64, InquiryState::Asked as i64]),
        )
        .and_where(Expr::col("asked_by").eq(val(asked_by)))
        .and_where(Expr::col("kind").eq(val(&kind)))
        .and_where(Expr::col("subject").eq(val(subject)))
        .limit(1)
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

fn record(row: &Row) -> Result<InquiryRecord, StoreError> {
    Ok(InquiryRecord {
        id: row.get("id")?,
        number: row.get("number")?,
        asked_by: row.get("asked_by")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        subject: row.get("subject")?,
        reason: row.get("reason")?,
        legal_basis: row.get("legal_basis")?,
        statement: row.get("statement")?,
        signature: row.get("signature")?,
        asked_at: row.get("asked_at")?,
        due_at: row.opt("due_at")?,
        decided_at: row.opt("decided_at")?,
        decision: row.opt("decision")?,
    })
}
