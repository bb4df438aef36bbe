//! EPCIS events: reading, writing, checks, canonical form, event hash.
//!
//! ```text
//!  JSON-LD 2.0 ─┐                                   ┌─> to_json, write_document
//!               ├─> element tree ─> build ─> Event ─┼─> check        (semantic rules)
//!  XML 1.0-2.0 ─┘   (one per event)                 └─> event_hash   (CBV 2.0)
//! ```
//!
//! # Invariants
//!
//! - Pure: no clock, no network, no disk. A JSON-LD context named by a URL is never fetched.
//! - [`read`] uses memory for one event at a time, whatever the length of the document.
//! - No input makes this crate panic. An event that cannot be read is one `Err` item.
//! - `read(write_document(events))` gives equal events.

mod build;
mod check;
mod event;
mod hash;
mod read;
mod tree;
mod vocabulary;
mod write;

pub use build::{Repair, event_from_json};
pub use check::{Violation, check};
pub use event::{
    AggregationEvent, AssociationEvent, Attribute, BizTransaction, Common, Destination,
    ErrorDeclaration, Event, Extension, ExtensionValue, Location, Number, NumberError, ObjectEvent,
    Offset, OffsetError, PersistentDisposition, QuantityElement, SensorElement, SensorMetadata,
    SensorReport, Source, TransactionEvent, TransformationEvent,
};
pub use hash::{
    EventHash, EventHashError, FieldOrder, HashOptions, event_hash, event_hash_with, prehash,
    prehash_with,
};
pub use read::{
    DocumentError, DocumentInfo, FieldName, Format, MasterDataElement, Parsed, Place, ReadError,
    ReadEvent, read,
};
pub use vocabulary::{
    Action, BizStep, BizTransactionType, Disposition, ErrorReason, PartyType, WordError,
};
pub use write::{DocumentHeader, to_json, write_document};

/// Limits on what is read; each is generous for real documents and small for a machine.
pub mod limits;
