//! `theriac file`: files from and to partners without a node.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use theriac_node::FileReport;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac file take asn.xml
  theriac file take today.csv
  theriac file list
  theriac file get 7 --to asn.xml

A table (.csv) has the columns what, code, and if need be time, place, partner, reference; what is one
of receive, refuse, dispense, ship, return, destroy, sample, quarantine, release.";

/// Take files from partners, list those that came and went, fetch one
///
/// A document of another company is its word: it is compared with the books, and shown as a
/// shipment. One of one's own company, or a table, is captured.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FileArgs {
    #[command(subcommand)]
    command: FileCommand,
}

#[derive(Debug, Subcommand)]
enum FileCommand {
    /// Take a file as if it had come into the watched folder
    Take {
        /// The file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List files, the newest first
    List {
        /// At most so many
        #[arg(long, default_value_t = 100, value_name = "NUMBER")]
        limit: u64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the bytes of a file
    Get {
        /// Number of the file
        number: i64,
        /// Where to [default: standard output]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

/// Takes a file, lists files, fetches one.
///
/// # Errors
///
/// The file cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: FileArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match args.command {
        FileCommand::Take { file, json } => {
            let bytes =
                std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or("file");
            let report: FileReport = client.post_bytes("/files", &[("name", name)], bytes).await?;
            client.settle().await;
            match json {
                true => output::print_json(&report)?,
                false => output::print(&render(&report))?,
            }
            let held = report.events[1] + report.events[2] > 0;
            return Ok(match report.is_rejected() {
                true => Outcome::Unreadable,
                false if held || !report.findings.is_empty() => Outcome::No,
                false => Outcome::Yes,
            });
        }
        FileCommand::List { limit, json } => {
            let limit = limit.to_string();
            let files: Vec<FileReport> = client.get("/files", &[("limit", &limit)]).await?;
            if json {
                output::print_json(&files)?;
                return Ok(Outcome::Yes);
            }
            for file in &files {
                let partner = file.partner.map(|gln| gln.to_string()).unwrap_or_default();
                let name = output::plain(&file.name);
                let line = format!("{:6}  {:10}  {partner:13}  {name}\n", file.file, file.state);
                output::print(&line)?;
            }
            output::note(&count(files.len() as u64, "file"));
        }
        FileCommand::Get { number, to } => {
            let bytes = client.bytes(&format!("/files/{number}/content"), &[]).await?;
            match to {
                Some(file) => {
                    std::fs::write(&file, &bytes)
                        .with_context(|| format!("cannot write {}", file.display()))?;
                    output::note(&format!("{} written", file.display()));
                }
                None => output::print(&String::from_utf8_lossy(&bytes))?,
            }
        }
    }
    Ok(Outcome::Yes)
}

fn render(report: &FileReport) -> String {
    let mut rows = Rows::default();
    rows.add_some("from", report.partner.map(|gln| gln.to_string()));
    rows.add_some("same as file", report.duplicate_of.map(|file| file.to_string()));
    let [admitted, held, refused, duplicate] = report.events;
    if report.capture.is_some() {
        let counts =
            format!("{admitted} admitted, {held} held, {refused} refused, {duplicate} known");
        rows.add("events", counts);
    }
    for shipment in &report.shipments {
        rows.add("shipment", output::short(&shipment.to_string()));
    }
    for finding in &report.findings {
        let what = finding.kind.what_to_do();
        rows.add(finding.kind.word(), format!("{}; {what}", finding.text));
    }
    for error in &report.errors {
        rows.add("error", error);
    }
    let name = output::plain(&report.name);
    format!("file {}, {name}: {}\n{}", report.file, report.state, rows.render())
}
