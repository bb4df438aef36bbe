//! What a labeler's answer means for the pack in hand.

use jiff::civil::Date;
use theriac_gs1::Gln;

use super::answer::{AdditionalInfo, AnswerData, FailureReason};
use crate::breach::Actor;
use crate::verdict::{Verdict, VerdictCode};

const APART: &str = "do not dispense or sell; keep the pack apart and report it as suspect";

/// The verdict that follows from the answer of `responder` about a pack that expires on `expiry`.
///
/// That data match says nothing of where the pack has been: it is genuine by its labeler's word.
#[must_use]
pub fn verdict(answer: &AnswerData, responder: Gln, expiry: Date, today: Date) -> Verdict {
    use AdditionalInfo::{ExpirationExtended, Expired, Illegitimate, Recalled, Suspect};
    match (answer.verified, answer.info) {
        (_, Some(Illegitimate)) => of(
            VerdictCode::NotGenuine,
            format!("its labeler ({responder}) calls it illegitimate"),
            Actor::Regulator,
            APART,
        ),
        (_, Some(Recalled)) => of(
            VerdictCode::Recalled,
            format!("its labeler ({responder}) says that it is recalled"),
            Actor::ThisMember,
            "do not dispense; take the pack out of stock and follow the recall notice",
        ),
        (_, Some(Suspect)) => suspect(responder),
        (_, Some(Expired)) => {
            expired(format!("its labeler ({responder}) says that it has expired"))
        }
        (false, _) => not_confirmed(answer.reason.unwrap_or(FailureReason::NoReason), responder),
        (true, info) if expiry < today && info != Some(ExpirationExtended) => {
            expired(format!("it expired on {expiry}"))
        }
        (true, _) => Verdict {
            code: VerdictCode::Genuine,
            reason: format!("its labeler ({responder}) says that it made this very pack"),
            actor: None,
            what_to_do: "it may be dispensed or sold if it came from an authorised partner"
                .to_owned(),
        },
    }
}

/// The labeler does not say yes.
fn not_confirmed(reason: FailureReason, responder: Gln) -> Verdict {
    let unlike = match reason {
        FailureReason::NoMatchSerial => "it never made a pack with this serial number",
        FailureReason::NoMatchLotExpiry => "its pack has another lot and another expiry date",
        FailureReason::NoMatchLot => "its pack has another lot",
        FailureReason::NoMatchExpiry => "its pack has another expiry date",
        FailureReason::NoReason => "it does not confirm this pack, without a reason",
        FailureReason::NotForRedistribution => return suspect(responder),
        FailureReason::ManufacturerPolicy => {
            return of(
                VerdictCode::Blocked,
                format!("its labeler ({responder}) does not release it, by its own policy"),
                Actor::Labeler,
                "do not dispense or sell; ask the labeler what is to happen with the pack",
            );
        }
    };
    let reason = format!("its labeler ({responder}) says: {unlike}");
    of(VerdictCode::NotGenuine, reason, Actor::ThisMember, APART)
}

fn suspect(responder: Gln) -> Verdict {
    let reason = format!("its labeler ({responder}) says that it is suspect");
    of(VerdictCode::Quarantined, reason, Actor::ThisMember, APART)
}

fn expired(reason: String) -> Verdict {
    let what_to_do = "do not dispense; take the pack out of stock";
    of(VerdictCode::Expired, reason, Actor::ThisMember, what_to_do)
}

fn of(code: VerdictCode, reason: String, actor: Actor, what_to_do: &str) -> Verdict {
    Verdict { code, reason, actor: Some(actor), what_to_do: what_to_do.to_owned() }
}
