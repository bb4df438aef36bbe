//! Writes events and documents: JSON-LD and XML of EPCIS 2.0, XML of EPCIS 1.2.
//!
//! An event with fields of other vocabularies carries their prefixes itself, so that a document
//! can be written in a stream. Whatever the format, what is written reads as equal events.

mod document;
mod error;
mod extension;
mod header;
mod json;
mod json_document;
mod options;
mod page;
mod prefix;
mod sensors;
mod xml;

pub use document::{
    DocumentWriter, write_document, write_document_as, write_event, write_master_data_results,
    write_query_results,
};
pub use error::WriteError;
pub use header::DocumentHeader;
pub use json::{to_json, to_json_with};
pub use options::{CbvFormat, DocumentFormat, EpcFormat, WriteOptions};
pub(crate) use xml::{FIELDS, ONTOLOGY, is_name};
