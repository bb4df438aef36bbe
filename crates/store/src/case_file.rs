//! Cases: disagreements between goods, data and ledger, open until somebody resolved them.
//!
//! # Invariants
//!
//! - A case has a name that both parties know (`uuid`), and one row here.
//! - What was said and done in it is added, never changed.

mod entry;
mod named;
mod write;

pub use entry::CaseEntryRow;
pub use write::NewCase;

pub(crate) use named::name_cases;

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::{Matter, Uuid};
use theriac_gs1::{Gln, Identifier};

use crate::column::{Column, Millis};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::event::EventId;
use crate::store::reads;
use crate::word::{row_id, words};

row_id! {
    /// Row id of a case.
    CaseId,
}

words! {
    /// How far a case is, as this member sees it.
    CaseState {
        /// This member must act.
        Open = 0 "open",
        /// The other party must act.
        Waiting = 1 "waiting",
        /// It is being looked into.
        Investigating = 2 "investigating",
        /// It has ended.
        Resolved = 3 "resolved",
    }
}

/// A case on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    /// Its row.
    pub id: CaseId,
    /// Its name, which the other party knows too.
    pub uuid: Uuid,
    /// The event that is or was held.
    pub event: Option<EventId>,
    /// What it is about.
    pub matter: Matter,
    /// How far it is.
    pub state: CaseState,
    /// The other party, if there is one.
    pub counterparty: Option<Gln>,
    /// Who opened it, if it was the other party.
    pub opened_by: Option<Gln>,
    /// How many packs it is about; [`Store::case_packs`](crate::Store::case_packs) has them.
    pub packs: u64,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it should have ended.
    pub deadline: Option<Millis>,
    /// When somebody is reminded of it next.
    pub due_at: Option<Millis>,
    /// When it was closed; `None` while it is open.
    pub closed_at: Option<Millis>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// Which cases a list is to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Open ones only.
    pub open_only: bool,
    /// Of this state only.
    pub state: Option<CaseState>,
    /// With this party only.
    pub counterparty: Option<Gln>,
    /// Past their deadline at this time, and open.
    pub overdue_at: Option<Millis>,
}

reads! {
    /// The case `id`.
    statement fn case(id: CaseId) -> Option<CaseRecord>;
    /// The case of this name.
    statement fn case_named(uuid: Uuid) -> Option<CaseRecord>;
    /// The last `limit` cases, newest first; only open ones when `open_only`.
    statement fn cases(open_only: bool, limit: u64) -> Vec<CaseRecord>;
    /// The last `limit` cases that the filter lets through, newest first.
    statement fn cases_where(filter: CaseFilter, limit: u64) -> Vec<CaseRecord>;
    /// The open case of an event, the latest if there are several.
    statement fn open_case_of_event(event: EventId) -> Option<CaseRecord>;
    /// The first `limit` packs, after `after`, that a case is about, in the order of their keys.
    statement fn case_packs(id: CaseId, after: Option<&str>, limit: u64) -> Vec<Identifier>;
    /// The open cases about an item, newest first.
    statement fn open_cases_about(item: &Identifier) -> Vec<CaseRecord>;
    /// The first `limit` other open cases about packs of this one.
    statement fn open_cases_sharing_packs(id: CaseId, limit: u64) -> Vec<CaseRecord>;
    /// The first `limit` open cases of which somebody must be reminded at `now`.
    statement fn due_cases(now: Millis, limit: u64) -> Vec<CaseRecord>;
    /// Open cases that the party `gln` opened.
    statement fn count_cases_opened_by(gln: Gln) -> u64;
}

const COLUMNS: [(&str, &str); 13] = [
    ("id", "case_id"),
    ("uuid", "case_uuid"),
    ("event", "case_event"),
    ("breach", "case_breach"),
    ("state", "case_state"),
    ("counterparty", "case_counterparty"),
    ("opened_by", "case_opened_by"),
    ("packs", "case_packs"),
    ("opened_at", "case_opened_at"),
    ("deadline", "case_deadline"),
    ("due_at", "case_due_at"),
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
    let select = select().and_where(Expr::col(("case_file", "id")).eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn case_named(
    connection: &mut Connection<'_>,
    uuid: Uuid,
) -> Result<Option<CaseRecord>, StoreError> {
    let select = select().and_where(Expr::col("uuid").eq(uuid.write())).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn cases(
    connection: &mut Connection<'_>,
    open_only: bool,
    limit: u64,
) -> Result<Vec<CaseRecord>, StoreError> {
    cases_where(connection, CaseFilter { open_only, ..CaseFilter::default() }, limit).await
}

async fn cases_where(
    connection: &mut Connection<'_>,
    filter: CaseFilter,
    limit: u64,
) -> Result<Vec<CaseRecord>, StoreError> {
    let mut select = select();
    if filter.open_only || filter.overdue_at.is_some() {
        // In the order of the index that holds open cases only.
        select.clear_order_by().and_where(Expr::col("closed_at").is_null());
        select.order_by("opened_at", Order::Desc).order_by(("case_file", "id"), Order::Desc);
    }
    match filter.state {
        None => {}
        Some(CaseState::Resolved) => {
            select.and_where(Expr::col("closed_at").is_not_null());
        }
        Some(state) => {
            let mut is = Expr::col("state").eq(state.write());
            if state == CaseState::Open {
                is = is.or(Expr::col("state").is_null());
            }
            select.and_where(Expr::col("closed_at").is_null()).and_where(is);
        }
    }
    if let Some(gln) = filter.counterparty {
        select.and_where(Expr::col("counterparty").eq(gln.write()));
    }
    if let Some(now) = filter.overdue_at {
        select.and_where(Expr::col("deadline").lt(now));
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

async fn case_packs(
    connection: &mut Connection<'_>,
    id: CaseId,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<Identifier>, StoreError> {
    let select = Query::select()
        .column(("item", "key"))
        .from("case_pack")
        .inner_join("item", Expr::col(("item", "id")).equals(("case_pack", "item")))
        .and_where(Expr::col(("case_pack", "case_file")).eq(id.0))
        .and_where_option(after.map(|after| Expr::col(("item", "key")).gt(after)))
        .order_by(("item", "key"), Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(|row| row.get("key")).collect()
}

async fn open_cases_about(
    connection: &mut Connection<'_>,
    item: &Identifier,
) -> Result<Vec<CaseRecord>, StoreError> {
    let named =
        Query::select().column("id").from("item").and_where(Expr::col("key").eq(item.key())).take();
    let of_item = Query::select()
        .column("case_file")
        .from("case_pack")
        .and_where(Expr::col("item").in_subquery(named))
        .take();
    let select = select()
        .and_where(Expr::col(("case_file", "id")).in_subquery(of_item))
        .and_where(Expr::col("closed_at").is_null())
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn open_cases_sharing_packs(
    connection: &mut Connection<'_>,
    id: CaseId,
    limit: u64,
) -> Result<Vec<CaseRecord>, StoreError> {
    let packs = Query::select()
        .column("item")
        .from("case_pack")
        .and_where(Expr::col("case_file").eq(id.0))
        .take();
    let others = Query::select()
        .column("case_file")
        .from("case_pack")
        .and_where(Expr::col("item").in_subquery(packs))
        .take();
    let select = select()
        .and_where(Expr::col(("case_file", "id")).in_subquery(others))
        .and_where(Expr::col(("case_file", "id")).ne(id.0))
        .and_where(Expr::col("closed_at").is_null())
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn due_cases(
    connection: &mut Connection<'_>,
    now: Millis,
    limit: u64,
) -> Result<Vec<CaseRecord>, StoreError> {
    let select = select()
        .clear_order_by()
        .and_where(Expr::col("due_at").is_not_null())
        .and_where(Expr::col("due_at").lte(now))
        .and_where(Expr::col("closed_at").is_null())
        .order_by("due_at", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn count_cases_opened_by(
    connection: &mut Connection<'_>,
    gln: Gln,
) -> Result<u64, StoreError> {
    let select = Query::select()
        .expr_as(Expr::col("id").count(), "cases")
        .from("case_file")
        .and_where(Expr::col("counterparty").eq(gln.write()))
        .and_where(Expr::col("closed_at").is_null())
        .and_where(Expr::col("opened_by").eq(gln.write()))
        .take();
    connection.first(&select).await?.map_or(Ok(0), |row| row.get("cases"))
}

fn record(row: &Row) -> Result<CaseRecord, StoreError> {
    let closed_at: Option<Millis> = row.opt("case_closed_at")?;
    let state = match closed_at {
        Some(_) => CaseState::Resolved,
        None => row.opt("case_state")?.unwrap_or(CaseState::Open),
    };
    Ok(CaseRecord {
        id: row.get("case_id")?,
        uuid: row.get("case_uuid")?,
        event: row.opt("case_event")?,
        matter: row.get("case_breach")?,
        state,
        counterparty: row.opt("case_counterparty")?,
        opened_by: row.opt("case_opened_by")?,
        packs: row.opt("case_packs")?.unwrap_or(0),
        opened_at: row.get("case_opened_at")?,
        deadline: row.opt("case_deadline")?,
        due_at: row.opt("case_due_at")?,
        closed_at,
        outcome: row.opt("case_outcome")?,
    })
}

impl Column for Matter {
    type Raw = String;
    const EXPECTED: &'static str = "the matter of a case as JSON";

    fn write(&self) -> String {
        serde_json::to_string(self).expect("JSON because a matter has text keys only")
    }

    fn read(raw: String) -> Option<Self> {
        serde_json::from_str(&raw).ok()
    }
}

impl Column for Uuid {
    type Raw = Vec<u8>;
    const EXPECTED: &'static str = "16 bytes";

    fn write(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    fn read(raw: Vec<u8>) -> Option<Self> {
        raw.try_into().ok().map(Self)
    }
}
