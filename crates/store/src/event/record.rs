//! An event as it is read back, with its transaction and its case.

use sea_query::{Expr, ExprTrait, Query, SelectStatement};
use theriac_custody::Hash;

use super::{EventId, EventState};
use crate::capture::CaptureId;
use crate::case_file::{self, CaseRecord};
use crate::column::Millis;
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::transaction::{self, TransactionSummary};

/// An event on record.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Its row; ascending in the order of admission.
    pub id: EventId,
    /// Its hash.
    pub hash: Hash,
    /// EPCIS `eventID`.
    pub event_id: Option<String>,
    /// EPCIS `type`, as `ObjectEvent`.
    pub kind: String,
    /// EPCIS `eventTime`.
    pub event_time: Millis,
    /// EPCIS `recordTime`.
    pub record_time: Millis,
    /// EPCIS `bizStep`.
    pub biz_step: Option<String>,
    /// EPCIS `disposition`.
    pub disposition: Option<String>,
    /// EPCIS `action`.
    pub action: Option<String>,
    /// The capture that it came with.
    pub capture: CaptureId,
    /// Its number in the capture, from 0.
    pub ordinal: u64,
    /// Where it stands in the document.
    pub place: String,
    /// EPCIS 2.0 JSON.
    pub body: String,
    /// How far it is.
    pub state: EventState,
    /// The event that this one declares erroneous (EPCIS `errorDeclaration`).
    pub declares: Option<EventId>,
    /// The latest event that declares this one erroneous.
    pub declared_by: Option<EventId>,
    /// The ledger transaction that records it.
    pub transaction: Option<TransactionSummary>,
    /// Its latest case.
    pub case: Option<CaseRecord>,
}

const COLUMNS: [&str; 16] = [
    "id",
    "hash",
    "event_id",
    "kind",
    "event_time",
    "record_time",
    "biz_step",
    "disposition",
    "action",
    "capture",
    "ordinal",
    "place",
    "body",
    "state",
    "declares",
    "declared_by",
];

/// Selects events with their transactions and cases.
pub(super) fn select() -> SelectStatement {
    let mut select = Query::select();
    select
        .columns(COLUMNS.map(|column| ("event", column)))
        .from("event")
        .left_join("transaction_out", equal("transaction_out"))
        .left_join("case_file", equal("case_file"));
    transaction::add_columns(&mut select);
    case_file::add_columns(&mut select);
    select
}

/// The event's column `table` holds the id of that table's row.
fn equal(table: &'static str) -> Expr {
    Expr::col((table, "id")).equals(("event", table))
}

pub(super) async fn all(
    connection: &mut Connection<'_>,
    select: &SelectStatement,
) -> Result<Vec<EventRecord>, StoreError> {
    connection.all(select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        id: row.get("id")?,
        hash: row.get("hash")?,
        event_id: row.opt("event_id")?,
        kind: row.get("kind")?,
        event_time: row.get("event_time")?,
        record_time: row.get("record_time")?,
        biz_step: row.opt("biz_step")?,
        disposition: row.opt("disposition")?,
        action: row.opt("action")?,
        capture: row.get("capture")?,
        ordinal: row.get("ordinal")?,
        place: row.get("place")?,
        body: row.get("body")?,
        state: row.get("state")?,
        declares: row.opt("declares")?,
        declared_by: row.opt("declared_by")?,
        transaction: transaction::summary_beside(row)?,
        case: case_file::case_beside(row)?,
    })
}
