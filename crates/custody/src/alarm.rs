//! The alarm about copied packs: one pack cannot be in two places, and not in use after its end.
//!
//! ```text
//!  sightings ─┐
//!  custody ───┼─► judge ──► Clear | Wait until … | Alarm
//!  limits ────┘
//! ```
//!
//! A copy bears a code that is genuine, so it betrays itself only by where and when it is seen. What
//! late data may explain waits for them; what no data can explain is an alarm at once.
//!
//! # Invariants
//!
//! - Pure: what is judged comes in as parameters, the time too.
//! - The order in which sightings became known changes nothing, nor does one that is told twice.
//! - A member is never suspected for a pack that it had in custody, or was sent, at the time.

mod position;
mod rule;
mod sighting;
mod stay;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::profile::AlarmLimits;

pub use position::{Position, PositionError};
pub use sighting::{Act, Sighting};
pub use stay::{Custody, End, Stay};

/// What the sightings of a pack mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing that one honest pack does not explain.
    Clear,
    /// Something that late data may explain; to be judged again.
    Wait {
        /// When.
        until: Timestamp,
    },
    /// One pack cannot have been seen so.
    Alarm(Box<Alarm>),
}

/// Sightings that one pack does not explain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// What speaks against one pack.
    pub kind: AlarmKind,
    /// The sentence a person reads.
    pub reason: String,
    /// The sighting that is not explained.
    pub sighting: Sighting,
    /// The one that it contradicts, if it is another sighting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Sighting>,
}

/// What speaks against one pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// It was seen at two places between which there was not the time to travel.
    TwoPlaces,
    /// It was seen in use after its life had ended.
    AfterEnd,
    /// It was seen at a member to which it never came.
    OutOfCustody,
}

impl AlarmKind {
    /// The word used in tables, API and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::TwoPlaces => "two_places",
            Self::AfterEnd => "after_end",
            Self::OutOfCustody => "out_of_custody",
        }
    }
}

/// Judges the sightings of one pack at `now`.
pub fn judge(
    sightings: &[Sighting],
    custody: &Custody,
    limits: &AlarmLimits,
    now: Timestamp,
) -> Finding {
    let seen = sighting::sorted(sightings, custody, limits);
    let mut until: Option<Timestamp> = None;
    for suspicion in rule::suspicions(&seen, custody, limits) {
        match suspicion.due {
            Some(due) if now < due => {
                until = Some(until.map_or(due, |earlier| earlier.min(due)));
            }
            _ => return Finding::Alarm(Box::new(suspicion.alarm)),
        }
    }
    until.map_or(Finding::Clear, |until| Finding::Wait { until })
}
