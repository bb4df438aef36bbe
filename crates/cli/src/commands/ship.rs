//! `theriac ship`: goods leave by their codes, or are taken back.

use clap::Args;
use theriac_gs1::Gln;
use theriac_node::{ShipOrder, ShipReport};
use theriac_web::routes::shipping::CancelRequest;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac ship --to 9521346000017 '(00)195211240000000017'
  theriac ship --to 9521346000017 --possessor 9521357000014 '(00)195211240000000017'
  theriac ship --to 9521124000013 --returned '(01)09521124000017(21)1234'
  theriac ship --cancel '(00)195211240000000017'";

/// Ship packs and boxes to another member
///
/// Makes the EPCIS shipping event, which takes the way of all events. To one's own GLN it is a
/// transfer between sites, and nothing changes hands.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShipArgs {
    /// Codes of packs, cases or pallets, in any form
    #[arg(value_name = "CODE", required = true)]
    codes: Vec<String>,
    /// Who owns the goods from then on
    #[arg(long, value_name = "GLN", required_unless_present = "cancel")]
    to: Option<Gln>,
    /// Who takes them over, if it is not the owner: a logistics provider, or the owner's customer
    #[arg(long, value_name = "GLN")]
    possessor: Option<Gln>,
    /// Who owns them before, if this member only holds them
    #[arg(long, value_name = "GLN")]
    owned_by: Option<Gln>,
    /// The site that they go to: the URI of an SGLN
    #[arg(long, value_name = "URI")]
    place: Option<String>,
    /// The goods go back to where they came from
    #[arg(long)]
    returned: bool,
    /// They go past the owner, who has sold them on
    #[arg(long)]
    drop_shipment: bool,
    /// Take back a shipment that nobody has received
    #[arg(long, conflicts_with_all = ["to", "possessor", "owned_by", "place", "returned", "drop_shipment"])]
    cancel: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Ships, or takes back; the answer is yes if the event is admitted.
///
/// # Errors
///
/// A code cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: ShipArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let report: ShipReport = match args.to {
        Some(to) => {
            let order = ShipOrder {
                to,
                codes: args.codes,
                possessor: args.possessor,
                owned_by: args.owned_by,
                place: args.place,
                returned: args.returned,
                drop_shipment: args.drop_shipment,
            };
            client.post("/shipments", &order).await?
        }
        None => client.post("/shipments/cancel", &CancelRequest { codes: args.codes }).await?,
    };
    client.settle().await;
    match args.json {
        true => output::print_json(&report)?,
        false => output::print(&render(&report))?,
    }
    Ok(if report.case.is_none() { Outcome::Yes } else { Outcome::No })
}

fn render(report: &ShipReport) -> String {
    let mut rows = Rows::default();
    rows.add("event", &report.event);
    rows.add_some("case", report.case.map(|case| case.to_string()));
    rows.add_some("because", report.reason.as_deref());
    rows.add_some("what to do", report.what_to_do.as_deref());
    format!("{}\n{}", report.state, rows.render())
}
