//! Verifications: questions about units that this node sent or answered, with both messages as they
//! were.

use jiff::civil::Date;
use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_gs1::{Gln, Gtin, Lot, Serial, Sgtin};

use crate::column::{Column, Millis, cell, opt, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a verification.
    VerificationId,
}

words! {
    /// Who asked.
    VerificationDirection {
        /// This node asked another one.
        Asked = 1 "asked",
        /// Another one asked this node.
        Served = 2 "served",
    }
    /// In which messages.
    VerificationProtocol {
        /// GS1 Lightweight Messaging.
        Lightweight = 1 "lightweight",
        /// Questions between nodes of members.
        Node = 2 "node",
    }
}

/// A question as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerification {
    /// Who asked.
    pub direction: VerificationDirection,
    /// In which messages.
    pub protocol: VerificationProtocol,
    /// What ties the answer to the question: `corrUUID`.
    pub correlation: String,
    /// The unit.
    pub unit: Sgtin,
    /// Lot on its label, where it was told.
    pub lot: Option<Lot>,
    /// Expiry on its label, where it was told.
    pub expiry: Option<Date>,
    /// Who asked.
    pub requester: Gln,
    /// Who was asked, as it was known before the answer: digits of a GLN.
    pub responder: Option<String>,
    /// Base URL of the responder, of a question that was sent.
    pub url: Option<String>,
    /// Path and query of the request.
    pub request: String,
    /// When it was sent or came in.
    pub asked_at: Millis,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VerificationOutcome {
    /// When the answer was there, or was given up.
    pub answered_at: Millis,
    /// HTTP status; `None` if there was no answer at all.
    pub status: Option<u16>,
    /// Body of the answer.
    pub answer: Option<String>,
    /// Whether it says that the pack is genuine; `None` if it says nothing.
    pub verified: Option<bool>,
    /// Why there is no usable answer.
    pub error: Option<String>,
}

/// A verification on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerificationRecord {
    /// Its row.
    pub id: VerificationId,
    /// The question.
    pub question: NewVerification,
    /// What became of it; `None` while it is under way, or if the node stopped before.
    pub outcome: Option<VerificationOutcome>,
}

reads! {
    /// The last `limit` verifications, newest first; those of a direction, if one is given.
    statement fn verifications(
        direction: Option<VerificationDirection>,
        limit: u64,
    ) -> Vec<VerificationRecord>;
    /// The verifications with this `corrUUID`, newest first.
    statement fn verifications_of(correlation: &str) -> Vec<VerificationRecord>;
    /// The last question about a unit that was sent and answered usably, in these messages.
    statement fn last_answer(
        unit: &Sgtin,
        protocol: VerificationProtocol,
    ) -> Option<VerificationRecord>;
    /// When the first question about a unit was sent that nobody answered since the last answer.
    snapshot fn unanswered_since(unit: &Sgtin) -> Option<Millis>;
}

const COLUMNS: [&str; 17] = [
    "direction",
    "protocol",
    "correlation",
    "gtin",
    "serial",
    "lot",
    "expiry",
    "requester",
    "responder",
    "url",
    "request",
    "asked_at",
    "answered_at",
    "status",
    "answer",
    "verified",
    "error",
];

impl WriteTx {
    /// Archives a question with what became of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_verification(
        &mut self,
        question: &NewVerification,
        outcome: Option<&VerificationOutcome>,
    ) -> Result<VerificationId, StoreError> {
        let answered =
            |value: fn(&VerificationOutcome) -> sea_query::Value, none| outcome.map_or(none, value);
        let number = || Option::<i64>::None.into();
        let text = || Option::<String>::None.into();
        let row = vec![
            cell(&question.direction),
            cell(&question.protocol),
            cell(&question.correlation),
            cell(&question.unit.gtin),
            question.unit.serial.as_str().into(),
            opt(question.lot.as_ref()),
            opt(question.expiry.as_ref()),
            cell(&question.requester),
            opt(question.responder.as_ref()),
            opt(question.url.as_ref()),
            cell(&question.request),
            cell(&question.asked_at),
            answered(|outcome| cell(&outcome.answered_at), number()),
            answered(|outcome| outcome.status.map(i64::from).into(), number()),
            answered(|outcome| opt(outcome.answer.as_ref()), text()),
            answered(|outcome| outcome.verified.map(i64::from).into(), number()),
            answered(|outcome| opt(outcome.error.as_ref()), text()),
        ];
        self.connection().insert_one("verification", &COLUMNS, row).await
    }

    /// Notes what became of a question.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such question.
    pub async fn end_verification(
        &mut self,
        id: VerificationId,
        outcome: &VerificationOutcome,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("verification")
            .value("answered_at", val(&outcome.answered_at))
            .value("status", Expr::val(outcome.status.map(i64::from)))
            .value("answer", Expr::val(outcome.answer.clone()))
            .value("verified", Expr::val(outcome.verified.map(i64::from)))
            .value("error", Expr::val(outcome.error.clone()))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "verification", id.0).await
    }
}

fn select() -> SelectStatement {
    Query::select()
        .column("id")
        .columns(COLUMNS)
        .from("verification")
        .order_by("id", Order::Desc)
        .take()
}

/// Adds the condition that a question was sent about `unit`.
fn sent_about(select: &mut SelectStatement, unit: &Sgtin) {
    select
        .and_where(Expr::col("gtin").eq(val(&unit.gtin)))
        .and_where(Expr::col("serial").eq(unit.serial.as_str()))
        .and_where(Expr::col("direction").eq(val(&VerificationDirection::Asked)));
}

async fn records(
    connection: &mut Connection<'_>,
    select: &SelectStatement,
) -> Result<Vec<VerificationRecord>, StoreError> {
    connection.all(select).await?.iter().map(record).collect()
}

async fn verifications(
    connection: &mut Connection<'_>,
    direction: Option<VerificationDirection>,
    limit: u64,
) -> Result<Vec<VerificationRecord>, StoreError> {
    let condition = direction.map(|direction| Expr::col("direction").eq(val(&direction)));
    let select = select().and_where_option(condition).limit(limit).take();
    records(connection, &select).await
}

async fn verifications_of(
    connection: &mut Connection<'_>,
    correlation: &str,
) -> Result<Vec<VerificationRecord>, StoreError> {
    records(connection, &select().and_where(Expr::col("correlation").eq(correlation)).take()).await
}

async fn last_answer(
    connection: &mut Connection<'_>,
    unit: &Sgtin,
    protocol: VerificationProtocol,
) -> Result<Option<VerificationRecord>, StoreError> {
    let mut select = select();
    sent_about(&mut select, unit);
    select
        .and_where(Expr::col("protocol").eq(val(&protocol)))
        .and_where(Expr::col("verified").is_not_null())
        .limit(1);
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn unanswered_since(
    connection: &mut Connection<'_>,
    unit: &Sgtin,
) -> Result<Option<Millis>, StoreError> {
    let mut answered = Query::select();
    answered.expr_as(Expr::col("id").max(), "id").from("verification");
    sent_about(&mut answered, unit);
    answered.and_where(Expr::col("verified").is_not_null());
    let last: Option<i64> = match connection.first(&answered).await? {
        Some(row) => row.opt("id")?,
        None => None,
    };
    let mut first = Query::select();
    first.expr_as(Expr::col("asked_at").min(), "asked_at").from("verification");
    sent_about(&mut first, unit);
    first.and_where(Expr::col("id").gt(last.unwrap_or(0)));
    connection.first(&first).await?.map_or(Ok(None), |row| row.opt("asked_at"))
}

fn record(row: &Row) -> Result<VerificationRecord, StoreError> {
    let gtin: Gtin = row.get("gtin")?;
    let serial: Serial = row.get("serial")?;
    let question = NewVerification {
        direction: row.get("direction")?,
        protocol: row.get("protocol")?,
        correlation: row.get("correlation")?,
        unit: Sgtin { gtin, serial },
        lot: row.opt("lot")?,
        expiry: row.opt("expiry")?,
        requester: row.get("requester")?,
        responder: row.opt("responder")?,
        url: row.opt("url")?,
        request: row.get("request")?,
        asked_at: row.get("asked_at")?,
    };
    let outcome = match row.opt("answered_at")? {
        None => None,
        Some(answered_at) => Some(VerificationOutcome {
            answered_at,
            status: row.opt("status")?,
            answer: row.opt("answer")?,
            verified: row.opt::<i64>("verified")?.map(|verified| verified != 0),
            error: row.opt("error")?,
        }),
    };
    Ok(VerificationRecord { id: row.get("id")?, question, outcome })
}

impl Column for Serial {
    type Raw = String;
    const EXPECTED: &'static str = "a serial number";

    fn write(&self) -> String {
        self.as_str().to_owned()
    }

    fn read(raw: String) -> Option<Self> {
        Self::new(raw).ok()
    }
}

impl Column for u16 {
    type Raw = i64;
    const EXPECTED: &'static str = "a number of 16 bits";

    fn write(&self) -> i64 {
        i64::from(*self)
    }

    fn read(raw: i64) -> Option<Self> {
        raw.try_into().ok()
    }
}
