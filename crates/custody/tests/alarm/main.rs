//! The alarm about copied packs: what is one, and that no honest life of a pack ever is.

mod honest;
mod prop;

use jiff::{SignedDuration, Timestamp};
use theriac_custody::Reason;
use theriac_custody::alarm::{
    Act, AlarmKind, Custody, End, Finding, Position, Sighting, Stay, judge,
};
use theriac_custody::profile::{AlarmLimits, Profile};
use theriac_gs1::Gln;

/// The maker, two wholesalers, two pharmacies, a stranger.
const MAKER: u64 = 0;
const WHOLESALER: u64 = 1;
const PHARMACY: u64 = 3;
const STRANGER: u64 = 5;

fn gln(n: u64) -> Gln {
    Gln::from_body(952_100_000_000 + n).expect("12 digits")
}

fn limits() -> AlarmLimits {
    Profile::standard().alarm
}

/// So many minutes after the beginning.
fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(1_000_000 + minutes)
}

const DAY: i64 = 24 * 60;

/// A sighting at the site of a member, as it happens.
fn live(member: u64, minutes: i64) -> Sighting {
    Sighting {
        at: at(minutes),
        known_at: at(minutes),
        member: gln(member),
        place: Some(gln(100 + member)),
        position: None,
        act: Act::Verified,
    }
}

fn on(mut sighting: Sighting, position: &str) -> Sighting {
    sighting.position = Some(position.parse::<Position>().expect("a position"));
    sighting
}

/// From the maker by the wholesaler to the pharmacy, a day each.
fn custody() -> Custody {
    let stay = |member, from: i64, until: Option<i64>| Stay {
        member: gln(member),
        from: at(from),
        until: until.map(at),
    };
    Custody {
        stays: vec![
            stay(MAKER, 0, Some(DAY)),
            stay(WHOLESALER, DAY, Some(2 * DAY)),
            stay(PHARMACY, 2 * DAY, None),
        ],
        awaited: None,
        end: None,
        exempt: vec![gln(MAKER)],
    }
}

fn dispensed(minutes: i64) -> Custody {
    let (member, place) = (gln(PHARMACY), Some(gln(100 + PHARMACY)));
    let end = End { member, place, at: at(minutes), reason: Reason::Dispensed };
    Custody { end: Some(end), ..custody() }
}

fn kind(finding: &Finding) -> Option<AlarmKind> {
    match finding {
        Finding::Alarm(alarm) => Some(alarm.kind),
        Finding::Clear | Finding::Wait { .. } => None,
    }
}

/// What is found at once, and when all late data have come.
fn both(sightings: &[Sighting], custody: &Custody) -> [Option<AlarmKind>; 2] {
    let last = sightings.iter().map(|one| one.known_at).max().expect("a sighting");
    let later = last + limits().late();
    [last, later].map(|now| kind(&judge(sightings, custody, &limits(), now)))
}

const QUIET: [Option<AlarmKind>; 2] = [None, None];

const MUNICH: &str = "48.137,11.575";
const LISBON: &str = "38.722,-9.139";

#[test]
fn two_places_at_once_are_an_alarm_at_once() {
    let alarm = Some(AlarmKind::TwoPlaces);
    let here = on(live(PHARMACY, 3 * DAY), MUNICH);
    // 1,965 km.
    let far = |minutes| on(live(PHARMACY, 3 * DAY + minutes), LISBON);
    assert_eq!(both(&[here.clone(), far(5)], &custody()), [alarm, alarm]);
    assert_eq!(both(&[here.clone(), far(115)], &custody()), [alarm, alarm]);
    assert_eq!(both(&[here.clone(), far(117)], &custody()), QUIET, "there was the time");
    // A told time may be wrong by two hours.
    let mut told = far(60);
    told.at = at(3 * DAY + 5);
    assert_eq!(both(&[here.clone(), told], &custody()), QUIET);
    let next_door = on(live(PHARMACY, 3 * DAY + 1), "48.15,11.58");
    assert_eq!(both(&[here, next_door], &custody()), QUIET);
}

#[test]
fn sites_without_positions_are_told_apart_by_the_clock_and_the_handovers() {
    let later = [None, Some(AlarmKind::TwoPlaces)];
    let mut custody = custody();
    custody.stays.insert(2, Stay { member: gln(2), from: at(2 * DAY), until: Some(at(2 * DAY)) });
    let seen = [live(WHOLESALER, 2 * DAY), live(PHARMACY, 2 * DAY + 10)];
    assert_eq!(both(&seen, &custody), later, "the other wholesaler was between them");
    custody.stays.remove(2);
    assert_eq!(both(&seen, &custody), QUIET, "handed over at the door");
    let slow = [live(WHOLESALER, 2 * DAY), live(PHARMACY, 2 * DAY + 40)];
    assert_eq!(both(&slow, &custody), QUIET);
}

#[test]
fn use_after_the_end_is_an_alarm_unless_it_is_the_same_use() {
    let later = [None, Some(AlarmKind::AfterEnd)];
    let custody = dispensed(3 * DAY);
    let used = |member, minutes| Sighting { act: Act::Used, ..live(member, minutes) };
    assert_eq!(both(&[used(PHARMACY, 3 * DAY + 3)], &custody), QUIET, "tried again");
    assert_eq!(both(&[used(PHARMACY, 5 * DAY)], &custody), later, "sold again");
    assert_eq!(both(&[live(PHARMACY, 9 * DAY)], &custody), QUIET, "looked at again");
    let mut next_shop = used(PHARMACY, 3 * DAY + 3);
    next_shop.place = Some(gln(200));
    assert_eq!(both(&[next_shop], &custody), later, "used in two shops");
    assert_eq!(both(&[live(WHOLESALER, 3 * DAY + 300)], &custody), later, "came back");
    assert_eq!(both(&[live(WHOLESALER, 3 * DAY + 60)], &custody), QUIET, "clocks differ");
    // Who examines a complaint has it in hand.
    assert_eq!(both(&[live(MAKER, 9 * DAY)], &custody), QUIET);
}

#[test]
fn a_pack_where_nobody_sent_it_is_an_alarm_when_no_data_come() {
    let seen = [live(STRANGER, 3 * DAY)];
    assert_eq!(both(&seen, &custody()), [None, Some(AlarmKind::OutOfCustody)]);
    let wait = judge(&seen, &custody(), &limits(), at(3 * DAY));
    assert_eq!(wait, Finding::Wait { until: at(3 * DAY) + limits().late() });
    // It is on its way there.
    let sent = Custody { awaited: Some(gln(STRANGER)), ..custody() };
    assert_eq!(both(&seen, &sent), QUIET);
    // The data come a day after the goods.
    let mut late = custody();
    late.stays[2].until = Some(at(4 * DAY));
    late.stays.push(Stay { member: gln(STRANGER), from: at(4 * DAY), until: None });
    assert_eq!(both(&seen, &late), QUIET);
    assert_eq!(both(&seen, &Custody::default()), QUIET, "nothing is known of it");
    // A wholesaler that sold it long ago has it again.
    let seen = [live(WHOLESALER, 30 * DAY)];
    assert_eq!(both(&seen, &custody()), [None, Some(AlarmKind::OutOfCustody)]);
}

#[test]
fn a_told_time_is_believed_only_as_far_as_data_may_be_late() {
    let mut told = live(WHOLESALER, 30 * DAY);
    told.at = at(2 * DAY);
    assert_eq!(both(&[told.clone()], &custody()), [None, Some(AlarmKind::OutOfCustody)]);
    told.known_at = at(4 * DAY);
    assert_eq!(both(&[told], &custody()), QUIET);
}
