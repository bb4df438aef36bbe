//! Recalls: what was ordered or told, who holds packs of it, what was set apart for it.

mod holder;

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::recall::{NoticeScope, RecallAnswer};
use theriac_custody::{Hash, RecallClass, RecallDepth, RecallScope};
use theriac_gs1::Gln;

use crate::column::{Column, Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

pub use holder::{RecallHolder, SetApart};

row_id! {
    /// Row id of a recall.
    RecallId,
}

words! {
    /// How a recall stands at a node.
    RecallState {
        /// Ordered here; its event is not on record yet.
        Ordered = 0 "ordered",
        /// In force.
        Active = 1 "active",
        /// Over: what was set apart for it may be put back.
        Lifted = 2 "lifted",
        /// All packs are accounted for.
        Closed = 3 "closed",
        /// The rules of custody hold its event: it never came into force.
        Refused = 4 "refused",
    }

    /// What a node is to a recall.
    RecallPart {
        /// Its member recalls.
        Issuer = 0 "issuer",
        /// It was told, or the ledger says so.
        Holder = 1 "holder",
    }

    /// How far a holder is.
    HolderState {
        /// It has a node, and the notice is on its way.
        Told = 0 "told",
        /// It has no node that can be told: somebody must tell it in another way.
        NotReached = 1 "not_reached",
        /// Its node has answered.
        Acknowledged = 2 "acknowledged",
        /// Its people have answered in another way.
        ByHand = 3 "by_hand",
    }
}

/// A recall that begins at this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRecall {
    /// Hash of the event that orders it.
    pub hash: Hash,
    /// Who recalls.
    pub issuer: Gln,
    /// What this node is to it.
    pub part: RecallPart,
    /// How it stands.
    pub state: RecallState,
    /// How grave it is.
    pub class: RecallClass,
    /// How far it goes.
    pub depth: RecallDepth,
    /// Which packs, as it was ordered; at a holder its lots, or none.
    pub scope: Option<RecallScope>,
    /// Which packs, as this node was told; at the issuer what its scope comes to.
    pub told: Option<NoticeScope>,
    /// Why.
    pub reason: String,
    /// The text for people.
    pub notice: String,
    /// When it was ordered.
    pub ordered_at: Millis,
    /// The EPCIS document of its event, to be captured.
    pub document: Option<String>,
}

/// A recall on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallRecord {
    /// Its row.
    pub id: RecallId,
    /// What it began with; its state and what was told are those of today.
    pub recall: NewRecall,
    /// When the ledger was first seen to have its lots recalled.
    pub effective_at: Option<Millis>,
    /// When it was lifted or closed.
    pub ended_at: Option<Millis>,
    /// The last answer that this node gave.
    pub answer: Option<RecallAnswer>,
    /// The report of its end, JSON.
    pub report: Option<serde_json::Value>,
    /// The EPCIS document of the event that lifts it, while that is to be captured.
    pub lift: Option<String>,
}

reads! {
    /// The recall `id`.
    statement fn recall(id: RecallId) -> Option<RecallRecord>;
    /// The recall that the event with this hash orders.
    statement fn recall_by_hash(hash: &Hash) -> Option<RecallRecord>;
    /// The last `limit` recalls, newest first.
    statement fn recalls(limit: u64) -> Vec<RecallRecord>;
    /// The recalls in a state, the oldest first.
    statement fn recalls_in(state: RecallState) -> Vec<RecallRecord>;
}

impl WriteTx {
    /// Puts a recall on record; `None` if it is there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_recall(&mut self, new: &NewRecall) -> Result<Option<RecallId>, StoreError> {
        let insert = Insert {
            table: "recall",
            columns: &[
                "hash",
                "issuer",
                "part",
                "state",
                "class",
                "depth",
                "scope",
                "told",
                "reason",
                "notice",
                "ordered_at",
                "document",
            ],
            conflict: Conflict::Skip(&["hash"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&new.hash),
            cell(&new.issuer),
            cell(&new.part),
            cell(&new.state),
            cell(&u8::from(new.class)),
            cell(&new.depth.word().to_owned()),
            json(&new.scope).into(),
            json(&new.told).into(),
            cell(&new.reason),
            cell(&new.notice),
            cell(&new.ordered_at),
            opt(new.document.as_ref()),
        ];
        let returned = self.connection().insert(&insert, vec![row]).await?;
        returned.first().map(|row| row.get("id")).transpose()
    }

    /// Notes what is told of a recall now: reason, text, scope; and how it stands.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the recall is not on record or the database does not take it.
    pub async fn update_recall(&mut self, record: &RecallRecord) -> Result<(), StoreError> {
        let recall = &record.recall;
        let update = Query::update()
            .table("recall")
            .value("issuer", val(&recall.issuer))
            .value("part", val(&recall.part))
            .value("state", val(&recall.state))
            .value("class", val(&u8::from(recall.class)))
            .value("depth", Expr::val(recall.depth.word()))
            .value("scope", Expr::val(json(&recall.scope)))
            .value("told", Expr::val(json(&recall.told)))
            .value("reason", val(&recall.reason))
            .value("notice", val(&recall.notice))
            .value("document", Expr::val(opt(recall.document.as_ref())))
            .value("effective_at", Expr::val(opt(record.effective_at.as_ref())))
            .value("ended_at", Expr::val(opt(record.ended_at.as_ref())))
            .value("answer", Expr::val(json(&record.answer)))
            .value("report", Expr::val(opt(record.report.as_ref())))
            .value("lift", Expr::val(opt(record.lift.as_ref())))
            .and_where(Expr::col("id").eq(record.id.0))
            .take();
        self.connection().change(&update, "recall", record.id.0).await
    }
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("JSON because what a recall holds has text keys only")
}

fn read<T: serde::de::DeserializeOwned>(
    row: &Row,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    let Some(text) = row.opt::<String>(column)? else { return Ok(None) };
    serde_json::from_str(&text).map_err(|_| StoreError::Corrupt {
        column,
        expected: "JSON of a recall",
        found: text.chars().take(80).collect(),
    })
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("recall").take()
}

async fn recall(
    connection: &mut Connection<'_>,
    id: RecallId,
) -> Result<Option<RecallRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn recall_by_hash(
    connection: &mut Connection<'_>,
    hash: &Hash,
) -> Result<Option<RecallRecord>, StoreError> {
    let select = select().and_where(Expr::col("hash").eq(val(hash))).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn recalls(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<RecallRecord>, StoreError> {
    let select = select().order_by("id", Order::Desc).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn recalls_in(
    connection: &mut Connection<'_>,
    state: RecallState,
) -> Result<Vec<RecallRecord>, StoreError> {
    let select =
        select().and_where(Expr::col("state").eq(val(&state))).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<RecallRecord, StoreError> {
    let recall = NewRecall {
        hash: row.get("hash")?,
        issuer: row.get("issuer")?,
        part: row.get("part")?,
        state: row.get("state")?,
        class: row.get("class")?,
        depth: row.get("depth")?,
        scope: read(row, "scope")?.flatten(),
        told: read(row, "told")?.flatten(),
        reason: row.get("reason")?,
        notice: row.get("notice")?,
        ordered_at: row.get("ordered_at")?,
        document: row.opt("document")?,
    };
    Ok(RecallRecord {
        id: row.get("id")?,
        recall,
        effective_at: row.opt("effective_at")?,
        ended_at: row.opt("ended_at")?,
        answer: read(row, "answer")?.flatten(),
        report: row.opt("report")?,
        lift: row.opt("lift")?,
    })
}

impl Column for RecallClass {
    type Raw = i64;
    const EXPECTED: &'static str = "the class of a recall";

    fn write(&self) -> i64 {
        i64::from(u8::from(*self))
    }

    fn read(raw: i64) -> Option<Self> {
        u8::try_from(raw).ok().and_then(|class| Self::try_from(class).ok())
    }
}

impl Column for RecallDepth {
    type Raw = String;
    const EXPECTED: &'static str = "the depth of a recall";

    fn write(&self) -> String {
        self.word().to_owned()
    }

    fn read(raw: String) -> Option<Self> {
        Self::from_word(&raw)
    }
}
