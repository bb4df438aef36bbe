//! Builds an [`Event`] from its tree: one function for each kind of event.
//!
//! # Invariants
//!
//! - The same code builds events of JSON and XML, so both mean the same.
//! - Whatever is not of the standard is kept as an extension; nothing is dropped silently.
//! - A departure from the standard that leaves no doubt is read and told as a [`Repair`]; a
//!   strict reader refuses an event with repairs.

mod builder;
mod context;
mod dimensions;
mod extension;
mod header;
mod identifier;
mod kinds;
mod parties;
mod quantity;
mod sensor;
mod time;
mod word;

use serde::Deserialize as _;

use crate::event::Event;
use crate::read::{ReadError, json_tree};
use crate::tree::Element;

pub(crate) use builder::Builder;
pub(crate) use context::{Context, Declared};
pub(crate) use header::{business_header, header_extensions, master_data};
pub(crate) use kinds::{is_kind, plain_kind};

/// A departure from the standard that was read as what it plainly means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Where in the event, such as `epcList[3]`.
    pub path: String,
    /// What was found.
    pub found: String,
    /// What it was read as.
    pub read_as: String,
}

/// An event and what was repaired to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) event: Event,
    pub(crate) repairs: Vec<Repair>,
}

/// Reads one event of EPCIS 2.0 JSON, with its own `@context` if it has one.
///
/// # Errors
///
/// [`ReadError`] with the path inside the event: expected …, found ….
pub fn event_from_json(value: &serde_json::Value) -> Result<Event, ReadError> {
    let tree = json_tree::Tree::deserialize(value)
        .map_err(|error| ReadError::new("", "an event", &error.to_string()))?
        .0;
    let context = Context::standard();
    event_from_tree(&tree, &context, Vec::new()).map(|built| built.event)
}

/// Gives fields of the standard that JSON-LD wrote with a prefix or as a URI their plain names.
pub(crate) fn plain_names(event: &mut Element<'_>, context: &Context) {
    for field in event.children.iter_mut().filter(|field| field.name.contains(':')) {
        let uri = context.expand(&field.name);
        let plain = uri.as_deref().unwrap_or(&field.name).strip_prefix(crate::write::ONTOLOGY);
        if let Some(plain) = plain.map(str::to_owned) {
            field.name = plain.into();
        }
    }
}

/// Builds the event of a tree, in the context of its document.
pub(crate) fn event_from_tree(
    tree: &Element<'_>,
    context: &Context,
    repairs: Vec<Repair>,
) -> Result<Built, ReadError> {
    let own = tree.children.iter().find(|child| child.is("@context"));
    let extended = own.map(|own| {
        let mut extended = context.clone();
        extended.extend_from_tree(own);
        extended
    });
    let mut builder = Builder::new(extended.as_ref().unwrap_or(context), repairs);
    let event = builder.event(tree)?;
    Ok(Built { event, repairs: builder.into_repairs() })
}
