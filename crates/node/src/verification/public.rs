//! What anybody may learn about a pack: genuine, not genuine, withdrawn, or that nobody could say.
//!
//! # Invariants
//!
//! - An answer says nothing of where a pack is, when or why it was withdrawn, nor what of a label is
//!   wrong: the same words for all packs with the same answer.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use theriac_custody::VerdictCode;

use crate::report::VerifyReport;

/// Answers to the public take a multiple of this, so that the time tells little of what was looked up.
const STEP: Duration = Duration::from_millis(50);

/// What anybody may learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicCode {
    /// Its labeler made it, and nothing is known against it.
    Genuine,
    /// Its labeler made no such pack, or not with such a label.
    NotGenuine,
    /// It is not to be used: recalled, expired, reported stolen, set apart, or its life has ended.
    Withdrawn,
    /// Nobody could be asked.
    Unknown,
}

impl PublicCode {
    /// What a verdict is to the public.
    #[must_use]
    pub const fn of(code: VerdictCode) -> Self {
        match code {
            VerdictCode::Genuine | VerdictCode::NotHere => Self::Genuine,
            VerdictCode::NotGenuine => Self::NotGenuine,
            VerdictCode::Unknown => Self::Unknown,
            VerdictCode::Recalled
            | VerdictCode::Blocked
            | VerdictCode::Stolen
            | VerdictCode::Quarantined
            | VerdictCode::AlreadyRetired
            | VerdictCode::Expired => Self::Withdrawn,
        }
    }

    /// Why, in one sentence.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Genuine => "its manufacturer made this pack, and nothing is known against it",
            Self::NotGenuine => "its manufacturer knows no pack with this label",
            Self::Withdrawn => "this pack is not for sale, or not any more",
            Self::Unknown => "nobody who knows this pack could be asked",
        }
    }

    /// What to do with the pack.
    #[must_use]
    pub const fn what_to_do(self) -> &'static str {
        match self {
            Self::Genuine => "look at the seal before you use it",
            Self::NotGenuine => {
                "do not use it; scan it again, then show it to a pharmacist or the authority"
            }
            Self::Withdrawn => "do not use it before you have shown it to a pharmacist",
            Self::Unknown => "try again later, or ask a pharmacist",
        }
    }
}

/// The answer to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicVerdict {
    /// What anybody may learn.
    pub verdict: PublicCode,
    /// Why, in one sentence.
    pub reason: String,
    /// What to do with the pack.
    pub what_to_do: String,
    /// What was asked about, as GS1 Digital Link.
    pub identifier: String,
}

impl From<VerifyReport> for PublicVerdict {
    fn from(report: VerifyReport) -> Self {
        let verdict = PublicCode::of(report.verdict.code);
        Self {
            verdict,
            reason: verdict.reason().to_owned(),
            what_to_do: verdict.what_to_do().to_owned(),
            identifier: report.identifier,
        }
    }
}

/// How long an answer to the public that took `elapsed` is held back.
#[must_use]
pub fn held_back(elapsed: Duration) -> Duration {
    let steps = elapsed.as_nanos() / STEP.as_nanos() + 1;
    let steps = u32::try_from(steps).unwrap_or(u32::MAX);
    STEP.saturating_mul(steps).saturating_sub(elapsed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_take_a_multiple_of_a_step() {
        let ms = Duration::from_millis;
        for (elapsed, total) in [(0, 50), (1, 50), (49, 50), (50, 100), (51, 100), (199, 200)] {
            assert_eq!(ms(elapsed) + held_back(ms(elapsed)), ms(total), "{elapsed}");
        }
    }

    #[test]
    fn the_public_learns_nothing_but_the_word() {
        let of = |verdict: &str| {
            let report: VerifyReport = serde_json::from_value(serde_json::json!({
                "verdict": verdict, "reason": "lot TH4A07 is recalled, class 1", "actor": null,
                "what_to_do": "secret", "code": "x", "identifier": "https://id.gs1.org/01/1/21/2",
                "lot": "TH4A07", "expiry": "2028-12-31", "labeler": null,
                "evidence": {"answered_by": "this_node", "lot_tag": null, "holding": null,
                    "position": null, "holding_state": null, "block": null, "transaction": null}
            }))
            .unwrap();
            serde_json::to_string(&PublicVerdict::from(report)).unwrap()
        };
        let withdrawn = of("recalled");
        assert!(!withdrawn.contains("TH4A07") && !withdrawn.contains("secret"), "{withdrawn}");
        for verdict in ["blocked", "stolen", "quarantined", "already_retired", "expired"] {
            assert_eq!(of(verdict), withdrawn);
        }
        assert_eq!(of("genuine"), of("not_here"));
        assert!(of("not_genuine").contains("\"verdict\":\"not_genuine\""));
        assert!(of("unknown").contains("\"verdict\":\"unknown\""));
    }
}
