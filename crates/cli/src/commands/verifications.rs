//! `theriac verifications`: questions about packs to their labelers, and the archive of all that were
//! sent and served.

use clap::{Args, Subcommand};
use theriac_node::{VerificationEntry, VerifyReport};
use theriac_web::limits::LIST_ROWS;
use theriac_web::routes::responders::Responder;
use theriac_web::routes::verifications::VerificationRequest;

use super::verify::{outcome, render};
use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac verifications
  theriac verifications list --served --json
  theriac verifications ask '(01)09521124000017(17)281231(10)TH4A07(21)ABC123'
  theriac verifications responders
  theriac verifications route --gtin 09521124000017 --gln 9521124000017 --url https://vrs.example
  theriac verifications forget 09521124000017";

/// Ask labelers about packs by GS1 Lightweight Messaging, and list all such questions
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct VerificationsArgs {
    #[command(subcommand)]
    command: Option<VerificationsCommand>,
}

#[derive(Debug, Subcommand)]
enum VerificationsCommand {
    /// List questions, sent and served, with both messages
    List(ListArgs),
    /// Ask the labeler of a pack, as for a saleable return
    Ask {
        /// The code of the pack, with lot and expiry
        #[arg(allow_hyphen_values = true)]
        code: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List who answers for products besides members of the registry
    Responders {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Say who answers for a product whose labeler runs no node
    Route(RouteArgs),
    /// Forget who answers for a product
    Forget {
        /// GTIN of the pack
        gtin: theriac_gs1::Gtin,
    },
}

#[derive(Debug, Args, Default)]
struct ListArgs {
    /// Those that this node sent
    #[arg(long, conflicts_with = "served")]
    asked: bool,
    /// Those that this node answered
    #[arg(long)]
    served: bool,
    /// Those with this corrUUID
    #[arg(long, value_name = "UUID")]
    corr_uuid: Option<String>,
    /// At most so many, the newest
    #[arg(long, default_value_t = LIST_ROWS, value_name = "NUMBER")]
    limit: u64,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct RouteArgs {
    /// GTIN of the pack
    #[arg(long)]
    gtin: theriac_gs1::Gtin,
    /// GLN of who answers
    #[arg(long)]
    gln: theriac_gs1::Gln,
    /// Base URL of its service, without /verify
    #[arg(long)]
    url: String,
    /// First expiry date of the packs that it answers for [default: all]
    #[arg(long, value_name = "DATE")]
    first_expiry: Option<jiff::civil::Date>,
    /// Last expiry date of the packs that it answers for [default: all]
    #[arg(long, value_name = "DATE")]
    last_expiry: Option<jiff::civil::Date>,
    /// It takes application identifiers (01, 10, 21, 17) in place of short names
    #[arg(long)]
    ai: bool,
    /// Whom to call when it does not answer
    #[arg(long)]
    contact: Option<String>,
}

/// Lists or asks.
///
/// # Errors
///
/// The code cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: VerificationsArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let usual = ListArgs { limit: LIST_ROWS, ..ListArgs::default() };
    match args.command.unwrap_or(VerificationsCommand::List(usual)) {
        VerificationsCommand::List(args) => list(&client, args).await,
        VerificationsCommand::Ask { code, json } => {
            let request = VerificationRequest { code };
            let report: VerifyReport = client.post("/verifications", &request).await?;
            match json {
                true => output::print_json(&report)?,
                false => output::print(&render(&report))?,
            }
            Ok(outcome(report.verdict.code))
        }
        VerificationsCommand::Responders { json } => responders(&client, json).await,
        VerificationsCommand::Route(args) => {
            use theriac_store::ResponderPath::{Ai, ShortNames};
            let responder = Responder {
                gtin: args.gtin,
                gln: args.gln,
                url: args.url,
                first_expiry: args.first_expiry,
                last_expiry: args.last_expiry,
                path: if args.ai { Ai } else { ShortNames },
                contact: args.contact,
            };
            let kept: Responder = client.post("/responders", &responder).await?;
            output::print(&format!("GLN {} answers for GTIN {}\n", kept.gln, kept.gtin))?;
            Ok(Outcome::Yes)
        }
        VerificationsCommand::Forget { gtin } => {
            client.delete(&format!("/responders/{gtin}"), &[]).await?;
            output::print(&format!("nobody besides members answers for GTIN {gtin}\n"))?;
            Ok(Outcome::Yes)
        }
    }
}

async fn list(client: &Client, args: ListArgs) -> anyhow::Result<Outcome> {
    let limit = args.limit.to_string();
    let mut query = vec![("limit", limit.as_str())];
    match (args.asked, args.served) {
        (true, _) => query.push(("direction", "asked")),
        (_, true) => query.push(("direction", "served")),
        _ => {}
    }
    if let Some(uuid) = &args.corr_uuid {
        query.push(("corrUUID", uuid));
    }
    let entries: Vec<VerificationEntry> = client.get("/verifications", &query).await?;
    if args.json {
        output::print_json(&entries)?;
        return Ok(Outcome::Yes);
    }
    for entry in &entries {
        output::print(&entry_text(entry))?;
    }
    output::note(&count(entries.len() as u64, "verification"));
    Ok(Outcome::Yes)
}

fn entry_text(entry: &VerificationEntry) -> String {
    let mut rows = Rows::default();
    rows.add("pack", &entry.identifier);
    rows.add("requester", entry.requester.to_string());
    rows.add_some("responder", entry.responder.as_deref());
    rows.add("asked", &entry.asked_at);
    rows.add_some("answered", entry.answered_at.as_deref());
    let said = entry.verified.map(|verified| if verified { "verified" } else { "not verified" });
    rows.add_some("said", said);
    rows.add_some("no answer", entry.error.as_deref());
    rows.add("request", &entry.request);
    rows.add_some("answer", entry.answer.as_deref());
    format!("{} {}\n{}", entry.direction, entry.correlation, rows.render())
}

async fn responders(client: &Client, json: bool) -> anyhow::Result<Outcome> {
    let responders: Vec<Responder> = client.get("/responders", &[]).await?;
    if json {
        output::print_json(&responders)?;
        return Ok(Outcome::Yes);
    }
    for responder in &responders {
        let Responder { gtin, gln, url, first_expiry, last_expiry, .. } = responder;
        let bound = |date: &Option<jiff::civil::Date>| {
            date.map_or_else(|| "…".to_owned(), |date| date.to_string())
        };
        let (first, last) = (bound(first_expiry), bound(last_expiry));
        output::print(&format!("{gtin}  {gln}  {first} to {last}  {url}\n"))?;
    }
    output::note(&count(responders.len() as u64, "responder"));
    Ok(Outcome::Yes)
}
