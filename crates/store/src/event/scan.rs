//! Scans of events: what a query's plan selects, page by page, in an order that stays the same
//! while events come in.

mod condition;
mod drive;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use sea_query::{Expr, ExprTrait};
use theriac_query::Plan;

use super::record::{all, select};
use super::{EventId, EventRecord};
use crate::column::Millis;
use crate::connection::Connection;
use crate::dialect;
use crate::error::StoreError;
use crate::store::reads;

/// A page of the events that a plan selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventScan {
    /// What is selected.
    pub plan: Plan,
    /// In which order.
    pub order: ScanOrder,
    /// The last first.
    pub descending: bool,
    /// The page begins after this place of the order.
    pub after: Option<ScanPosition>,
    /// The last event, in the order of admission, that may be selected: pages that name the same
    /// one do not see what came after the first.
    pub until: EventId,
    /// Most events of the page.
    pub limit: u64,
}

/// The order of a scan. Events of one time stand in the order of admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanOrder {
    /// In the order of admission.
    Recorded,
    /// By EPCIS `eventTime`.
    EventTime,
    /// By EPCIS `recordTime`.
    RecordTime,
}

/// A place in the order of a scan: after one event, before the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ScanPosition {
    /// The event's time in that order, 0 in the order of admission.
    pub time: Millis,
    /// The event.
    pub event: EventId,
}

impl ScanOrder {
    /// The order in which the plan is answered soonest when the client asks for none: that of the
    /// time which it bounds.
    #[must_use]
    pub fn natural(plan: &Plan) -> Self {
        let bounded =
            |range: &theriac_query::TimeRange| range.from.is_some() || range.before.is_some();
        if bounded(&plan.event_time) {
            Self::EventTime
        } else if bounded(&plan.record_time) {
            Self::RecordTime
        } else {
            Self::Recorded
        }
    }

    /// The place of an event in this order.
    #[must_use]
    pub fn position(self, event: &EventRecord) -> ScanPosition {
        let time = match self {
            Self::Recorded => 0,
            Self::EventTime => event.event_time,
            Self::RecordTime => event.record_time,
        };
        ScanPosition { time, event: event.id }
    }
}

reads! {
    /// A page of the events that a plan selects.
    ///
    /// Every event that the plan selects is on one of the pages; a page may hold others beside
    /// them, which the query itself leaves out. A page shorter than its limit is the last.
    snapshot fn scan_events(scan: &EventScan) -> Vec<EventRecord>;
}

/// Events that are gathered and put in order at most; a longer list is walked in order.
const GATHERED_MAX: u64 = 4_000;

async fn scan_events(
    connection: &mut Connection<'_>,
    scan: &EventScan,
) -> Result<Vec<EventRecord>, StoreError> {
    let rows = find(connection, scan, GATHERED_MAX).await?;
    let select = select()
        .and_where(
            Expr::col(("event", "id"))
                .in_subquery(dialect::numbers(rows.iter().map(|event| event.0))),
        )
        .take();
    let events = all(connection, &select).await?;
    let mut events: HashMap<_, _> = events.into_iter().map(|event| (event.id, event)).collect();
    Ok(rows.iter().filter_map(|id| events.remove(id)).collect())
}

/// The events of the page, in order.
async fn find(
    connection: &mut Connection<'_>,
    scan: &EventScan,
    bound: u64,
) -> Result<Vec<EventId>, StoreError> {
    let Some(conditions) = condition::of(connection, &scan.plan).await? else {
        return Ok(Vec::new());
    };
    let drive = drive::choose(connection, scan, &conditions, bound).await?;
    let select = drive::statement(scan, &conditions, drive);
    connection.all(&select).await?.iter().map(|row| row.get("id")).collect()
}
