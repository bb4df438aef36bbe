//! `theriac reconcile`: do database and ledger agree, and what can be mended?

use clap::Args;
use theriac_node::{Difference, ReconcileReport};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

/// Compare the node's database with the ledger
///
/// Each difference is told with what a repair does about it, or why it leaves it alone. Exit code 0
/// if they agree, 1 if they differ; after a repair, if something is left.
#[derive(Debug, Args)]
pub struct ReconcileArgs {
    /// Mend what is safe to mend, from what the ledger says
    #[arg(long, conflicts_with = "dry_run")]
    repair: bool,

    /// Change nothing and show what differs; this is what happens without --repair
    #[arg(long)]
    dry_run: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Compares database and ledger; yes if they agree in the end.
///
/// # Errors
///
/// The node or its ledger cannot be asked.
pub async fn run(place: Option<Place>, args: ReconcileArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let report: ReconcileReport = match args.repair {
        true => client.post("/reconcile", &serde_json::json!({})).await?,
        false => client.get("/reconcile", &[]).await?,
    };
    match args.json {
        true => output::print_json(&report)?,
        false => output::print(&render(&report))?,
    }
    Ok(if report.differences.is_empty() { Outcome::Yes } else { Outcome::No })
}

fn render(report: &ReconcileReport) -> String {
    let mut text = String::new();
    for difference in &report.mended {
        text.push_str(&told("mended: ", difference));
    }
    for difference in &report.differences {
        text.push_str(&told("", difference));
    }
    let verdict = match report.differences.len() as u64 {
        0 => "database and ledger agree".to_owned(),
        differences => format!("database and ledger differ in {}", count(differences, "place")),
    };
    let mended = match report.mended.len() as u64 {
        0 => String::new(),
        mended => format!("{} mended; ", count(mended, "difference")),
    };
    let mut compared = vec![
        count(report.units, "pack"),
        count(report.holdings, "holding"),
        count(report.transactions, "transaction"),
        count(report.events, "event"),
    ];
    if report.pruned > 0 {
        compared.push(format!("{} pruned from the ledger", count(report.pruned, "holding")));
    }
    let safe = report.differences.iter().filter(|difference| difference.safe).count();
    let hint = match safe as u64 {
        0 => String::new(),
        safe => format!("theriac reconcile --repair mends {}\n", count(safe, "difference")),
    };
    format!("{text}{mended}{verdict}: {}\n{hint}", compared.join(", "))
}

/// One difference, and what is done about it.
fn told(before: &str, difference: &Difference) -> String {
    let mut rows = Rows::default();
    rows.add("database", &difference.here);
    rows.add("ledger", &difference.ledger);
    rows.add("repair", &difference.remedy);
    format!("{before}{}\n{}", output::plain(&difference.what), rows.render())
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_node::DifferenceKind;

    #[test]
    fn differences_come_before_the_sum() {
        let mut report = ReconcileReport { units: 1_200, events: 1, ..Default::default() };
        let agree = "database and ledger agree: 1,200 packs, 0 holdings, 0 transactions, 1 event\n";
        assert_eq!(render(&report), agree);
        report.differences.push(Difference::new(DifferenceKind::Facts, "holding 0x01", "a", "b"));
        let text = render(&report);
        assert!(text.starts_with("holding 0x01\n  database  a\n  ledger    b\n  repair"), "{text}");
        assert!(text.contains("differ in 1 place:"), "{text}");
        assert!(text.ends_with("theriac reconcile --repair mends 1 difference\n"), "{text}");
        let mended = std::mem::take(&mut report.differences);
        let text = render(&ReconcileReport { mended, ..report });
        assert!(text.starts_with("mended: holding 0x01\n"), "{text}");
        assert!(text.contains("1 difference mended; database and ledger agree"), "{text}");
    }
}
