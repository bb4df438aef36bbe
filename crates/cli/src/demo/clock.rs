//! The clock of the story: set to each step's time, and running from there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use theriac_node::Clock;

/// A clock that all nodes of a demo share. It never goes back.
#[derive(Debug, Clone)]
pub struct StoryClock(Arc<Mutex<Setting>>);

#[derive(Debug, Clone, Copy)]
struct Setting {
    shown: Timestamp,
    at: Instant,
}

impl Setting {
    fn now(self) -> Timestamp {
        self.shown.saturating_add(self.at.elapsed()).unwrap_or(self.shown)
    }
}

impl StoryClock {
    /// A clock that shows `start` and runs.
    pub fn starting(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Setting { shown: start, at: Instant::now() })))
    }

    /// Sets the clock, unless it is later already.
    pub fn set(&self, time: Timestamp) {
        self.change(|now| now.max(time));
    }

    /// Sets the clock ahead, so that what waits for a time does not keep the story waiting.
    pub fn skip(&self, duration: Duration) {
        self.change(|now| now.saturating_add(duration).unwrap_or(now));
    }

    /// The clock as nodes take it.
    pub fn as_node_clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    fn now(&self) -> Timestamp {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now()
    }

    fn change(&self, next: impl FnOnce(Timestamp) -> Timestamp) {
        let mut setting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *setting = Setting { shown: next(setting.now()), at: Instant::now() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_forward_only() {
        let start: Timestamp = "2026-11-23T06:00:00Z".parse().unwrap();
        let clock = StoryClock::starting(start);
        clock.set("2026-11-23T08:00:00Z".parse().unwrap());
        clock.set(start);
        clock.skip(Duration::from_secs(3600));
        assert!(clock.now() >= "2026-11-23T09:00:00Z".parse().unwrap());
    }
}
