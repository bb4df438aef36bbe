//! `theriac health`: how a node stands.

use clap::Args;
use theriac_node::Health;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, thousands};
use crate::place::Place;

/// Show how the node and its ledger stand
#[derive(Debug, Args)]
pub struct HealthArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the node's health; no unless it is `ok`.
///
/// # Errors
///
/// The node cannot be asked.
pub async fn run(place: Option<Place>, args: HealthArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let health: Health = client.get("/health", &[]).await?;
    match args.json {
        true => output::print_json(&health)?,
        false => output::print(&render(&health))?,
    }
    Ok(if health.status == "ok" { Outcome::Yes } else { Outcome::No })
}

fn render(health: &Health) -> String {
    let counts = |counts: &[(String, u64)]| {
        let counts = counts.iter().filter(|(_, number)| *number > 0);
        let words: Vec<_> =
            counts.map(|(word, number)| format!("{} {word}", thousands(*number))).collect();
        if words.is_empty() { "none".to_owned() } else { words.join(", ") }
    };
    let ledger = &health.ledger;
    let mut rows = Rows::default();
    rows.add("status", &health.status);
    rows.add("organisation", format!("{} (GLN {})", health.name, health.gln));
    rows.add("account", health.account.to_string());
    rows.add("roles", health.roles.join(", "));
    rows.add("events", counts(&health.events));
    rows.add("packs", counts(&health.units));
    rows.add(
        "waiting",
        format!(
            "{} for the ledger, {} for partners",
            health.operations_waiting, health.deliveries_waiting
        ),
    );
    rows.add("open cases", thousands(health.cases_open));
    rows.add(
        "ledger",
        format!(
            "chain {}, block {}, followed to {}",
            ledger.chain_id, ledger.head, ledger.followed
        ),
    );
    rows.add("registry", ledger.registry.to_string());
    rows.add("custody", ledger.custody.to_string());
    rows.add_some("ledger url", ledger.rpc_url.as_deref());
    rows.add("version", &health.version);
    rows.render()
}
