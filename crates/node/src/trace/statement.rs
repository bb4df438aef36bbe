//! What a member tells another about an item, signed with its service key, so that it can be shown
//! to a third party later.
//!
//! # Invariants
//!
//! - What is signed is the text that is sent, byte by byte; nothing of it is read before its
//!   signature has been checked against the registry's key of the member.
//! - A statement is to one asker: who passes it on cannot pretend that it was told to another.

use jiff::civil::Date;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use theriac_custody::journey::Sight;
use theriac_custody::{Hash, Salt};
use theriac_gs1::{Gln, Lot};

use crate::error::NodeError;
use crate::node::Node;

/// Sets these texts apart from all others that a service key signs.
const DOMAIN: &str = "theriac/1 statement\n";

/// Longest statement that is read, in bytes.
pub(crate) const STATEMENT_BYTES_MAX: usize = 1 << 20;

/// A text and the signature of the member that it is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedStatement {
    /// The member that says it.
    pub by: Gln,
    /// What it says: JSON, as text.
    pub statement: String,
    /// Ed25519 over `theriac/1 statement`, a line feed, and the text; 64 bytes in hexadecimal.
    pub signature: String,
}

/// Why a statement does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// The registry has no key of the member.
    #[error("expected a service key of {by} in the registry, found none")]
    NoKey {
        /// The member.
        by: Gln,
    },
    /// The signature is by another key, or over another text.
    #[error("expected a statement signed by {by} with its key in the registry, found another")]
    Signature {
        /// The member.
        by: Gln,
    },
    /// It is too long, or not what it should be.
    #[error("expected a statement of {expected}, found something else: {found}")]
    Content {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
}

/// What a member tells about an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// The member that it is told to.
    pub to: Gln,
    /// The inquiry that it answers.
    #[serde(default)]
    pub inquiry: Option<Hash>,
    /// The item, as GS1 Digital Link.
    pub item: String,
    /// When it is told, RFC 3339.
    pub at: String,
    /// How much the member agrees to tell.
    pub sight: Sight,
    /// Why nothing is told at all.
    #[serde(default)]
    pub refused: Option<String>,
    /// Whether the item is on record there; `null` when that is not told.
    pub known: Option<bool>,
    /// How its life stands there, in a word of the item's statuses.
    #[serde(default)]
    pub status: Option<String>,
    /// The members that it came from.
    #[serde(default)]
    pub from: Vec<Gln>,
    /// The members that it went to.
    #[serde(default)]
    pub next: Vec<Gln>,
    /// Where it stands on the ledger.
    #[serde(default)]
    pub leaf: Option<ToldLeaf>,
    /// The events about it.
    #[serde(default)]
    pub events: Vec<ToldEvent>,
    /// Of a lot: the packs that it has or has had, by the word of their status as it knows it.
    #[serde(default)]
    pub packs: Vec<(String, u64)>,
}

/// Where a unit stands on the ledger, with all that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldLeaf {
    /// The holding.
    pub holding: Hash,
    /// Leaf position.
    pub position: u64,
    /// Siblings up to the root, the lowest first.
    pub path: Vec<Hash>,
    /// Lot number.
    pub lot: Lot,
    /// Last day on which it may be used.
    pub expiry: Date,
    /// Salt of the lot's tag.
    pub lot_salt: Salt,
    /// Salt of the unit's hash.
    pub unit_salt: Salt,
}

/// An event, and the way from its hash to the cause that the ledger has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldEvent {
    /// EPCIS 2.0 JSON without `eventID` and `recordTime`, which no hash covers.
    pub event: serde_json::Value,
    /// Number of the event among those of one cause, from 0.
    #[serde(default)]
    pub position: u64,
    /// Siblings up to the cause, the lowest first; empty if the event's hash is the cause.
    #[serde(default)]
    pub path: Vec<Hash>,
    /// Whether the ledger is yet to have it.
    #[serde(default)]
    pub waits: bool,
}

impl Node {
    /// Signs a statement of this member's.
    pub(crate) async fn sign_statement<T: Serialize + Sync>(
        &self,
        what: &T,
    ) -> Result<SignedStatement, NodeError> {
        let statement = serde_json::to_string(what).map_err(|error| NodeError::Inconsistent {
            expected: "a statement that can be written as JSON",
            found: error.to_string(),
        })?;
        let own = self.inner().store.stored_member(&self.gln()).await?;
        let key = self.inner().keys.known_as(own.and_then(|own| own.signing_key));
        let signature = hex::encode(key.sign(format!("{DOMAIN}{statement}").as_bytes()));
        Ok(SignedStatement { by: self.gln(), statement, signature })
    }

    /// Reads a statement of another member's, after its signature was checked.
    pub(crate) async fn read_statement<T: DeserializeOwned>(
        &self,
        signed: &SignedStatement,
    ) -> Result<Result<T, StatementFault>, NodeError> {
        let by = signed.by;
        let member = self.inner().store.stored_member(&by).await?;
        let Some(key) = member.and_then(|member| member.signing_key) else {
            return Ok(Err(StatementFault::NoKey { by }));
        };
        Ok(checked(&key, signed).and_then(|()| parsed(signed)))
    }
}

/// Whether the text is signed with this key.
fn checked(key: &Hash, signed: &SignedStatement) -> Result<(), StatementFault> {
    let wrong = StatementFault::Signature { by: signed.by };
    if signed.statement.len() > STATEMENT_BYTES_MAX {
        let found = format!("{} bytes", signed.statement.len());
        return Err(StatementFault::Content { expected: "1 MiB at most", found });
    }
    let mut signature = [0; 64];
    hex::decode_to_slice(&signed.signature, &mut signature).map_err(|_| wrong.clone())?;
    let text = format!("{DOMAIN}{}", signed.statement);
    let verified = UnparsedPublicKey::new(&ED25519, key.0).verify(text.as_bytes(), &signature);
    verified.map_err(|_| wrong)
}

/// The statement as it is meant. Its signature has been checked, now or when it came.
pub(crate) fn parsed<T: DeserializeOwned>(signed: &SignedStatement) -> Result<T, StatementFault> {
    serde_json::from_str(&signed.statement).map_err(|error| StatementFault::Content {
        expected: "what was asked for",
        found: error.to_string(),
    })
}
