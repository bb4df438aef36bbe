//! One event that was cut out of a JSON document.

use crate::build::{Context, event_from_tree, plain_kind};
use crate::read::json_tree::Tree;
use crate::read::{DocumentError, Parsed, Place, ReadError, ReadEvent};
use crate::tree::Element;

/// The event of a tree, or why it is none.
pub(super) fn read_event(
    tree: &Element<'_>,
    context: &Context,
    ordinal: usize,
    place: Place,
) -> ReadEvent {
    let kind = kind_of(tree).map(str::to_owned);
    let outcome = if tree.children.is_empty() {
        Err(ReadError::new("", "an event", &tree.describe()))
    } else {
        event_from_tree(tree, context, Vec::new())
            .map(|built| Parsed { event: built.event, repairs: built.repairs })
    };
    ReadEvent { ordinal, place, kind, outcome }
}

/// The kind that an event gives itself.
pub(super) fn kind_of<'t>(tree: &'t Element<'_>) -> Option<&'t str> {
    ["type", "@type", "isA"]
        .iter()
        .find_map(|name| tree.children.iter().find(|child| child.is(name)))
        .and_then(Element::text)
        .map(plain_kind)
}

/// Parses bytes that were cut out at `place`.
pub(super) fn parse<'b>(bytes: &'b [u8], place: &Place) -> Result<Element<'b>, DocumentError> {
    let error = match serde_json::from_slice::<Tree<'b>>(bytes) {
        Ok(tree) => return Ok(tree.0),
        Err(error) => error,
    };
    let (line, column) = (error.line() as u64, error.column() as u64);
    let place = Place {
        line: place.line + line.saturating_sub(1),
        column: if line <= 1 { place.column + column.saturating_sub(1) } else { column },
        path: place.path.clone(),
    };
    let found = error.to_string();
    let found = found.split(" at line ").next().unwrap_or_default().to_owned();
    Err(DocumentError::NotWellFormed { expected: "well-formed JSON".to_owned(), found, place })
}
