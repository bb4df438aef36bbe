//! Which of the scenarios A to E a request meets.

use jiff::civil::Date;

use super::answer::{AdditionalInfo, AnswerData, FailureReason};
use super::policy::VerificationPolicy;
use super::request::VerifyRequest;
use crate::item::Reason;
use crate::operation::{HoldingState, LotStatus};
use crate::verdict::{Life, Pack, Record};

/// What the labeler answers to `request` by what is on record of the unit.
///
/// The label comes first: lot and expiry are compared before anything of the pack's state is told.
/// Then the first that applies: stolen or ended, recalled, blocked, in quarantine or lost, expired.
#[must_use]
pub fn judge(
    request: &VerifyRequest,
    record: &Record,
    today: Date,
    policy: &VerificationPolicy,
) -> AnswerData {
    let Record::Pack(pack) = record else {
        return policy.mismatch(FailureReason::NoMatchSerial);
    };
    match mismatch(request, pack) {
        Some(reason) => policy.mismatch(reason),
        None => standing(pack, today, policy),
    }
}

/// Scenario E: what of the label is not as on record.
fn mismatch(request: &VerifyRequest, pack: &Pack) -> Option<FailureReason> {
    match (request.lot == pack.lot, request.expiry == pack.expiry) {
        (true, true) => None,
        (false, true) => Some(FailureReason::NoMatchLot),
        (true, false) => Some(FailureReason::NoMatchExpiry),
        (false, false) => Some(FailureReason::NoMatchLotExpiry),
    }
}

/// Scenarios A to C: what is to be said of a pack that is what its label says.
fn standing(pack: &Pack, today: Date, policy: &VerificationPolicy) -> AnswerData {
    use AdditionalInfo::{Expired, Recalled, Suspect};
    let (say, info) = match (&pack.life, pack.lot_status) {
        (Life::Held { state: HoldingState::Stolen, .. }, _)
        | (Life::Retired { reason: Reason::Stolen | Reason::Lost, .. }, _) => {
            (policy.suspect, Some(Suspect))
        }
        (Life::Retired { reason: Reason::Expired, .. }, _) => (policy.expired, Some(Expired)),
        (Life::Retired { .. }, _) => (policy.ended, Some(Suspect)),
        (_, status) if status.recall_class().is_some() => (policy.recalled, Some(Recalled)),
        (_, LotStatus::Blocked) => (policy.blocked, None),
        (Life::Held { state: HoldingState::Quarantined | HoldingState::Lost, .. }, _) => {
            (policy.suspect, Some(Suspect))
        }
        _ if pack.expiry < today => (policy.expired, Some(Expired)),
        _ => return AnswerData::VERIFIED,
    };
    policy.answer(say, info)
}
