//! What an admitted event asks of the ledger: the custody operations, before trees and proofs.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Lgtin, Sgtin};

use crate::item::Reason;

/// A custody operation in terms of units; the record stage turns it into ledger calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub enum Operation {
    /// New units of one lot.
    Commission {
        /// The lot.
        lot: Lgtin,
        /// Last day on which a unit of the lot may be used.
        expiry: Date,
        /// The units, in the order of the event.
        units: Vec<Sgtin>,
    },
    /// Units leave for another member.
    Ship {
        /// The units, resolved from the logistic units that the event names.
        units: Vec<Sgtin>,
        /// The member that they go to.
        consignee: Gln,
    },
    /// Announced units are taken over or refused; the ledger follows when all of a shipment is
    /// accounted for.
    Receive {
        /// Units taken over.
        received: Vec<Sgtin>,
        /// Units refused.
        refused: Vec<Sgtin>,
    },
    /// An unreceived shipment is taken back by its sender.
    Cancel {
        /// The units of the shipment.
        units: Vec<Sgtin>,
    },
    /// Units are set apart.
    Segregate {
        /// The units.
        units: Vec<Sgtin>,
        /// `Quarantined`, `Stolen` or `Lost`.
        state: HoldingState,
    },
    /// Units set apart come back to stock.
    Release {
        /// The units.
        units: Vec<Sgtin>,
    },
    /// The units' lives end.
    Retire {
        /// The units.
        units: Vec<Sgtin>,
        /// Why.
        reason: Reason,
    },
    /// Ends of life are undone: the units are in stock again.
    Restore {
        /// The units, all of those that one retirement ended.
        units: Vec<Sgtin>,
    },
    /// A lot is recalled, blocked, or back to normal.
    LotStatus {
        /// The lot.
        lot: Lgtin,
        /// Its new status.
        status: LotStatus,
    },
    /// The event's hash is put on the ledger, nothing else.
    Anchor,
}

/// State of a holding. The numbers are the ledger's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldingState {
    /// In its holder's stock.
    Held = 1,
    /// On its way to its consignee.
    InTransit = 2,
    /// Not to be sold until released.
    Quarantined = 3,
    /// Stolen from its holder.
    Stolen = 4,
    /// Lost by its holder.
    Lost = 5,
}

impl HoldingState {
    /// The state with the ledger's number `code`.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Held, Self::InTransit, Self::Quarantined, Self::Stolen, Self::Lost]
            .into_iter()
            .find(|state| *state as u8 == code)
    }

    /// The ledger's number.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Status of a lot. The numbers are the ledger's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LotStatus {
    /// May be used.
    #[default]
    Normal = 0,
    /// Recalled, class I: serious harm or death is probable.
    RecalledI = 1,
    /// Recalled, class II: reversible harm, or serious harm with remote probability.
    RecalledII = 2,
    /// Recalled, class III: harm is not likely.
    RecalledIII = 3,
    /// Blocked by its labeler or a regulator.
    Blocked = 4,
}

impl LotStatus {
    /// The status with the ledger's number `code`.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Normal, Self::RecalledI, Self::RecalledII, Self::RecalledIII, Self::Blocked]
            .into_iter()
            .find(|status| *status as u8 == code)
    }

    /// The ledger's number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The class of the recall, 1 to 3.
    pub fn recall_class(self) -> Option<u8> {
        matches!(self, Self::RecalledI | Self::RecalledII | Self::RecalledIII)
            .then_some(self.code())
    }
}
