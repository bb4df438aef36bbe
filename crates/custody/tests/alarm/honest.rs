//! Honest lives of packs, with all that goes wrong in the field: clocks, late data, retries.

use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use theriac_custody::Reason;
use theriac_custody::alarm::{Act, Custody, End, Position, Sighting, Stay};

use crate::{at, gln, limits};

/// A scan while a member has the pack.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    /// When in the stay, in thousandths of it.
    part: i64,
    /// By how much the clock is wrong, in minutes; `None`: no time is told, and it is known at once.
    clock: Option<i64>,
    /// After how many minutes it becomes known.
    delay: i64,
    /// How often it is sent.
    times: usize,
    /// Whether its position is told.
    positioned: bool,
}

/// A member's time with the pack.
#[derive(Debug, Clone)]
pub(crate) struct Leg {
    position: (f64, f64),
    /// Minutes that the pack stays.
    stay: i64,
    /// Minutes that it takes beyond the fastest travel.
    pause: i64,
    /// Minutes after which the handover is on record.
    delay: i64,
    scans: Vec<Scan>,
}

/// A pack's life.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    legs: Vec<Leg>,
    /// Whether it is dispensed in the end, and how often it is tried again, after how many minutes.
    dispensed: Option<Vec<i64>>,
}

/// What became known of a life, and when.
pub(crate) struct Known {
    pub(crate) sightings: Vec<Sighting>,
    stays: Vec<(Timestamp, Stay)>,
    end: Option<(Timestamp, End)>,
    /// When all is known.
    pub(crate) last: Timestamp,
}

fn late_min() -> i64 {
    i64::from(limits().late_hours) * 60
}

fn scan() -> impl Strategy<Value = Scan> {
    let clock = i64::from(limits().clock_minutes) / 2;
    let told = prop::option::of(-clock..=clock);
    (0..1_000i64, told, 0..late_min() - clock, 1usize..4, any::<bool>()).prop_map(
        |(part, clock, delay, times, positioned)| Scan { part, clock, delay, times, positioned },
    )
}

fn leg() -> impl Strategy<Value = Leg> {
    let position = (-60.0..70.0f64, -170.0..170.0f64);
    (position, 60..20_000i64, 60..10_000i64, 0..late_min(), vec(scan(), 0..5)).prop_map(
        |(position, stay, pause, delay, scans)| Leg { position, stay, pause, delay, scans },
    )
}

pub(crate) fn life() -> impl Strategy<Value = Life> {
    let retry = 0..i64::from(limits().retry_hours) * 60 - i64::from(limits().clock_minutes);
    (vec(leg(), 1..5), prop::option::of(vec(retry, 0..3)))
        .prop_map(|(legs, dispensed)| Life { legs, dispensed })
}

fn position(leg: &Leg) -> Position {
    Position::of_degrees(leg.position.0, leg.position.1).expect("a position")
}

impl Life {
    pub(crate) fn known(&self) -> Known {
        let mut known = Known { sightings: Vec::new(), stays: Vec::new(), end: None, last: at(0) };
        let mut now = 0;
        let mut on_record = at(0);
        let mut before: Option<&Leg> = None;
        for (number, leg) in (0u64..).zip(&self.legs) {
            if let Some(before) = before {
                let km = position(before).distance_km(position(leg));
                // Goods travel at nine tenths of the greatest speed at most.
                now += (km / (f64::from(limits().speed_kmh_max) * 0.9) * 60.0) as i64 + leg.pause;
            }
            on_record = on_record.max(at(now + leg.delay));
            known.arrives(number, on_record);
            for scan in &leg.scans {
                known.scanned(number, leg, scan, now);
            }
            now += leg.stay;
            before = Some(leg);
        }
        if let Some(retries) = &self.dispensed {
            known.dispensed(self.legs.len() as u64 - 1, now, retries, on_record);
        }
        let times = known.sightings.iter().map(|one| one.known_at);
        known.last = times.chain([on_record, at(now)]).max().unwrap_or(on_record) + limits().late();
        known
    }
}

impl Known {
    fn arrives(&mut self, member: u64, on_record: Timestamp) {
        if let Some((_, before)) = self.stays.last_mut() {
            before.until = Some(on_record);
        }
        self.stays.push((on_record, Stay { member: gln(member), from: on_record, until: None }));
    }

    fn scanned(&mut self, member: u64, leg: &Leg, scan: &Scan, from: i64) {
        let minutes = from + leg.stay * scan.part / 1_000;
        let (told, known_at) = match scan.clock {
            None => (at(minutes), at(minutes)),
            Some(clock) => (at(minutes + clock), at(minutes + scan.delay)),
        };
        let sighting = Sighting {
            at: told,
            known_at,
            member: gln(member),
            place: Some(gln(100 + member)),
            position: scan.positioned.then(|| position(leg)),
            act: Act::Verified,
        };
        self.sightings.extend(std::iter::repeat_n(sighting, scan.times));
    }

    fn dispensed(&mut self, member: u64, minutes: i64, retries: &[i64], on_record: Timestamp) {
        let place = Some(gln(100 + member));
        let end = End { member: gln(member), place, at: at(minutes), reason: Reason::Dispensed };
        self.end = Some((on_record.max(at(minutes)), end));
        for retry in retries {
            let time = at(minutes + retry);
            let position = None;
            let act = Act::Used;
            self.sightings.push(Sighting {
                at: time,
                known_at: time,
                member: gln(member),
                place,
                position,
                act,
            });
        }
    }

    /// What is known of custody at a time.
    pub(crate) fn custody_at(&self, now: Timestamp) -> Custody {
        let known = self.stays.iter().filter(|(since, _)| *since <= now);
        let mut stays: Vec<Stay> = known.map(|(_, stay)| *stay).collect();
        if let Some(last) = stays.last_mut() {
            last.until = last.until.filter(|until| *until <= now);
        }
        let end = self.end.filter(|(since, _)| *since <= now).map(|(_, end)| end);
        Custody { stays, awaited: None, end, exempt: Vec::new() }
    }

    /// The sightings known at a time.
    pub(crate) fn seen_at(&self, now: Timestamp) -> Vec<Sighting> {
        self.sightings.iter().filter(|one| one.known_at <= now).cloned().collect()
    }

    /// The times at which something becomes known, and the last.
    pub(crate) fn times(&self) -> Vec<Timestamp> {
        let seen = self.sightings.iter().flat_map(|one| {
            let due = one.known_at + limits().late();
            [one.known_at, due - SignedDuration::from_secs(1), due]
        });
        let recorded = self.stays.iter().map(|(since, _)| *since);
        let mut times: Vec<Timestamp> = seen.chain(recorded).chain([self.last]).collect();
        times.sort_unstable();
        times
    }
}
