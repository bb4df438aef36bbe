//! Writes events as EPCIS 2.0 JSON-LD.
//!
//! Identifiers are Digital Links on `https://id.gs1.org`, words of the CBV are bare. An event
//! with fields of other vocabularies carries their prefixes in an `@context` of its own, so a
//! document can be written in a stream.

mod document;
mod extension;
mod json;
mod sensors;

pub use document::{DocumentHeader, write_document};
pub use json::to_json;
