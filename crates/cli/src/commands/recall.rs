//! `theriac recall`: takes a lot off the market, or puts it back.

use clap::Args;
use theriac_gs1::{Gtin, Lot};
use theriac_node::RecallReport;
use theriac_web::routes::recall::RecallRequest;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac recall --gtin 09521124000017 --lot TH4B08 --class 1 --reason 'glass in vials'
  theriac recall --gtin 09521124000017 --lot TH4B08 --lift --reason 'wrong lot named'";

/// Recall a lot, or lift its recall
///
/// From the block of its transaction on, nobody can dispense or export a pack of the lot. Only its
/// labeler and regulators can do this.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RecallArgs {
    /// GTIN of the lot
    #[arg(long)]
    gtin: Gtin,
    /// Lot number
    #[arg(long)]
    lot: Lot,
    /// Class of the recall, from 1 (gravest) to 3
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=3), required_unless_present = "lift")]
    class: Option<u8>,
    /// Lift the recall
    #[arg(long, conflicts_with = "class")]
    lift: bool,
    /// Why, in a sentence
    #[arg(long)]
    reason: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Recalls the lot, or lifts its recall.
///
/// # Errors
///
/// The node's member may not do it, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: RecallArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let request = RecallRequest {
        gtin: args.gtin,
        lot: args.lot,
        class: args.class,
        lift: args.lift,
        reason: args.reason,
    };
    let report: RecallReport = client.post("/recall", &request).await?;
    client.settle().await;
    match args.json {
        true => output::print_json(&report)?,
        false => output::print(&render(&report))?,
    }
    Ok(Outcome::Yes)
}

fn render(report: &RecallReport) -> String {
    let mut rows = Rows::default();
    rows.add("status", report.status.replace('_', " "));
    rows.add_some("transaction", report.transaction.map(|hash| hash.to_string()));
    for (status, packs) in &report.packs {
        rows.add(&status.replace('_', " "), count(*packs, "pack"));
    }
    let head = format!("lot {} of GTIN {}", report.lot, report.gtin);
    format!("{}\n{}", output::plain(&head), rows.render())
}
