//! EPCIS events: reading, writing, checks, canonical form, event hash.
//!
//! ```text
//!  JSON-LD 2.0 ─┐                                   ┌─> DocumentWriter (JSON, XML 2.0, XML 1.2)
//!               ├─> element tree ─> build ─> Event ─┼─> check        (semantic rules)
//!  XML 1.0-2.0 ─┘   (one per event)                 ├─> event_hash   (CBV 2.0)
//!                                                   └─> judge        (strict mode, a stream)
//! ```
//!
//! # Invariants
//!
//! - Pure: no clock, no network, no disk. A JSON-LD context named by a URL is never fetched.
//! - [`read`] uses memory for one event at a time, whatever the length of the document.
//! - No input makes this crate panic. An event that cannot be read is one `Err` item.
//! - `read(write_document_as(format, events))` gives equal events, in every format.
//!
//! # Strict and tolerant
//!
//! What departs from the standard and leaves no doubt is read, and told as a [`Repair`] beside the
//! event. [`judge`] is for those who want to know all: it tells every departure from the published
//! schemas and from the text of the standard as a [`Finding`], in a stream.
//!
//! ```
//! use std::ops::ControlFlow;
//! use theriac_epcis::{check, event_hash, read};
//!
//! let document = r#"{
//!   "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
//!   "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": "2026-03-01T08:00:00Z",
//!   "epcisBody": { "eventList": [{
//!     "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "shipping",
//!     "eventTime": "2026-03-01T08:30:00+01:00", "eventTimeZoneOffset": "+01:00",
//!     "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"]
//!   }]}
//! }"#;
//! let info = read(document.as_bytes(), &mut |item| {
//!     let parsed = item.outcome.expect("this one is readable");
//!     assert!(parsed.repairs.is_empty() && check(&parsed.event).is_empty());
//!     assert!(event_hash(&parsed.event).to_string().starts_with("ni:///sha-256;"));
//!     ControlFlow::Continue(())
//! })?;
//! assert_eq!(info.events, 1);
//! # Ok::<(), theriac_epcis::DocumentError>(())
//! ```

mod build;
mod check;
mod event;
mod hash;
mod judge;
pub mod limits;
mod read;
pub mod trade;
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
    CbvVersion, EventHash, EventHashError, FieldOrder, HashAlgorithm, HashOptions, event_hash,
    event_hash_id, event_hash_with, prehash, prehash_with,
};
pub use judge::{Finding, Layer, judge};
pub use read::{
    BusinessHeader, DocumentError, DocumentInfo, FieldName, Format, Item, MasterDataAttribute,
    MasterDataElement, Parsed, Partner, Place, ReadError, ReadEvent, read, read_items,
};
pub use vocabulary::{
    Action, BizStep, BizTransactionType, Disposition, ErrorReason, PartyType, WordError,
};
pub use write::{
    CbvFormat, DocumentFormat, DocumentHeader, DocumentWriter, EpcFormat, WriteError, WriteOptions,
    to_json, to_json_with, write_document, write_document_as, write_event,
    write_master_data_results, write_query_results,
};
