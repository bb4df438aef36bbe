//! Shipments sent and received: their content as it was then, transaction information, documents.
//!
//! ```text
//!  ledger: shipped ── noted ──┐
//!  message: announced ─ noted ┴─> content on record ──> transaction information, documents on demand
//!  file of a partner ─────────┘          └────────────> file for a partner without a node (files)
//! ```
//!
//! # Invariants
//!
//! - A shipment is noted with the fact that tells of it; its content follows from the books, and is
//!   kept as it was then, with products and parties as they were described then.

mod content;
mod document;
mod list;
mod note;
mod told;

pub use document::{DocumentError, ShipmentFile};
pub use list::{ShipmentDirection, ShipmentEntry, ShipmentError, ShipmentReport};

pub(crate) use content::{Content, places};
