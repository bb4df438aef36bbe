//! The circuit breaker of a responder: one that fails again and again is left alone for a while,
//! then asked once, and by that answer believed or left alone for longer.
//!
//! ```text
//!            failures in a row                    pause over
//!  closed ──────────────────────▶ open ─────────────────────────▶ half open: one question
//!    ▲                             ▲  failed: twice the pause           │
//!    │                             └────────────────────────────────────┤
//!    └──────────────────────────────────────────────────────────────────┘ answered
//! ```

use std::collections::HashMap;

/// Failures in a row after which a responder is left alone.
const FAILURES_MAX: u32 = 3;

/// The first pause, in milliseconds; each one is twice as long as the one before.
const PAUSE_MS: i64 = 15_000;

/// The longest pause, in milliseconds.
const PAUSE_MS_MAX: i64 = 600_000;

/// How long the question of a half open breaker may be under way before another one is let through,
/// in milliseconds; longer than any time-out.
const PROBE_MS_MAX: i64 = 60_000;

/// Responders remembered; a closed one without failures is not.
const RESPONDERS_MAX: usize = 10_000;

/// How a responder has fared, from its last answer on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct State {
    failures: u32,
    /// Until when it is left alone, in milliseconds since 1970.
    open_until: i64,
    /// Since when one question is under way although it failed before.
    probed_at: Option<i64>,
}

/// The breakers of all responders, by URL.
#[derive(Debug, Default)]
pub(crate) struct Breakers(HashMap<String, State>);

/// A responder that is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    /// Failures in a row.
    pub(crate) failures: u32,
    /// When it is asked again, in milliseconds since 1970.
    pub(crate) until: i64,
}

impl Breakers {
    /// Lets a question to `url` through, or says until when it is not.
    pub(crate) fn ask(&mut self, url: &str, now: i64) -> Result<(), Open> {
        let Some(state) = self.0.get_mut(url) else { return Ok(()) };
        if state.failures < FAILURES_MAX {
            return Ok(());
        }
        let probing = state.probed_at.map(|at| at.saturating_add(PROBE_MS_MAX));
        let until = probing.unwrap_or(0).max(state.open_until);
        if now < until {
            return Err(Open { failures: state.failures, until });
        }
        state.probed_at = Some(now);
        Ok(())
    }

    /// Notes that `url` answered.
    pub(crate) fn answered(&mut self, url: &str) {
        self.0.remove(url);
    }

    /// Notes that `url` failed.
    pub(crate) fn failed(&mut self, url: &str, now: i64) {
        if self.0.len() >= RESPONDERS_MAX && !self.0.contains_key(url) {
            // Those that have failed least are the least worth remembering.
            let least = self.0.iter().min_by_key(|(_, state)| state.open_until);
            if let Some(url) = least.map(|(url, _)| url.clone()) {
                self.0.remove(&url);
            }
        }
        let state = self.0.entry(url.to_owned()).or_default();
        state.failures = state.failures.saturating_add(1);
        state.probed_at = None;
        if let Some(opened) = state.failures.checked_sub(FAILURES_MAX) {
            let pause = PAUSE_MS.checked_shl(opened.min(30)).unwrap_or(PAUSE_MS_MAX);
            state.open_until = now.saturating_add(pause.min(PAUSE_MS_MAX));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://vrs.example";

    fn opened(now: i64) -> Breakers {
        let mut breakers = Breakers::default();
        for _ in 0..FAILURES_MAX {
            assert_eq!(breakers.ask(URL, now), Ok(()));
            breakers.failed(URL, now);
        }
        breakers
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_not_before() {
        let mut breakers = Breakers::default();
        for _ in 0..10 {
            breakers.failed(URL, 0);
            breakers.failed(URL, 0);
            breakers.answered(URL);
        }
        assert_eq!(breakers.ask(URL, 0), Ok(()));
        let mut breakers = opened(1_000);
        let open = Open { failures: 3, until: 1_000 + PAUSE_MS };
        assert_eq!(breakers.ask(URL, 1_000), Err(open));
        assert_eq!(breakers.ask(URL, open.until - 1), Err(open));
        assert_eq!(breakers.ask("https://other.example", 1_000), Ok(()));
    }

    #[test]
    fn one_question_probes_and_decides() {
        let mut breakers = opened(0);
        assert_eq!(breakers.ask(URL, PAUSE_MS), Ok(()));
        let probing = Open { failures: 3, until: PAUSE_MS + PROBE_MS_MAX };
        assert_eq!(breakers.ask(URL, PAUSE_MS), Err(probing), "one at a time");
        breakers.failed(URL, PAUSE_MS + 5);
        let open = Open { failures: 4, until: PAUSE_MS + 5 + 2 * PAUSE_MS };
        assert_eq!(breakers.ask(URL, PAUSE_MS + 5), Err(open));
        assert_eq!(breakers.ask(URL, open.until), Ok(()));
        breakers.answered(URL);
        assert_eq!(breakers.ask(URL, open.until), Ok(()));
        assert_eq!(breakers.ask(URL, open.until), Ok(()));
    }

    #[test]
    fn a_probe_that_is_lost_does_not_keep_it_open_and_pauses_are_bounded() {
        let mut breakers = opened(0);
        assert_eq!(breakers.ask(URL, PAUSE_MS), Ok(()));
        assert_eq!(breakers.ask(URL, PAUSE_MS + PROBE_MS_MAX), Ok(()));
        for _ in 0..100 {
            breakers.failed(URL, 0);
        }
        assert_eq!(breakers.ask(URL, PAUSE_MS_MAX), Ok(()));
        for n in 0..2 * RESPONDERS_MAX {
            breakers.failed(&n.to_string(), 0);
        }
        assert!(breakers.0.len() <= RESPONDERS_MAX);
    }
}
