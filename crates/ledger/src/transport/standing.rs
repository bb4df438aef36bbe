//! What is known of an endpoint.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long an endpoint that failed is left alone while there are others.
pub(super) const DOWN_FOR: Duration = Duration::from_secs(15);

/// How long an endpoint of another network is left alone.
pub(super) const STRANGE_FOR: Duration = Duration::from_secs(300);

/// What is known of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing: its chain id is to be asked before it is used.
    New,
    /// It is of the right network, and answered.
    Good,
    /// It failed, or is of another network; left alone until then.
    Shunned { until: Instant },
}

/// What is known of an endpoint, shared by all that use it.
#[derive(Debug)]
pub(super) struct Standing(Mutex<State>);

impl Standing {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State::New))
    }

    /// Whether it may be asked at `now`; one whose time alone is over is asked for its chain id again.
    pub(super) fn is_usable(&self, now: Instant) -> bool {
        !matches!(self.get(), State::Shunned { until } if now < until)
    }

    /// Whether its chain id is known to be right.
    pub(super) fn is_good(&self) -> bool {
        self.get() == State::Good
    }

    pub(super) fn set_good(&self) {
        self.set(State::Good);
    }

    pub(super) fn shun(&self, now: Instant, time: Duration) {
        self.set(State::Shunned { until: now + time });
    }

    fn get(&self) -> State {
        // A state is one value, so a thread that panicked left it whole.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_that_failed_is_left_alone_for_a_while_and_asked_anew() {
        let (standing, now) = (Standing::new(), Instant::now());
        assert!(standing.is_usable(now) && !standing.is_good());
        standing.set_good();
        assert!(standing.is_usable(now) && standing.is_good());
        standing.shun(now, DOWN_FOR);
        assert!(!standing.is_usable(now) && !standing.is_good());
        assert!(standing.is_usable(now + DOWN_FOR) && !standing.is_good());
    }
}
