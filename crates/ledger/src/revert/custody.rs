//! Refusals of the contract of holdings and lots.

use theriac_custody::{HoldingState, LotStatus, Reason};

use super::{Revert, roles};
use crate::bindings::convert::{account, hash};
use crate::bindings::custody::Custody::CustodyErrors as E;
use crate::read::PRUNING;

pub(super) fn explain(error: &E) -> Revert {
    let (name, text) = holdings(error)
        .or_else(|| proofs(error))
        .or_else(|| undoing(error))
        .or_else(|| lots(error))
        .unwrap_or_else(|| ("CallFailed", format!("a call inside the contract failed: {error:?}")));
    Revert::new(name, text)
}

type Explained = Option<(&'static str, String)>;

fn holdings(error: &E) -> Explained {
    Some(match error {
        E::RoleMissing(e) => {
            let (account, roles) = (account(e.account), roles(e.anyOf));
            ("RoleMissing", format!("{account} has none of these roles now: {roles}"))
        }
        E::NothingListed(_) => ("NothingListed", "the operation names no goods".into()),
        E::HoldingUnknown(e) => ("HoldingUnknown", format!("there is no holding {}", hash(e.id))),
        E::HoldingExists(e) => {
            let id = hash(e.id);
            ("HoldingExists", format!("the holding {id} exists: the operation was recorded before"))
        }
        E::NotHolder(e) => {
            let (id, caller) = (hash(e.id), account(e.caller));
            ("NotHolder", format!("{caller} does not hold the holding {id}"))
        }
        E::NotConsignee(e) => {
            let (id, caller) = (hash(e.id), account(e.caller));
            ("NotConsignee", format!("the shipment {id} is not addressed to {caller}"))
        }
        E::WrongState(e) => {
            let (id, state) = (hash(e.id), state(e.state));
            ("WrongState", format!("the holding {id} is {state}, which does not allow this"))
        }
        E::StateNotAllowed(e) => {
            let state = state(e.state);
            ("StateNotAllowed", format!("goods cannot be set apart as {state}"))
        }
        E::ShipsToSelf(e) => ("ShipsToSelf", format!("{} cannot ship to itself", account(e.to))),
        E::NodeForeign(e) => {
            let (shipment, found) = (hash(e.shipment), hash(e.found));
            (
                "NodeForeign",
                format!("what is refused is of {found}, not of the shipment {shipment}"),
            )
        }
        _ => return None,
    })
}

fn proofs(error: &E) -> Explained {
    Some(match error {
        E::HeightTooLarge(e) => {
            ("HeightTooLarge", format!("a tree cannot have height {}, at most 32", e.height))
        }
        E::HeightDiffers(e) => {
            let (id, expected, found) = (hash(e.id), e.expected, e.found);
            ("HeightDiffers", format!("the holding {id} has height {expected}, not {found}"))
        }
        E::PlaceOutside(e) => {
            let (place, of) = (place(e.height, e.index), hash(e.idOrSeed));
            ("PlaceOutside", format!("{place} lies outside the tree of {of}"))
        }
        E::ItemsInvalid(e) => {
            ("ItemsInvalid", format!("a list of {} bytes is no list of items", e.bytes_))
        }
        E::ItemsNotAscending(e) => {
            let (index, seed) = (e.index, hash(e.seed));
            let text = format!("the item at {index} overlaps the one before (of seed {seed})");
            ("ItemsNotAscending", text)
        }
        E::SubtreeEmpty(e) => (
            "SubtreeEmpty",
            format!("the tree {} of height {} has no unit", hash(e.hash), e.height),
        ),
        E::AlreadySpent(e) => {
            let (place, id) = (place(e.height, e.index), hash(e.id));
            let text = "or a unit below it has already left the holding";
            ("AlreadySpent", format!("{place} {text} {id}"))
        }
        E::ProofLengthInvalid(e) => {
            let (expected, found) = (e.expected, e.found);
            let text = format!("a proof needs {expected} hashes and has {found}");
            ("ProofLengthInvalid", format!("{text} (of seed {})", hash(e.seed)))
        }
        E::SlotsTooMany(e) => {
            ("SlotsTooMany", format!("the holding {} has too many marks", hash(e.id)))
        }
        _ => return None,
    })
}

fn undoing(error: &E) -> Explained {
    Some(match error {
        E::NotUndoable(e) => {
            ("NotUndoable", format!("what was {} cannot be undone", reason(e.reason)))
        }
        E::RetirementUnknown(e) => {
            let text = "it is undone, pruned, or was another";
            ("RetirementUnknown", format!("there is no retirement {}: {text}", hash(e.key)))
        }
        E::WindowClosed(e) => {
            ("WindowClosed", format!("it could be undone until second {} only", e.until))
        }
        E::TooEarly(e) => ("TooEarly", format!("it can be pruned from second {} on", e.from)),
        E::KeyUnused(e) => {
            let (id, key) = (hash(e.id), e.key);
            ("KeyUnused", format!("the holding {id} has no marks at {key:#x}"))
        }
        _ => return None,
    })
}

fn lots(error: &E) -> Explained {
    Some(match error {
        E::LotUnknown(e) => ("LotUnknown", format!("there is no lot {}", hash(e.lotTag))),
        E::LotExpiryDiffers(e) => {
            let (lot, expected, found) = (hash(e.lotTag), e.expected, e.found);
            ("LotExpiryDiffers", format!("the lot {lot} expires on day {expected}, not {found}"))
        }
        E::LotNotNormal(e) => {
            let (lot, status) = (hash(e.lotTag), status(e.status));
            ("LotNotNormal", format!("the lot {lot} is {status}"))
        }
        E::LotAlreadyNormal(e) => (
            "LotAlreadyNormal",
            format!("the lot {} is neither recalled nor blocked", hash(e.lotTag)),
        ),
        E::LotExpired(e) => {
            ("LotExpired", format!("the lot {} expired on day {}", hash(e.lotTag), e.expiry))
        }
        E::NotLabeler(e) => {
            let (lot, caller) = (hash(e.lotTag), account(e.caller));
            ("NotLabeler", format!("the lot {lot} is not of the member of {caller}"))
        }
        E::SetByRegulator(e) => {
            let (lot, status) = (hash(e.lotTag), status(e.status));
            let text = format!("a regulator set the lot {lot} to {status}, only one may change it");
            ("SetByRegulator", text)
        }
        E::RecallClassInvalid(e) => {
            ("RecallClassInvalid", format!("there is no recall class {}, only 1 to 3", e.class))
        }
        E::ReasonNotAllowed(e) => {
            let reason = reason(e.reason);
            ("ReasonNotAllowed", format!("the operation is not for the reason {reason}"))
        }
        E::LotNumberInvalid(e) => {
            let (number, lots) = (e.number, e.lots);
            ("LotNumberInvalid", format!("a unit names lot {number} of a list of {lots}"))
        }
        E::ExpiryTooLate(e) => {
            ("ExpiryTooLate", format!("day {} is later than the last, 65535", e.expiry))
        }
        _ => return None,
    })
}

fn place(height: u8, index: u64) -> String {
    format!("the node of height {height} at {index}")
}

fn reason(code: u8) -> String {
    Reason::from_code(code).map_or_else(|| code.to_string(), |reason| reason.to_string())
}

fn state(code: u8) -> &'static str {
    match HoldingState::from_code(code) {
        None if code == PRUNING => "being pruned",
        Some(HoldingState::Held) => "held",
        Some(HoldingState::InTransit) => "in transit",
        Some(HoldingState::Quarantined) => "quarantined",
        Some(HoldingState::Stolen) => "stolen",
        Some(HoldingState::Lost) => "lost",
        None => "in no state",
    }
}

fn status(code: u8) -> &'static str {
    match LotStatus::from_code(code) {
        Some(LotStatus::Normal) => "normal",
        Some(LotStatus::RecalledI) => "recalled (class I)",
        Some(LotStatus::RecalledII) => "recalled (class II)",
        Some(LotStatus::RecalledIII) => "recalled (class III)",
        Some(LotStatus::Blocked) => "blocked",
        None => "of no status",
    }
}
