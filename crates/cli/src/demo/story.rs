//! Plays the steps: captures go to each company's node over HTTP, questions as well; after each
//! capture the nodes work until nothing is left to do.

use std::time::Duration;

use indicatif::ProgressBar;
use theriac_custody::BreachCode;
use theriac_node::{CaptureReport, VerifyReport};
use theriac_sim::{Action, Scenario};
use theriac_web::routes::cases::CaseEntry;

use super::clock::StoryClock;
use super::network::{Member, Network};
use super::report::{Deviation, Told, VerdictRow};
use crate::client::Document;
use crate::output::count;

/// Rounds without any change after which what waits is left waiting.
const IDLE_ROUNDS_MAX: u32 = 20;

/// How far the clock is set ahead when something waits for a time.
const SKIP: Duration = Duration::from_secs(1);

/// Pause between rounds while something waits, when the ledger mines as soon as it is given something.
const PAUSE: Duration = Duration::from_millis(2);

/// The same when others run the ledger: all rounds together last some of their blocks.
const PAUSE_FOR_BLOCKS: Duration = Duration::from_millis(250);

/// Most cases of a node that are looked at.
const CASES: &str = "10000";

/// Plays all steps.
///
/// # Errors
///
/// A node fails or does not answer; a wrong verdict is no error but told.
pub async fn play(
    network: &Network,
    scenario: &Scenario,
    clock: &StoryClock,
    bar: &ProgressBar,
) -> anyhow::Result<Told> {
    let mut told = Told::default();
    for step in &scenario.steps {
        clock.set(step.at);
        let member = &network.members[step.company];
        match &step.action {
            Action::Capture { title, document, events, held } => {
                bar.set_message(format!("{} {title}", member.name));
                let document = Document::Bytes(title.clone(), document.clone().into());
                let report = member.client.capture(&document, &ProgressBar::hidden()).await?;
                note_capture(&mut told, member, title, [*events, *held], &report);
                settle(network, clock).await?;
            }
            Action::Verify { case, story, code, expected } => {
                bar.set_message(format!("{} asks about {case}", member.name));
                let answer = member.client.get("/verify", &[("code", code)]).await?;
                told.verdicts.push(verdict(case, story, code, expected, &answer));
            }
        }
        tracing::debug!(company = member.name, at = %step.at, "a step is done");
        bar.inc(1);
    }
    for member in &network.members {
        note_contradictions(&mut told, member).await?;
    }
    Ok(told)
}

/// Compares what became of a document's events with what the scenario says.
fn note_capture(
    told: &mut Told,
    member: &Member,
    title: &str,
    expected: [usize; 2],
    report: &CaptureReport,
) {
    let [events, held] = expected.map(|number| number as u64);
    told.captures += 1;
    told.events += report.events;
    told.held += report.held;
    told.held_expected += held;
    let as_expected = report.events == events
        && report.held == held
        && report.refused == 0
        && report.document_error.is_none();
    if as_expected {
        return;
    }
    let reason = report.document_error.clone().or_else(|| {
        let mut outcomes = report.outcomes.iter();
        outcomes.find_map(|outcome| outcome.reason.clone())
    });
    told.deviations.push(Deviation {
        what: format!("{} {title}", member.name),
        expected: format!("{}, {held} held", count(events, "event")),
        found: format!(
            "{}, {} held, {} refused",
            count(report.events, "event"),
            report.held,
            report.refused
        ),
        reason,
    });
}

fn verdict(
    case: &str,
    story: &str,
    code: &str,
    expected: &str,
    answer: &VerifyReport,
) -> VerdictRow {
    VerdictRow {
        case: case.to_owned(),
        story: story.to_owned(),
        code: code.to_owned(),
        expected: expected.to_owned(),
        got: answer.verdict.code.word().to_owned(),
        reason: answer.verdict.reason.clone(),
        transaction: answer.evidence.transaction.map(|hash| hash.to_string()),
    }
}

/// Nothing in the story contradicts the ledger, so a case that says so is a deviation.
async fn note_contradictions(told: &mut Told, member: &Member) -> anyhow::Result<()> {
    let cases: Vec<CaseEntry> =
        member.client.get("/cases", &[("open", "true"), ("limit", CASES)]).await?;
    told.cases_open += cases.len() as u64;
    for case in cases {
        let kind = case.matter.kind;
        if kind == BreachCode::LedgerRefused || kind == BreachCode::ManifestMismatch {
            told.deviations.push(Deviation {
                what: format!("case {} of {}", case.case, member.name),
                expected: "agreement with the ledger".to_owned(),
                found: "a contradiction".to_owned(),
                reason: Some(case.matter.reason),
            });
        }
    }
    Ok(())
}

/// What is left to do in a network: operations and deliveries that wait, blocks not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Left {
    operations: u64,
    deliveries: u64,
    blocks: u64,
    head: u64,
}

impl Left {
    /// Without what changes by itself on a ledger that makes blocks of nothing.
    fn without_blocks(self) -> Self {
        Self { blocks: 0, head: 0, ..self }
    }
}

/// Lets all nodes work until nothing is left to do, or what is left waits for something that does
/// not come.
async fn settle(network: &Network, clock: &StoryClock) -> anyhow::Result<()> {
    let mut before = Left::default();
    let mut idle = 0;
    while idle < IDLE_ROUNDS_MAX {
        for member in &network.members {
            member.node.settle().await?;
        }
        let left = left(network).await?;
        tracing::debug!(?left, "a round is done");
        if left.operations + left.deliveries + left.blocks == 0 {
            return Ok(());
        }
        let (now, then, pause) = match network.ledger_stats() {
            Some(_) => (left, before, PAUSE),
            None => (left.without_blocks(), before.without_blocks(), PAUSE_FOR_BLOCKS),
        };
        idle = if now == then { idle + 1 } else { 0 };
        if idle > 1 {
            clock.skip(SKIP);
            tokio::time::sleep(pause).await;
        }
        before = left;
    }
    tracing::info!(?before, "the nodes wait for something that does not come");
    Ok(())
}

async fn left(network: &Network) -> anyhow::Result<Left> {
    let mut left = Left::default();
    for member in &network.members {
        let health = member.node.health().await?;
        left.operations += health.operations_waiting;
        left.deliveries += health.deliveries_waiting;
        left.blocks += health.ledger.head - health.ledger.followed.min(health.ledger.head);
        left.head = left.head.max(health.ledger.head);
    }
    Ok(left)
}
