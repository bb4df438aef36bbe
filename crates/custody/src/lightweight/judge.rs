//! Which of the scenarios A to E a request meets.

use jiff::civil::Date;

use super::answer::{AnswerData, FailureReason};
use super::request::VerifyRequest;
use crate::item::Reason;
use crate::operation::{HoldingState, LotStatus};
use crate::profile::Profile;
use crate::verdict::{Life, Pack, Record, VerdictCode};

/// What the labeler answers to `request` by what is on record of the unit; what it says about packs in
/// which state is the profile's.
///
/// The label comes first: lot and expiry are compared before anything of the pack's state is told.
#[must_use]
pub fn judge(
    request: &VerifyRequest,
    record: &Record,
    today: Date,
    profile: &Profile,
) -> AnswerData {
    let unlike = match record {
        Record::Pack(pack) => mismatch(request, pack),
        _ => Some(FailureReason::NoMatchSerial),
    };
    match (unlike, record) {
        (None, Record::Pack(pack)) => (*profile.lightweight_answer(state(pack, today))).into(),
        (Some(reason), _) if profile.verification.mismatch_detail => {
            AnswerData::failed(reason, None)
        }
        _ => AnswerData::failed(FailureReason::NoReason, None),
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

/// In which state a pack is that is what its label says.
///
/// Unlike in a verdict, a pack that is stolen or whose life has ended is told as such even if its lot
/// is recalled: what is offered again after its end is no return. Where the pack is counts for
/// nothing: only its holder and its labeler know.
fn state(pack: &Pack, today: Date) -> VerdictCode {
    match (&pack.life, pack.lot_status) {
        (Life::Held { state: HoldingState::Stolen, .. }, _)
        | (Life::Retired { reason: Reason::Stolen, .. }, _) => VerdictCode::Stolen,
        (Life::Retired { reason: Reason::Expired, .. }, _) => VerdictCode::Expired,
        (Life::Retired { .. }, _) => VerdictCode::AlreadyRetired,
        (_, status) if status.recall_class().is_some() => VerdictCode::Recalled,
        (_, LotStatus::Blocked) => VerdictCode::Blocked,
        (Life::Held { state: HoldingState::Quarantined | HoldingState::Lost, .. }, _) => {
            VerdictCode::Quarantined
        }
        _ if pack.expiry < today => VerdictCode::Expired,
        _ => VerdictCode::Genuine,
    }
}
