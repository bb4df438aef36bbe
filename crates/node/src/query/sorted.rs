//! Answers in the order of a field that no index has: all matches are put in order, within limits.

use std::cmp::Ordering;
use std::sync::Arc;

use theriac_query::SortKey;
use theriac_store::{EventId, ScanOrder};

use super::events::{Search, Walk, read_event, time};
use super::failure::QueryFailure;
use super::limits::{BATCH_EVENTS_MAX, SORTED_EVENTS_MAX};
use super::page::{After, FoundEvent, PagePosition};
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// A page in the order of a field. Each page puts the same events in order again: a position
    /// holds until when they were recorded.
    pub(super) async fn sorted_page(
        &self,
        search: &Arc<Search>,
        from: PagePosition,
        rows: u64,
    ) -> Result<(Vec<FoundEvent>, Option<After>), QueryFailure> {
        let mut keys = self.sort_keys(search, from.until).await?;
        let descending = search.query.controls().descending();
        keys.sort_by(|one, other| compare(one, other, descending));
        let skip = match from.after {
            After::Count(count) => usize::try_from(count).unwrap_or(usize::MAX),
            After::Nothing | After::Event(_) => 0,
        };
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        let mut page = Vec::new();
        for (_, id) in keys.iter().skip(skip).take(rows) {
            let record = self.inner().store.event(*id).await?;
            let record = record.ok_or_else(|| NodeError::Inconsistent {
                expected: "the event that a query has found",
                found: format!("no event {}", id.0),
            })?;
            page.push(read_event(record)?);
        }
        let end = skip.saturating_add(page.len());
        let after = (end < keys.len()).then_some(After::Count(end as u64));
        Ok((page, after))
    }

    /// All events that match, with what they are ordered by.
    async fn sort_keys(
        &self,
        search: &Arc<Search>,
        until: EventId,
    ) -> Result<Vec<(Option<SortKey>, EventId)>, QueryFailure> {
        let mut walk = Walk::new(search, ScanOrder::Recorded, false, until, None);
        let mut keys = Vec::new();
        loop {
            let batch = self.next_batch(search, &mut walk, BATCH_EVENTS_MAX).await?;
            keys.extend(batch.found.iter().map(|found| {
                let record_time = time(found.record.record_time);
                (search.query.sort_key(&found.event, record_time), found.record.id)
            }));
            if keys.len() > SORTED_EVENTS_MAX {
                let limit = SORTED_EVENTS_MAX as u64;
                return Err(QueryFailure::TooComplex { what: "events put in order", limit });
            }
            if batch.ended {
                return Ok(keys);
            }
            walk.is_exhausted()?;
        }
    }
}

/// Events without the field come last, events with equal fields in the order of record.
fn compare(
    (one, one_id): &(Option<SortKey>, EventId),
    (other, other_id): &(Option<SortKey>, EventId),
    descending: bool,
) -> Ordering {
    let by_key = match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(one),
        (Some(one), Some(other)) => one.cmp(other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    by_key.then(one_id.0.cmp(&other_id.0))
}
