//! What a caller chooses of a scenario: its size, its seed, its day.

use jiff::civil::{Date, date};
use thiserror::Error;

/// Fewest packs of a scenario: below, the story has too few cases to tell.
pub const PACKS_MIN: u32 = 400;

/// Most packs of a scenario; its documents are made in memory, about 130 bytes a pack.
pub const PACKS_MAX: u32 = 10_000_000;

/// First day that can be simulated.
pub const DAY_MIN: Date = date(2000, 1, 1);

/// Last day that can be simulated; expiry dates stay in the reach of two-digit years.
pub const DAY_MAX: Date = date(2099, 12, 31);

/// The parameters of a scenario. Equal plans give equal scenarios, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Packs made that day, [`PACKS_MIN`] to [`PACKS_MAX`].
    pub packs: u32,
    /// Where serial numbers and chance come from.
    pub seed: u64,
    /// The simulated day, [`DAY_MIN`] to [`DAY_MAX`]; the last checks are on the morning after it.
    pub day: Date,
}

/// Why there is no scenario to a plan; the caller chose a value out of range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    /// Too few packs to tell the story, or too many to make in memory.
    #[error("expected {PACKS_MIN} to {PACKS_MAX} packs, found {found}")]
    Packs {
        /// The number of packs asked for.
        found: u32,
    },
    /// A day whose expiry dates no barcode could tell.
    #[error("expected a day from {DAY_MIN} to {DAY_MAX}, found {found}")]
    Day {
        /// The day asked for.
        found: Date,
    },
}

impl Plan {
    pub(crate) fn check(&self) -> Result<(), PlanError> {
        if !(PACKS_MIN..=PACKS_MAX).contains(&self.packs) {
            return Err(PlanError::Packs { found: self.packs });
        }
        if !(DAY_MIN..=DAY_MAX).contains(&self.day) {
            return Err(PlanError::Day { found: self.day });
        }
        Ok(())
    }
}
