//! The rest of events: items that an event names and that were not admitted with its other items.

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_gs1::Identifier;

use crate::case_file::CaseId;
use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::event::EventId;
use crate::item;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of an item that was not admitted with its event.
    RestId,
}

words! {
    /// What became of an item that was not admitted with its event.
    RestState {
        /// It waits, or somebody has to look at it.
        Open = 0 "open",
        /// It was admitted later.
        Admitted = 1 "admitted",
        /// It is not to be admitted any more.
        Dropped = 2 "dropped",
    }
}

/// Items that are not admitted with their event.
#[derive(Debug, Clone)]
pub struct NewRest<'a> {
    /// The event.
    pub event: EventId,
    /// The items.
    pub items: &'a [Identifier],
    /// The word for the rule that they break.
    pub reason: &'a str,
    /// The case about them.
    pub case: Option<CaseId>,
    /// When they are to be verified; `None`: not at all.
    pub next_at: Option<Millis>,
}

/// An item that was not admitted with its event.
#[derive(Debug, Clone, PartialEq)]
pub struct RestRecord {
    /// Its row.
    pub id: RestId,
    /// The event.
    pub event: EventId,
    /// The item.
    pub item: Identifier,
    /// The word for the rule that it breaks.
    pub reason: String,
    /// What became of it.
    pub state: RestState,
    /// The case about it.
    pub case: Option<CaseId>,
    /// Whether it passed its verification; `None` before.
    pub passed: Option<bool>,
    /// What its verification found.
    pub report: Option<serde_json::Value>,
    /// When it was verified.
    pub checked_at: Option<Millis>,
    /// How often its verification was tried.
    pub tries: u32,
    /// When it is verified next.
    pub next_at: Option<Millis>,
}

/// What a verification of such an item has found.
#[derive(Debug, Clone)]
pub struct RestCheck<'a> {
    /// Whether it passed; `None` if nobody could say.
    pub passed: Option<bool>,
    /// What was found.
    pub report: &'a serde_json::Value,
    /// When.
    pub at: Millis,
    /// When it is tried again.
    pub next_at: Option<Millis>,
}

reads! {
    /// The first `limit` events after `after` that have open rests, oldest first.
    statement fn events_with_rest(after: Option<EventId>, limit: u64) -> Vec<EventId>;
    /// The rests of an event, open or not, in the order of the event.
    statement fn rests_of(event: EventId) -> Vec<RestRecord>;
    /// The rests that an item was in, oldest first.
    statement fn rests_of_item(id: &Identifier) -> Vec<RestRecord>;
    /// The open rests that a case is about.
    statement fn rests_of_case(case: CaseId) -> Vec<RestRecord>;
    /// The first `limit` open rests that are to be verified at `now`, oldest first.
    statement fn due_checks(now: Millis, limit: u64) -> Vec<RestRecord>;
}

impl WriteTx {
    /// Notes items that are not admitted with their event; those noted before stay.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn insert_rest(&mut self, rest: &NewRest<'_>) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let rows: HashMap<String, i64> = item::ensure(&mut connection, rest.items.iter()).await?;
        let insert = Insert {
            table: "event_rest",
            columns: &["event", "item", "reason", "state", "case_file", "tries", "next_at"],
            conflict: Conflict::Skip(&["event", "item"]),
            returning: &[],
        };
        let row = |id: &Identifier| {
            vec![
                cell(&rest.event),
                opt(rows.get(&id.key())),
                rest.reason.into(),
                cell(&RestState::Open),
                opt(rest.case.as_ref()),
                cell(&0_u32),
                opt(rest.next_at.as_ref()),
            ]
        };
        connection.insert(&insert, rest.items.iter().map(row).collect()).await.map(drop)
    }

    /// Notes what became of rests.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn end_rests(&mut self, ids: &[RestId], state: RestState) -> Result<(), StoreError> {
        let update = Query::update()
            .table("event_rest")
            .value("state", val(&state))
            .value("next_at", Expr::val(None::<i64>))
            .and_where(Expr::col("id").in_subquery(dialect::numbers(ids.iter().map(|id| id.0))))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes which case rests belong to, and which rule they break.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_rest_case(
        &mut self,
        ids: &[RestId],
        case: CaseId,
        reason: &str,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("event_rest")
            .value("case_file", val(&case))
            .value("reason", Expr::val(reason))
            .and_where(Expr::col("id").in_subquery(dialect::numbers(ids.iter().map(|id| id.0))))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes that rests are to be verified, and are in no case until then.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn await_verification(
        &mut self,
        ids: &[RestId],
        reason: &str,
        at: Millis,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("event_rest")
            .value("case_file", Expr::val(None::<i64>))
            .value("reason", Expr::val(reason))
            .value("passed", Expr::val(None::<i64>))
            .value("next_at", val(&at))
            .and_where(Expr::col("id").in_subquery(dialect::numbers(ids.iter().map(|id| id.0))))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes what the verification of a rest has found.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn note_rest_check(
        &mut self,
        id: RestId,
        check: &RestCheck<'_>,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("event_rest")
            .value("passed", Expr::val(check.passed.map(i64::from)))
            .value("report", val(check.report))
            .value("checked_at", val(&check.at))
            .value("tries", Expr::col("tries").add(1))
            .value("next_at", Expr::val(check.next_at))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "rest of an event", id.0).await
    }
}

fn select() -> SelectStatement {
    Query::select()
        .column(("event_rest", sea_query::Asterisk))
        .expr_as(Expr::col(("item", "key")), "item_key")
        .from("event_rest")
        .inner_join("item", Expr::col(("item", "id")).equals(("event_rest", "item")))
        .order_by(("event_rest", "id"), Order::Asc)
        .take()
}

fn open() -> Expr {
    Expr::col(("event_rest", "state")).eq(val(&RestState::Open))
}

async fn events_with_rest(
    connection: &mut Connection<'_>,
    after: Option<EventId>,
    limit: u64,
) -> Result<Vec<EventId>, StoreError> {
    let select = Query::select()
        .distinct()
        .column("event")
        .from("event_rest")
        .and_where(Expr::col("state").eq(val(&RestState::Open)))
        .and_where_option(after.map(|after| Expr::col("event").gt(after.0)))
        .order_by("event", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(|row| row.get("event")).collect()
}

async fn rests_of(
    connection: &mut Connection<'_>,
    event: EventId,
) -> Result<Vec<RestRecord>, StoreError> {
    let select = select().and_where(Expr::col(("event_rest", "event")).eq(event.0)).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn rests_of_item(
    connection: &mut Connection<'_>,
    id: &Identifier,
) -> Result<Vec<RestRecord>, StoreError> {
    let select = select().and_where(Expr::col(("item", "key")).eq(id.key())).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn rests_of_case(
    connection: &mut Connection<'_>,
    case: CaseId,
) -> Result<Vec<RestRecord>, StoreError> {
    let of_case = Expr::col(("event_rest", "case_file")).eq(case.0);
    let select = select().and_where(open()).and_where(of_case).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn due_checks(
    connection: &mut Connection<'_>,
    now: Millis,
    limit: u64,
) -> Result<Vec<RestRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col(("event_rest", "next_at")).lte(now))
        .and_where(open())
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<RestRecord, StoreError> {
    Ok(RestRecord {
        id: row.get("id")?,
        event: row.get("event")?,
        item: row.get("item_key")?,
        reason: row.get("reason")?,
        state: row.get("state")?,
        case: row.opt("case_file")?,
        passed: row.opt::<i64>("passed")?.map(|passed| passed == 1),
        report: row.opt("report")?,
        checked_at: row.opt("checked_at")?,
        tries: row.get("tries")?,
        next_at: row.opt("next_at")?,
    })
}
