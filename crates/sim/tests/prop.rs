//! Properties of every scenario, whatever its size, seed and day.

#[path = "prop/model.rs"]
mod model;
#[path = "prop/reading.rs"]
mod reading;

use std::collections::{BTreeSet, HashSet};

use jiff::civil::{Date, date};
use proptest::prelude::*;
use theriac_epcis::event_hash;
use theriac_sim::{Action, DAY_MAX, DAY_MIN, Plan, PlanError, Scenario, Step, scenario};

use model::Model;
use reading::{all_events, events_of};

const DAY: Date = date(2026, 11, 23);

/// DESIGN section 4.
const VERDICTS: [&str; 10] = [
    "already_retired",
    "blocked",
    "expired",
    "genuine",
    "not_genuine",
    "not_here",
    "quarantined",
    "recalled",
    "stolen",
    "unknown",
];

fn made(packs: u32, seed: u64, day: Date) -> Scenario {
    scenario(&Plan { packs, seed, day }).expect("a scenario")
}

/// Plays a scenario in the model: every event is right or held as announced, and every verdict is
/// the expected one. Says what is not so.
fn play(scenario: &Scenario, packs: u32) -> Result<(), String> {
    let mut model = Model::of(scenario);
    let mut latest = jiff::Timestamp::MIN;
    for step in &scenario.steps {
        ensure(step.at > latest, || format!("{} does not follow {latest}", step.at))?;
        latest = step.at;
        play_step(&mut model, step)?;
    }
    ensure(model.packs() == packs as usize, || format!("{} packs, not {packs}", model.packs()))
}

fn play_step(model: &mut Model, step: &Step) -> Result<(), String> {
    let today = jiff::tz::Offset::constant(1).to_datetime(step.at).date();
    match &step.action {
        Action::Capture { title, document, events, held } => {
            let found = events_of(document);
            ensure(found.len() == *events, || format!("{title}: {} events", found.len()))?;
            let mut broken = Vec::new();
            for event in &found {
                ensure(event.common().event_time <= step.at, || format!("{title}: from later"))?;
                broken.extend(model.apply(event, step.company, today).err());
            }
            ensure(broken.len() == *held, || format!("{title}: {broken:?}"))
        }
        Action::Verify { case, code, expected, .. } => {
            let verdict = model.verdict(code, step.company, today);
            ensure(verdict == *expected, || format!("{case}: {verdict}"))
        }
    }
}

fn ensure(holds: bool, else_what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(else_what()) }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_scenario_is_right(packs in 400..4_000_u32, seed: u64, days in 0..36_524_i32) {
        let day = DAY_MIN.saturating_add(jiff::ToSpan::days(days));
        prop_assert_eq!(play(&made(packs, seed, day), packs), Ok(()));
    }
}

#[test]
fn sizes_at_the_edges_are_right() {
    // Full last cases, a last case of one pack, full last pallets.
    for packs in [400, 401, 480, 960, 961, 1_929, 2_305, 9_600, 10_000] {
        assert_eq!(play(&made(packs, 7, DAY), packs), Ok(()), "{packs} packs");
    }
    assert_eq!(play(&made(400, 0, DAY_MIN), 400), Ok(()));
    assert_eq!(play(&made(400, u64::MAX, DAY_MAX), 400), Ok(()));
}

/// The model notices when a document is missing. Nobody misses everyday dispensing, what is held
/// anyway, and a tote that is not here whether it was shipped or not.
#[test]
fn every_document_is_needed() {
    let day = made(400, 1, DAY);
    for left_out in 0..day.steps.len() {
        let Action::Capture { title, held, .. } = &day.steps[left_out].action else { continue };
        let idle =
            *held > 0 || title.starts_with("dispenses 18 packs") || title.contains("last tote");
        let mut rest = day.clone();
        rest.steps.remove(left_out);
        assert!(idle || play(&rest, 400).is_err(), "nobody misses: {title}");
    }
}

#[test]
fn every_verdict_occurs_and_every_question_has_an_id() {
    let day = made(400, 1, DAY);
    let (cases, verdicts): (Vec<_>, BTreeSet<_>) = day
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::Verify { case, expected, .. } => Some((case.as_str(), *expected)),
            Action::Capture { .. } => None,
        })
        .unzip();
    assert_eq!(verdicts, BTreeSet::from(VERDICTS));
    assert_eq!(cases.iter().collect::<HashSet<_>>().len(), cases.len(), "{cases:?}");
}

#[test]
fn every_form_of_code_occurs() {
    let day = made(400, 1, DAY);
    let forms: HashSet<_> = day
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::Verify { code, .. } => Some(theriac_gs1::read(code).expect("a code").form),
            Action::Capture { .. } => None,
        })
        .collect();
    assert_eq!(forms.len(), 4, "{forms:?}");
}

#[test]
fn codes_to_try_end_as_promised() {
    let day = made(400, 5, DAY);
    let mut model = Model::of(&day);
    for step in &day.steps {
        if let Action::Capture { document, .. } = &step.action {
            for event in events_of(document) {
                // What is held changes nothing.
                let _ = model.apply(&event, step.company, DAY);
            }
        }
    }
    assert_eq!(day.codes_to_try.len(), 3);
    for (code, expectation) in &day.codes_to_try {
        let verdict = model.verdict(code, theriac_sim::PHARMACY_A, DAY);
        assert!(expectation.starts_with(verdict), "{verdict}: {expectation}");
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    assert_eq!(made(1_000, 3, DAY), made(1_000, 3, DAY));
    assert_ne!(made(1_000, 3, DAY), made(1_000, 4, DAY));
}

#[test]
fn hashes_are_unique() {
    let events = all_events(&made(2_000, 9, DAY));
    let hashes: HashSet<_> = events.iter().map(|event| event_hash(event).to_string()).collect();
    assert_eq!(hashes.len(), events.len());
}

#[test]
fn ten_thousand_packs_are_a_few_hundred_events() {
    let day = made(10_000, 1, DAY);
    let events = all_events(&day);
    assert_eq!(day.events(), events.len());
    let steps = |step: &str| {
        events.iter().filter(|event| event.biz_step().is_some_and(|s| s.word() == step)).count()
    };
    assert!((300..600).contains(&events.len()), "{} events", events.len());
    assert!((230..260).contains(&steps("packing")), "{} packings", steps("packing"));
    let dispensed: usize = events
        .iter()
        .filter(|event| event.biz_step().is_some_and(|step| step.word() == "dispensing"))
        .map(|event| event.epcs().count())
        .sum();
    assert!((120..180).contains(&dispensed), "{dispensed} packs dispensed");
}

#[test]
fn a_plan_out_of_range_is_refused() {
    let plan = Plan { packs: 399, seed: 0, day: DAY };
    assert_eq!(scenario(&plan), Err(PlanError::Packs { found: 399 }));
    let day = date(1999, 12, 31);
    let error = scenario(&Plan { packs: 400, day, seed: 0 }).expect_err("a day out of range");
    assert_eq!(error.to_string(), "expected a day from 2000-01-01 to 2099-12-31, found 1999-12-31");
}
