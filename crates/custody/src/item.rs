//! A unit or logistic unit as one node sees it: where it is, what holds it, how its life stands.

use std::fmt;

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Identifier, Lot};

use crate::hash::Hash;

/// One unit or logistic unit in this node's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// SGTIN of a unit; SSCC, higher-level SGTIN or any other EPC of a logistic unit.
    pub id: Identifier,
    /// The lot, for a unit; `None` for a logistic unit.
    pub lot: Option<Lot>,
    /// How its life stands, seen from this node.
    pub status: ItemStatus,
    /// The logistic unit that it is packed in.
    pub parent: Option<Identifier>,
    /// The leaf that commits to it on the ledger, once there is one; units only.
    pub place: Option<Place>,
    /// The member that owns it while this one only holds it, as a logistics provider does.
    pub owner: Option<Gln>,
}

/// Where a unit's leaf stands: a holding and the leaf position in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The holding.
    pub holding: Hash,
    /// Leaf position, from 0, below 2^height of the holding.
    pub position: u64,
}

/// How an item's life stands, seen from one node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// Announced to this node by its sender, not received yet.
    Expected,
    /// Held by this node.
    InStock,
    /// Shipped by this node, not received yet.
    InTransit,
    /// Received by another member.
    HandedOver,
    /// Refused by this node at receipt; goes back to its sender.
    Refused,
    /// Held by this node, and not to be sold until released.
    Quarantined,
    /// Stolen from this node.
    Stolen,
    /// Lost by this node.
    Lost,
    /// Its life has ended.
    Retired(Reason),
    /// Its beginning was declared erroneous before the ledger knew it: as if it were not on record.
    Undone,
}

/// Why a unit's life ended. The numbers are the ledger's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Given to a patient.
    Dispensed = 0,
    /// Left the area that the ledger covers.
    Exported = 1,
    /// Used up in repackaging.
    Repackaged = 2,
    /// Destroyed.
    Destroyed = 3,
    /// Taken as a sample.
    Sampled = 4,
    /// Lost.
    Lost = 5,
    /// Stolen.
    Stolen = 6,
    /// Past its expiry date and written off.
    Expired = 7,
}

impl Reason {
    /// All reasons, in the order of the ledger's numbers.
    pub const ALL: [Self; 8] = [
        Self::Dispensed,
        Self::Exported,
        Self::Repackaged,
        Self::Destroyed,
        Self::Sampled,
        Self::Lost,
        Self::Stolen,
        Self::Expired,
    ];

    /// The reason with the ledger's number `code`.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// The ledger's number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// Whether the reason means use: the ledger then asks for a proof of the unit, and refuses
    /// recalled, blocked and expired ones.
    pub fn is_use(self) -> bool {
        matches!(self, Self::Dispensed | Self::Exported | Self::Repackaged)
    }

    /// Whether the ledger lets an end of life for this reason be undone within the member's window.
    pub fn is_undoable(self) -> bool {
        matches!(self, Self::Dispensed | Self::Exported | Self::Sampled | Self::Lost)
    }
}

impl Reason {
    /// The word used in tables, API and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Dispensed => "dispensed",
            Self::Exported => "exported",
            Self::Repackaged => "repackaged",
            Self::Destroyed => "destroyed",
            Self::Sampled => "sampled",
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl ItemStatus {
    /// The word used in tables, API and pages; a retired unit's word is `retired_` and its reason.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::InStock => "in_stock",
            Self::InTransit => "in_transit",
            Self::HandedOver => "handed_over",
            Self::Refused => "refused",
            Self::Quarantined => "quarantined",
            Self::Stolen => "stolen",
            Self::Lost => "lost",
            Self::Retired(Reason::Dispensed) => "retired_dispensed",
            Self::Retired(Reason::Exported) => "retired_exported",
            Self::Retired(Reason::Repackaged) => "retired_repackaged",
            Self::Retired(Reason::Destroyed) => "retired_destroyed",
            Self::Retired(Reason::Sampled) => "retired_sampled",
            Self::Retired(Reason::Lost) => "retired_lost",
            Self::Retired(Reason::Stolen) => "retired_stolen",
            Self::Retired(Reason::Expired) => "retired_expired",
            Self::Undone => "undone",
        }
    }

    /// The status that [`word`](Self::word) names.
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Expected,
            Self::InStock,
            Self::InTransit,
            Self::HandedOver,
            Self::Refused,
            Self::Quarantined,
            Self::Stolen,
            Self::Lost,
            Self::Undone,
        ]
        .into_iter()
        .chain(Reason::ALL.map(Self::Retired))
        .find(|status| status.word() == word)
    }
}

impl fmt::Display for ItemStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Whether an identifier names a saleable unit, which gets a leaf of its own on the ledger: an
/// SGTIN whose indicator digit is 0 or 9. Indicators 1 to 8 are groupings of trade items
/// (GS1 General Specifications 2.1.6), so logistic units here.
pub fn is_unit(id: &Identifier) -> bool {
    matches!(id, Identifier::Sgtin(sgtin) if matches!(sgtin.gtin.indicator(), 0 | 9))
}
