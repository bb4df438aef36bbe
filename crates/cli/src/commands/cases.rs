//! `theriac cases`: what disagrees, and who must act.

use clap::Args;
use theriac_node::actor_text;
use theriac_web::routes::cases::CaseEntry;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

/// Items of a case that are listed.
const ITEMS_SHOWN: usize = 5;

/// List cases: events that wait until somebody acts
#[derive(Debug, Args)]
pub struct CasesArgs {
    /// Closed ones as well
    #[arg(long)]
    all: bool,
    /// At most so many
    #[arg(long, default_value_t = 100, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Lists cases.
///
/// # Errors
///
/// The node cannot be asked.
pub async fn run(place: Option<Place>, args: CasesArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let open = if args.all { "false" } else { "true" };
    let limit = args.limit.to_string();
    let cases: Vec<CaseEntry> = client.get("/cases", &[("open", open), ("limit", &limit)]).await?;
    if args.json {
        output::print_json(&cases)?;
        return Ok(Outcome::Yes);
    }
    for case in &cases {
        output::print(&render(case))?;
    }
    let kind = if args.all { "case" } else { "open case" };
    output::print(&format!("{}\n", count(cases.len() as u64, kind)))?;
    Ok(Outcome::Yes)
}

fn render(case: &CaseEntry) -> String {
    let breach = &case.breach;
    let code = serde_json::to_value(breach.code).unwrap_or_default();
    let code = code.as_str().unwrap_or_default().replace('_', " ");
    let mut rows = Rows::default();
    rows.add("because", &breach.reason);
    rows.add("what to do", &breach.what_to_do);
    rows.add("who must act", actor_text(breach.actor));
    let mut items: Vec<String> =
        breach.items.iter().take(ITEMS_SHOWN).map(ToString::to_string).collect();
    if breach.items.len() > ITEMS_SHOWN {
        items.push(format!("and {} more", breach.items.len() - ITEMS_SHOWN));
    }
    if !items.is_empty() {
        rows.add("items", items.join(", "));
    }
    rows.add("opened", &case.opened_at);
    rows.add_some("closed", case.closed_at.as_deref());
    rows.add_some("outcome", case.outcome.as_deref());
    format!("case {}: {code}\n{}", case.case, rows.render())
}
