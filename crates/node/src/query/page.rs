//! Pages of events: which one is asked for, what is on it, where the next begins.

use theriac_epcis::Event;
use theriac_store::{EventId, EventRecord, ScanPosition};

/// The page that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Most events on it, at least 1.
    pub rows: u64,
    /// Where it begins; `None` for the first page.
    pub from: Option<PagePosition>,
}

impl PageRequest {
    /// The first page.
    pub fn first(rows: u64) -> Self {
        Self { rows, from: None }
    }

    /// The page that begins at a position.
    pub fn after(rows: u64, from: PagePosition) -> Self {
        Self { rows, from: Some(from) }
    }
}

/// A place between two events of an answer. Means something only with the query that it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PagePosition {
    /// The last event on record when the first page was asked for.
    pub(super) until: EventId,
    /// After what the page begins.
    pub(super) after: After,
    /// Events on the pages before.
    pub(super) given: u64,
}

/// After what a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// It is the first.
    Nothing,
    /// An event, in an order that an index has.
    Event(ScanPosition),
    /// So many events, in an order that no index has.
    Count(u64),
}

/// Bytes that are no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected the 33 bytes of a position, found others")]
pub struct PositionError;

const BYTES: usize = 33;

impl PagePosition {
    /// Before the first of the events recorded up to `until`.
    pub fn until(until: EventId) -> Self {
        Self { until, after: After::Nothing, given: 0 }
    }

    /// The last event on record that this and the following pages can hold.
    pub fn snapshot(&self) -> EventId {
        self.until
    }

    /// As bytes for a token.
    pub fn to_bytes(&self) -> [u8; BYTES] {
        let (kind, first, second) = match self.after {
            After::Nothing => (0, 0, 0),
            After::Event(position) => (1, position.time, position.event.0),
            After::Count(count) => (2, i64::try_from(count).unwrap_or(i64::MAX), 0),
        };
        let mut bytes = [0; BYTES];
        bytes[0] = kind;
        bytes[1..9].copy_from_slice(&first.to_be_bytes());
        bytes[9..17].copy_from_slice(&second.to_be_bytes());
        bytes[17..25].copy_from_slice(&self.until.0.to_be_bytes());
        bytes[25..].copy_from_slice(&self.given.to_be_bytes());
        bytes
    }

    /// From the bytes of a token.
    ///
    /// # Errors
    ///
    /// [`PositionError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PositionError> {
        let bytes: &[u8; BYTES] = bytes.try_into().map_err(|_| PositionError)?;
        let number = |from: usize| {
            let mut number = [0; 8];
            number.copy_from_slice(&bytes[from..from + 8]);
            i64::from_be_bytes(number)
        };
        let after = match bytes[0] {
            0 => After::Nothing,
            1 => After::Event(ScanPosition { time: number(1), event: EventId(number(9)) }),
            2 => After::Count(u64::try_from(number(1)).map_err(|_| PositionError)?),
            _ => return Err(PositionError),
        };
        let given = u64::try_from(number(25)).map_err(|_| PositionError)?;
        Ok(Self { until: EventId(number(17)), after, given })
    }
}

/// An event of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundEvent {
    /// It, with its `recordTime` here and an `eventID`: its own, else its hash.
    pub event: Event,
    /// What is on record of it.
    pub record: EventRecord,
}

/// A page of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPage {
    /// The events on it, in the order of the query. May be fewer than asked for though others
    /// follow.
    pub events: Vec<FoundEvent>,
    /// Where the next page begins; `None`: this is the last.
    pub next: Option<PagePosition>,
    /// The last event on record when the first page was asked for.
    pub until: EventId,
}

/// Events that match among those that came on record after another one.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedPage {
    /// They, in the order of record.
    pub events: Vec<FoundEvent>,
    /// All events recorded up to this one were looked at: go on after it.
    pub reached: EventId,
    /// Whether there may be more now.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_survives_its_token() {
        let scan = ScanPosition { time: -5, event: EventId(77) };
        for after in [After::Nothing, After::Event(scan), After::Count(9)] {
            let position = PagePosition { until: EventId(1_000), after, given: 42 };
            assert_eq!(PagePosition::from_bytes(&position.to_bytes()), Ok(position));
        }
        assert_eq!(PagePosition::from_bytes(b"short"), Err(PositionError));
        assert_eq!(PagePosition::from_bytes(&[9; BYTES]), Err(PositionError));
    }
}
