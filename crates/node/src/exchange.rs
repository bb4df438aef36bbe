//! Exchange: a shipment's event and manifest go to the consignee's node, signed, until it has
//! acknowledged them; and what comes in is compared with the ledger before it is believed.
//!
//! # Invariants
//!
//! - A message is stored with the fact that causes it, and sent until it is acknowledged or refused.
//! - Nothing that comes in is believed before it opens to the root on the ledger.
//! - Receiving the same message again changes nothing.

mod accept;
mod deliver;
pub(crate) mod partner;
mod provenance;
mod signed;

pub use accept::{Accepted, ExchangeError};
pub(crate) use signed::sign;
pub use signed::{
    ACCOUNT_HEADER, DIGEST_HEADER, SIGNATURE_HEADER, SignatureFault, SignedHeaders, TIME_HEADER,
};

use serde::{Deserialize, Serialize};
use theriac_custody::{Hash, Manifest};
use theriac_gs1::Gln;

/// Path under which a node takes shipments.
pub const SHIPMENTS_PATH: &str = "/exchange/shipments";

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
}
