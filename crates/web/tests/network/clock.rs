//! One clock for all nodes; it stands still unless it is set.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::Date;
use theriac_node::Clock;

/// Milliseconds since 1970, shared by all nodes and the ledger.
#[derive(Debug, Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn starting(start: &str) -> Self {
        let start: Timestamp = start.parse().unwrap();
        Self(Arc::new(AtomicI64::new(start.as_millisecond())))
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    /// A second later than anything before: no two events have the same time.
    pub(crate) fn tick(&self) -> Timestamp {
        self.skip(1);
        self.now()
    }

    pub(crate) fn skip(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Noon of a day.
    pub(crate) fn set_noon(&self, day: Date) {
        let noon: Timestamp = format!("{day}T12:00:00Z").parse().unwrap();
        self.0.store(noon.as_millisecond(), Ordering::SeqCst);
    }

    pub(crate) fn as_node_clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}
