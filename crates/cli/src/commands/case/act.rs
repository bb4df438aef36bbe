//! What is done in a case; each answer shows how the case stands then.

use clap::{Args, ValueEnum};
use serde::Serialize;
use theriac_custody::case::{Classification, Resolution};
use theriac_custody::{CaseKind, EvidenceItem, Uuid};
use theriac_gs1::Gln;
use theriac_node::{AnswerRequest, CaseRequest};
use theriac_web::routes::cases::CaseView;
use theriac_web::routes::cases::acts::{
    ClearRequest, ConfirmRequest, ProposeRequest, ResolveRequest, SayRequest, TellRequest,
};

use super::show::print;
use crate::client::Client;
use crate::exit::Outcome;

/// Open a case
///
/// Kinds: missing, extra, damaged, mismatch, no-data, suspect, clone-suspected, return-failed,
/// master-data, other. The packs of a suspect case that are in stock are set apart on the ledger.
#[derive(Debug, Args)]
pub struct OpenArgs {
    /// Its kind
    #[arg(value_parser = kind)]
    kind: CaseKind,
    /// What was expected, what was found, in a sentence
    #[arg(long)]
    reason: String,
    /// Codes of the packs, in any form
    #[arg(value_name = "CODE")]
    packs: Vec<String>,
    /// GLN of the other party
    #[arg(long, value_name = "GLN")]
    with: Option<Gln>,
    /// Tell the other party: its node opens the same case
    #[arg(long, requires = "with")]
    tell: bool,
    /// Number of the purchase order or delivery note
    #[arg(long, value_name = "NUMBER")]
    order: Option<String>,
    /// What to do, if it is not what is usual
    #[arg(long, value_name = "TEXT")]
    what_to_do: Option<String>,
    /// Set the packs in stock apart, whatever the kind
    #[arg(long)]
    quarantine: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Tell another party of a case that was yours alone
#[derive(Debug, Args)]
pub struct TellArgs {
    /// Number or name of the case
    case: String,
    /// GLN of the other party
    #[arg(long, value_name = "GLN")]
    to: Gln,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Say something in a case; it is the other party's turn then
#[derive(Debug, Args)]
pub struct SayArgs {
    /// Number or name of the case
    case: String,
    /// The words
    text: String,
    /// It stays your turn
    #[arg(long)]
    keep: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Propose a way to end a case
///
/// Ways: send-new-data, send-product, return-product, send-back-product, credit-account,
/// debit-account.
#[derive(Debug, Args)]
pub struct ProposeArgs {
    /// Number or name of the case
    case: String,
    /// The way
    resolution: Resolution,
    /// In your words
    #[arg(long)]
    text: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Accept or reject what the other party proposes
#[derive(Debug, Args)]
pub struct AnswerArgs {
    /// Number or name of the case
    case: String,
    /// Whether you accept it
    #[arg(value_enum)]
    answer: Answer,
    /// The proposal, if it is not the last one
    #[arg(long, value_name = "UUID")]
    proposal: Option<Uuid>,
    /// What you propose instead
    #[arg(long, value_name = "WAY")]
    instead: Option<Resolution>,
    /// In your words
    #[arg(long)]
    text: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Answer {
    /// Yes.
    Accept,
    /// No.
    Reject,
}

/// End a case that you opened
#[derive(Debug, Args)]
pub struct ResolveArgs {
    /// Number or name of the case
    case: String,
    /// How it ended
    outcome: String,
    /// In the words of the trade
    #[arg(long, value_name = "WAY")]
    by: Option<Resolution>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Set the packs of a case that are in stock apart
#[derive(Debug, Args)]
pub struct QuarantineArgs {
    /// Number or name of the case
    case: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Find suspect packs legitimate: what the case set apart is released
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// Number or name of the case
    case: String,
    /// Why
    text: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Find suspect packs illegitimate: they stay apart, and whoever must know is told
///
/// Told are the labeler, the partners that had or got packs of the same lots, and the regulators.
#[derive(Debug, Args)]
pub struct ConfirmArgs {
    /// Number or name of the case
    case: String,
    /// Why
    text: String,
    /// In which way: counterfeit, diverted, stolen, intentional-adulteration,
    /// fraudulent-transaction, unfit-for-distribution
    #[arg(long = "as", value_name = "WAY", value_parser = classification)]
    classification: Classification,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn kind(word: &str) -> Result<CaseKind, String> {
    let found = CaseKind::from_word(&word.replace('-', "_"));
    found.ok_or_else(|| format!("expected a kind of case, as no-data or suspect, found {word:?}"))
}

fn classification(word: &str) -> Result<Classification, String> {
    Classification::from_word(word).ok_or_else(|| {
        let words: Vec<String> =
            Classification::ALL.iter().map(|kind| kind.word().replace('_', "-")).collect();
        format!("expected one of {}, found {word:?}", words.join(", "))
    })
}

/// Posts what is done, waits for what follows from it here, and shows the case.
async fn act(
    client: &Client,
    path: &str,
    body: &impl Serialize,
    json: bool,
) -> anyhow::Result<Outcome> {
    let view: CaseView = client.post(path, body).await?;
    client.settle().await;
    print(&view, json)
}

pub(super) async fn open(client: &Client, args: OpenArgs) -> anyhow::Result<Outcome> {
    let evidence = args.order.map(|number| EvidenceItem::Order { number });
    let request = CaseRequest {
        kind: args.kind,
        reason: args.reason,
        what_to_do: args.what_to_do,
        packs: args.packs,
        with: args.with,
        tell: args.tell,
        evidence: evidence.into_iter().collect(),
        quarantine: args.quarantine.then_some(true),
    };
    act(client, "/cases", &request, args.json).await
}

pub(super) async fn tell(client: &Client, args: TellArgs) -> anyhow::Result<Outcome> {
    let path = below(&args.case, "tell");
    act(client, &path, &TellRequest { to: args.to }, args.json).await
}

pub(super) async fn say(client: &Client, args: SayArgs) -> anyhow::Result<Outcome> {
    let request = SayRequest { text: args.text, keep: args.keep, evidence: Vec::new() };
    act(client, &below(&args.case, "messages"), &request, args.json).await
}

pub(super) async fn propose(client: &Client, args: ProposeArgs) -> anyhow::Result<Outcome> {
    let request = ProposeRequest { resolution: args.resolution, text: args.text };
    act(client, &below(&args.case, "proposals"), &request, args.json).await
}

pub(super) async fn answer(client: &Client, args: AnswerArgs) -> anyhow::Result<Outcome> {
    let request = AnswerRequest {
        proposal: args.proposal,
        accept: args.answer == Answer::Accept,
        text: args.text,
        alternative: args.instead,
    };
    act(client, &below(&args.case, "answers"), &request, args.json).await
}

pub(super) async fn resolve(client: &Client, args: ResolveArgs) -> anyhow::Result<Outcome> {
    let request = ResolveRequest { outcome: args.outcome, resolution: args.by };
    act(client, &below(&args.case, "resolve"), &request, args.json).await
}

pub(super) async fn quarantine(client: &Client, args: QuarantineArgs) -> anyhow::Result<Outcome> {
    act(client, &below(&args.case, "quarantine"), &serde_json::json!({}), args.json).await
}

pub(super) async fn clear(client: &Client, args: ClearArgs) -> anyhow::Result<Outcome> {
    let path = below(&args.case, "clear");
    act(client, &path, &ClearRequest { text: args.text }, args.json).await
}

pub(super) async fn confirm(client: &Client, args: ConfirmArgs) -> anyhow::Result<Outcome> {
    let request = ConfirmRequest { text: args.text, classification: args.classification };
    act(client, &below(&args.case, "confirm"), &request, args.json).await
}

/// A path below a case's.
fn below(case: &str, part: &str) -> String {
    format!("{}/{part}", super::show::path(case))
}
