//! What a labeler answers about packs whose data match, and that it says no more than it wants to.

use serde::{Deserialize, Serialize};

use super::answer::{AdditionalInfo, AnswerData, FailureReason};

/// What is answered about packs that are in a certain state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Say {
    /// Scenario B1: yes, and in which state they are.
    Yes,
    /// Scenario A: yes, and nothing of the state.
    YesOnly,
    /// Scenario B2: no, by the labeler's policy, and in which state they are.
    No,
    /// Scenario C1: no, not to be sold again, and that they are suspect.
    NotForRedistribution,
    /// Scenario C2: no, by the labeler's policy.
    NoOnly,
    /// Scenario D: no, without a reason.
    NoReason,
}

/// Which words are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vocabulary {
    /// Those of GS1's standard, and those that the guideline of GS1 US adds.
    #[default]
    Gs1Us,
    /// Those of GS1's standard alone: `Manufacturer_policy` and `Not_for_re-distribution` become
    /// `No_reason_provided`, `Expired` is left out.
    Gs1,
}

/// What a labeler answers by lightweight messaging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerificationPolicy {
    /// About packs of a recalled lot.
    pub recalled: Say,
    /// About packs of a blocked lot.
    pub blocked: Say,
    /// About packs that have expired.
    pub expired: Say,
    /// About packs in quarantine, stolen or lost.
    pub suspect: Say,
    /// About packs whose life has ended: dispensed, exported, destroyed.
    pub ended: Say,
    /// Whether it is told what of a label does not match (scenario E), or not (scenario D).
    pub mismatch_detail: bool,
    /// The words.
    pub words: Vocabulary,
}

impl Default for VerificationPolicy {
    /// The way of GS1 US: a recall or an expiry is told beside a yes, what is suspect is a no.
    fn default() -> Self {
        Self {
            recalled: Say::Yes,
            blocked: Say::NoOnly,
            expired: Say::Yes,
            suspect: Say::NotForRedistribution,
            ended: Say::NotForRedistribution,
            mismatch_detail: true,
            words: Vocabulary::Gs1Us,
        }
    }
}

impl VerificationPolicy {
    /// The answer about packs in a state that is told as `info`.
    pub(super) fn answer(&self, say: Say, info: Option<AdditionalInfo>) -> AnswerData {
        use FailureReason::{ManufacturerPolicy, NoReason, NotForRedistribution};
        self.in_words(match say {
            Say::Yes => AnswerData { info, ..AnswerData::VERIFIED },
            Say::YesOnly => AnswerData::VERIFIED,
            Say::No => AnswerData::failed(ManufacturerPolicy, info),
            Say::NotForRedistribution => {
                AnswerData::failed(NotForRedistribution, Some(AdditionalInfo::Suspect))
            }
            Say::NoOnly => AnswerData::failed(ManufacturerPolicy, None),
            Say::NoReason => AnswerData::failed(NoReason, None),
        })
    }

    /// The answer about a label that does not match.
    pub(super) fn mismatch(&self, reason: FailureReason) -> AnswerData {
        let reason = if self.mismatch_detail { reason } else { FailureReason::NoReason };
        AnswerData::failed(reason, None)
    }

    fn in_words(&self, answer: AnswerData) -> AnswerData {
        if self.words == Vocabulary::Gs1Us {
            return answer;
        }
        let reason = answer.reason.map(|reason| match reason {
            FailureReason::ManufacturerPolicy | FailureReason::NotForRedistribution => {
                FailureReason::NoReason
            }
            reason => reason,
        });
        let info = answer.info.filter(|info| *info != AdditionalInfo::Expired);
        AnswerData { reason, info, ..answer }
    }
}
