//! `theriac product`: the registry's products.

use clap::{Args, Subcommand};
use theriac_gs1::{Gln, Gtin};
use theriac_node::RegistryAction;
use theriac_web::routes::links::LinkEntry;
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
    /// Say where the GS1 Digital Link of a product leads to, such as its leaflet
    Link {
        /// GTIN of the pack, 14 digits
        gtin: Gtin,
        /// The URL
        href: String,
        /// What it is: gs1:epil (leaflet), gs1:pip, gs1:smpc, gs1:defaultLink (where browsers are led) …
        #[arg(long = "type", value_name = "TYPE")]
        link_type: String,
        /// Its title, for people
        #[arg(long)]
        title: String,
        /// Its language, such as en
        #[arg(long)]
        language: Option<String>,
        /// Its media type, such as text/html
        #[arg(long)]
        media_type: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the links of a product
    Links {
        /// GTIN of the pack, 14 digits
        gtin: Gtin,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Forget links of a product
    Unlink {
        /// GTIN of the pack, 14 digits
        gtin: Gtin,
        /// Those of this type [default: all]
        #[arg(long = "type", value_name = "TYPE")]
        link_type: Option<String>,
        /// The one with this URL [default: all]
        #[arg(long, value_name = "URL")]
        href: Option<String>,
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
        ProductCommand::Link { gtin, href, link_type, title, language, media_type, json } => {
            let link = LinkEntry { link_type, href, title, media_type, language };
            let kept: LinkEntry = client.post(&format!("/products/{gtin}/links"), &link).await?;
            match json {
                true => output::print_json(&kept)?,
                false => output::print(&link_text(&kept))?,
            }
        }
        ProductCommand::Links { gtin, json } => {
            let links: Vec<LinkEntry> = client.get(&format!("/products/{gtin}/links"), &[]).await?;
            match json {
                true => output::print_json(&links)?,
                false => links.iter().try_for_each(|link| output::print(&link_text(link)))?,
            }
        }
        ProductCommand::Unlink { gtin, link_type, href } => {
            let mut query = Vec::new();
            query.extend(link_type.as_deref().map(|it| ("linkType", it)));
            query.extend(href.as_deref().map(|it| ("href", it)));
            client.delete(&format!("/products/{gtin}/links"), &query).await?;
            output::print("done\n")?;
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

fn link_text(link: &LinkEntry) -> String {
    let language = link.language.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
    format!("{}  {}{language}  {}\n", link.link_type, link.title, link.href)
}
