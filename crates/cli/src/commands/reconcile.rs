//! `theriac reconcile`: do database and ledger agree?

use clap::Args;
use theriac_node::ReconcileReport;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

/// Compare the node's database with the ledger
///
/// Exit code 0 if they agree, 1 if they differ; each difference is told.
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Compares database and ledger; yes if they agree.
///
/// # Errors
///
/// The node or its ledger cannot be asked.
pub async fn run(place: Option<Place>, args: ReconcileArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let report: ReconcileReport = client.get("/reconcile", &[]).await?;
    match args.json {
        true => output::print_json(&report)?,
        false => output::print(&render(&report))?,
    }
    Ok(if report.differences.is_empty() { Outcome::Yes } else { Outcome::No })
}

fn render(report: &ReconcileReport) -> String {
    let mut text = String::new();
    for difference in &report.differences {
        let mut rows = Rows::default();
        rows.add("database", &difference.here);
        rows.add("ledger", &difference.ledger);
        text.push_str(&format!("{}\n{}", output::plain(&difference.what), rows.render()));
    }
    let verdict = match report.differences.len() as u64 {
        0 => "database and ledger agree".to_owned(),
        differences => format!("database and ledger differ in {}", count(differences, "place")),
    };
    let compared = [
        count(report.units, "pack"),
        count(report.holdings, "holding"),
        count(report.transactions, "transaction"),
        count(report.events, "event"),
    ];
    format!("{text}{verdict}: {}\n", compared.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_node::Difference;

    #[test]
    fn differences_come_before_the_sum() {
        let mut report = ReconcileReport { units: 1_200, events: 1, ..Default::default() };
        let agree = "database and ledger agree: 1,200 packs, 0 holdings, 0 transactions, 1 event\n";
        assert_eq!(render(&report), agree);
        report.differences.push(Difference {
            what: "holder of 0x01".to_owned(),
            here: "a".to_owned(),
            ledger: "b".to_owned(),
        });
        assert!(render(&report).starts_with("holder of 0x01\n  database  a\n  ledger    b\n"));
        assert!(render(&report).contains("differ in 1 place:"));
    }
}
