//! Trade documents: what a seller tells a buyer about a shipment, as one EPCIS document.
//!
//! ```text
//!  shipping event ─┐
//!  consignment ────┼─> TradeDocument ─> EPCIS 1.2 XML, 2.0 XML or JSON ─> TradeReader ─> the same
//!  recorded events ┘        └─ header: SBDH, master data, transaction statement
//! ```
//!
//! # Invariants
//!
//! - A document names exactly the packs of its consignment, and the logistic units around them.
//! - What a document was written of, [`TradeReader`] reads from it again.
//! - An event that is told otherwise than it is on record loses its `eventID`: one `eventID` names
//!   one content.

mod compare;
mod consignment;
mod document;
mod finding;
mod form;
mod guideline;
mod history;
mod information;
mod party;
mod prefixes;
mod product;
mod read;
mod statement;

pub use compare::KnownData;
pub use consignment::{ConsignedLot, Consignment, Packing};
pub use document::{TradeDocument, Written};
pub use finding::{Finding as TradeFinding, FindingKind};
pub use form::{DocumentForm, LabelForm};
pub use guideline::Guideline;
pub use history::{Beginnings, history};
pub use information::{Line, Reference, TransactionInformation};
pub use party::{TradeParty, gln_of};
pub use prefixes::PrefixHints;
pub use product::TradeItem;
pub use read::{ReadShipment, TradeReader};
pub use statement::TransactionStatement;

/// The namespace of GS1 US for health care (GS1 US guideline for DSCSA).
pub const GS1_US: &str = "http://epcis.gs1us.org/hc/ns";

/// The namespace of instance and lot master data (CBV 2.0, section 9.3).
pub(crate) const ILMD: &str = "urn:epcglobal:cbv:mda";

/// How the names of master data attributes begin (CBV 2.0, section 9).
pub(crate) const ATTRIBUTE: &str = "urn:epcglobal:cbv:mda#";
