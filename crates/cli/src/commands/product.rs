//! `theriac product`: the registry's products.

use clap::{Args, Subcommand};
use theriac_gs1::{Gln, Gtin};
use theriac_node::RegistryAction;
use theriac_web::routes::registry::{ProductEntry, ProductRequest};

use super::member::act;

use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, count};
use crate::place::Place;

/// Add products to the registry, list them, or pass them on
#[derive(Debug, Args)]
pub struct ProductArgs {
    #[command(subcommand)]
    command: ProductCommand,
}

#[derive(Debug, Subcommand)]
enum ProductCommand {
    /// Add a product: events about its GTIN that are held for it are admitted by themselves
    Add {
        /// GTIN of the pack, 14 digits
        gtin: Gtin,
        /// GLN of the labeler [default: the node's own member]
        #[arg(long)]
        labeler: Option<Gln>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Offer a product to another member, which may accept it; one's own member's only
    Offer {
        /// GTIN of the pack, 14 digits
        gtin: Gtin,
        /// GLN of the member that may accept it [default: nobody, which withdraws the offer]
        #[arg(long)]
        to: Option<Gln>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Take over a product that was offered to one's own member
    Accept {
        /// GTIN of the pack, 14 digits
        gtin: Gtin,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the products that the node knows
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Adds a product, lists them, offers or accepts one.
///
/// # Errors
///
/// The registry does not take it, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: ProductArgs) -> anyhow::Result<Outcome> {
    let client = Client::open(place).await?;
    match args.command {
        ProductCommand::Add { gtin, labeler, json } => {
            let request = ProductRequest { gtin, labeler };
            let added: ProductEntry = client.post("/products", &request).await?;
            client.settle().await;
            match json {
                true => output::print_json(&added)?,
                false => output::print(&format!(
                    "GTIN {} is registered to GLN {}\n",
                    added.gtin, added.labeler
                ))?,
            }
        }
        ProductCommand::Offer { gtin, to, json } => {
            let done = match to {
                Some(to) => format!("GTIN {gtin} is offered to GLN {to}"),
                None => format!("GTIN {gtin} is offered to nobody"),
            };
            act(&client, RegistryAction::OfferProduct { gtin, to }, &done, json).await?;
        }
        ProductCommand::Accept { gtin, json } => {
            let done = format!("GTIN {gtin} is registered to this node's member");
            act(&client, RegistryAction::AcceptProduct { gtin }, &done, json).await?;
        }
        ProductCommand::List { json } => {
            let products: Vec<ProductEntry> = client.get("/products", &[]).await?;
            if json {
                output::print_json(&products)?;
                return Ok(Outcome::Yes);
            }
            for ProductEntry { gtin, labeler } in &products {
                output::print(&format!("{gtin}  {labeler}\n"))?;
            }
            output::note(&count(products.len() as u64, "product"));
        }
    }
    Ok(Outcome::Yes)
}
