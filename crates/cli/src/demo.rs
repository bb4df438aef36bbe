//! `theriac demo`: five organisations, one ledger, a day of a supply chain, one table.
//!
//! ```text
//!  plan ─▶ scenario (theriac-sim) ─▶ network: five nodes with folders, keys, ports, one ledger
//!                                      └─▶ story: captures and questions over HTTP ─▶ table, JSON
//! ```

mod clock;
pub mod data;
mod live;
mod network;
mod report;
mod story;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use theriac_sim::{Plan, Scenario, scenario};

use crate::exit::{InputError, Outcome};
use crate::output::{self, count};
use crate::progress;
use crate::story::StoryOptions;
use clock::StoryClock;
use network::{Network, Places};
use report::Report;

const EXAMPLES: &str = "\
Examples:
  theriac demo
  theriac demo --packs 100000 --seed 7 --exit --json result.json
  theriac demo --story
  theriac demo --packs 400 --rpc http://127.0.0.1:8545 --exit

Exit code 0 only if every verdict is the expected one and exactly the events that break a rule were
held.";

/// Show a day of a supply chain: five companies, each with a node, and one ledger
///
/// A regulator, a manufacturer, a wholesaler and two pharmacies capture EPCIS events of packs that
/// are made, packed, shipped, received, dispensed, returned, stolen, copied, forged and recalled. A
/// table tells the story pack by pack. The nodes stay up until Ctrl-C, with codes to try.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DemoArgs {
    /// Packs made that day
    #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
    packs: u32,
    /// Where serial numbers and chance come from: equal seeds and days tell equal stories
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
    /// The day [default: yesterday; with --rpc today, because such a ledger has the machine's time]
    #[arg(long, value_name = "DATE")]
    day: Option<Date>,
    /// Folder for the nodes' data, which must be empty or not exist [default: a new folder under
    /// the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// End after the table
    #[arg(long)]
    exit: bool,
    /// Write the result as JSON to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// First of six ports in a row: five nodes, then the ledger [default: free ports]
    #[arg(long, value_name = "PORT")]
    ports: Option<u16>,
    /// JSON-RPC service of a ledger that others run; may be given several times, then the nodes share
    /// and change them. The contracts are deployed on it [default: a new embedded ledger]
    #[arg(long, value_name = "URL")]
    rpc: Vec<String>,
    /// Tell trade between six companies instead, step by step: each with its node in a process of its
    /// own, with nodes that are killed, links that are cut, messages that come twice or late
    #[arg(long, conflicts_with_all = ["packs", "seed", "day", "ports"])]
    story: bool,
}

/// Plays the demo; yes if all went as expected.
///
/// # Errors
///
/// The plan is out of range, the folder is not empty, a port is taken, a node fails.
pub async fn run(args: DemoArgs) -> anyhow::Result<Outcome> {
    if args.story {
        let dir = data::folder(args.data)?;
        let DemoArgs { rpc, exit, json, .. } = args;
        return crate::story::run(StoryOptions { dir, rpc, exit, json }).await;
    }
    let begun = Instant::now();
    let day = args.day.unwrap_or_else(|| if args.rpc.is_empty() { yesterday() } else { today() });
    let plan = Plan { packs: args.packs, seed: args.seed, day };
    let scenario = scenario(&plan).map_err(|error| InputError(error.to_string()))?;
    let dir = data::folder(args.data.clone())?;
    let (network, report) = play(&scenario, &dir, &args, begun).await?;
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&report.json())?;
        std::fs::write(file, text + "\n")
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    output::print(&table::render(&report, output::width()))?;
    if !args.exit {
        output::print(&live::directions(&network, &scenario))?;
        network.run_until_stopped().await;
    }
    network.stop().await;
    Ok(if report.is_as_expected() { Outcome::Yes } else { Outcome::No })
}

/// Builds the network and plays the story in it.
async fn play(
    scenario: &Scenario,
    dir: &std::path::Path,
    args: &DemoArgs,
    begun: Instant,
) -> anyhow::Result<(Network, Report)> {
    let clock = StoryClock::starting(first_moment(scenario));
    output::note(&format!(
        "{} of {} and {} by {} companies; data in {}",
        count(scenario.steps.len() as u64, "step"),
        count(u64::from(args.packs), "pack"),
        count(scenario.events() as u64, "event"),
        scenario.companies.len(),
        dir.display()
    ));
    // Five nodes to make, members and products to register, then the steps.
    let bar = progress::steps("demo", scenario.companies.len() as u64 + 1);
    bar.inc_length(scenario.steps.len() as u64);
    let places = Places { dir, ports: args.ports, rpc: &args.rpc };
    let network = Network::build(scenario, places, &clock, &bar).await?;
    let told = story::play(&network, scenario, &clock, &bar).await?;
    bar.finish_and_clear();
    let ledger = network.ledger_stats();
    let seconds = begun.elapsed().as_secs_f64();
    Ok((network, Report { packs: args.packs, seconds, told, ledger }))
}

/// A minute before the first step: members and products are registered then.
fn first_moment(scenario: &Scenario) -> Timestamp {
    let first = scenario.steps.first().map_or(Timestamp::UNIX_EPOCH, |step| step.at);
    first.checked_sub(1.minute()).unwrap_or(first)
}

/// The day that the machine's clock calls yesterday: the story's last morning is then today's.
fn yesterday() -> Date {
    today().yesterday().unwrap_or_else(|_| today())
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
