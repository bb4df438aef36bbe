//! `theriac prove`: a file that proves a pack's life to anybody.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use theriac_node::Bundle;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, count};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac prove '(01)09521124000017(21)ABC123' -o bundle.json
  theriac prove urn:uuid:5f3c… -o event.json
  theriac verify --bundle bundle.json --block-hash 0x…

Events that move nothing on the ledger, such as packing, are anchored; others are the causes of what
their packs went through, and are in the files of those packs. The file holds the secrets of this one pack, and the events about it, which name all the packs that
went the same way (--no-events leaves them out). Give it to whom you want to convince.";

/// Write a file that proves a pack's life, or an event, to anybody who trusts a block hash
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ProveArgs {
    /// The code of the pack in any form, or the eventID or hash of an event that was anchored
    #[arg(allow_hyphen_values = true)]
    code: String,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// The block up to which it is proven [default: the newest final one]
    #[arg(long, value_name = "NUMBER")]
    block: Option<u64>,
    /// Leave the events out
    #[arg(long)]
    no_events: bool,
}

/// Writes the bundle; yes.
///
/// # Errors
///
/// The code cannot be read, the ledger does not prove it here, or the file cannot be written.
pub async fn run(place: Option<Place>, args: ProveArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let block = args.block.map(|number| number.to_string());
    let mut query = vec![("code", args.code.as_str())];
    query.extend(block.as_deref().map(|number| ("block", number)));
    if args.no_events {
        query.push(("events", "false"));
    }
    let bundle: Bundle = client.get("/bundle", &query).await?;
    let text = bundle.to_text()?;
    std::fs::write(&args.output, &text)
        .with_context(|| format!("cannot write {}", args.output.display()))?;
    let (bytes, events) = (text.len() as u64, bundle.events.len() as u64);
    output::print(&format!(
        "{}: {}, {}\n",
        args.output.display(),
        count(bytes, "byte"),
        count(events, "event")
    ))?;
    Ok(Outcome::Yes)
}
