//! `theriac trace`: where has this pack been?

use clap::Args;
use theriac_node::{HopAnswer, Journey, JourneyHop, JourneyStep, MadeLink, Party};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, count, plain};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac trace '(01)09521124000017(21)ABC123'
  theriac trace 'https://id.gs1.org/00/095211240000000017' --json

The parties are asked now, each under its own consent; one that does not answer is asked again until
it does. Exit code 0 if something is on record, 1 if nothing is, 2 for a code that cannot be read.";

/// Print a pack's journey hop by hop: who had it, what each party says to it, and what the ledger
/// proves
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

/// A journey as text: its steps, its hops, the packs it is linked with.
pub fn render(journey: &Journey) -> String {
    let mut text = format!("{}\n", plain(&journey.identifier));
    if journey.steps.is_empty() {
        text.push_str("  nothing is on record here, and nobody tells more\n");
    }
    for (index, step) in journey.steps.iter().enumerate() {
        text.push_str(&render_step(index + 1, step));
    }
    if !journey.hops.is_empty() {
        text.push_str("who had it\n");
    }
    for hop in &journey.hops {
        text.push_str(&render_hop(hop));
    }
    for (word, links) in [("made from", &journey.made_from), ("made into", &journey.made_into)] {
        links.iter().for_each(|link| text.push_str(&render_link(word, link)));
    }
    text
}

fn render_step(number: usize, step: &JourneyStep) -> String {
    let mut text = format!("{number:>3}  {}  {}\n", plain(&step.at), plain(&step.what));
    let mut line = |value: String| text.push_str(&format!("       {}\n", plain(&value)));
    let party = step.party.as_ref().map(|party| format!("by {}", named(party)));
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
        _ => match &step.told_by {
            Some(party) => line(format!("{} says so, signed; the ledger does not", named(party))),
            None => line("an event says so, the ledger does not".to_owned()),
        },
    }
    if let Some(contradiction) = &step.contradiction {
        line(format!("CONTRADICTION: {contradiction}"));
    }
    text
}

fn render_hop(hop: &JourneyHop) -> String {
    let who = hop.party.as_ref().map_or_else(|| "an unknown member".to_owned(), named);
    let began = match hop.begins.as_str() {
        "commissioned" => "made it".to_owned(),
        "received" => format!("had it from {}", of(hop.from.as_ref())),
        "expected" => format!("is to have it from {}", of(hop.from.as_ref())),
        "back" => format!("had it back from {}", of(hop.from.as_ref())),
        _ => "is named by a party, not shown by the ledger".to_owned(),
    };
    let ended = match hop.ends.as_str() {
        "open" => String::new(),
        "sent" => format!(", sent it to {}", of(hop.to.as_ref())),
        ended => format!(", {ended}"),
    };
    let times = match (&hop.since, &hop.until) {
        (Some(since), Some(until)) => format!("  {since} to {until}"),
        (Some(since), None) => format!("  since {since}"),
        _ => String::new(),
    };
    let mut text = format!("  {}\n", plain(&format!("{who}: {began}{ended}{times}")));
    let proven = match hop.proven_by.as_str() {
        "ledger" => "proven by the ledger",
        _ => "told by a party",
    };
    text.push_str(&format!("       {proven}; {}\n", plain(&answer(&hop.answer))));
    for contradiction in &hop.contradictions {
        text.push_str(&format!("       CONTRADICTION: {}\n", plain(contradiction)));
    }
    text
}

/// What a member says to its hop, in words.
fn answer(answer: &HopAnswer) -> String {
    let reason = answer.reason.clone().unwrap_or_default();
    let since = answer.silent_since.as_ref().map(|at| format!(", asked since {at}"));
    let again = answer.asked_again_at.as_ref().map(|at| format!(", again at {at}"));
    let asked = format!("{}{}", since.unwrap_or_default(), again.unwrap_or_default());
    let sight = match answer.sight.as_deref() {
        Some("nothing") => "agrees to tell nothing but what this member was a party of",
        Some("names") => "agrees to tell names",
        _ => "agrees to tell all",
    };
    let events = count(answer.events, "event");
    let packs: Vec<String> =
        answer.packs.iter().map(|(word, n)| format!("{n} {}", word.replace('_', " "))).collect();
    let packs =
        if packs.is_empty() { String::new() } else { format!("; packs: {}", packs.join(", ")) };
    match answer.state.as_str() {
        "here" => format!("this node has {events}"),
        "told" => format!("it {sight}: {events}{packs}"),
        "earlier" => format!("it told {events} before; {reason}{asked}{packs}"),
        "refused" => format!("it refuses: {reason}"),
        "pending" => format!("its answer waits: {reason}{asked}"),
        "silent" => format!("it has not answered: {reason}{asked}"),
        _ => format!("it was not asked: {reason}"),
    }
}

fn render_link(word: &str, link: &MadeLink) -> String {
    let proof = if link.proven { "proven by the ledger" } else { "told" };
    let by = named(&link.told_by);
    format!("{word} {}\n", plain(&format!("{} ({proof}, {by} says so)", link.identifier)))
}

fn named(party: &Party) -> String {
    match party.name.is_empty() {
        true => format!("GLN {}", party.gln),
        false => format!("{} (GLN {})", party.name, party.gln),
    }
}

fn of(party: Option<&Party>) -> String {
    party.map_or_else(|| "somebody".to_owned(), |party| party.name.clone())
}
