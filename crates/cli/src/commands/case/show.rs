//! A case shown: how it stands, what was said and done, and as the forms of authorities and trade.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use serde_json::Value;
use theriac_custody::case::Act;
use theriac_node::{CaseLine, PdgTaken, actor_text};
use theriac_web::routes::cases::CaseView;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};

/// Packs of a case that are listed.
const PACKS_SHOWN: usize = 5;

/// Show a case with what was said and done in it
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Number or name of the case
    case: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Print the fields of Form FDA 3911 for a case, as JSON
#[derive(Debug, Args)]
pub struct FormArgs {
    /// Number or name of the case
    case: String,
    /// initial, follow_up or termination
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Incident number that the FDA has given
    #[arg(long, value_name = "NUMBER")]
    incident: Option<String>,
}

/// Print a case as an exception message of the PDG, or take one in
#[derive(Debug, Args)]
pub struct PdgArgs {
    /// Number or name of the case
    #[arg(required_unless_present = "take")]
    case: Option<String>,
    /// report, or response to the other party's report
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// Take in the message in this file; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["case", "form"])]
    take: Option<PathBuf>,
}

pub(super) async fn show(client: &Client, args: ShowArgs) -> anyhow::Result<Outcome> {
    let view: CaseView = client.get(&path(&args.case), &[]).await?;
    print(&view, args.json)
}

pub(super) async fn form(client: &Client, args: FormArgs) -> anyhow::Result<Outcome> {
    let kind = args.kind.as_deref().map(|kind| ("type", kind));
    let incident = args.incident.as_deref().map(|incident| ("incident", incident));
    let query: Vec<_> = kind.into_iter().chain(incident).collect();
    let form: Value = client.get(&format!("{}/3911", path(&args.case)), &query).await?;
    output::print_json(&form)?;
    Ok(Outcome::Yes)
}

pub(super) async fn pdg(client: &Client, args: PdgArgs) -> anyhow::Result<Outcome> {
    if let Some(file) = args.take {
        let message: Value = serde_json::from_slice(&read(&file)?)
            .with_context(|| format!("expected JSON in {}", file.display()))?;
        let taken: PdgTaken = client.post("/cases/pdg", &message).await?;
        client.settle().await;
        output::print_json(&taken)?;
        return Ok(Outcome::Yes);
    }
    let case = args.case.unwrap_or_default();
    let form = args.form.as_deref().map(|form| ("form", form));
    let query: Vec<_> = form.into_iter().collect();
    let message: Value = client.get(&format!("{}/pdg", path(&case)), &query).await?;
    output::print_json(&message)?;
    Ok(Outcome::Yes)
}

fn read(file: &std::path::Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// The path of a case.
pub(super) fn path(case: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let name: String = case.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    format!("/cases/{name}")
}

pub(super) fn print(view: &CaseView, json: bool) -> anyhow::Result<Outcome> {
    match json {
        true => output::print_json(view)?,
        false => output::print(&render(view))?,
    }
    Ok(Outcome::Yes)
}

fn render(view: &CaseView) -> String {
    let case = &view.case;
    let mut rows = Rows::default();
    rows.add("state", case.state.word());
    rows.add("because", &case.matter.reason);
    rows.add("what to do", &case.matter.what_to_do);
    match case.counterparty.filter(|_| view.shared) {
        Some(other) => {
            rows.add("with", other.to_string());
            let turn = if view.turn == other { "the other party" } else { "you" };
            rows.add("who must act", turn);
        }
        None => rows.add("who must act", actor_text(case.matter.actor)),
    }
    rows.add_some("packs", packs(view));
    rows.add("opened", &case.opened_at);
    let late = if case.overdue { ", which has passed" } else { "" };
    rows.add_some("deadline", case.deadline.as_ref().map(|at| format!("{at}{late}")));
    rows.add_some("closed", case.closed_at.as_deref());
    rows.add_some("outcome", case.outcome.as_deref());
    rows.add("name", case.uuid.to_string());
    let kind = case.matter.kind.word().replace('_', " ");
    let mut text = format!("case {}: {kind}\n{}", case.case, rows.render());
    for line in &view.entries {
        text.push_str(&entry(line));
    }
    text
}

/// The packs, as many as are shown.
fn packs(view: &CaseView) -> Option<String> {
    let mut shown: Vec<String> =
        view.packs.iter().take(PACKS_SHOWN).map(ToString::to_string).collect();
    let more = view.case.pack_count.saturating_sub(shown.len() as u64);
    if more > 0 {
        shown.push(format!("{} in all", count(view.case.pack_count, "pack")));
    }
    (!shown.is_empty()).then(|| shown.join(", "))
}

/// One line for an entry.
fn entry(line: &CaseLine) -> String {
    let entry = &line.entry;
    let note = if line.shared { "" } else { " (yours alone)" };
    let what = match &entry.act {
        Act::Opened => "opened the case".to_owned(),
        Act::Said { text, .. } => format!("said: {text}"),
        Act::Proposed { resolution, text } => {
            format!("proposed: {resolution}{}", with(text.as_deref()))
        }
        Act::Answered { accept, text, alternative, .. } => {
            let answer = if *accept { "accepted" } else { "rejected" };
            let instead = alternative.map(|way| format!(", and proposed: {way}"));
            format!("{answer}{}{}", instead.unwrap_or_default(), with(text.as_deref()))
        }
        Act::Reminded => "reminded the other party".to_owned(),
        Act::Quarantined { packs, .. } => format!("set {packs} items apart"),
        Act::Cleared { text, .. } => format!("cleared: {text}"),
        Act::Confirmed { text, classification } => {
            format!("confirmed as {}: {text}", classification.word().replace('_', " "))
        }
        Act::Resolved { outcome, .. } => format!("resolved: {outcome}"),
    };
    output::plain(&format!("  {} {}{note} {what}\n", entry.at, entry.author))
}

fn with(text: Option<&str>) -> String {
    text.map(|text| format!(" ({text})")).unwrap_or_default()
}
