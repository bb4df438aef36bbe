//! The script of the day: a clock that only goes forward, and the steps so far.

use jiff::civil::Date;
use jiff::tz;
use jiff::{SignedDuration, Timestamp};
use theriac_epcis::{DocumentHeader, Event, write_document};
use theriac_gs1::Sscc;

use crate::chance::Chance;
use crate::company::Company;
use crate::scenario::{Action, Step};
use crate::setting::Setting;

/// Hours east of UTC at every company of the story.
pub(crate) const OFFSET_HOURS: i8 = 1;

/// The setting, and what has happened.
///
/// # Invariants
///
/// - `now` never goes back, and every step takes at least a minute.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) setting: Setting,
    pub(crate) chance: Chance,
    midnight: Timestamp,
    now: Timestamp,
    containers: Vec<u64>,
    consignments: u32,
    steps: Vec<Step>,
}

/// A question to a node and the right answer.
#[derive(Debug)]
pub(crate) struct Question {
    /// Short id of the question.
    pub(crate) case: &'static str,
    /// What happened to the pack.
    pub(crate) story: String,
    /// The code as scanned.
    pub(crate) code: String,
    /// The right verdict.
    pub(crate) expected: &'static str,
}

impl Script {
    pub(crate) fn new(setting: Setting, seed: u64) -> Self {
        let midnight = midnight(setting.day);
        Self {
            chance: Chance::new(seed),
            midnight,
            now: midnight,
            containers: vec![0; setting.companies.len()],
            consignments: 0,
            steps: Vec::new(),
            setting,
        }
    }

    pub(crate) fn company(&self, company: usize) -> &Company {
        &self.setting.companies[company]
    }

    /// Waits until a time of the day, or of the next day when `hour` is 24 or more.
    pub(crate) fn wait_until(&mut self, hour: u8, minute: u8) {
        let time = self.midnight + minutes(u32::from(hour) * 60 + u32::from(minute));
        self.now = self.now.max(time);
    }

    /// The next unused SSCC of a company.
    pub(crate) fn next_sscc(&mut self, company: usize) -> Sscc {
        self.containers[company] += 1;
        let body = self.company(company).prefix() * 1_000_000_000 + self.containers[company];
        Sscc::from_body(body).expect("an SSCC, because its body has 7 + 9 digits")
    }

    /// The next unused number of a delivery.
    pub(crate) fn next_consignment(&mut self) -> u32 {
        self.consignments += 1;
        self.consignments
    }

    /// Events happen one after the other over some minutes, and the company captures them.
    pub(crate) fn capture(
        &mut self,
        company: usize,
        title: impl Into<String>,
        took: u32,
        events: Vec<Event>,
    ) {
        self.capture_with_held(company, title.into(), took, events, 0);
    }

    /// One event that the company captures and its node must hold.
    pub(crate) fn capture_held(&mut self, company: usize, title: impl Into<String>, event: Event) {
        self.capture_with_held(company, title.into(), 1, vec![event], 1);
    }

    fn capture_with_held(
        &mut self,
        company: usize,
        title: String,
        took: u32,
        mut events: Vec<Event>,
        held: usize,
    ) {
        let duration_ms = i64::from(took) * 60_000;
        let count = events.len().max(1) as i64;
        for (event, n) in events.iter_mut().zip(0..) {
            let time = self.now + SignedDuration::from_millis(duration_ms * n / count);
            event.common_mut().event_time = time;
        }
        self.now += SignedDuration::from_millis(duration_ms);
        let document = document(&events, self.now);
        let action = Action::Capture { title, document, events: events.len(), held };
        self.step(company, action);
    }

    /// A company asks its node about a code.
    pub(crate) fn verify(&mut self, company: usize, question: Question) {
        let Question { case, story, code, expected } = question;
        let action = Action::Verify { case: case.to_owned(), story, code, expected };
        self.step(company, action);
    }

    fn step(&mut self, company: usize, action: Action) {
        self.steps.push(Step { at: self.now, company, action });
        self.now += minutes(1);
    }

    pub(crate) fn finish(self) -> (Setting, Vec<Step>) {
        (self.setting, self.steps)
    }
}

fn minutes(minutes: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(minutes) * 60)
}

fn midnight(day: Date) -> Timestamp {
    tz::Offset::constant(OFFSET_HOURS)
        .to_timestamp(day.at(0, 0, 0, 0))
        .expect("a timestamp, because the plan's day is from 2000 to 2099")
}

fn document(events: &[Event], made: Timestamp) -> Vec<u8> {
    let mut document = Vec::new();
    write_document(events.iter(), &DocumentHeader::new(made), &mut document)
        .expect("a document, because a vector takes every byte");
    document
}
