//! The command line.

use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::commands::{
    alarms, bench, capture, case, cases, config, document, epcis, events, exchange, file, gs1,
    health, init, inquiry, ledger, master_data, member, partner, product, prove, recall, receive,
    reconcile, reference, serve, ship, shipment, trace, verifications, verify,
};
use crate::demo;
use crate::exit::Outcome;
use crate::output;
use crate::place::Place;

const AFTER_HELP: &str = "\
Exit codes:
  0  done, and the answer is yes: genuine, all admitted, no differences
  1  done, and the answer is no: another verdict, something held or refused, differences
  2  the input cannot be read: a code, a document, the command line
  3  it could not be done: no node here, wrong passphrase, no connection
  4  a bundle is proven up to a block hash that you must compare

Start with `theriac demo`, or make a node: `theriac init DIR --name … --gln … --role …`";

/// How long work in the background may go on once a command is done.
const CUT_OFF_AFTER: Duration = Duration::from_secs(1);

/// Medicine packs: genuine, traceable, recallable
///
/// A node takes in a company's EPCIS events, enforces the rules of custody, records each
/// occurrence on a ledger that all companies share, and answers: is this pack genuine, and may it be
/// dispensed now? Where has it been? Where is every pack of a recalled lot?
#[derive(Debug, Parser)]
#[command(name = "theriac", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Args {
    /// The node: its folder, or the URL that it serves [default: the folder one stands in, or the
    /// nearest above it that has a theriac.toml]
    #[arg(
        long,
        global = true,
        env = "THERIAC_NODE",
        hide_env_values = true,
        value_name = "DIR|URL"
    )]
    node: Option<Place>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Init(init::InitArgs),
    Serve(serve::ServeArgs),
    Config(config::ConfigArgs),
    Health(health::HealthArgs),
    Capture(capture::CaptureArgs),
    Verify(verify::VerifyArgs),
    Verifications(verifications::VerificationsArgs),
    Trace(trace::TraceArgs),
    Inquiry(inquiry::InquiryArgs),
    Prove(prove::ProveArgs),
    Events(events::EventsArgs),
    Receive(receive::ReceiveArgs),
    Ship(ship::ShipArgs),
    Cases(cases::CasesArgs),
    Alarms(alarms::AlarmsArgs),
    Exchange(exchange::ExchangeArgs),
    Case(case::CaseArgs),
    Recall(recall::RecallArgs),
    Shipment(shipment::ShipmentArgs),
    File(file::FileArgs),
    Partner(partner::PartnerArgs),
    MasterData(master_data::MasterDataArgs),
    Product(product::ProductArgs),
    Member(member::MemberArgs),
    Document(document::DocumentArgs),
    Reconcile(reconcile::ReconcileArgs),
    Ledger(ledger::LedgerArgs),
    Gs1(gs1::Gs1Args),
    Epcis(epcis::EpcisArgs),
    Bench(bench::BenchArgs),
    #[command(hide = true)]
    Reference,
}

/// Runs the program.
///
/// # Errors
///
/// What went wrong, in a sentence; [`exit::code`](crate::exit::code) turns it into an exit code.
pub fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let serves = matches!(args.command, Command::Serve(_));
    // A slow statement is no news for an operator.
    output::start_log(if serves { "info,sqlx=error" } else { "error" });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let result = runtime.block_on(dispatch(args));
    // What still runs may be cut off at any moment, so it is not waited for long.
    runtime.shutdown_timeout(CUT_OFF_AFTER);
    result
}

async fn dispatch(args: Args) -> anyhow::Result<Outcome> {
    let node = args.node;
    match args.command {
        Command::Demo(args) => demo::run(args).await,
        Command::Init(args) => init::run(args).await,
        Command::Serve(args) => serve::run(node, args).await,
        Command::Config(args) => config::run(node, args),
        Command::Health(args) => health::run(node, args).await,
        Command::Capture(args) => capture::run(node, args).await,
        Command::Verify(args) => verify::run(node, args).await,
        Command::Verifications(args) => verifications::run(node, args).await,
        Command::Trace(args) => trace::run(node, args).await,
        Command::Inquiry(args) => inquiry::run(node, args).await,
        Command::Prove(args) => prove::run(node, args).await,
        Command::Events(args) => events::run(node, args).await,
        Command::Receive(args) => receive::run(node, args).await,
        Command::Ship(args) => ship::run(node, args).await,
        Command::Cases(args) => cases::run(node, args).await,
        Command::Alarms(args) => alarms::run(node, args).await,
        Command::Exchange(args) => exchange::run(node, args).await,
        Command::Case(args) => case::run(node, args).await,
        Command::Recall(args) => recall::run(node, args).await,
        Command::Shipment(args) => shipment::run(node, args).await,
        Command::File(args) => file::run(node, args).await,
        Command::Partner(args) => partner::run(node, args).await,
        Command::MasterData(args) => master_data::run(node, args).await,
        Command::Product(args) => product::run(node, args).await,
        Command::Member(args) => member::run(node, args).await,
        Command::Document(args) => document::run(node, args).await,
        Command::Reconcile(args) => reconcile::run(node, args).await,
        Command::Ledger(args) => ledger::run(node, args).await,
        Command::Gs1(args) => gs1::run(&args),
        Command::Epcis(args) => epcis::run(&args),
        Command::Bench(args) => bench::run(args).await,
        Command::Reference => reference::run(),
    }
}
