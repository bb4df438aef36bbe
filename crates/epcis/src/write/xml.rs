//! Writes events and documents as XML of EPCIS 2.0 and 1.2, elements in the order of the schemas.
//!
//! # Invariants
//!
//! - Every well-formed event gives XML that its schema admits, and that reads as an equal event.
//! - What EPCIS 1.2 has no element for stands in its extension areas, under its name of 2.0.
//! - What XML cannot say (names that are no XML names, lists in attributes) is carried as JSON in
//!   one element or attribute, `fields` of [`FIELDS`]: see decision 0009.

mod document;
mod event;
mod extension;
mod header;
mod lists;
mod names;
mod sensors;
mod tag;

pub(super) use document::{Body, behind};
pub(super) use event::EventWriter;
pub(crate) use names::is_name;

/// The namespace of the element and attribute that carry fields as JSON.
pub(crate) const FIELDS: &str = "urn:theriac:epcis:fields";

/// The namespace of the EPCIS ontology, for fields that the schema admits only once.
pub(crate) const ONTOLOGY: &str = "https://ref.gs1.org/epcis/";
