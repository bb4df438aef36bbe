//! The classes of recalls.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Profile;
use super::deadline::hours;

/// A class of recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallClass {
    /// 1, the most severe, to 3.
    pub class: u8,
    /// The jurisdiction's name for it.
    pub name: String,
    /// Hours within which a holder acts and acknowledges.
    pub react_hours: u32,
    /// How far down the chain it goes.
    pub depth: String,
}

impl RecallClass {
    /// The time within which a holder acts and acknowledges.
    pub fn reaction(&self) -> SignedDuration {
        hours(self.react_hours)
    }
}

impl Profile {
    /// The class of recall with this number; any other number counts as the most severe.
    pub fn recall_class(&self, class: u8) -> &RecallClass {
        let of = |class| self.recalls.iter().find(|one| one.class == class);
        of(class).or_else(|| of(1)).expect("class 1 because a sound profile has it")
    }
}
