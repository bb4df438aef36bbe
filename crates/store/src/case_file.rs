//! Cases: disagreements between goods, data and ledger, open until somebody resolved them.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Breach;

use crate::column::{Column, Millis, cell, opt, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::event::EventId;
use crate::store::{WriteTx, reads};
use crate::word::row_id;

row_id! {
    /// Row id of a case.
    CaseId,
}

/// A case that opens.
#[derive(Debug, Clone)]
pub struct NewCase<'a> {
    /// The event that is held, if there is one.
    pub event: Option<EventId>,
    /// The rule broken.
    pub breach: &'a Breach,
    /// When it opens.
    pub opened_at: Millis,
}

/// A case on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    /// Its row.
    pub id: CaseId,
    /// The event that is or was held.
    pub event: Option<EventId>,
    /// The rule broken.
    pub breach: Breach,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it was closed; `None` while it is open.
    pub closed_at: Option<Millis>,
    /// How it ended.
    pub outcome: Option<String>,
}

reads! {
    /// The case `id`.
    statement fn case(id: CaseId) -> Option<CaseRecord>;
    /// The last `limit` cases, newest first; only open ones when `open_only`.
    statement fn cases(open_only: bool, limit: u64) -> Vec<CaseRecord>;
    /// The open case of an event, the latest if there are several.
    statement fn open_case_of_event(event: EventId) -> Option<CaseRecord>;
}

impl WriteTx {
    /// Opens a case; it becomes the latest case of its event.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the event is not on record or the database does not take it.
    pub async fn open_case(&mut self, new: &NewCase<'_>) -> Result<CaseId, StoreError> {
        let mut connection = self.connection();
        let row = vec![opt(new.event.as_ref()), cell(new.breach), cell(&new.opened_at)];
        let id: CaseId =
            connection.insert_one("case_file", &["event", "breach", "opened_at"], row).await?;
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
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "case", id.0).await
    }
}

impl Column for Breach {
    type Raw = String;
    const EXPECTED: &'static str = "a breach as JSON";

    fn write(&self) -> String {
        serde_json::to_string(self).expect("JSON because a breach has text keys only")
    }

    fn read(raw: String) -> Option<Self> {
        serde_json::from_str(&raw).ok()
    }
}

const COLUMNS: [(&str, &str); 6] = [
    ("id", "case_id"),
    ("event", "case_event"),
    ("breach", "case_breach"),
    ("opened_at", "case_opened_at"),
    ("closed_at", "case_closed_at"),
    ("outcome", "case_outcome"),
];

/// Adds the columns of a case to a select that joins cases.
pub(crate) fn add_columns(select: &mut SelectStatement) {
    for (column, alias) in COLUMNS {
        select.expr_as(Expr::col(("case_file", column)), alias);
    }
}

/// The case in a row of such a select.
pub(crate) fn case_beside(row: &Row) -> Result<Option<CaseRecord>, StoreError> {
    match row.opt::<CaseId>("case_id")? {
        Some(_) => record(row).map(Some),
        None => Ok(None),
    }
}

fn select() -> SelectStatement {
    let mut select = Query::select();
    select.from("case_file").order_by(("case_file", "id"), Order::Desc);
    add_columns(&mut select);
    select
}

async fn case(
    connection: &mut Connection<'_>,
    id: CaseId,
) -> Result<Option<CaseRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn cases(
    connection: &mut Connection<'_>,
    open_only: bool,
    limit: u64,
) -> Result<Vec<CaseRecord>, StoreError> {
    let mut select = select();
    if open_only {
        // In the order of the index that holds open cases only.
        select.clear_order_by().and_where(Expr::col("closed_at").is_null());
        select.order_by("opened_at", Order::Desc).order_by(("case_file", "id"), Order::Desc);
    }
    select.limit(limit);
    connection.all(&select).await?.iter().map(record).collect()
}

async fn open_case_of_event(
    connection: &mut Connection<'_>,
    event: EventId,
) -> Result<Option<CaseRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("event").eq(event.0))
        .and_where(Expr::col("closed_at").is_null())
        .limit(1)
        .take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

fn record(row: &Row) -> Result<CaseRecord, StoreError> {
    Ok(CaseRecord {
        id: row.get("case_id")?,
        event: row.opt("case_event")?,
        breach: row.get("case_breach")?,
        opened_at: row.get("case_opened_at")?,
        closed_at: row.opt("case_closed_at")?,
        outcome: row.opt("case_outcome")?,
    })
}
