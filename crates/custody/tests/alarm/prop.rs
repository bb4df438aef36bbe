//! No honest life raises an alarm at any time; a copy in it does; order and repetition change nothing.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use theriac_custody::alarm::{Act, Custody, Finding, Sighting, judge};

use crate::honest::{Known, life};
use crate::{STRANGER, gln, kind, limits, on};

fn found(known: &Known, now: Timestamp) -> Finding {
    judge(&known.seen_at(now), &known.custody_at(now), &limits(), now)
}

/// A scan of a copy by somebody to whom the pack never came.
fn copy(now: Timestamp) -> Sighting {
    Sighting {
        at: now,
        known_at: now,
        member: gln(STRANGER),
        place: None,
        position: None,
        act: Act::Verified,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_honest_life_is_an_alarm(life in life()) {
        let known = life.known();
        for now in known.times() {
            let finding = found(&known, now);
            prop_assert!(kind(&finding).is_none(), "at {now}: {finding:?}");
        }
        prop_assert_eq!(found(&known, known.last), Finding::Clear);
    }

    #[test]
    fn a_copy_is_found_when_no_late_data_explain_it(life in life(), hours in 0..2_000i64) {
        let mut known = life.known();
        let seen = crate::at(0) + SignedDuration::from_hours(hours);
        known.sightings.push(copy(seen));
        let now = known.last.max(seen + limits().late());
        prop_assert!(kind(&found(&known, now)).is_some());
    }

    #[test]
    fn a_copy_on_the_other_side_of_the_earth_is_found_at_once(life in life(), minutes in 0..300i64) {
        let mut known = life.known();
        let Some(first) = known.sightings.iter().find(|one| one.position.is_some()).cloned() else {
            return Ok(());
        };
        let seen = first.at + SignedDuration::from_mins(minutes);
        let here = first.position.expect("a position");
        let other = format!("{},{}", -f64::from(here.latitude) / 1e5, f64::from(here.longitude) / 1e5 - 180.0);
        let other = match other.parse::<theriac_custody::alarm::Position>() {
            Ok(_) => other,
            Err(_) => format!("{},{}", -f64::from(here.latitude) / 1e5, f64::from(here.longitude) / 1e5 + 180.0),
        };
        known.sightings.push(on(copy(seen), &other));
        let now = first.known_at.max(seen);
        prop_assert!(kind(&found(&known, now)).is_some());
    }

    #[test]
    fn order_and_repetition_change_nothing(life in life(), turn in 0..50usize, copied in any::<bool>()) {
        let mut known = life.known();
        if copied {
            known.sightings.push(copy(crate::at(5_000)));
        }
        let custody: Custody = known.custody_at(known.last);
        let before = judge(&known.sightings, &custody, &limits(), known.last);
        let mut other = known.sightings.clone();
        other.extend(known.sightings.iter().rev().take(2).cloned());
        other.reverse();
        let turn = turn % other.len().max(1);
        other.rotate_left(turn);
        prop_assert_eq!(judge(&other, &custody, &limits(), known.last), before);
    }
}
