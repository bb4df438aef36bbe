//! The holders of a recall at who recalls, and what a node has set apart for it.

use std::collections::BTreeSet;

use sea_query::{Expr, ExprTrait, Order, Query};
use theriac_custody::Hash;
use theriac_custody::recall::RecallAnswer;
use theriac_gs1::Gln;

use super::{HolderState, RecallId, json, read};
use crate::case_file::CaseId;
use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A company that has, or had, packs of a recall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecallHolder {
    /// The company.
    pub gln: Gln,
    /// How far it is.
    pub state: HolderState,
    /// When the notice was put on its way; `None` if it cannot be told.
    pub told_at: Option<Millis>,
    /// The holdings that it was told of, with packs in stock or on their way.
    pub told: BTreeSet<Hash>,
    /// When it was reminded last.
    pub reminded_at: Option<Millis>,
    /// How often it was reminded.
    pub reminders: u32,
    /// When its first answer came.
    pub answered_at: Option<Millis>,
    /// Its last answer.
    pub answer: Option<RecallAnswer>,
    /// What people noted.
    pub note: Option<String>,
    /// The case that was opened because it did not answer in time.
    pub overdue_case: Option<CaseId>,
}

/// An event by which a node has set packs apart for a recall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetApart {
    /// Hash of the event.
    pub event: Hash,
    /// Number of packs.
    pub packs: u64,
    /// Whether nothing is left to put back.
    pub over: bool,
}

impl RecallHolder {
    /// A holder that nothing was done about yet.
    #[must_use]
    pub fn of(gln: Gln) -> Self {
        Self {
            gln,
            state: HolderState::Told,
            told_at: None,
            told: BTreeSet::new(),
            reminded_at: None,
            reminders: 0,
            answered_at: None,
            answer: None,
            note: None,
            overdue_case: None,
        }
    }
}

reads! {
    /// The holders of a recall, by GLN.
    statement fn recall_holders(recall: RecallId) -> Vec<RecallHolder>;
    /// The events by which this node has set packs apart for a recall.
    statement fn recall_events(recall: RecallId) -> Vec<SetApart>;
}

const COLUMNS: &[&str] = &[
    "recall",
    "gln",
    "state",
    "told_at",
    "reminded_at",
    "reminders",
    "answered_at",
    "told",
    "answer",
    "note",
    "overdue_case",
];

impl WriteTx {
    /// Notes a holder of a recall, or replaces what is on record of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_recall_holder(
        &mut self,
        recall: RecallId,
        holder: &RecallHolder,
    ) -> Result<(), StoreError> {
        let insert = Insert {
            table: "recall_holder",
            columns: COLUMNS,
            conflict: Conflict::Update(&["recall", "gln"], &COLUMNS[2..]),
            returning: &[],
        };
        let row = vec![
            cell(&recall),
            cell(&holder.gln),
            cell(&holder.state),
            opt(holder.told_at.as_ref()),
            opt(holder.reminded_at.as_ref()),
            cell(&holder.reminders),
            opt(holder.answered_at.as_ref()),
            json(&holder.told).into(),
            json(&holder.answer).into(),
            opt(holder.note.as_ref()),
            opt(holder.overdue_case.as_ref()),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Notes that an event set packs apart for a recall.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_recall_event(
        &mut self,
        recall: RecallId,
        event: &SetApart,
    ) -> Result<(), StoreError> {
        let insert = Insert {
            table: "recall_event",
            columns: &["recall", "hash", "packs", "over"],
            conflict: Conflict::Update(&["recall", "hash"], &["packs", "over"]),
            returning: &[],
        };
        let row = vec![cell(&recall), cell(&event.event), cell(&event.packs), cell(&event.over)];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }
}

async fn recall_holders(
    connection: &mut Connection<'_>,
    recall: RecallId,
) -> Result<Vec<RecallHolder>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("recall_holder")
        .and_where(Expr::col("recall").eq(val(&recall)))
        .order_by("gln", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(holder).collect()
}

fn holder(row: &Row) -> Result<RecallHolder, StoreError> {
    Ok(RecallHolder {
        gln: row.get("gln")?,
        state: row.get("state")?,
        told_at: row.opt("told_at")?,
        reminded_at: row.opt("reminded_at")?,
        reminders: row.get("reminders")?,
        answered_at: row.opt("answered_at")?,
        told: read(row, "told")?.unwrap_or_default(),
        answer: read(row, "answer")?.flatten(),
        note: row.opt("note")?,
        overdue_case: row.opt("overdue_case")?,
    })
}

async fn recall_events(
    connection: &mut Connection<'_>,
    recall: RecallId,
) -> Result<Vec<SetApart>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("recall_event")
        .and_where(Expr::col("recall").eq(val(&recall)))
        .take();
    let event = |row: &Row| {
        Ok(SetApart { event: row.get("hash")?, packs: row.get("packs")?, over: row.get("over")? })
    };
    connection.all(&select).await?.iter().map(event).collect()
}
