//! `theriac trace`: where has this pack been?

use clap::Args;
use theriac_node::{Journey, JourneyStep};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, plain};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac trace '(01)09521124000017(21)ABC123'
  theriac trace 'https://id.gs1.org/00/095211240000000017' --json

Exit code 0 if something is on record, 1 if nothing is, 2 for a code that cannot be read.";

/// Print a pack's journey: when, what, who, where, and the transaction that proves it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TraceArgs {
    /// The code of a pack, case or pallet, in any form
    #[arg(allow_hyphen_values = true)]
    code: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the journey; yes if it has a step.
///
/// # Errors
///
/// The code cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: TraceArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let journey: Journey = client.get("/trace", &[("code", &args.code)]).await?;
    match args.json {
        true => output::print_json(&journey)?,
        false => output::print(&render(&journey))?,
    }
    Ok(if journey.steps.is_empty() { Outcome::No } else { Outcome::Yes })
}

fn render(journey: &Journey) -> String {
    let mut text = format!("{}\n", plain(&journey.identifier));
    if journey.steps.is_empty() {
        text.push_str(
            "  nothing is on record here; ask a node that has held it, or its labeler's\n",
        );
    }
    for (index, step) in journey.steps.iter().enumerate() {
        text.push_str(&render_step(index + 1, step));
    }
    text
}

fn render_step(number: usize, step: &JourneyStep) -> String {
    let mut text = format!("{number:>3}  {}  {}\n", plain(&step.at), plain(&step.what));
    let mut line = |value: String| text.push_str(&format!("       {}\n", plain(&value)));
    let party = step.party.as_ref().map(|party| format!("by {} (GLN {})", party.name, party.gln));
    let place = step.place.as_ref().map(|place| format!("at {place}"));
    let who: Vec<String> = [party, place].into_iter().flatten().collect();
    if !who.is_empty() {
        line(who.join(", "));
    }
    match (step.block, step.transaction) {
        (Some(block), Some(transaction)) => {
            line(format!("block {block}, transaction {transaction}"))
        }
        (None, Some(transaction)) => line(format!("transaction {transaction}")),
        _ => line("an event says so, the ledger does not".to_owned()),
    }
    text
}
