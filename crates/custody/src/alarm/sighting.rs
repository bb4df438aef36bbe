//! Sightings of a pack: who had it in hand, when, where, and for what.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use theriac_gs1::Gln;

use super::position::Position;
use super::stay::Custody;
use crate::profile::AlarmLimits;

/// One time that somebody had the pack in hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// When, as it was told; when it became known, if nothing was told.
    pub at: Timestamp,
    /// When it became known.
    pub known_at: Timestamp,
    /// Who.
    pub member: Gln,
    /// Where: the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Gln>,
    /// Where on the earth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// For what.
    pub act: Act,
}

/// For what a pack was in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// To be verified.
    Verified,
    /// To be taken over.
    Received,
    /// To be dispensed, exported or used up, when its life had ended already.
    Used,
}

impl Act {
    /// All acts.
    pub const ALL: [Self; 3] = [Self::Verified, Self::Received, Self::Used];

    /// The word used in tables, API and pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Received => "received",
            Self::Used => "used",
        }
    }
}

impl Sighting {
    /// Whether its time is that of the one who judges, and not one that was told.
    pub fn is_live(&self) -> bool {
        self.at == self.known_at
    }

    /// By how much the clocks behind two sightings may differ.
    pub(super) fn clock_beside(&self, other: &Self, limits: &AlarmLimits) -> SignedDuration {
        match self.is_live() && other.is_live() {
            true => SignedDuration::ZERO,
            false => limits.clock(),
        }
    }
}

/// The time of a sighting as far as it is believed. One that was told stays a told one.
fn believed(sighting: &Sighting, limits: &AlarmLimits) -> Timestamp {
    if sighting.is_live() {
        return sighting.at;
    }
    let before = |by| sighting.known_at.saturating_sub(by).unwrap_or(Timestamp::MIN);
    sighting.at.clamp(before(limits.late()), before(SignedDuration::from_millis(1)))
}

/// The sightings that count, in order of time. Those of who may have any pack in hand do not; a told
/// time counts only as far back as data may be late, and never lies ahead.
pub(super) fn sorted(
    sightings: &[Sighting],
    custody: &Custody,
    limits: &AlarmLimits,
) -> Vec<Sighting> {
    let mut seen: Vec<Sighting> = sightings
        .iter()
        .filter(|sighting| !custody.exempt.contains(&sighting.member))
        .map(|sighting| Sighting { at: believed(sighting, limits), ..sighting.clone() })
        .collect();
    let key = |s: &Sighting| (s.at, s.known_at, s.member, s.place, s.position, s.act);
    seen.sort_by_key(key);
    seen.dedup();
    seen
}
