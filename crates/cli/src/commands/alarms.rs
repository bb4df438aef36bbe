//! `theriac alarms`: packs of which a copy was seen.

use clap::Args;
use theriac_node::AlarmReport;
use theriac_web::limits::LIST_ROWS_MAX;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac alarms
  theriac alarms --limit 10 --json

Each alarm has a case, which `theriac cases` lists.";

/// List packs of which a copy was seen: at two places, after their end, or where nobody sent them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AlarmsArgs {
    /// At most so many, the newest
    #[arg(long, default_value_t = LIST_ROWS_MAX, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Lists alarms.
///
/// # Errors
///
/// The node cannot be asked.
pub async fn run(place: Option<Place>, args: AlarmsArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let limit = args.limit.to_string();
    let alarms: Vec<AlarmReport> = client.get("/alarms", &[("limit", &limit)]).await?;
    if args.json {
        output::print_json(&alarms)?;
        return Ok(Outcome::Yes);
    }
    for alarm in &alarms {
        output::print(&render(alarm))?;
    }
    output::print(&format!("{}\n", count(alarms.len() as u64, "alarm")))?;
    Ok(Outcome::Yes)
}

fn render(alarm: &AlarmReport) -> String {
    let mut rows = Rows::default();
    rows.add("because", &alarm.reason);
    rows.add("since", &alarm.since);
    rows.add("seen by", alarm.sighting.member.to_string());
    rows.add_some("at", alarm.sighting.place.map(|place| place.to_string()));
    rows.add_some("case", alarm.case.map(|case| case.to_string()));
    format!("{}: {}\n{}", alarm.pack, alarm.kind.word().replace('_', " "), rows.render())
}
