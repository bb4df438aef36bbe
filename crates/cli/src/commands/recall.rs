//! `theriac recall`: takes packs off the market, shows where they are, puts them back.

mod render;
mod start;

use clap::{Args, Subcommand};
use theriac_gs1::{Gln, Gtin, Lot};
use theriac_node::{RecallClosure, RecallEntry, RecallReport, RecallView};
use theriac_web::limits::LIST_ROWS_MAX;
use theriac_web::routes::recall::{CloseRequest, LiftRequest, RecallRequest, ToldRequest};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output;
use crate::place::Place;
use start::StartArgs;

const EXAMPLES: &str = "\
Examples:
  theriac recall --gtin 09521124000017 --lot TH4B08 --class 1 --reason 'glass in vials'
  theriac recall --gtin 09521124000017 --lot TH4B08 --lift --reason 'wrong lot named'
  theriac recall start --gtin 09521124000017 --lot TH4B08 --lot TH4B09 --class 1 --depth consumer \\
      --reason 'glass in vials' --notice 'Set the packs apart and send them back.'
  theriac recall start --pack https://id.gs1.org/01/09521124000017/21/S1 --class 2 --reason mixed-up
  theriac recall start --gtin 09521124000017 --shipped-to 9521346000017 --class 3 --reason 'too warm'
  theriac recall list
  theriac recall show 1
  theriac recall told 1 --holder 9521346000017 --note 'by telephone, three packs set apart'
  theriac recall close 1";

/// Recall packs, see where they are and who has answered, lift or close a recall
///
/// Whole lots are stopped on the ledger: from the block of its transaction on, nobody can dispense
/// or export a pack. Whoever has packs is told, and its node sets them apart by itself. Only the
/// labeler of a product and regulators can recall it. Without a word after it, recalls one lot, or
/// lifts its recall.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct RecallArgs {
    #[command(subcommand)]
    command: Option<RecallCommand>,
    #[command(flatten)]
    lot: Option<LotArgs>,
}

/// One lot.
#[derive(Debug, Args)]
struct LotArgs {
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

#[derive(Debug, Subcommand)]
enum RecallCommand {
    Start(StartArgs),
    List(ListArgs),
    Show(ShowArgs),
    Told(ToldArgs),
    Lift(LiftArgs),
    Close(CloseArgs),
}

/// List recalls that this node ordered or was told of, newest first
#[derive(Debug, Args)]
struct ListArgs {
    /// At most so many
    #[arg(long, default_value_t = LIST_ROWS_MAX, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Show where the packs of a recall are, and who has answered
#[derive(Debug, Args)]
struct ShowArgs {
    /// Number of the recall at this node
    number: i64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Note that a holder was told, and has acted, in another way than by its node
#[derive(Debug, Args)]
struct ToldArgs {
    /// Number of the recall at this node
    number: i64,
    /// GLN of the holder
    #[arg(long)]
    holder: Gln,
    /// Who was told, how, and what was said
    #[arg(long)]
    note: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Lift a recall: holders put back what they have set apart for it
#[derive(Debug, Args)]
struct LiftArgs {
    /// Number of the recall at this node
    number: i64,
    /// Why, in a sentence
    #[arg(long)]
    reason: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Close a recall once all is accounted for, and print its report
#[derive(Debug, Args)]
struct CloseArgs {
    /// Number of the recall at this node
    number: i64,
    /// Close it although something is outstanding; why, in a sentence
    #[arg(long, value_name = "WHY")]
    accept: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Recalls packs, or tells of recalls.
///
/// # Errors
///
/// The node's member may not do it, something is outstanding, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: RecallArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match (args.command, args.lot) {
        (Some(RecallCommand::Start(args)), _) => start::run(&client, args).await?,
        (Some(RecallCommand::List(args)), _) => list(&client, &args).await?,
        (Some(RecallCommand::Show(args)), _) => {
            let view: RecallView = client.get(&format!("/recalls/{}", args.number), &[]).await?;
            show(&view, args.json)?;
        }
        (Some(RecallCommand::Told(args)), _) => {
            let request = ToldRequest { holder: args.holder, note: args.note };
            let path = format!("/recalls/{}/told", args.number);
            let view: RecallView = client.post(&path, &request).await?;
            show(&view, args.json)?;
        }
        (Some(RecallCommand::Lift(args)), _) => {
            let path = format!("/recalls/{}/lift", args.number);
            let request = LiftRequest { reason: args.reason };
            let view: RecallView = client.post(&path, &request).await?;
            client.settle().await;
            show(&view, args.json)?;
        }
        (Some(RecallCommand::Close(args)), _) => {
            let path = format!("/recalls/{}/close", args.number);
            let request = CloseRequest { accept: args.accept };
            let closure: RecallClosure = client.post(&path, &request).await?;
            match args.json {
                true => output::print_json(&closure)?,
                false => output::print(&output::plain(&closure.text()))?,
            }
        }
        (None, Some(lot)) => one_lot(&client, lot).await?,
        (None, None) => anyhow::bail!("expected a lot or a command: theriac recall --help"),
    }
    Ok(Outcome::Yes)
}

/// Recalls one lot, or lifts its recall.
async fn one_lot(client: &Client, args: LotArgs) -> anyhow::Result<()> {
    let LotArgs { gtin, lot, class, lift, reason, json } = args;
    let request = RecallRequest { gtin, lot, class, lift, reason };
    let report: RecallReport = client.post("/recall", &request).await?;
    client.settle().await;
    match json {
        true => output::print_json(&report)?,
        false => output::print(&render::lot(&report))?,
    }
    Ok(())
}

async fn list(client: &Client, args: &ListArgs) -> anyhow::Result<()> {
    let limit = args.limit.to_string();
    let entries: Vec<RecallEntry> = client.get("/recalls", &[("limit", &limit)]).await?;
    if args.json {
        return output::print_json(&entries);
    }
    for entry in &entries {
        output::print(&render::entry(entry))?;
    }
    Ok(output::print(&format!("{}\n", output::count(entries.len() as u64, "recall")))?)
}

fn show(view: &RecallView, json: bool) -> anyhow::Result<()> {
    match json {
        true => output::print_json(view),
        false => Ok(output::print(&render::view(view))?),
    }
}
