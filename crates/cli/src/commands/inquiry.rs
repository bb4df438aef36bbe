//! `theriac inquiry`: what authorities ask about packs, and how it is answered.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use theriac_gs1::Gln;
use theriac_node::{DisclosureEntry, InquiryEntry, InquiryReport, InquiryRequest};
use theriac_web::routes::inquiries::{AttachAnswer, AttachRequest, DecisionRequest};

use super::trace;
use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count, plain};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac inquiry ask '(01)09521124000017(21)ABC123' --reason 'suspect product' \\
    --legal-basis '21 U.S.C. 360eee-1'
  theriac inquiry ask 'https://id.gs1.org/01/09521124000017/10/TH4A07' --reason recall \\
    --legal-basis 'Directive 2001/83/EC, article 117a'
  theriac inquiry list
  theriac inquiry show 3
  theriac inquiry approve 3 --attach invoice.pdf --reason 'approved by compliance'
  theriac inquiry deny 3 --reason 'no legal basis'
  theriac inquiry audit";

/// Ask the parties of packs as an authority, and answer such inquiries
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct InquiryArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Ask all parties of packs, units or lots; for regulators
    Ask(AskArgs),
    /// List inquiries: this member's own, and those that came in
    List(ListArgs),
    /// Show an inquiry: who has answered, who is late, the journeys put together
    Show(ShowArgs),
    /// Have an inquiry answered that waits for approval
    Approve(ApproveArgs),
    /// Deny an inquiry that waits for approval
    Deny(DenyArgs),
    /// List who was told how much about what
    Audit(ListArgs),
}

#[derive(Debug, Args)]
struct AskArgs {
    /// Codes of packs and units in any form; lots as GS1 Digital Links
    #[arg(required = true, value_name = "CODE")]
    items: Vec<String>,
    /// Why, in a sentence
    #[arg(long)]
    reason: String,
    /// The legal basis
    #[arg(long)]
    legal_basis: String,
    /// A member to ask whoever else is asked; may be repeated
    #[arg(long = "party", value_name = "GLN")]
    parties: Vec<Gln>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ListArgs {
    /// At most so many, the newest
    #[arg(long, default_value_t = 100, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Number of the inquiry
    inquiry: i64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct ApproveArgs {
    /// Number of the inquiry
    inquiry: i64,
    /// What is to be said to it
    #[arg(long, default_value = "")]
    reason: String,
    /// A file to send with the answer; may be repeated
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct DenyArgs {
    /// Number of the inquiry
    inquiry: i64,
    /// Why
    #[arg(long)]
    reason: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Does what is asked for; of `ask` and `show`, yes if all have answered.
///
/// # Errors
///
/// The node's member may not do it, there is no such inquiry, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: InquiryArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match args.action {
        Action::Ask(args) => ask(&client, args).await,
        Action::List(args) => list(&client, args).await,
        Action::Show(args) => {
            let path = format!("/inquiries/{}", args.inquiry);
            show(&client.get(&path, &[]).await?, args.json)
        }
        Action::Approve(args) => approve(&client, args).await,
        Action::Deny(args) => {
            let path = format!("/inquiries/{}/deny", args.inquiry);
            let decision = DecisionRequest { reason: args.reason };
            let report: InquiryReport = client.post(&path, &decision).await?;
            client.settle().await;
            print(&report, args.json)?;
            Ok(Outcome::Yes)
        }
        Action::Audit(args) => audit(&client, args).await,
    }
}

async fn ask(client: &Client, args: AskArgs) -> anyhow::Result<Outcome> {
    let AskArgs { items, reason, legal_basis, parties, json } = args;
    let request = InquiryRequest { items, reason, legal_basis, parties };
    let made: InquiryReport = client.post("/inquiries", &request).await?;
    client.settle().await;
    let path = format!("/inquiries/{}", made.entry.inquiry);
    show(&client.get(&path, &[]).await?, json)
}

async fn approve(client: &Client, args: ApproveArgs) -> anyhow::Result<Outcome> {
    for file in &args.attach {
        let body =
            std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let content_type = "application/octet-stream".to_owned();
        let document = AttachRequest { name, content_type, body: hex::encode(body) };
        let path = format!("/inquiries/{}/documents", args.inquiry);
        let _: AttachAnswer = client.post(&path, &document).await?;
    }
    let path = format!("/inquiries/{}/approve", args.inquiry);
    let report: InquiryReport =
        client.post(&path, &DecisionRequest { reason: args.reason }).await?;
    client.settle().await;
    print(&report, args.json)?;
    Ok(Outcome::Yes)
}

async fn list(client: &Client, args: ListArgs) -> anyhow::Result<Outcome> {
    let limit = args.limit.to_string();
    let entries: Vec<InquiryEntry> = client.get("/inquiries", &[("limit", &limit)]).await?;
    if args.json {
        output::print_json(&entries)?;
        return Ok(Outcome::Yes);
    }
    for entry in &entries {
        output::print(&render_entry(entry))?;
    }
    let noun = if entries.len() == 1 { "inquiry" } else { "inquiries" };
    output::print(&format!("{} {noun}\n", entries.len()))?;
    Ok(Outcome::Yes)
}

async fn audit(client: &Client, args: ListArgs) -> anyhow::Result<Outcome> {
    let limit = args.limit.to_string();
    let entries: Vec<DisclosureEntry> = client.get("/disclosures", &[("limit", &limit)]).await?;
    if args.json {
        output::print_json(&entries)?;
        return Ok(Outcome::Yes);
    }
    for one in &entries {
        let DisclosureEntry { asked_by, item, kind, sight, last_at, times, .. } = one;
        let text = format!(
            "{last_at}  {} (GLN {}) was told {sight} about {item} ({kind}, {times} times)",
            asked_by.name, asked_by.gln
        );
        output::print(&format!("{}\n", plain(&text)))?;
    }
    Ok(Outcome::Yes)
}

fn show(report: &InquiryReport, json: bool) -> anyhow::Result<Outcome> {
    print(report, json)?;
    let is_over = matches!(report.entry.state.as_str(), "complete" | "answered");
    Ok(if is_over { Outcome::Yes } else { Outcome::No })
}

fn print(report: &InquiryReport, json: bool) -> anyhow::Result<()> {
    match json {
        true => output::print_json(report)?,
        false => output::print(&render(report))?,
    }
    Ok(())
}

fn render_entry(entry: &InquiryEntry) -> String {
    let mut rows = Rows::default();
    rows.add("asked by", format!("{} (GLN {})", entry.asked_by.name, entry.asked_by.gln));
    rows.add("about", entry.items.join(", "));
    rows.add("reason", &entry.reason);
    rows.add("legal basis", &entry.legal_basis);
    rows.add("asked", &entry.asked_at);
    rows.add_some("due", entry.due_at.as_deref());
    rows.add_some("decided", entry.decided_at.as_deref());
    rows.add_some("decision", entry.decision.as_deref());
    let late = if entry.late { ", LATE" } else { "" };
    format!("inquiry {}: {}{late}\n{}", entry.inquiry, plain(&entry.state), rows.render())
}

fn render(report: &InquiryReport) -> String {
    let mut text = render_entry(&report.entry);
    for one in &report.parties {
        let late = if one.late { ", LATE" } else { "" };
        let when = match &one.answered_at {
            Some(at) => format!("at {at}"),
            None => format!("due {}", one.due_at),
        };
        let mut line =
            format!("{} (GLN {}): {} {when}{late}", one.party.name, one.party.gln, one.state);
        for words in [&one.reason, &one.not_reached].into_iter().flatten() {
            line.push_str(&format!("; {words}"));
        }
        if one.reminders > 0 {
            line.push_str(&format!("; {}", count(one.reminders.into(), "reminder")));
        }
        text.push_str(&format!("  {}\n", plain(&line)));
    }
    for document in &report.documents {
        let line = format!("document {} of {}, {}", document.name, document.party, document.digest);
        text.push_str(&format!("  {}\n", plain(&line)));
    }
    for journey in &report.journeys {
        text.push_str(&trace::render(journey));
    }
    text
}
