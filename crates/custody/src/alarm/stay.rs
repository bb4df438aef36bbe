//! What is known of a pack's custody: who had it from when to when, and how it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_gs1::Gln;

use crate::item::Reason;
use crate::profile::AlarmLimits;

/// What is known of a pack's custody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Custody {
    /// Who had it, the first one first.
    pub stays: Vec<Stay>,
    /// To whom it is on its way.
    pub awaited: Option<Gln>,
    /// How its life ended, if it did.
    pub end: Option<End>,
    /// Who may have any pack of this product in hand: its labeler, regulators.
    pub exempt: Vec<Gln>,
}

/// A time in which one member had the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The member.
    pub member: Gln,
    /// Since when.
    pub from: Timestamp,
    /// Until when; `None`: to this day.
    pub until: Option<Timestamp>,
}

/// How a pack's life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// At which member.
    pub member: Gln,
    /// At which site.
    pub place: Option<Gln>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

impl Stay {
    /// Whether the member may have had the pack in hand at `at`, data being late and clocks wrong.
    fn covers(&self, at: Timestamp, limits: &AlarmLimits) -> bool {
        let slack = limits.late().saturating_add(limits.clock());
        let from = self.from.saturating_sub(slack).unwrap_or(Timestamp::MIN);
        let until = self.until.map(|until| until.saturating_add(slack).unwrap_or(Timestamp::MAX));
        from <= at && until.is_none_or(|until| at <= until)
    }
}

impl Custody {
    /// Whether the member may have had the pack in hand at `at`.
    pub(super) fn explains(&self, member: Gln, at: Timestamp, limits: &AlarmLimits) -> bool {
        // Of a pack whose custody is not known nothing can be said.
        self.stays.is_empty()
            || self.awaited == Some(member)
            || self.stays.iter().any(|stay| stay.member == member && stay.covers(at, limits))
    }

    /// Whether the pack was handed over from one of the two to the other.
    pub(super) fn handed_over(&self, one: Gln, other: Gln) -> bool {
        let pair = |a: Gln, b: Gln| (a, b) == (one, other) || (b, a) == (one, other);
        let last = self.stays.last().map(|stay| stay.member);
        let on_its_way = last.zip(self.awaited).is_some_and(|(from, to)| pair(from, to));
        on_its_way || self.stays.windows(2).any(|two| pair(two[0].member, two[1].member))
    }
}
