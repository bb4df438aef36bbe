//! `theriac capture`: sends EPCIS documents to a node, and tells what became of each event.

mod render;

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use theriac_node::CaptureReport;

use crate::client::{Client, ClientError, Document};
use crate::commands::documents::documents;
use crate::exit::{self, Outcome};
use crate::output;
use crate::place::Place;
use crate::progress;
use render::{Detail, render};

const EXAMPLES: &str = "\
Examples:
  theriac capture shipment.xml
  theriac capture inbox/ --json
  zcat big.jsonld.gz | theriac capture -

With --json there is one document a line.
Exit code 0 if all was admitted or captured before, 1 if something was held or refused, 2 if a
document could not be read to its end. Nothing is lost: what is held is in a case (theriac cases),
and is admitted by itself once what it waits for is there.";

/// Capture EPCIS documents: 2.0 JSON-LD, or XML of 1.0 to 2.0
///
/// Files of any length are streamed. To capture a document again does no harm.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct CaptureArgs {
    /// Files; folders, of which all *.xml, *.json and *.jsonld at any depth are taken in order; or
    /// - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON, one document a line
    #[arg(long)]
    json: bool,
    /// A line for each event, even if many have the same outcome
    #[arg(long)]
    all: bool,
}

/// A document's line of JSON.
#[derive(Debug, Serialize)]
struct DocumentJson<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: &'a CaptureReport,
}

/// Captures the documents one after the other.
///
/// # Errors
///
/// A file is not there, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: CaptureArgs) -> anyhow::Result<Outcome> {
    let documents = documents(&args.files)?;
    let client = Client::open(place).await?;
    let detail = if args.all { Detail::EveryEvent } else { Detail::Grouped };
    let mut outcome = Outcome::Yes;
    for document in &documents {
        let name = document.name();
        let report = match capture(&client, document).await {
            Ok(report) => report,
            Err(error @ ClientError::Document { .. }) => {
                output::complain(&exit::sentence(&error.into()));
                outcome = Outcome::Unreadable;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        match args.json {
            true => output::print_json(&DocumentJson { file: &name, report: &report })?,
            false => output::print(&render(&name, &report, detail))?,
        }
        if let Some(error) = &report.document_error {
            output::complain(&format!("{name} cannot be read: {error}"));
        }
        outcome = worse(outcome, judge(&report));
    }
    Ok(outcome)
}

/// Captures a document; in this process also records it, so that the report tells the transactions.
async fn capture(client: &Client, document: &Document) -> Result<CaptureReport, ClientError> {
    let bar = progress::bytes(&document.name(), document.length());
    let report = client.capture(document, &bar).await;
    let report = match (report, client.node()) {
        (Ok(report), Some(_)) => {
            bar.set_message("recording");
            client.settle().await;
            client.report(report.capture).await
        }
        (report, _) => report,
    };
    bar.finish_and_clear();
    report
}

fn judge(report: &CaptureReport) -> Outcome {
    match report {
        CaptureReport { document_error: Some(_), .. } => Outcome::Unreadable,
        CaptureReport { held: 0, refused: 0, .. } => Outcome::Yes,
        _ => Outcome::No,
    }
}

fn worse(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Unreadable, _) | (_, Outcome::Unreadable) => Outcome::Unreadable,
        (Outcome::No, _) | (_, Outcome::No) => Outcome::No,
        _ => Outcome::Yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_document_decides() {
        assert_eq!(worse(Outcome::Yes, Outcome::No), Outcome::No);
        assert_eq!(worse(Outcome::Unreadable, Outcome::No), Outcome::Unreadable);
        assert_eq!(worse(Outcome::Yes, Outcome::Yes), Outcome::Yes);
    }
}
