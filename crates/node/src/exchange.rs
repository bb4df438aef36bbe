//! Exchange: what nodes tell each other, signed, until the other node has acknowledged it; and what
//! comes in is compared with the ledger before it is believed.
//!
//! ```text
//! post    a message is queued with the fact that causes it
//! deliver sealed, signed, sent and sent again, in order about each subject
//! receive authenticated, opened, durable in the inbox, then handled once
//! ```
//!
//! # Invariants
//!
//! - A message is stored with the fact that causes it, and sent until it is acknowledged or refused.
//! - Nothing that comes in is believed before it opens to the root on the ledger.
//! - Receiving the same message again changes nothing.

mod announce;
mod authority;
mod believe;
mod deliver;
mod envelope;
mod error;
mod handlers;
mod information;
pub(crate) mod keys;
mod overview;
pub(crate) mod partner;
mod places;
mod post;
mod provenance;
mod publish;
mod receive;
mod seal;
mod shipment;
mod signed;
mod terms;

pub use envelope::{Envelope, SealError};
pub use error::ExchangeError;
pub use places::Place;
pub(crate) use places::Places;
pub use publish::{RotateKeysError, ServiceKeysReport};
pub use receive::Taken;
pub use signed::{
    DIGEST_HEADER, MEMBER_HEADER, SIGNATURE_HEADER, SignatureFault, SignedHeaders, TIME_HEADER,
};

use serde::{Deserialize, Serialize};
use theriac_custody::{Hash, Manifest};
use theriac_epcis::MasterDataElement;
use theriac_epcis::trade::TransactionStatement;
use theriac_gs1::Gln;

/// Path under which a node takes messages.
pub const MESSAGES_PATH: &str = "/exchange/messages";

/// What a sender tells the consignee about a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipmentMessage {
    /// The sender.
    pub from: Gln,
    /// The ledger transaction that opened the holding.
    pub transaction: Hash,
    /// The shipping event, EPCIS 2.0 JSON-LD; absent if the sender does not have it any more.
    pub event: Option<serde_json::Value>,
    /// What the holding holds.
    pub manifest: Manifest,
    /// What the sender says of the products, parties and places named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub master_data: Vec<MasterDataElement>,
    /// The sender's statement on the transaction, where its jurisdiction wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<TransactionStatement>,
}
