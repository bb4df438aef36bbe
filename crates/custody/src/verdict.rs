//! The verdict: what may be said and done about the pack in hand (DESIGN section 4).

mod cause;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Lot};

use crate::breach::Actor;
use crate::hash::Hash;
use crate::item::Reason;
use crate::operation::{HoldingState, LotStatus};

/// The answer of verify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The code.
    #[serde(rename = "verdict")]
    pub code: VerdictCode,
    /// Why, in one sentence.
    pub reason: String,
    /// Who must act, if anybody.
    pub actor: Option<Actor>,
    /// What to do with the pack now.
    pub what_to_do: String,
}

/// The codes in order of precedence: the first that applies is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictCode {
    /// The labeler never made such a pack, or it is not what its label says.
    NotGenuine,
    /// Nobody could be asked.
    Unknown,
    /// Its lot is recalled.
    Recalled,
    /// Its lot is blocked.
    Blocked,
    /// It was reported stolen.
    Stolen,
    /// It is quarantined, or lost.
    Quarantined,
    /// Its life has ended before.
    AlreadyRetired,
    /// Its expiry date has passed.
    Expired,
    /// Genuine, but another member holds it.
    NotHere,
    /// Genuine, and here.
    Genuine,
}

impl VerdictCode {
    /// All codes, in order of precedence.
    pub const ALL: [Self; 10] = [
        Self::NotGenuine,
        Self::Unknown,
        Self::Recalled,
        Self::Blocked,
        Self::Stolen,
        Self::Quarantined,
        Self::AlreadyRetired,
        Self::Expired,
        Self::NotHere,
        Self::Genuine,
    ];

    /// The word used in tables, API and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotGenuine => "not_genuine",
            Self::Unknown => "unknown",
            Self::Recalled => "recalled",
            Self::Blocked => "blocked",
            Self::Stolen => "stolen",
            Self::Quarantined => "quarantined",
            Self::AlreadyRetired => "already_retired",
            Self::Expired => "expired",
            Self::NotHere => "not_here",
            Self::Genuine => "genuine",
        }
    }
}

impl fmt::Display for VerdictCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What is known about the pack in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Lot and expiry printed on the pack, as far as the code has them.
    pub printed: Printed,
    /// Who could be asked, and what the answer was.
    pub record: Record,
    /// The day on which expiry is judged.
    pub today: Date,
}

/// What the code in hand says besides GTIN and serial number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed {
    /// Lot number.
    pub lot: Option<Lot>,
    /// Expiry date.
    pub expiry: Option<Date>,
}

/// What is on record about the GTIN and serial number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// The GTIN is in no registry.
    Unregistered,
    /// The labeler could not be reached, and nothing is on record here.
    NoAnswer {
        /// The labeler.
        labeler: Gln,
    },
    /// The labeler never commissioned the serial number.
    NeverCommissioned {
        /// The labeler.
        labeler: Gln,
    },
    /// A lot under this GTIN was opened on the ledger by somebody who is not its labeler.
    ForeignLot {
        /// The labeler.
        labeler: Gln,
    },
    /// It is on record.
    Pack(Pack),
}

/// A pack on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its lot.
    pub lot: Lot,
    /// Last day on which it may be used.
    pub expiry: Date,
    /// Status of the lot.
    pub lot_status: LotStatus,
    /// How its life stands.
    pub life: Life,
}

/// How a pack's life stands on the ledger, seen from the member that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// In somebody's custody.
    Held {
        /// State of the holding it is in.
        state: HoldingState,
        /// Whether the member that asks holds it.
        here: bool,
    },
    /// Ended.
    Retired {
        /// Why.
        reason: Reason,
        /// Ledger time, for people.
        at: String,
        /// The transaction, where it is known.
        transaction: Option<Hash>,
    },
}

impl Facts {
    /// The verdict: the first code that applies, in the order of [`VerdictCode`].
    pub fn verdict(&self) -> Verdict {
        match &self.record {
            Record::Unregistered => unregistered(),
            Record::NoAnswer { labeler } => no_answer(*labeler),
            Record::NeverCommissioned { labeler } => never_commissioned(*labeler),
            Record::ForeignLot { labeler } => foreign_lot(*labeler),
            Record::Pack(pack) => mislabelled(&self.printed, pack)
                .or_else(|| withdrawn(pack))
                .or_else(|| set_apart(pack))
                .or_else(|| retired(pack))
                .or_else(|| expired(pack, self.today))
                .unwrap_or_else(|| located(pack)),
        }
    }
}

fn verdict(code: VerdictCode, reason: String, actor: Option<Actor>, what_to_do: &str) -> Verdict {
    Verdict { code, reason, actor, what_to_do: what_to_do.to_owned() }
}

const QUARANTINE: &str = "do not dispense; keep the pack apart and report it as suspect";

fn unregistered() -> Verdict {
    verdict(
        VerdictCode::Unknown,
        "no labeler has registered this GTIN".to_owned(),
        Some(Actor::Labeler),
        "do not dispense before the supplier has shown where the product comes from",
    )
}

fn no_answer(labeler: Gln) -> Verdict {
    verdict(
        VerdictCode::Unknown,
        format!("nothing is on record here, and the labeler's node ({labeler}) does not answer"),
        Some(Actor::Labeler),
        "try again later; until then do not dispense",
    )
}

fn never_commissioned(labeler: Gln) -> Verdict {
    verdict(
        VerdictCode::NotGenuine,
        format!("the labeler ({labeler}) never made a pack with this serial number"),
        Some(Actor::ThisMember),
        QUARANTINE,
    )
}

fn foreign_lot(labeler: Gln) -> Verdict {
    verdict(
        VerdictCode::NotGenuine,
        format!("its lot was opened on the ledger by somebody other than the labeler ({labeler})"),
        Some(Actor::Regulator),
        QUARANTINE,
    )
}

fn mislabelled(printed: &Printed, pack: &Pack) -> Option<Verdict> {
    let lot = printed.lot.as_ref().filter(|lot| **lot != pack.lot).map(|found| {
        format!("expected lot {} for this serial number, found {found} on the pack", pack.lot)
    });
    let expiry = printed.expiry.filter(|expiry| *expiry != pack.expiry).map(|found| {
        format!("expected expiry {} for this serial number, found {found} on the pack", pack.expiry)
    });
    lot.or(expiry)
        .map(|reason| verdict(VerdictCode::NotGenuine, reason, Some(Actor::ThisMember), QUARANTINE))
}

fn withdrawn(pack: &Pack) -> Option<Verdict> {
    let lot = &pack.lot;
    match (pack.lot_status, pack.lot_status.recall_class()) {
        (_, Some(class)) => Some(verdict(
            VerdictCode::Recalled,
            format!("lot {lot} is recalled, class {class}"),
            Some(Actor::ThisMember),
            "do not dispense; take the pack out of stock and follow the recall notice",
        )),
        (LotStatus::Blocked, _) => Some(verdict(
            VerdictCode::Blocked,
            format!("lot {lot} is blocked by its labeler or a regulator"),
            Some(Actor::Labeler),
            "do not dispense; keep the pack until the lot is released or recalled",
        )),
        _ => None,
    }
}

fn set_apart(pack: &Pack) -> Option<Verdict> {
    let Life::Held { state, .. } = pack.life else { return None };
    match state {
        HoldingState::Stolen => Some(verdict(
            VerdictCode::Stolen,
            "its holder has reported it stolen".to_owned(),
            Some(Actor::Regulator),
            "do not dispense; keep the pack and call the authority",
        )),
        HoldingState::Quarantined | HoldingState::Lost => Some(verdict(
            VerdictCode::Quarantined,
            match state {
                HoldingState::Lost => "its holder has reported it lost",
                _ => "its holder has put it into quarantine",
            }
            .to_owned(),
            Some(Actor::ThisMember),
            "do not dispense until it is released",
        )),
        HoldingState::Held | HoldingState::InTransit => None,
    }
}

fn retired(pack: &Pack) -> Option<Verdict> {
    let Life::Retired { reason, at, .. } = &pack.life else { return None };
    if *reason == Reason::Stolen {
        return Some(verdict(
            VerdictCode::Stolen,
            format!("it was written off as stolen at {at}"),
            Some(Actor::Regulator),
            "do not dispense; keep the pack and call the authority",
        ));
    }
    Some(verdict(
        VerdictCode::AlreadyRetired,
        format!("it was {reason} at {at}"),
        Some(Actor::ThisMember),
        "do not dispense; unless this is the very pack, the code has been copied: report it",
    ))
}

fn expired(pack: &Pack, today: Date) -> Option<Verdict> {
    (pack.expiry < today).then(|| {
        verdict(
            VerdictCode::Expired,
            format!("it expired on {}", pack.expiry),
            Some(Actor::ThisMember),
            "do not dispense; take the pack out of stock",
        )
    })
}

fn located(pack: &Pack) -> Verdict {
    match pack.life {
        Life::Held { state: HoldingState::InTransit, here: true } => verdict(
            VerdictCode::NotHere,
            "it is genuine, but on its way here and not received yet".to_owned(),
            Some(Actor::ThisMember),
            "receive the shipment, then check again",
        ),
        Life::Held { state: HoldingState::InTransit, here: false } => verdict(
            VerdictCode::NotHere,
            "it is genuine, but on its way to another member".to_owned(),
            Some(Actor::ThisMember),
            "find out how it came here before it is sold",
        ),
        Life::Held { here: true, .. } => verdict(
            VerdictCode::Genuine,
            "its labeler made it, and it is in this member's stock".to_owned(),
            None,
            "it may be dispensed",
        ),
        _ => verdict(
            VerdictCode::NotHere,
            "it is genuine, but another member holds it".to_owned(),
            Some(Actor::ThisMember),
            "find out how it came here before it is sold",
        ),
    }
}
