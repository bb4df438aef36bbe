//! `theriac events`: what was captured, and how far it is.

use clap::Args;
use theriac_web::routes::events::EventEntry;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, plain, short};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac events --step shipping --after 2026-11-23T00:00:00Z
  theriac events --code '(01)09521124000017(21)ABC123' --json

With --json there is one event a line.";

/// Events on a page of an answer.
const PAGE: &str = "1000";

/// List events with their states, in the order of admission
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct EventsArgs {
    /// Only of this type, such as ObjectEvent
    #[arg(long, value_name = "TYPE")]
    kind: Option<String>,
    /// Only of this business step, such as shipping
    #[arg(long, value_name = "WORD")]
    step: Option<String>,
    /// Only those that name this code, in any form
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Only those that happened at this time or later
    #[arg(long, value_name = "TIME")]
    after: Option<String>,
    /// Only those that happened before this time
    #[arg(long, value_name = "TIME")]
    before: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 1_000, value_name = "NUMBER")]
    limit: usize,
    /// Print JSON, one event a line
    #[arg(long)]
    json: bool,
}

/// Lists events.
///
/// # Errors
///
/// A filter cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: EventsArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let filters = [
        ("eventType", &args.kind),
        ("EQ_bizStep", &args.step),
        ("MATCH_anyEPC", &args.code),
        ("GE_eventTime", &args.after),
        ("LT_eventTime", &args.before),
    ];
    let filters = filters.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
    let query: Vec<(&str, &str)> = filters.chain([("perPage", PAGE)]).collect();
    let (mut events, mut next): (Vec<EventEntry>, _) = client.page("/events", &query).await?;
    let mut listed = 0;
    loop {
        events.truncate(args.limit - listed);
        listed += events.len();
        print(&events, args.json)?;
        match next {
            Some(path) if listed < args.limit => {
                (events, next) = client.page(&path, &[]).await?;
            }
            Some(_) => {
                output::note(&format!("there are more; --limit shows more than {listed}"));
                return Ok(Outcome::Yes);
            }
            None => return Ok(Outcome::Yes),
        }
    }
}

fn print(events: &[EventEntry], json: bool) -> anyhow::Result<()> {
    for event in events {
        match json {
            true => output::print_json(event)?,
            false => output::print(&line(event))?,
        }
    }
    Ok(())
}

fn line(event: &EventEntry) -> String {
    let step = event.biz_step.as_deref().unwrap_or("-");
    let proof = match (&event.transaction, &event.reason) {
        (Some(transaction), _) => short(transaction),
        (None, Some(reason)) => reason.clone(),
        (None, None) => String::new(),
    };
    let line = format!(
        "{:>8}  {}  {:19} {:20} {:9} {proof}",
        event.event, event.event_time, event.kind, step, event.state
    );
    format!("{}\n", plain(&line).trim_end())
}
