//! `theriac member`: the registry's members.

mod change;
mod rotate;

use clap::{Args, Subcommand};
use jiff::civil::Date;
use theriac_custody::{Account, Role};
use theriac_gs1::Gln;
use theriac_web::routes::exchange::ServiceKeysAnswer;
use theriac_web::routes::registry::{MemberEntry, MemberRequest};

pub use change::act;

use super::init::role;
use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count, plain};
use crate::place::Place;

const EXAMPLE: &str = "\
Example:
  theriac member add --gln 9521346000017 --name 'Corner Pharmacy' --role dispenser \\
    --account 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --endpoint https://corner.example";

/// Add members to the registry, list them, change them and their accounts
#[derive(Debug, Args)]
pub struct MemberArgs {
    #[command(subcommand)]
    command: MemberCommand,
}

#[derive(Debug, Subcommand)]
enum MemberCommand {
    /// Add a member; the node must be a governor's
    #[command(after_help = EXAMPLE)]
    Add(AddArgs),
    /// List the members that the node knows
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    #[command(flatten)]
    Change(change::ChangeCommand),
    /// Give the node another key: its account acts for the member, and the old one no longer does
    ///
    /// The node must be stopped. If it is interrupted, do it again: it goes on from there. The old key
    /// stays in the folder keys, and the passphrase is the same.
    Rotate {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Give the node other service keys, with which it signs and opens messages
    ///
    /// The node goes on; it publishes the new keys by itself, and keeps the old ones in the folder keys
    /// to open what is on its way.
    RotateKeys {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
struct AddArgs {
    /// GLN of the organisation
    #[arg(long)]
    gln: Gln,
    /// Its name
    #[arg(long)]
    name: String,
    /// What it may do; may be given several times
    #[arg(long = "role", required = true, value_parser = role(), value_name = "ROLE")]
    roles: Vec<Role>,
    /// The account of its node, which `theriac init` prints
    #[arg(long)]
    account: Account,
    /// Base URL of its node
    #[arg(long, value_name = "URL")]
    endpoint: String,
    /// Last day of its licence
    #[arg(long, value_name = "DATE")]
    licence_expiry: Option<Date>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Adds a member, lists them, or changes one.
///
/// # Errors
///
/// The registry does not take it, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: MemberArgs) -> anyhow::Result<Outcome> {
    if let MemberCommand::Rotate { json } = args.command {
        return rotate::run(place, json).await;
    }
    let client = Client::open(place).await?;
    match args.command {
        MemberCommand::Rotate { .. } => Ok(Outcome::No),
        MemberCommand::RotateKeys { json } => rotate_keys(&client, json).await,
        MemberCommand::Change(command) => change::run(&client, command).await,
        MemberCommand::Add(args) => add(&client, args).await,
        MemberCommand::List { json } => list(&client, json).await,
    }
}

async fn rotate_keys(client: &Client, json: bool) -> anyhow::Result<Outcome> {
    let keys: ServiceKeysAnswer = client.post("/exchange/keys", &serde_json::json!({})).await?;
    client.settle().await;
    let shown = match keys.published {
        true => "the registry shows them",
        false => "the registry shows them once the ledger takes them",
    };
    match json {
        true => output::print_json(&keys)?,
        false => output::print(&format!("the node has other service keys; {shown}\n"))?,
    }
    Ok(Outcome::Yes)
}

async fn add(client: &Client, args: AddArgs) -> anyhow::Result<Outcome> {
    let request = MemberRequest {
        gln: args.gln,
        name: args.name,
        roles: args.roles,
        licence_expiry: args.licence_expiry,
        endpoint: args.endpoint,
        account: args.account,
    };
    let added: MemberRequest = client.post("/members", &request).await?;
    client.settle().await;
    match args.json {
        true => output::print_json(&added)?,
        false => {
            let line = format!("{} (GLN {}) is a member", added.name, added.gln);
            output::print(&format!("{}\n", plain(&line)))?;
        }
    }
    Ok(Outcome::Yes)
}

async fn list(client: &Client, json: bool) -> anyhow::Result<Outcome> {
    let members: Vec<MemberEntry> = client.get("/members", &[]).await?;
    if json {
        output::print_json(&members)?;
        return Ok(Outcome::Yes);
    }
    for member in &members {
        let roles: Vec<&str> = member.roles.iter().map(|role| role.word()).collect();
        let accounts: Vec<String> = member.accounts.iter().map(ToString::to_string).collect();
        let mut rows = Rows::default();
        rows.add("roles", if roles.is_empty() { "none now".to_owned() } else { roles.join(", ") });
        rows.add("node", &member.endpoint);
        rows.add("accounts", accounts.join(", "));
        output::print(&format!("{}  {}\n{}", member.gln, plain(&member.name), rows.render()))?;
    }
    output::note(&count(members.len() as u64, "member"));
    Ok(Outcome::Yes)
}
