//! `theriac receive`: goods that arrive are received by their codes, or a whole shipment at once.

use std::io::{BufRead, IsTerminal};

use anyhow::Context;
use clap::Args;
use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_node::{
    ArrivalKind, ArrivalReport, ArrivalRequest, CloseRequest, Missing, SCANS_MAX, ScanAnswer,
    ScanReport, ScanRequest, ScansReport,
};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac receive '(01)09521124000017(21)1234' '(00)195211240000000017'
  theriac receive --sender 9521124000013 < codes.txt
  theriac receive --shipment 0x5c…e1 --all
  theriac receive --return --damaged '(01)09521124000017(21)1234'";

/// Receive goods by scanning pallets, cases or packs
///
/// Codes are arguments, or lines of standard input as a scanner types them; each is answered at once.
/// At the end what is here goes into stock, and cases open about what is missing, extra, damaged,
/// labelled otherwise, or without data. What has no data yet is received by itself when it comes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ReceiveArgs {
    /// Codes in any form; without any (and without --all) they are read from standard input
    #[arg(value_name = "CODE")]
    codes: Vec<String>,
    /// Expect one shipment, by the holding that it is on the ledger
    #[arg(long, value_name = "HOLDING", group = "scope")]
    shipment: Option<Hash>,
    /// Expect one logistic unit, by its code
    #[arg(long, value_name = "CODE", group = "scope")]
    container: Option<String>,
    /// Expect all that this member has sent
    #[arg(long, value_name = "GLN", group = "scope")]
    sender: Option<Gln>,
    /// Everything that is announced is here: no scans
    #[arg(long, conflicts_with_all = ["codes", "damaged", "wait"])]
    all: bool,
    /// The goods come back: each pack is verified before it is stock
    #[arg(long = "return")]
    returned: bool,
    /// What these codes name is damaged
    #[arg(long)]
    damaged: bool,
    /// Wait for what is missing; else it is refused, and goes back to the sender on the ledger
    #[arg(long)]
    wait: bool,
    /// Where the goods arrive: the URI of an SGLN
    #[arg(long, value_name = "URI")]
    place: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Receives goods; the answer is yes if all is as announced.
///
/// # Errors
///
/// The node cannot be asked, or standard input cannot be read.
pub async fn run(place: Option<Place>, args: ReceiveArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let kind = if args.returned { ArrivalKind::Return } else { ArrivalKind::Delivery };
    let request = ArrivalRequest {
        kind: Some(kind),
        shipment: args.shipment,
        container: args.container.clone(),
        sender: args.sender,
        place: args.place.clone(),
        all: args.all,
        request_key: None,
    };
    let opened: ArrivalReport = client.post("/arrivals", &request).await?;
    let report = match args.all {
        true => opened,
        false => {
            let path = format!("/arrivals/{}", opened.arrival);
            scan(&client, &path, &args).await?;
            let missing = if args.wait { Missing::Wait } else { Missing::Refuse };
            client.post(&format!("{path}/close"), &CloseRequest { missing }).await?
        }
    };
    client.settle().await;
    match args.json {
        true => output::print_json(&report)?,
        false => output::print(&render(&report))?,
    }
    let clean = report.outcome.as_ref().is_some_and(|outcome| outcome.cases.is_empty());
    Ok(if clean { Outcome::Yes } else { Outcome::No })
}

async fn scan(client: &Client, arrival: &str, args: &ReceiveArgs) -> anyhow::Result<()> {
    let path = format!("{arrival}/scans");
    if !args.codes.is_empty() {
        for codes in args.codes.chunks(SCANS_MAX) {
            tell(client, &path, codes.to_vec(), args).await?;
        }
        return Ok(());
    }
    let input = std::io::stdin();
    if input.is_terminal() {
        output::note("scan; an empty line or the end of input closes the arrival");
    }
    for line in input.lock().lines() {
        let line = line.context("cannot read standard input")?;
        let code = line.trim_end_matches(['\r', '\n']);
        if code.is_empty() {
            break;
        }
        tell(client, &path, vec![code.to_owned()], args).await?;
    }
    Ok(())
}

/// Scans codes and tells what each is.
async fn tell(
    client: &Client,
    path: &str,
    codes: Vec<String>,
    args: &ReceiveArgs,
) -> anyhow::Result<()> {
    let request = ScanRequest { codes, damaged: args.damaged, request_key: None };
    let report: ScansReport = client.post(path, &request).await?;
    if !args.json {
        for answer in &report.answers {
            output::print(&line(answer))?;
        }
    }
    Ok(())
}

fn line(scan: &ScanReport) -> String {
    let what = scan.identifier.as_deref().unwrap_or(&scan.code);
    let answer = scan.answer.word().replace('_', " ");
    let line = match scan.answer {
        ScanAnswer::Expected => format!("{answer}: {what}, {}", count(scan.packs, "pack")),
        _ => format!("{answer}: {what}: {}", scan.reason),
    };
    format!("{}\n", output::plain(&line))
}

fn render(report: &ArrivalReport) -> String {
    let mut rows = Rows::default();
    if let Some(outcome) = &report.outcome {
        rows.add("received", count(outcome.received, "pack"));
        let of_interest = [
            ("refused", outcome.refused),
            ("set apart", outcome.set_apart),
            ("missing", outcome.missing),
            ("without data", outcome.without_data),
        ];
        for (word, packs) in of_interest.into_iter().filter(|(_, packs)| *packs > 0) {
            rows.add(word, count(packs, "pack"));
        }
        if !outcome.cases.is_empty() {
            let cases: Vec<String> = outcome.cases.iter().map(ToString::to_string).collect();
            rows.add("cases", cases.join(", "));
        }
    }
    let head = format!(
        "arrival {}: {} of {} announced packs are here",
        report.arrival, report.here, report.expected
    );
    format!("{head}\n{}", rows.render())
}
