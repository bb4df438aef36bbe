//! One run of a standing query: what matches among the events recorded after a position.

use std::cmp::Ordering;

use theriac_query::EventQuery;
use theriac_store::EventId;

use crate::node::Node;
use crate::query::limits::SORTED_EVENTS_MAX;
use crate::query::{FoundEvent, QueryFailure};

/// Most events that are read at a time, and most events of a message.
pub(super) const PART_EVENTS_MAX: usize = 100;

/// Most bytes of events in a message that has more than one, as they are on record.
const PART_BYTES_MAX: usize = 4 << 20;

/// Most bytes of events that are held to be put in order.
const ORDERED_BYTES_MAX: usize = 128 << 20;

/// What a run found.
pub(super) struct Run {
    pub(super) answer: Answer,
    /// All events recorded up to this one were looked at.
    pub(super) reached: EventId,
    /// Whether there may be more on record.
    pub(super) more: bool,
}

/// The answer of a run.
pub(super) enum Answer {
    /// Events in the order of record.
    Recorded(Vec<FoundEvent>),
    /// Events in the order that the query asks for.
    Ordered(Vec<FoundEvent>),
    /// More events match than the query admits.
    TooLarge {
        /// What it admits.
        limit: u64,
    },
}

impl Node {
    /// Runs a query over the events after `after`.
    ///
    /// A scheduled run has the order and the limits of the query. In a stream each event is a run
    /// of its own: order and limits, which are at least 1, mean nothing there.
    ///
    /// # Errors
    ///
    /// [`QueryFailure`].
    pub(super) async fn next_run(
        &self,
        query: &EventQuery,
        after: EventId,
        scheduled: bool,
    ) -> Result<Run, QueryFailure> {
        let controls = query.controls();
        let whole = controls.order_by.is_some()
            || controls.event_count_limit.is_some()
            || controls.max_event_count.is_some();
        if scheduled && whole {
            return self.whole_run(query, after).await;
        }
        let page = self.query_recorded(query, after, PART_EVENTS_MAX as u64).await?;
        let answer = Answer::Recorded(page.events);
        Ok(Run { answer, reached: page.reached, more: page.more })
    }

    /// A run whose events are gathered, up to [`SORTED_EVENTS_MAX`]; the others make another run.
    async fn whole_run(&self, query: &EventQuery, after: EventId) -> Result<Run, QueryFailure> {
        let controls = query.controls();
        let mut events: Vec<FoundEvent> = Vec::new();
        let mut bytes = 0;
        let mut reached = after;
        loop {
            let page = self.query_recorded(query, reached, PART_EVENTS_MAX as u64).await?;
            reached = page.reached;
            bytes += page.events.iter().map(|found| found.record.body.len()).sum::<usize>();
            events.extend(page.events);
            if let Some(limit) = controls.max_event_count
                && events.len() as u64 > limit
            {
                let reached = self.inner().store.last_event().await?.unwrap_or(reached);
                return Ok(Run { answer: Answer::TooLarge { limit }, reached, more: false });
            }
            let full = events.len() >= SORTED_EVENTS_MAX || bytes >= ORDERED_BYTES_MAX;
            if full || !page.more {
                let answer = Answer::Ordered(ordered(query, events));
                return Ok(Run { answer, reached, more: page.more });
            }
        }
    }
}

/// The events in the order of the query, no more than it asks for. Events without the field come
/// last, equal ones in the order of record.
fn ordered(query: &EventQuery, mut events: Vec<FoundEvent>) -> Vec<FoundEvent> {
    let controls = query.controls();
    if controls.order_by.is_some() {
        let descending = controls.descending();
        events.sort_by_cached_key(|found| {
            let record_time = found.event.common().record_time.unwrap_or_default();
            Key { key: query.sort_key(&found.event, record_time), descending }
        });
    }
    if let Some(limit) = controls.event_count_limit {
        events.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    }
    events
}

/// What an event is ordered by.
#[derive(PartialEq, Eq)]
struct Key {
    key: Option<theriac_query::SortKey>,
    descending: bool,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.key, &other.key) {
            (Some(one), Some(other)) if self.descending => other.cmp(one),
            (Some(one), Some(other)) => one.cmp(other),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How many of the next events go into one message: as many as `most`, fewer when they are large,
/// one at least.
pub(super) fn part_of(events: &[FoundEvent], most: usize) -> usize {
    let mut bytes = 0;
    let fit = events.iter().take(most.max(1)).take_while(|found| {
        bytes += found.record.body.len();
        bytes <= PART_BYTES_MAX
    });
    fit.count().max(1).min(events.len())
}
