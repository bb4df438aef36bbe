//! `SimpleEventQuery` (EPCIS 2.0, section 8.2.7.1): the plan selects, the query decides.

use std::sync::Arc;

use jiff::Timestamp;
use theriac_epcis::{Event, EventHash, event_from_json};
use theriac_query::{About, EventQuery, MasterData, MasterDataIndex, OrderBy, Plan};
use theriac_store::{EventId, EventRecord, EventScan, ScanOrder, ScanPosition};

use super::failure::QueryFailure;
use super::limits::{BATCH_EVENTS_MAX, SCAN_BYTES_MAX, SCAN_EVENTS_MAX, WHOLE_EVENTS_MAX};
use super::page::{After, EventPage, FoundEvent, PagePosition, PageRequest, RecordedPage};
use crate::error::NodeError;
use crate::node::Node;

/// A query with what it is decided by.
pub(super) struct Search {
    pub(super) query: EventQuery,
    pub(super) master_data: Option<MasterDataIndex>,
}

/// A scan under way: where it is, and how much work it may still do.
pub(super) struct Walk {
    scan: EventScan,
    events_left: u64,
    bytes_left: u64,
}

/// The events of a batch that match, and where the scan stands after it.
pub(super) struct Batch {
    pub(super) found: Vec<FoundEvent>,
    /// The last event looked at, matching or not.
    pub(super) last: Option<ScanPosition>,
    /// Whether nothing is left to scan.
    pub(super) ended: bool,
}

impl Node {
    /// A page of the events that match.
    ///
    /// # Errors
    ///
    /// [`QueryFailure::TooLarge`] if more match than `maxEventCount`; [`QueryFailure::TooComplex`]
    /// if nothing was found within the [limits](super::limits).
    pub async fn query_events(
        &self,
        query: &EventQuery,
        page: PageRequest,
    ) -> Result<EventPage, QueryFailure> {
        let until = match page.from {
            Some(position) => position.until,
            None => self.inner().store.last_event().await?.unwrap_or(EventId(0)),
        };
        let search = Arc::new(self.search(query).await?);
        let from = page.from.unwrap_or(PagePosition::until(until));
        if page.from.is_none() {
            self.keep_to_most(&search, until).await?;
        }
        let limit = query.controls().event_count_limit.unwrap_or(u64::MAX);
        let rows = page.rows.max(1).min(limit.saturating_sub(from.given));
        let (events, after) = match (rows, index_order(query)) {
            (0, _) => (Vec::new(), None),
            (rows, Some(_)) => self.scan_page(&search, from, rows).await?,
            (rows, None) => self.sorted_page(&search, from, rows).await?,
        };
        let given = from.given + events.len() as u64;
        let after = after.filter(|_| given < limit);
        let next = after.map(|after| PagePosition { until, after, given });
        Ok(EventPage { events, next, until })
    }

    /// All events that match, in the order of the query; at most
    /// [`WHOLE_EVENTS_MAX`].
    ///
    /// # Errors
    ///
    /// As [`Self::query_events`], and [`QueryFailure::TooLarge`] if there are more.
    pub async fn query_all_events(
        &self,
        query: &EventQuery,
    ) -> Result<Vec<FoundEvent>, QueryFailure> {
        let mut page = self.query_events(query, PageRequest::first(1_000)).await?;
        let mut events = std::mem::take(&mut page.events);
        while let Some(next) = page.next {
            page = self.query_events(query, PageRequest::after(1_000, next)).await?;
            events.append(&mut page.events);
            if events.len() as u64 > WHOLE_EVENTS_MAX {
                return Err(QueryFailure::TooLarge { what: "events", limit: WHOLE_EVENTS_MAX });
            }
        }
        Ok(events)
    }

    /// The first `rows` events that match among those recorded after the event `after`, in the order
    /// of record, whatever order and limits the query has: for whoever follows what comes in.
    ///
    /// # Errors
    ///
    /// [`QueryFailure::Node`].
    pub async fn query_recorded(
        &self,
        query: &EventQuery,
        after: EventId,
        rows: u64,
    ) -> Result<RecordedPage, QueryFailure> {
        let until = self.inner().store.last_event().await?.unwrap_or(EventId(0));
        let search = Arc::new(self.search(query).await?);
        let start = Some(ScanPosition { time: 0, event: after });
        let mut walk = Walk::new(&search, ScanOrder::Recorded, false, until, start);
        let mut events: Vec<FoundEvent> = Vec::new();
        loop {
            let batch = self.next_batch(&search, &mut walk, BATCH_EVENTS_MAX).await?;
            events.extend(batch.found);
            if events.len() as u64 > rows {
                events.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
                let reached = events.last().map_or(after, |found| found.record.id);
                return Ok(RecordedPage { events, reached, more: true });
            }
            if batch.ended {
                return Ok(RecordedPage { events, reached: until.max(after), more: false });
            }
            if walk.is_exhausted().is_err() {
                let reached = batch.last.map_or(after, |last| last.event);
                return Ok(RecordedPage { events, reached, more: true });
            }
        }
    }

    /// All events with an `eventID`, an event and its error declarations, in the order of record.
    /// The hash of an event without an `eventID` counts as one.
    ///
    /// # Errors
    ///
    /// [`QueryFailure::Node`].
    pub async fn events_of_id(&self, event_id: &str) -> Result<Vec<FoundEvent>, QueryFailure> {
        let store = &self.inner().store;
        let mut records = store.events_with_event_id(event_id).await?;
        if let Ok(hash) = event_id.parse::<EventHash>()
            && let Some(record) = store.event_by_hash(&theriac_custody::Hash(hash.0)).await?
            && records.iter().all(|each| each.id != record.id)
        {
            records.push(record);
        }
        let found = records.into_iter().map(read_event).collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Loads what the query is decided by.
    async fn search(&self, query: &EventQuery) -> Result<Search, QueryFailure> {
        let master_data = match query.needs_master_data() {
            true => Some(self.master_data_index().await?),
            false => None,
        };
        Ok(Search { query: query.clone(), master_data })
    }

    /// Refuses a query of which more events match than its `maxEventCount`.
    async fn keep_to_most(&self, search: &Arc<Search>, until: EventId) -> Result<(), QueryFailure> {
        let Some(most) = search.query.controls().max_event_count else { return Ok(()) };
        let mut walk = Walk::new(search, ScanOrder::Recorded, false, until, None);
        let mut found = 0;
        loop {
            let batch = self.next_batch(search, &mut walk, BATCH_EVENTS_MAX).await?;
            found += batch.found.len() as u64;
            if found > most {
                return Err(QueryFailure::TooLarge { what: "events", limit: most });
            }
            if batch.ended {
                return Ok(());
            }
            walk.is_exhausted()?;
        }
    }

    /// A page in an order that an index has.
    async fn scan_page(
        &self,
        search: &Arc<Search>,
        from: PagePosition,
        rows: u64,
    ) -> Result<(Vec<FoundEvent>, Option<After>), QueryFailure> {
        let (order, descending) = index_order(&search.query)
            .expect("an index has the order, because another order is put in order elsewhere");
        let order = order.unwrap_or_else(|| ScanOrder::natural(&search.plan()));
        let after = match from.after {
            After::Event(position) => Some(position),
            After::Nothing | After::Count(_) => None,
        };
        let mut walk = Walk::new(search, order, descending, from.until, after);
        let mut page: Vec<FoundEvent> = Vec::new();
        loop {
            let wanted = rows - page.len() as u64 + 1;
            let batch = self.next_batch(search, &mut walk, wanted.max(64)).await?;
            page.extend(batch.found);
            if page.len() as u64 > rows {
                page.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
                let last = page.last().map(|found| After::Event(order.position(&found.record)));
                return Ok((page, last));
            }
            if batch.ended {
                return Ok((page, None));
            }
            match walk.is_exhausted() {
                Ok(()) => {}
                Err(failure) if page.is_empty() => return Err(failure),
                Err(_) => return Ok((page, batch.last.map(After::Event))),
            }
        }
    }

    /// The matches among the next events of a scan.
    pub(super) async fn next_batch(
        &self,
        search: &Arc<Search>,
        walk: &mut Walk,
        wanted: u64,
    ) -> Result<Batch, QueryFailure> {
        walk.scan.limit = wanted.min(BATCH_EVENTS_MAX).min(walk.events_left.max(1));
        if walk.scan.plan.impossible {
            return Ok(Batch { found: Vec::new(), last: None, ended: true });
        }
        let records = self.inner().store.scan_events(&walk.scan).await?;
        let ended = (records.len() as u64) < walk.scan.limit;
        let last = records.last().map(|record| walk.scan.order.position(record));
        walk.scan.after = last.or(walk.scan.after);
        walk.events_left = walk.events_left.saturating_sub(records.len() as u64);
        let bytes: u64 = records.iter().map(|record| record.body.len() as u64).sum();
        walk.bytes_left = walk.bytes_left.saturating_sub(bytes);
        let search = Arc::clone(search);
        // Reading and comparing is work for a thread of its own.
        let found = tokio::task::spawn_blocking(move || search.matches_of(records)).await;
        let found = found.map_err(|_| NodeError::Stopping)??;
        Ok(Batch { found, last, ended })
    }
}

impl Search {
    /// What an index can answer.
    pub(super) fn plan(&self) -> Plan {
        let master_data = self.master_data.as_ref().map(|index| index as &dyn MasterData);
        self.query.plan_with(master_data)
    }

    /// Those of `records` that match.
    fn matches_of(&self, records: Vec<EventRecord>) -> Result<Vec<FoundEvent>, NodeError> {
        let mut found = Vec::new();
        for record in records {
            let each = read_event(record)?;
            if self.query.matches(&each.event, &self.about(&each)) {
                found.push(each);
            }
        }
        Ok(found)
    }

    fn about(&self, found: &FoundEvent) -> About<'_> {
        // A declaration is on record by an identity of its own.
        let is_event = found.event.common().error_declaration.is_none();
        About {
            record_time: time(found.record.record_time),
            event_hash: is_event.then_some(EventHash(found.record.hash.0)),
            master_data: self.master_data.as_ref().map(|index| index as &dyn MasterData),
        }
    }
}

impl Walk {
    pub(super) fn new(
        search: &Search,
        order: ScanOrder,
        descending: bool,
        until: EventId,
        after: Option<ScanPosition>,
    ) -> Self {
        let scan = EventScan { plan: search.plan(), order, descending, after, until, limit: 1 };
        Self { scan, events_left: SCAN_EVENTS_MAX, bytes_left: SCAN_BYTES_MAX }
    }

    /// # Errors
    ///
    /// [`QueryFailure::TooComplex`] when the scan may do no more work.
    pub(super) fn is_exhausted(&self) -> Result<(), QueryFailure> {
        let (what, limit) = match (self.events_left, self.bytes_left) {
            (0, _) => ("events on record", SCAN_EVENTS_MAX),
            (_, 0) => ("bytes of events on record", SCAN_BYTES_MAX),
            _ => return Ok(()),
        };
        Err(QueryFailure::TooComplex { what, limit })
    }
}

/// The order of a query in an index: which (`None`: any), and whether the last comes first. `None`
/// if no index has it.
fn index_order(query: &EventQuery) -> Option<(Option<ScanOrder>, bool)> {
    let controls = query.controls();
    let order = match &controls.order_by {
        None => return Some((None, false)),
        Some(OrderBy::EventTime) => ScanOrder::EventTime,
        Some(OrderBy::RecordTime) => ScanOrder::RecordTime,
        Some(_) => return None,
    };
    Some((Some(order), controls.descending()))
}

/// The event of a record, with its record time here, and its hash where it has no `eventID`.
///
/// # Errors
///
/// [`NodeError::Inconsistent`] if the record holds no event.
pub fn read_event(record: EventRecord) -> Result<FoundEvent, NodeError> {
    let wrong = |found: String| NodeError::Inconsistent { expected: "an event as JSON", found };
    let value: serde_json::Value =
        serde_json::from_str(&record.body).map_err(|error| wrong(error.to_string()))?;
    let mut event: Event = event_from_json(&value).map_err(|error| wrong(error.to_string()))?;
    let common = event.common_mut();
    // The record time of this repository, whatever another one said.
    common.record_time = Some(time(record.record_time));
    let hash = EventHash(record.hash.0);
    common.event_id.get_or_insert_with(|| hash.to_string());
    Ok(FoundEvent { event, record })
}

/// A time on record.
pub(super) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
