//! Opens cases and moves them on.

use std::collections::BTreeSet;

use sea_query::{Expr, ExprTrait, OnConflict, Query};
use theriac_custody::{Matter, Uuid};
use theriac_gs1::{Gln, Identifier};

use super::{CaseId, CaseState};
use crate::column::{Millis, cell, opt, val};
use crate::connection::Connection;
use crate::error::StoreError;
use crate::event::EventId;
use crate::store::WriteTx;
use crate::{dialect, item};

/// A case that opens.
#[derive(Debug, Clone)]
pub struct NewCase<'a> {
    /// Its name.
    pub uuid: Uuid,
    /// The event that is held, if there is one.
    pub event: Option<EventId>,
    /// What it is about.
    pub matter: &'a Matter,
    /// All the packs that it is about.
    pub packs: &'a [Identifier],
    /// Who must act: this member (open), or the other party (waiting).
    pub state: CaseState,
    /// The other party, if there is one.
    pub counterparty: Option<Gln>,
    /// Who opened it, if it was the other party.
    pub opened_by: Option<Gln>,
    /// When it opens.
    pub opened_at: Millis,
    /// When it should have ended.
    pub deadline: Option<Millis>,
    /// When somebody is reminded of it.
    pub due_at: Option<Millis>,
}

impl<'a> NewCase<'a> {
    /// A case of this member's own, without packs, event, deadline or other party.
    #[must_use]
    pub const fn about(matter: &'a Matter, uuid: Uuid, opened_at: Millis) -> Self {
        Self {
            uuid,
            event: None,
            matter,
            packs: &[],
            state: CaseState::Open,
            counterparty: None,
            opened_by: None,
            opened_at,
            deadline: None,
            due_at: None,
        }
    }
}

const COLUMNS: &[&str] = &[
    "uuid",
    "event",
    "breach",
    "state",
    "counterparty",
    "opened_by",
    "opened_at",
    "deadline",
    "due_at",
    "packs",
];

impl WriteTx {
    /// Opens a case; it becomes the latest case of its event.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the event is not on record or the database does not take it.
    pub async fn open_case(&mut self, new: &NewCase<'_>) -> Result<CaseId, StoreError> {
        let mut connection = self.connection();
        let packs: BTreeSet<&Identifier> = new.packs.iter().collect();
        let row = vec![
            cell(&new.uuid),
            opt(new.event.as_ref()),
            cell(new.matter),
            cell(&new.state),
            opt(new.counterparty.as_ref()),
            opt(new.opened_by.as_ref()),
            cell(&new.opened_at),
            opt(new.deadline.as_ref()),
            opt(new.due_at.as_ref()),
            cell(&(packs.len() as u64)),
        ];
        let id: CaseId = connection.insert_one("case_file", COLUMNS, row).await?;
        link_packs(&mut connection, id, &packs).await?;
        if let Some(event) = new.event {
            let update = Query::update()
                .table("event")
                .value("case_file", val(&id))
                .and_where(Expr::col("id").eq(event.0))
                .take();
            connection.change(&update, "event", event.0).await?;
        }
        Ok(id)
    }

    /// Closes a case; one that is closed already is closed anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such case.
    pub async fn close_case(
        &mut self,
        id: CaseId,
        outcome: &str,
        at: Millis,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("case_file")
            .value("outcome", Expr::val(outcome))
            .value("closed_at", val(&at))
            .value("state", val(&CaseState::Resolved))
            .value("due_at", Expr::val(None::<i64>))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "case", id.0).await
    }

    /// Notes how far an open case is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such case.
    pub async fn set_case_state(&mut self, id: CaseId, state: CaseState) -> Result<(), StoreError> {
        self.update_case(id, "state", val(&state)).await
    }

    /// Names the other party of a case that had none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such case.
    pub async fn set_case_counterparty(&mut self, id: CaseId, gln: Gln) -> Result<(), StoreError> {
        self.update_case(id, "counterparty", val(&gln)).await
    }

    /// Notes when somebody is reminded of a case next; `None`: never.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such case.
    pub async fn set_case_due(
        &mut self,
        id: CaseId,
        due_at: Option<Millis>,
    ) -> Result<(), StoreError> {
        self.update_case(id, "due_at", Expr::val(opt(due_at.as_ref()))).await
    }

    /// Notes when a case should have ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such case.
    pub async fn set_case_deadline(
        &mut self,
        id: CaseId,
        deadline: Millis,
    ) -> Result<(), StoreError> {
        self.update_case(id, "deadline", val(&deadline)).await
    }

    async fn update_case(
        &mut self,
        id: CaseId,
        column: &'static str,
        value: Expr,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("case_file")
            .value(column, value)
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "case", id.0).await
    }
}

/// Links a case to the rows of its packs; those not on record get bare ones.
async fn link_packs(
    connection: &mut Connection<'_>,
    id: CaseId,
    packs: &BTreeSet<&Identifier>,
) -> Result<(), StoreError> {
    if packs.is_empty() {
        return Ok(());
    }
    item::name(connection, packs.iter().copied()).await?;
    let rows = Query::select()
        .expr(Expr::val(id.0))
        .column("id")
        .from("item")
        .and_where(Expr::col("key").in_subquery(dialect::keys(packs.iter().copied())))
        .take();
    let insert = Query::insert()
        .into_table("case_pack")
        .columns(["case_file", "item"])
        .select_from(rows)
        .expect("two columns because two are selected")
        .on_conflict(OnConflict::columns(["case_file", "item"]).do_nothing().to_owned())
        .take();
    connection.run(&insert).await.map(drop)
}
