//! The rules: each finds what one pack does not explain.
//!
//! | rule | found | at once, or after the time in which data may be late |
//! |---|---|---|
//! | [`too_fast`] | two positions, and not the time to travel | at once |
//! | [`apart`] | two members' sites within minutes, and no handover between them | after |
//! | [`after_end`] | another member has it after its end, or the same one uses it again | after |
//! | [`out_of_custody`] | a member to which it never came | after |

use jiff::{SignedDuration, Timestamp};

use super::sighting::{Act, Sighting};
use super::stay::Custody;
use super::{Alarm, AlarmKind};
use crate::profile::AlarmLimits;

/// Something that one pack does not explain.
pub(super) struct Suspicion {
    pub(super) alarm: Alarm,
    /// Until when data may come that explain it; `None`: none can.
    pub(super) due: Option<Timestamp>,
}

/// All that the sightings, in order of time, do not explain; what cannot wait comes first.
pub(super) fn suspicions(
    seen: &[Sighting],
    custody: &Custody,
    limits: &AlarmLimits,
) -> Vec<Suspicion> {
    let pairs = || {
        let later = |n: usize| seen.iter().skip(n + 1);
        seen.iter().enumerate().flat_map(move |(n, one)| later(n).map(move |two| (one, two)))
    };
    let mut found: Vec<Suspicion> =
        pairs().filter_map(|(one, two)| too_fast(one, two, limits)).collect();
    found.extend(pairs().filter_map(|(one, two)| apart(one, two, custody, limits)));
    for sighting in seen {
        found.extend(after_end(sighting, custody, limits));
        found.extend(out_of_custody(sighting, custody, limits));
    }
    found
}

/// Two positions that are further apart than goods travel in the time between.
fn too_fast(one: &Sighting, two: &Sighting, limits: &AlarmLimits) -> Option<Suspicion> {
    let km = one.position?.distance_km(two.position?);
    let travelled = (km - f64::from(limits.position_km)).max(0.0);
    let needed_s = travelled / f64::from(limits.speed_kmh_max.max(1)) * 3_600.0;
    let between = two.at.duration_since(one.at);
    let allowed = between.saturating_add(one.clock_beside(two, limits));
    if needed_s <= allowed.as_secs_f64() {
        return None;
    }
    let reason = format!(
        "expected one pack, found it {km:.0} km apart within {} minutes",
        between.as_secs() / 60
    );
    Some(suspicion(AlarmKind::TwoPlaces, reason, two, Some(one), None))
}

/// Sites of two members within minutes, between which nobody handed the pack over.
fn apart(
    one: &Sighting,
    two: &Sighting,
    custody: &Custody,
    limits: &AlarmLimits,
) -> Option<Suspicion> {
    let (here, there) = (one.place?, two.place?);
    let between = two.at.duration_since(one.at);
    let known = one.position.is_some() && two.position.is_some();
    if known
        || here == there
        || one.member == two.member
        || !(one.is_live() && two.is_live())
        || between >= limits.apart()
        || custody.stays.is_empty()
        || custody.handed_over(one.member, two.member)
    {
        return None;
    }
    let reason = format!(
        "expected one pack, found it at {here} and at {there} within {} minutes, and no handover between them",
        between.as_secs() / 60
    );
    let due = late(two, limits).max(late(one, limits));
    Some(suspicion(AlarmKind::TwoPlaces, reason, two, Some(one), Some(due)))
}

/// A pack in other hands after its end, or used again by the member that ended it.
fn after_end(sighting: &Sighting, custody: &Custody, limits: &AlarmLimits) -> Option<Suspicion> {
    let end = custody.end?;
    let since = sighting.at.duration_since(end.at);
    let same_member = sighting.member == end.member;
    let elsewhere = sighting.place.zip(end.place).is_some_and(|(here, there)| here != there);
    let allowed = match (same_member, sighting.act) {
        // The member that ended it may look at it as often as it likes.
        (true, Act::Verified | Act::Received) => return None,
        (true, Act::Used) if elsewhere => SignedDuration::ZERO,
        (true, Act::Used) => limits.retry(),
        (false, _) => limits.clock(),
    };
    // Before its end too, the member that ended it can have meant another use.
    if since <= allowed && !(same_member && elsewhere) {
        return None;
    }
    let reason = format!(
        "expected no use of the pack after it was {} at {}, found it {} at {} by {}",
        end.reason,
        end.at,
        sighting.act.word(),
        sighting.at,
        sighting.member
    );
    let due = Some(late(sighting, limits));
    Some(suspicion(AlarmKind::AfterEnd, reason, sighting, None, due))
}

/// A member that never had the pack.
fn out_of_custody(
    sighting: &Sighting,
    custody: &Custody,
    limits: &AlarmLimits,
) -> Option<Suspicion> {
    if custody.explains(sighting.member, sighting.at, limits)
        || custody.end.is_some_and(|end| end.member == sighting.member)
    {
        return None;
    }
    let holder = custody.stays.last().map_or_else(String::new, |stay| stay.member.to_string());
    let reason = format!(
        "expected the pack in the custody of {holder}, found it {} at {} by {}, to which nobody has sent it",
        sighting.act.word(),
        sighting.at,
        sighting.member
    );
    let due = Some(late(sighting, limits));
    Some(suspicion(AlarmKind::OutOfCustody, reason, sighting, None, due))
}

/// Until when data may come that explain a sighting.
fn late(sighting: &Sighting, limits: &AlarmLimits) -> Timestamp {
    sighting.known_at.saturating_add(limits.late()).unwrap_or(Timestamp::MAX)
}

fn suspicion(
    kind: AlarmKind,
    reason: String,
    sighting: &Sighting,
    against: Option<&Sighting>,
    due: Option<Timestamp>,
) -> Suspicion {
    let alarm = Alarm { kind, reason, sighting: sighting.clone(), against: against.cloned() };
    Suspicion { alarm, due }
}
