//! When sightings of a pack are an alarm.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::deadline::hours;

/// Limits of the detector of copied packs. Each errs on the side of no alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmLimits {
    /// The greatest speed at which goods travel, in km/h.
    pub speed_kmh_max: u32,
    /// By how much told positions may be wrong together, in km.
    pub position_km: u32,
    /// By how much two clocks may differ, in minutes.
    pub clock_minutes: u32,
    /// The least time between two sites whose positions are not known, in minutes.
    pub apart_minutes: u32,
    /// How late the data of a handover may come, in hours: so long nothing that it would explain is
    /// an alarm.
    pub late_hours: u32,
    /// How long the same use of a pack by the same member counts as tried again, in hours.
    pub retry_hours: u32,
    /// How long sightings are kept, in days.
    pub keep_days: u32,
}

impl AlarmLimits {
    /// By how much two clocks may differ.
    pub fn clock(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.clock_minutes))
    }

    /// The least time between two sites whose positions are not known.
    pub fn apart(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.apart_minutes))
    }

    /// How late the data of a handover may come.
    pub fn late(&self) -> SignedDuration {
        hours(self.late_hours)
    }

    /// How long the same use of a pack by the same member counts as tried again.
    pub fn retry(&self) -> SignedDuration {
        hours(self.retry_hours)
    }

    /// How long sightings are kept.
    pub fn keep(&self) -> SignedDuration {
        hours(self.keep_days.saturating_mul(24))
    }
}
