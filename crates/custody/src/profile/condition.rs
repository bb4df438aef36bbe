//! The condition of a pack: what a jurisdiction has a word for.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::item::{ItemStatus, Reason};
use crate::operation::{HoldingState, LotStatus};
use crate::verdict::{Life, Pack};

/// How a pack stands, whoever holds it. What is true of its lot goes before what is true of the pack,
/// and an end of life before the expiry date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Condition {
    /// It may be sold and used.
    Active,
    /// Set apart until released.
    Quarantined,
    /// Lost, and may be found.
    Lost,
    /// Stolen.
    Stolen,
    /// Its life has ended.
    Retired(Reason),
    /// Past its expiry date.
    Expired,
    /// Its lot is recalled.
    Recalled,
    /// Its lot is blocked.
    Blocked,
}

impl Condition {
    const LIVE: [Self; 7] = [
        Self::Active,
        Self::Quarantined,
        Self::Lost,
        Self::Stolen,
        Self::Expired,
        Self::Recalled,
        Self::Blocked,
    ];

    /// All conditions.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::LIVE.into_iter().chain(Reason::ALL.map(Self::Retired))
    }

    /// The condition of a pack on record, on the day `today`.
    pub fn of(pack: &Pack, today: Date) -> Self {
        let of_life = match &pack.life {
            Life::Retired { reason, .. } => Self::Retired(*reason),
            Life::Held { state, .. } => match state {
                HoldingState::Quarantined => Self::Quarantined,
                HoldingState::Lost => Self::Lost,
                HoldingState::Stolen => Self::Stolen,
                HoldingState::Held | HoldingState::InTransit => Self::Active,
            },
        };
        of_life.within(pack.lot_status, pack.expiry, today)
    }

    /// The condition of an item by its status alone.
    pub fn of_status(status: ItemStatus) -> Self {
        match status {
            ItemStatus::Quarantined => Self::Quarantined,
            ItemStatus::Lost => Self::Lost,
            ItemStatus::Stolen => Self::Stolen,
            ItemStatus::Retired(reason) => Self::Retired(reason),
            ItemStatus::Expected
            | ItemStatus::InStock
            | ItemStatus::InTransit
            | ItemStatus::HandedOver
            | ItemStatus::Refused
            | ItemStatus::Undone => Self::Active,
        }
    }

    /// The condition of a pack that by itself is in this one, in a lot of this status and expiry.
    #[must_use]
    pub fn within(self, lot: LotStatus, expiry: Date, today: Date) -> Self {
        match (lot, self) {
            (LotStatus::Blocked, _) => Self::Blocked,
            (lot, _) if lot.recall_class().is_some() => Self::Recalled,
            (_, Self::Active) if expiry < today => Self::Expired,
            (_, own) => own,
        }
    }

    /// The word used in profiles and API: of a pack whose life has ended `retired_` and the reason.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Quarantined => "quarantined",
            Self::Lost => "lost",
            Self::Stolen => "stolen",
            Self::Retired(reason) => ItemStatus::Retired(reason).word(),
            Self::Expired => "expired",
            Self::Recalled => "recalled",
            Self::Blocked => "blocked",
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected a pack's condition such as active, recalled or retired_dispensed, found {found:?}"
)]
pub struct UnknownCondition {
    /// The word.
    pub found: String,
}

impl FromStr for Condition {
    type Err = UnknownCondition;

    fn from_str(word: &str) -> Result<Self, UnknownCondition> {
        let found = Self::all().find(|condition| condition.word() == word);
        found.ok_or_else(|| UnknownCondition { found: word.to_owned() })
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
