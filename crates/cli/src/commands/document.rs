//! `theriac document`: who may read which document, as the ledger has it. The documents themselves are
//! kept elsewhere.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use serde::Serialize;
use theriac_custody::{Hash, keccak256};
use theriac_gs1::Gln;
use theriac_node::RegistryAction;
use theriac_web::routes::registry::{ActionAnswer, ActionRequest};

use super::member::act;
use crate::client::Client;
use crate::exit::Outcome;
use crate::output::{self, Rows};
use crate::place::Place;

/// Register documents on the ledger, and say who may read them
///
/// The ledger has a salted hash of a document, its owner, and members that may read it, never the
/// document.
#[derive(Debug, Args)]
pub struct DocumentArgs {
    #[command(subcommand)]
    command: DocumentCommand,
}

#[derive(Debug, Subcommand)]
enum DocumentCommand {
    /// Register a document in the name of the node's member
    Publish {
        /// The document's file, of which a new salt and the hash are printed; or its hash
        #[arg(value_name = "FILE|HASH")]
        document: Named,
        /// Last day of the entry
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Let another member read a document
    Grant {
        /// The document's hash
        hash: Hash,
        /// GLN of the member
        #[arg(long)]
        to: Gln,
        /// Last day of the grant, not after the document's
        #[arg(long, value_name = "DATE")]
        until: Date,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// End a grant
    Revoke {
        /// The document's hash
        hash: Hash,
        /// GLN of the member
        #[arg(long)]
        to: Gln,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the hash of a file with a salt, to compare it with the ledger's
    Hash {
        /// The file
        file: PathBuf,
        /// The salt, 32 bytes in hexadecimal
        #[arg(long, value_name = "HEX")]
        salt: Hash,
    },
}

/// A document by its hash, or by its file.
#[derive(Debug, Clone)]
enum Named {
    Hash(Hash),
    File(PathBuf),
}

impl FromStr for Named {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.parse().map_or_else(|_| Self::File(text.into()), Self::Hash))
    }
}

/// A document that was registered.
#[derive(Debug, Serialize)]
struct Published {
    document: Hash,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<Hash>,
    until: Date,
}

/// Registers a document, grants or ends a grant.
///
/// # Errors
///
/// The contract does not take it, the file cannot be read, or the node cannot be asked.
pub async fn run(place: Option<Place>, args: DocumentArgs) -> anyhow::Result<Outcome> {
    if let DocumentCommand::Hash { file, salt } = &args.command {
        output::print(&format!("{}\n", hash_of(file, *salt)?))?;
        return Ok(Outcome::Yes);
    }
    let client = Client::open(place).await?;
    match args.command {
        DocumentCommand::Hash { .. } => {}
        DocumentCommand::Publish { document, until, json } => {
            publish(&client, document, until, json).await?;
        }
        DocumentCommand::Grant { hash: document, to, until, json } => {
            let done = format!("GLN {to} may read {document} until {until}");
            let action = RegistryAction::GrantDocument { document, to, until };
            act(&client, action, &done, json).await?;
        }
        DocumentCommand::Revoke { hash: document, to, json } => {
            let done = format!("GLN {to} may no longer read {document}");
            let action = RegistryAction::RevokeDocument { document, to };
            act(&client, action, &done, json).await?;
        }
    }
    Ok(Outcome::Yes)
}

async fn publish(client: &Client, document: Named, until: Date, json: bool) -> anyhow::Result<()> {
    let (document, salt) = match document {
        Named::Hash(hash) => (hash, None),
        Named::File(file) => {
            let salt = Hash(rand::random());
            (hash_of(&file, salt)?, Some(salt))
        }
    };
    let action = RegistryAction::PublishDocument { document, until };
    let _: ActionAnswer = client.post("/registry", &ActionRequest(action)).await?;
    client.settle().await;
    if json {
        return output::print_json(&Published { document, salt, until });
    }
    let mut rows = Rows::default();
    rows.add("document", document.to_string());
    rows.add_some("salt", salt.map(|salt| salt.to_string()));
    rows.add("until", until.to_string());
    output::print(&rows.render())?;
    Ok(())
}

/// The name of a document: keccak256 over its salt and its bytes.
fn hash_of(file: &Path, salt: Hash) -> anyhow::Result<Hash> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(keccak256(&[&salt.0, &bytes]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_named_by_its_hash_or_file() {
        let hash = Hash([7; 32]);
        assert!(matches!(hash.to_string().parse(), Ok(Named::Hash(found)) if found == hash));
        assert!(matches!("leaflet.pdf".parse(), Ok(Named::File(_))));
    }

    #[test]
    fn the_hash_depends_on_salt_and_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("leaflet.txt");
        std::fs::write(&file, "twice daily").unwrap();
        let one = hash_of(&file, Hash([1; 32])).unwrap();
        assert_eq!(one, keccak256(&[&[1; 32], b"twice daily"]));
        assert_ne!(one, hash_of(&file, Hash([2; 32])).unwrap());
        assert!(hash_of(&folder.path().join("none"), Hash::ZERO).is_err());
    }
}
