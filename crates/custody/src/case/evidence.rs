//! What speaks for one side of a case: events, transactions, scans, documents, counts.

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gtin, Identifier};

use super::Uuid;
use crate::hash::Hash;

/// A piece of evidence; only a document's content is kept elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum EvidenceItem {
    /// An EPCIS event.
    Event {
        /// Its hash.
        hash: Hash,
    },
    /// A transaction of the ledger.
    Transaction {
        /// Its hash.
        hash: Hash,
    },
    /// A shipment, by the holding that it is on the ledger.
    Shipment {
        /// The holding.
        holding: Hash,
    },
    /// A code that was scanned.
    Scan {
        /// The code as it was read.
        code: String,
        /// What the scan was answered with, in a word.
        answer: String,
        /// When, RFC 3339.
        at: Option<String>,
    },
    /// A document: a photo, a certificate, a packing slip.
    Document {
        /// SHA-256 of its bytes.
        hash: Hash,
        /// What it is called.
        name: String,
        /// Its media type.
        media_type: Option<String>,
    },
    /// A purchase order or delivery note.
    Order {
        /// Its number.
        number: String,
    },
    /// How many packs of a product were expected, and how many came.
    Count {
        /// The product.
        gtin: Gtin,
        /// Packs expected.
        expected: u64,
        /// Packs found.
        found: u64,
    },
    /// Data of a pack that differ from what is in hand.
    Difference {
        /// The pack.
        pack: Identifier,
        /// What differs: `gtin`, `serial`, `lot` or `expiry`.
        field: String,
        /// What the data say.
        expected: String,
        /// What the label says.
        found: String,
    },
    /// Another case that this one goes back to.
    Case {
        /// Its name.
        case: Uuid,
    },
    /// Anything else.
    Other {
        /// What it is called.
        name: String,
        /// What it says.
        value: serde_json::Value,
    },
}
