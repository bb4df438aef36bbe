//! Until when what must be done.

use std::collections::BTreeMap;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Profile;
use crate::world::{Role, Roles};

/// Times within which something must be done, in hours unless the name says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadlines {
    /// A request for verification is answered.
    pub verification_hours: u32,
    /// Partners and authorities learn that a product is illegitimate.
    pub illegitimate_notice_hours: u32,
    /// A case is resolved, of a kind that [`cases`](Self::cases) does not name.
    pub case_hours: u32,
    /// A case of the kind that the word names is resolved.
    #[serde(default)]
    pub cases: BTreeMap<String, u32>,
    /// Days that are no business days, as `saturday`.
    pub weekend: Vec<String>,
    /// How soon a member answers an authority's inquiry; the first that names a role of it counts.
    pub inquiries: Vec<InquiryClock>,
}

/// How soon members of some roles answer an authority's inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiryClock {
    /// The roles; none means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// Business days.
    pub business_days: u32,
    /// Never later than these hours, whatever the days are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours_max: Option<u32>,
}

/// A time of so many hours.
pub(super) fn hours(hours: u32) -> SignedDuration {
    SignedDuration::from_hours(i64::from(hours))
}

/// The day of the week that a word names.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let offset = (1i8..).zip(names).find(|(_, name)| *name == word)?.0;
    Weekday::from_monday_one_offset(offset).ok()
}

impl Deadlines {
    fn is_weekend(&self, day: Weekday) -> bool {
        self.weekend.iter().any(|word| weekday(word) == Some(day))
    }

    /// The same time of day so many business days later, in UTC.
    fn business_days_after(&self, from: Timestamp, days: u32) -> Timestamp {
        let mut time = from;
        let mut left = days;
        // A weekend of seven days is refused, so each week brings one day nearer.
        for _ in 0..days.saturating_mul(7) {
            if left == 0 {
                break;
            }
            let Ok(next) = time.checked_add(hours(24)) else { break };
            time = next;
            if !self.is_weekend(time.to_zoned(TimeZone::UTC).date().weekday()) {
                left -= 1;
            }
        }
        time
    }
}

impl Profile {
    /// The time in which a case of this kind is to be resolved. Kinds are the words of cases, as
    /// `missing` or `suspect`.
    pub fn deadline(&self, kind: &str) -> SignedDuration {
        let deadlines = &self.deadlines;
        hours(deadlines.cases.get(kind).copied().unwrap_or(deadlines.case_hours))
    }

    /// The time in which a request for verification is to be answered.
    pub fn verification_deadline(&self) -> SignedDuration {
        hours(self.deadlines.verification_hours)
    }

    /// The time in which partners and authorities are to be told of an illegitimate product.
    pub fn illegitimate_notice(&self) -> SignedDuration {
        hours(self.deadlines.illegitimate_notice_hours)
    }

    /// Until when a member of these roles answers an inquiry that it got at `asked`.
    pub fn inquiry_due(&self, roles: Roles, asked: Timestamp) -> Timestamp {
        let clocks = &self.deadlines.inquiries;
        let fits = |clock: &&InquiryClock| {
            clock.roles.is_empty() || clock.roles.iter().any(|role| roles.has(*role))
        };
        let Some(clock) = clocks.iter().find(fits) else {
            return asked.saturating_add(self.verification_deadline()).unwrap_or(asked);
        };
        let due = self.deadlines.business_days_after(asked, clock.business_days);
        let cap = clock.hours_max.and_then(|max| asked.checked_add(hours(max)).ok());
        cap.map_or(due, |cap| due.min(cap))
    }
}
