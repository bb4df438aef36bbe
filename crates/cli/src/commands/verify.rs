//! `theriac verify`: is this pack genuine, and may it be dispensed now?

mod bundle;

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_custody::VerdictCode;
use theriac_custody::alarm::Position;
use theriac_gs1::Gln;
use theriac_node::{PublicCode, PublicVerdict, Unanswered, VerifyReport, actor_text};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, short};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac verify '(01)09521124000017(17)281231(10)TH4A07(21)ABC123'
  theriac verify 'https://id.gs1.org/01/09521124000017/21/ABC123'
  theriac verify ']d201095211240000171728123110TH4A07<GS>21ABC123' --json
  theriac verify --bundle bundle.json --rpc https://ledger.example
  theriac verify --bundle bundle.json --block-hash 0x…

Exit code 0 for genuine, 1 for any other verdict, 2 for a code that cannot be read. With --bundle 0 if
it proves what it tells, 1 if it proves nothing, 4 if the block hash printed must be compared first.";

/// Say whether a pack is genuine and may be dispensed now
///
/// The code may have any form: what a scanner sends (FNC1 as GS, or written out as in the examples),
/// bracketed as printed on the pack, GS1 Digital Link, EPC URN.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// The code of the pack
    #[arg(allow_hyphen_values = true, required_unless_present = "bundle")]
    code: Option<String>,
    /// Check a file that `theriac prove` wrote, without any node
    #[arg(long, value_name = "FILE", conflicts_with = "code")]
    bundle: Option<PathBuf>,
    /// GLN of the site where the pack is, for the alarm about copied packs
    #[arg(long, value_name = "GLN", conflicts_with = "bundle")]
    place: Option<Gln>,
    /// Where that is, degrees north and east as 48.137,11.575
    #[arg(long, value_name = "POSITION", allow_hyphen_values = true, conflicts_with = "bundle")]
    position: Option<Position>,
    /// When it was scanned, if that is not now
    #[arg(long, value_name = "TIME", conflicts_with = "bundle")]
    at: Option<Timestamp>,
    #[command(flatten)]
    trust: bundle::BundleTrust,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the verdict; yes if it is `genuine`. With a bundle, what it proves.
///
/// # Errors
///
/// The code cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: VerifyArgs) -> anyhow::Result<Outcome> {
    if let Some(file) = &args.bundle {
        return bundle::run(place, file, args.trust, args.json).await;
    }
    let code = args.code.unwrap_or_default();
    let client = Client::open(place).await?;
    let sight = [
        ("place", args.place.map(|place| place.to_string())),
        ("position", args.position.map(|position| position.to_string())),
        ("at", args.at.map(|at| at.to_string())),
    ];
    let mut query = vec![("code", code.as_str())];
    query.extend(sight.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    let told: Told = client.get("/verify", &query).await?;
    if args.json {
        output::print_json(&told)?;
    }
    match told {
        Told::Member(report) => {
            if !args.json {
                output::print(&render(&report))?;
            }
            Ok(outcome(report.verdict.code))
        }
        Told::Anybody(verdict) => {
            if !args.json {
                output::print(&render_public(&verdict))?;
            }
            let genuine = verdict.verdict == PublicCode::Genuine;
            Ok(if genuine { Outcome::Yes } else { Outcome::No })
        }
    }
}

/// What a node tells: all to its own member, little to anybody else.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Told {
    Member(Box<VerifyReport>),
    Anybody(PublicVerdict),
}

/// Yes for a genuine pack.
pub(super) fn outcome(code: VerdictCode) -> Outcome {
    if code == VerdictCode::Genuine { Outcome::Yes } else { Outcome::No }
}

fn render_public(verdict: &PublicVerdict) -> String {
    let word = match verdict.verdict {
        PublicCode::Genuine => "GENUINE",
        PublicCode::NotGenuine => "NOT GENUINE",
        PublicCode::Withdrawn => "WITHDRAWN",
        PublicCode::Unknown => "UNKNOWN",
    };
    let mut rows = Rows::default();
    rows.add("because", &verdict.reason);
    rows.add("what to do", &verdict.what_to_do);
    rows.add("pack", &verdict.identifier);
    format!("{word}\n{}", rows.render())
}

pub(super) fn render(report: &VerifyReport) -> String {
    let verdict = &report.verdict;
    let mut rows = Rows::default();
    rows.add("because", &verdict.reason);
    rows.add("what to do", &verdict.what_to_do);
    rows.add_some("who must act", verdict.actor.map(actor_text));
    rows.add("pack", &report.identifier);
    for repair in &report.repairs {
        rows.add("repaired scan", repair);
    }
    rows.add_some("lot", report.lot.as_deref());
    rows.add_some("expires", report.expiry.as_deref());
    let labeler = report.labeler.as_ref();
    rows.add_some("labeler", labeler.map(|party| format!("{} (GLN {})", party.name, party.gln)));
    if let Some(jurisdiction) = &report.jurisdiction {
        rows.add_some(
            "state",
            jurisdiction.state.as_ref().map(|state| format!("{state} ({})", jurisdiction.profile)),
        );
        let alert = jurisdiction.alert.as_ref();
        rows.add_some("alert", alert.map(|alert| format!("{}: {}", alert.code, alert.text)));
    }
    rows.add_some("alarm", report.alarm.as_deref());
    rows.add("answered by", report.evidence.answered_by.replace('_', " "));
    rows.add_some("answered at", report.evidence.answered_at.as_deref());
    if let Some(unanswered) = &report.unanswered {
        add_unanswered(&mut rows, unanswered);
    }
    rows.add_some("holding", holding(report));
    rows.add_some("ledger", ledger(report));
    format!("{}\n{}", verdict.code.word().to_uppercase().replace('_', " "), rows.render())
}

fn add_unanswered(rows: &mut Rows, unanswered: &Unanswered) {
    for asked in &unanswered.asked {
        let (name, gln) = (&asked.party.name, asked.party.gln);
        rows.add("no answer from", format!("{name} (GLN {gln}): {}", asked.why));
    }
    rows.add("asked since", &unanswered.since);
    rows.add("answer due", &unanswered.due);
    rows.add_some(
        "said before",
        unanswered.last_answer.as_ref().map(|last| {
            let said = if last.verified { "verified" } else { "not verified" };
            format!("{said}, at {}", last.at)
        }),
    );
}

fn holding(report: &VerifyReport) -> Option<String> {
    let evidence = &report.evidence;
    let holding = evidence.holding?;
    let position = evidence.position.map(|position| format!(", position {position}"));
    let state =
        evidence.holding_state.as_ref().map(|state| format!(", {}", state.replace('_', " ")));
    let (position, state) = (position.unwrap_or_default(), state.unwrap_or_default());
    Some(format!("{}{position}{state}", short(&holding.to_string())))
}

fn ledger(report: &VerifyReport) -> Option<String> {
    let evidence = &report.evidence;
    let transaction = evidence.transaction?;
    let block = evidence.block.map(|block| format!("block {block}, ")).unwrap_or_default();
    Some(format!("{block}transaction {transaction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_the_examples_can_be_read() {
        let codes: Vec<&str> = EXAMPLES.split('\'').skip(1).step_by(2).collect();
        assert_eq!(codes.len(), 3);
        for code in codes {
            let scan = theriac_gs1::read(code).unwrap();
            assert!(scan.identifier().is_some(), "{code}");
        }
    }

    #[test]
    fn the_verdict_comes_first_and_nothing_missing_is_told() {
        let report: VerifyReport = serde_json::from_value(serde_json::json!({
            "verdict": "already_retired", "reason": "it was dispensed", "actor": "this_member",
            "what_to_do": "report it", "code": "x", "identifier": "https://id.gs1.org/01/1/21/2",
            "lot": "A\u{1b}[1m", "expiry": null, "labeler": null,
            "evidence": {"answered_by": "this_node", "lot_tag": null, "holding": null,
                "position": null, "holding_state": null, "block": null, "transaction": null}
        }))
        .unwrap();
        let expected = "\
ALREADY RETIRED
  because       it was dispensed
  what to do    report it
  who must act  you
  pack          https://id.gs1.org/01/1/21/2
  lot           A\\u{1b}[1m
  answered by   this node
";
        assert_eq!(render(&report), expected);
    }
}
