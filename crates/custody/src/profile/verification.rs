//! How requests for verification are answered (GS1 Lightweight Messaging 1.1, scenarios A to E).

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Profile;
use crate::lightweight::{AdditionalInfo, AnswerData, FailureReason};
use crate::verdict::VerdictCode;

/// How requests for verification are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// How long a partner's positive answer is good for, in seconds.
    pub cache_seconds: u32,
    /// Whether it is told what of a label does not match (scenario E), or not (scenario D).
    #[serde(default = "told")]
    pub mismatch_detail: bool,
    /// The answer that follows from each verdict.
    pub answers: BTreeMap<VerdictCode, LightweightAnswer>,
}

fn told() -> bool {
    true
}

/// The `data` of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LightweightAnswer {
    /// Whether the data match and nothing speaks against saying so.
    pub verified: bool,
    /// `verificationFailureReason`; present exactly where `verified` is false. Of a pack whose data
    /// do not match, the reason that names what does not match goes before this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FailureReason>,
    /// `additionalInfo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<AdditionalInfo>,
}

impl From<LightweightAnswer> for AnswerData {
    fn from(answer: LightweightAnswer) -> Self {
        Self { verified: answer.verified, reason: answer.reason, info: answer.info }
    }
}

impl Profile {
    /// The answer to a request for verification that follows from a verdict.
    pub fn lightweight_answer(&self, verdict: VerdictCode) -> &LightweightAnswer {
        let found = self.verification.answers.get(&verdict);
        found.expect("an answer because a sound profile has one for each verdict")
    }

    /// How long a partner's positive answer is good for.
    pub fn verification_cache(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::from(self.verification.cache_seconds))
    }
}
