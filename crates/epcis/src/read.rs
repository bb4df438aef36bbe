//! Reads documents of events in a stream, JSON or XML, one event at a time.

mod business_header;
mod encoding;
mod error;
mod info;
mod json;
pub(crate) mod json_tree;
mod master_data;
mod position;
mod xml;

use std::io::BufRead;
use std::ops::ControlFlow;

use crate::build::Repair;
use crate::event::Event;
use crate::judge::Finding;

pub use business_header::{BusinessHeader, Partner};
pub use error::{DocumentError, ReadError};
pub use info::{DocumentInfo, FieldName, Format};
pub use master_data::{MasterDataAttribute, MasterDataElement};
pub use position::Place;

use position::Cursor;

/// One event of a document, read or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadEvent {
    /// Rank in the document, from 0.
    pub ordinal: usize,
    /// Where it begins.
    pub place: Place,
    /// The kind that the document gives it, known or not.
    pub kind: Option<String>,
    /// The event, or why it cannot be read.
    pub outcome: Result<Parsed, ReadError>,
}

/// An event that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The event.
    pub event: Event,
    /// Departures from the standard that were read as what they plainly mean. A strict receiver
    /// refuses an event that has any.
    pub repairs: Vec<Repair>,
}

/// What a document holds, in the order in which it is met.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "nearly all items are events")]
pub enum Item {
    /// An event, readable or not.
    Event(ReadEvent),
    /// An element of master data, of the header or the body.
    MasterData(MasterDataElement),
}

/// What a reader tells: an item, or in strict mode a departure from the schemas.
#[allow(clippy::large_enum_variant, reason = "nearly all that is told are items")]
pub(crate) enum Told {
    Item(Item),
    /// Those of an event come before the event.
    Finding(Finding),
}

/// Whatever takes the items: it may say to stop.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(Told) -> ControlFlow<()>;

/// Reads a document of EPCIS 1.0 to 2.0, JSON or XML, and hands each event to `sink`.
///
/// JSON may also be one event or a list of events, XML one event. Memory does not grow with the
/// number of events, with one exception: JSON events that come before `@context` are held back
/// until it is read, up to [`HELD_BYTES_MAX`](crate::limits::HELD_BYTES_MAX).
///
/// An event that cannot be read is one item with an error, and reading goes on. When the sink
/// breaks, reading stops and the description of what was read so far is returned.
///
/// # Errors
///
/// [`DocumentError`] when the document is not EPCIS, not well-formed, or beyond a limit. Events
/// that were handed over before it stay valid.
pub fn read(
    input: impl BufRead,
    sink: &mut dyn FnMut(ReadEvent) -> ControlFlow<()>,
) -> Result<DocumentInfo, DocumentError> {
    read_items(input, &mut |item| match item {
        Item::Event(event) => sink(event),
        Item::MasterData(_) => ControlFlow::Continue(()),
    })
}

/// As [`read`], and hands over master data too: of the header, of a master data document, of the
/// answer to a master data query. Memory does not grow with the number of elements.
///
/// # Errors
///
/// Those of [`read`].
pub fn read_items(
    input: impl BufRead,
    sink: &mut dyn FnMut(Item) -> ControlFlow<()>,
) -> Result<DocumentInfo, DocumentError> {
    let sink: Sink<'_> = &mut |told| match told {
        Told::Item(item) => sink(item),
        Told::Finding(_) => ControlFlow::Continue(()),
    };
    read_in(Mode::Tolerant, input, sink)
}

/// As [`read_items`], and tells every departure from the schemas of the standard.
pub(crate) fn read_strictly(
    input: impl BufRead,
    sink: Sink<'_>,
) -> Result<DocumentInfo, DocumentError> {
    read_in(Mode::Strict, input, sink)
}

/// Whether departures from the schemas are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Tolerant,
    Strict,
}

fn read_in(mode: Mode, input: impl BufRead, sink: Sink<'_>) -> Result<DocumentInfo, DocumentError> {
    let mut cursor = Cursor::new(encoding::Source::new(input)?);
    cursor.skip_byte_order_mark()?;
    cursor.skip_space()?;
    match cursor.peek()? {
        Some(b'{' | b'[') => json::read(mode, cursor, sink),
        Some(b'<') => xml::read(mode, cursor, sink),
        Some(byte) => Err(DocumentError::NotEpcis {
            found: format!("a text that begins with {:?}", char::from(byte)),
            place: cursor.place(""),
        }),
        None => Err(DocumentError::NotEpcis {
            found: "an empty document".to_owned(),
            place: cursor.place(""),
        }),
    }
}
