//! The story of the smallest scenario, step by step, as text.
//!
//! To accept a change of the story: `INSTA_UPDATE=always cargo test -p theriac-sim`, then read the
//! difference of `tests/snapshots/`.

use theriac_sim::{Action, PACKS_MIN, Plan, scenario};

#[test]
fn the_day() {
    let plan = Plan { packs: PACKS_MIN, seed: 1, day: jiff::civil::date(2026, 11, 23) };
    let day = scenario(&plan).expect("a scenario");
    let mut text = String::new();
    for step in &day.steps {
        let slug = &day.companies[step.company].slug;
        let action = match &step.action {
            Action::Capture { title, document, events, held } => {
                format!("{title} [{events} events, {held} held, {} bytes]", document.len())
            }
            Action::Verify { case, story, code, expected } => {
                format!("asks {case}: {code:?} -> {expected}\n    {story}")
            }
        };
        text += &format!("{} {slug} {action}\n", step.at);
    }
    for (code, expectation) in &day.codes_to_try {
        text += &format!("try {code}: {expectation}\n");
    }
    insta::assert_snapshot!(text);
}
