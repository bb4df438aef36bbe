//! `theriac master-data`: descriptions of products, places and parties.

use clap::{Args, Subcommand};
use theriac_epcis::trade::{TradeItem, TradeParty};
use theriac_gs1::{Gln, Gtin};
use theriac_node::{Description, Descriptions};

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows};
use crate::place::Place;

const EXAMPLES: &str = "\
Examples:
  theriac master-data list
  theriac master-data product 00300010123455 --ndc 0001-0123-45 --name Epcistra --strength '100 mg'
  theriac master-data party 0300011111116 --name 'Example Pharma' --street '1 Main St' --city Basel";

/// Describe products, parties and places, as documents of shipments tell them
///
/// What is described here is one's own word; what partners tell never replaces it, and where it
/// differs that is told as the quality of their data.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct MasterDataArgs {
    #[command(subcommand)]
    command: MasterDataCommand,
}

#[derive(Debug, Subcommand)]
enum MasterDataCommand {
    /// List all descriptions
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Describe a product; what is not named is not known
    Product {
        /// GTIN of this packaging level, 14 digits
        gtin: Gtin,
        /// National Drug Code with dashes
        #[arg(long)]
        ndc: Option<String>,
        /// Name
        #[arg(long)]
        name: Option<String>,
        /// Manufacturer
        #[arg(long)]
        manufacturer: Option<String>,
        /// Dosage form
        #[arg(long)]
        dosage_form: Option<String>,
        /// Strength
        #[arg(long)]
        strength: Option<String>,
        /// Container size
        #[arg(long)]
        container_size: Option<String>,
    },
    /// Describe a party or place; what is not named is not known
    Party {
        /// Its GLN
        gln: Gln,
        /// Name
        #[arg(long)]
        name: Option<String>,
        /// First line of the address
        #[arg(long)]
        street: Option<String>,
        /// Second line of the address
        #[arg(long)]
        street_two: Option<String>,
        /// City
        #[arg(long)]
        city: Option<String>,
        /// State or region
        #[arg(long)]
        state: Option<String>,
        /// Postal code
        #[arg(long)]
        postal_code: Option<String>,
        /// Country, two letters
        #[arg(long)]
        country: Option<String>,
    },
}

/// Lists descriptions or puts one on record.
///
/// # Errors
///
/// The node cannot be asked.
pub async fn run(place: Option<Place>, args: MasterDataArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    let description = match args.command {
        MasterDataCommand::List { json } => {
            let all: Descriptions = client.get("/master-data", &[]).await?;
            match json {
                true => output::print_json(&all)?,
                false => output::print(&render(&all))?,
            }
            return Ok(Outcome::Yes);
        }
        MasterDataCommand::Product {
            gtin,
            ndc,
            name,
            manufacturer,
            dosage_form,
            strength,
            container_size,
        } => Description::Product(TradeItem {
            gtin,
            ndc,
            name,
            manufacturer,
            dosage_form,
            strength,
            container_size,
        }),
        MasterDataCommand::Party {
            gln,
            name,
            street,
            street_two,
            city,
            state,
            postal_code,
            country,
        } => Description::Party(TradeParty {
            gln,
            name,
            street,
            street_two,
            city,
            state,
            postal_code,
            country,
        }),
    };
    let done = match &description {
        Description::Product(item) => format!("GTIN {} is described\n", item.gtin),
        Description::Party(party) => format!("GLN {} is described\n", party.gln),
    };
    let _: Descriptions = client.post("/master-data", &[description]).await?;
    output::print(&done)?;
    Ok(Outcome::Yes)
}

fn render(all: &Descriptions) -> String {
    let mut text = String::new();
    for item in &all.products {
        let mut rows = Rows::default();
        rows.add_some("NDC", item.ndc.clone());
        rows.add_some("manufacturer", item.manufacturer.clone());
        rows.add_some("dosage form", item.dosage_form.clone());
        rows.add_some("strength", item.strength.clone());
        rows.add_some("container size", item.container_size.clone());
        let name = output::plain(item.name.as_deref().unwrap_or("no name"));
        text.push_str(&format!("GTIN {} {name}\n{}", item.gtin, rows.render()));
    }
    for party in &all.parties {
        let mut rows = Rows::default();
        let address = party.address().join(", ");
        rows.add_some("address", (!address.is_empty()).then_some(address));
        let name = output::plain(party.name.as_deref().unwrap_or("no name"));
        text.push_str(&format!("GLN {} {name}\n{}", party.gln, rows.render()));
    }
    text
}
