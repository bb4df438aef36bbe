//! `theriac exchange`: messages between this node and others.

use clap::{Args, Subcommand};
use theriac_gs1::Gln;
use theriac_web::limits::LIST_ROWS;
use theriac_web::routes::exchange::{
    ExchangedMessages, ReceivedEntry, RetryAnswer, RetryRequest, SentEntry,
};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, count, plain};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac exchange
  theriac exchange retry --to 9521346000017";

/// List messages to and from other nodes, and what became of them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct ExchangeArgs {
    #[command(subcommand)]
    command: Option<ExchangeCommand>,
    /// At most so many each way, the newest
    #[arg(long, default_value_t = LIST_ROWS, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum ExchangeCommand {
    /// Send at once what waits for its next try
    Retry {
        /// Only what goes to this member
        #[arg(long, value_name = "GLN")]
        to: Option<Gln>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Lists messages or hurries them.
///
/// # Errors
///
/// The node cannot be asked.
pub async fn run(place: Option<Place>, args: ExchangeArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match args.command {
        None => list(&client, args.limit, args.json).await,
        Some(ExchangeCommand::Retry { to, json }) => retry(&client, to, json).await,
    }
}

async fn list(client: &Client, limit: u64, json: bool) -> anyhow::Result<Outcome> {
    let limit = limit.to_string();
    let messages: ExchangedMessages =
        client.get("/exchange/messages", &[("limit", &limit)]).await?;
    if json {
        output::print_json(&messages)?;
        return Ok(Outcome::Yes);
    }
    for message in &messages.sent {
        output::print(&sent(message))?;
    }
    for message in &messages.received {
        output::print(&received(message))?;
    }
    let due = messages.sent.iter().filter(|message| message.next_at.is_some()).count() as u64;
    let all = count((messages.sent.len() + messages.received.len()) as u64, "message");
    output::print(&format!("{all}, {due} to be sent\n"))?;
    Ok(Outcome::Yes)
}

fn sent(message: &SentEntry) -> String {
    let SentEntry { kind, to, state, created_at, .. } = message;
    let next = message.next_at.as_ref().map(|at| format!(", next try at {at}")).unwrap_or_default();
    let tries = match message.attempts {
        0 => String::new(),
        attempts => format!(", tried {} in vain", count(attempts.into(), "time")),
    };
    let told = told(message.error.as_deref());
    format!("{created_at}  to   {to}  {kind}: {state}{tries}{next}\n{told}")
}

fn received(message: &ReceivedEntry) -> String {
    let ReceivedEntry { kind, from, state, received_at, .. } = message;
    let told = told(message.error.as_deref());
    format!("{received_at}  from {from}  {kind}: {state}\n{told}")
}

fn told(error: Option<&str>) -> String {
    error.map(|error| format!("    {}\n", plain(error))).unwrap_or_default()
}

async fn retry(client: &Client, to: Option<Gln>, json: bool) -> anyhow::Result<Outcome> {
    let answer: RetryAnswer = client.post("/exchange/retry", &RetryRequest { to }).await?;
    client.settle().await;
    match json {
        true => output::print_json(&answer)?,
        false => output::print(&format!("{} sent at once\n", count(answer.messages, "message")))?,
    }
    Ok(Outcome::Yes)
}
