//! `theriac shipment`: what was sent and received, with transaction information and documents.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use theriac_epcis::trade::TransactionInformation;
use theriac_node::{ShipmentDirection, ShipmentEntry, ShipmentReport};
use theriac_web::limits::LIST_ROWS_MAX;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows, count, thousands};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac shipment list --in
  theriac shipment show 0x5a2c…
  theriac shipment ti 0x5a2c… --html page.html
  theriac shipment document 0x5a2c… --format epcis-1.2-xml --to asn.xml";

/// List shipments, show their transaction information, write their documents
///
/// The name of a shipment is the hash of its shipping event; its first digits do, if they name one
/// shipment of the list.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ShipmentArgs {
    #[command(subcommand)]
    command: ShipmentCommand,
}

#[derive(Debug, Subcommand)]
enum ShipmentCommand {
    /// List shipments, the latest first
    List {
        /// Only those received
        #[arg(long = "in", conflicts_with = "out")]
        received: bool,
        /// Only those sent
        #[arg(long)]
        out: bool,
        /// At most so many
        #[arg(long, default_value_t = 100, value_name = "NUMBER")]
        limit: u64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a shipment: from whom, to whom, what, when
    Show {
        /// Name of the shipment
        shipment: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print transaction information and statement
    Ti {
        /// Name of the shipment
        shipment: String,
        /// Write the page to print, in HTML, to this file
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Write the document of a shipment, as the partner wants it unless said
    Document {
        /// Name of the shipment
        shipment: String,
        /// Its format
        #[arg(long, value_parser = ["epcis-1.2-xml", "epcis-2.0-xml", "epcis-2.0-json", "csv"])]
        format: Option<String>,
        /// Release of the GS1 US guideline whose codes it has
        #[arg(long, value_parser = ["r1.2", "r1.3"])]
        guideline: Option<String>,
        /// The file [default: standard output]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
}

/// Lists shipments, shows one, writes its documents.
///
/// # Errors
///
/// There is no such shipment, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: ShipmentArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match args.command {
        ShipmentCommand::List { received, out, limit, json } => {
            list(&client, received, out, limit, json).await?;
        }
        ShipmentCommand::Show { shipment, json } => {
            let report = show(&client, &shipment).await?;
            match json {
                true => output::print_json(&report)?,
                false => output::print(&render(&report))?,
            }
        }
        ShipmentCommand::Ti { shipment, html, json } => {
            let report = show(&client, &shipment).await?;
            if let Some(file) = html {
                let name = report.entry.shipment;
                let path = format!("/shipments/{name}/transaction-information");
                write(&file, &client.bytes(&path, &[]).await?)?;
            } else if json {
                output::print_json(&report.information)?;
            } else {
                output::print(&information(&report))?;
            }
        }
        ShipmentCommand::Document { shipment, format, guideline, to } => {
            let name = full_name(&client, &shipment).await?;
            let mut query = Vec::new();
            query.extend(format.as_deref().map(|format| ("format", format)));
            query.extend(guideline.as_deref().map(|guideline| ("guideline", guideline)));
            let bytes = client.bytes(&format!("/shipments/{name}/document"), &query).await?;
            match to {
                Some(file) => write(&file, &bytes)?,
                None => output::print(&String::from_utf8_lossy(&bytes))?,
            }
        }
    }
    Ok(Outcome::Yes)
}

async fn list(
    client: &Client,
    received: bool,
    out: bool,
    limit: u64,
    json: bool,
) -> anyhow::Result<()> {
    let limit = limit.clamp(1, LIST_ROWS_MAX).to_string();
    let mut query = vec![("limit", limit.as_str())];
    query.extend(received.then_some(("direction", "in")));
    query.extend(out.then_some(("direction", "out")));
    let shipments: Vec<ShipmentEntry> = client.get("/shipments", &query).await?;
    if json {
        return output::print_json(&shipments);
    }
    for entry in &shipments {
        let name = output::short(&entry.shipment.to_string());
        let direction = direction(entry);
        let packs = count(entry.packs, "pack");
        let partner = output::plain(&entry.partner.name);
        let line = format!(
            "{name}  {}  {direction} {} {partner}  {packs}\n",
            entry.shipped_at, entry.partner.gln
        );
        output::print(&line)?;
    }
    output::note(&count(shipments.len() as u64, "shipment"));
    Ok(())
}

async fn show(client: &Client, name: &str) -> anyhow::Result<ShipmentReport> {
    let name = full_name(client, name).await?;
    Ok(client.get(&format!("/shipments/{name}"), &[]).await?)
}

/// The whole name of a shipment of which perhaps only the first digits are known.
async fn full_name(client: &Client, name: &str) -> anyhow::Result<String> {
    let name = name.trim_end_matches('…');
    if name.len() == 66 {
        return Ok(name.to_owned());
    }
    let limit = LIST_ROWS_MAX.to_string();
    let all: Vec<ShipmentEntry> = client.get("/shipments", &[("limit", &limit)]).await?;
    let mut names: Vec<String> = all.iter().map(|entry| entry.shipment.to_string()).collect();
    names.retain(|full| name.len() >= 6 && full.starts_with(name));
    names.dedup();
    match &names[..] {
        [one] => Ok(one.clone()),
        found => {
            anyhow::bail!("expected the name of one shipment, found {} with {name}", found.len())
        }
    }
}

fn write(file: &std::path::Path, bytes: &[u8]) -> anyhow::Result<()> {
    std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
    output::note(&format!("{} written", file.display()));
    Ok(())
}

const fn direction(entry: &ShipmentEntry) -> &'static str {
    match entry.direction {
        ShipmentDirection::Out => "to  ",
        ShipmentDirection::In => "from",
    }
}

fn render(report: &ShipmentReport) -> String {
    let entry = &report.entry;
    let mut rows = Rows::default();
    let partner = format!("{} {}", entry.partner.gln, entry.partner.name);
    rows.add(direction(entry).trim(), partner);
    rows.add("shipped", &entry.shipped_at);
    rows.add("packs", thousands(entry.packs));
    rows.add_some("event", report.event_id.clone());
    let lots = report.information.iter().flat_map(|information| &information.lines);
    for line in lots {
        let name = line.name.as_deref().unwrap_or("no name told");
        let lot = line.lot.as_ref().map(ToString::to_string).unwrap_or_default();
        let containers = thousands(line.containers as u64);
        rows.add("product", format!("{name} (GTIN {}), lot {lot}: {containers}", line.gtin));
    }
    let statement = report.information.as_ref().and_then(|one| one.statement.as_ref());
    let affirmed = statement.is_some_and(|statement| statement.affirmed);
    rows.add("statement", if affirmed { "affirmed" } else { "none" });
    format!("shipment {}\n{}", entry.shipment, rows.render())
}

fn information(report: &ShipmentReport) -> String {
    let Some(TransactionInformation {
        from,
        to,
        transaction_date,
        shipment_date,
        lines,
        statement,
        references,
        ..
    }) = &report.information
    else {
        return "nobody has told the shipping event\n".to_owned();
    };
    let party = |party: &theriac_epcis::trade::TradeParty| {
        let name = party.name.clone().unwrap_or_else(|| "name not told".to_owned());
        let address = party.address().join(", ");
        format!("{name}, {address} (GLN {})", party.gln)
    };
    let mut rows = Rows::default();
    rows.add("from", party(from));
    rows.add("to", party(to));
    rows.add("date of transaction", transaction_date.to_string());
    rows.add_some("date of shipment", shipment_date.map(|day| day.to_string()));
    for reference in references {
        rows.add(reference.kind.as_deref().unwrap_or("document"), reference.number());
    }
    let told = |text: &Option<String>| text.clone().unwrap_or_else(|| "not told".to_owned());
    let mut text = rows.render();
    for line in lines {
        let mut rows = Rows::default();
        rows.add("strength", told(&line.strength));
        rows.add("dosage form", told(&line.dosage_form));
        rows.add("NDC", told(&line.ndc));
        rows.add("container size", told(&line.container_size));
        rows.add("containers", thousands(line.containers as u64));
        rows.add_some("lot", line.lot.as_ref().map(ToString::to_string));
        rows.add_some("expiry", line.expiry.map(|day| day.to_string()));
        let serials: Vec<String> = line.serials.iter().map(ToString::to_string).collect();
        rows.add("serial numbers", serials.join(" "));
        let name = output::plain(&told(&line.name));
        text.push_str(&format!("{name} (GTIN {})\n{}", line.gtin, rows.render()));
    }
    let words = statement.as_ref().filter(|statement| statement.affirmed);
    let words = words.map_or("no transaction statement was given", |one| &one.legal_notice);
    text.push_str(&format!("{}\n", output::plain(words)));
    text
}
