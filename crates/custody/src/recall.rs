//! What a recall is about: scope, class and depth, and what one node tells another of it.
//!
//! # Invariants
//!
//! - A recall is known by the hash of the EPCIS event that orders it, at every node alike.
//! - A holder is told of no pack that it does not hold and did not hold.

mod message;
mod scope;

pub use message::{NoticeAct, NoticeScope, Places, RecallAnswer, RecallNotice};
pub use scope::{Expiring, LotsOf, RecallScope, ScopeError, ShippedTo};

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::operation::LotStatus;

/// How grave a recall is, as the FDA and the EU count it (21 CFR 7.3(m)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum RecallClass {
    /// Serious harm or death is probable.
    I = 1,
    /// Reversible harm, or serious harm with remote probability.
    II = 2,
    /// Harm is not likely.
    III = 3,
}

/// A number that is no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a class from 1 to 3, found {0}")]
pub struct ClassError(pub u8);

impl TryFrom<u8> for RecallClass {
    type Error = ClassError;

    fn try_from(class: u8) -> Result<Self, ClassError> {
        match class {
            1 => Ok(Self::I),
            2 => Ok(Self::II),
            3 => Ok(Self::III),
            other => Err(ClassError(other)),
        }
    }
}

impl From<RecallClass> for u8 {
    fn from(class: RecallClass) -> Self {
        class as Self
    }
}

impl fmt::Display for RecallClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        u8::from(*self).fmt(f)
    }
}

impl RecallClass {
    /// The class of a lot's status; `None` if the status is not that of a recall.
    pub fn of(status: LotStatus) -> Option<Self> {
        status.recall_class().and_then(|class| Self::try_from(class).ok())
    }
}

/// How far down the supply chain a recall goes (21 CFR 7.42(b)(1)).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum RecallDepth {
    /// To wholesalers and logistics providers; pharmacies and hospitals keep what they have, and the
    /// ledger does not stop them.
    Wholesale,
    /// To pharmacies and hospitals too.
    #[default]
    Retail,
    /// To patients: whoever has dispensed packs is told as well.
    Consumer,
}

impl RecallDepth {
    /// All depths.
    pub const ALL: [Self; 3] = [Self::Wholesale, Self::Retail, Self::Consumer];

    /// The word used in API, commands and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Wholesale => "wholesale",
            Self::Retail => "retail",
            Self::Consumer => "consumer",
        }
    }

    /// The depth that [`word`](Self::word) names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|depth| depth.word() == word)
    }
}

impl fmt::Display for RecallDepth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_a_number_from_1_to_3() {
        assert_eq!(serde_json::from_str::<RecallClass>("2").unwrap(), RecallClass::II);
        assert_eq!(serde_json::to_string(&RecallClass::III).unwrap(), "3");
        let error = serde_json::from_str::<RecallClass>("4").unwrap_err().to_string();
        assert!(error.starts_with("expected a class from 1 to 3, found 4"), "{error}");
        assert_eq!(RecallClass::of(LotStatus::RecalledI), Some(RecallClass::I));
        assert_eq!(RecallClass::of(LotStatus::Blocked), None);
    }

    #[test]
    fn depths_have_words() {
        for depth in RecallDepth::ALL {
            assert_eq!(RecallDepth::from_word(depth.word()), Some(depth));
            assert_eq!(serde_json::to_value(depth).unwrap(), depth.word());
        }
    }
}
