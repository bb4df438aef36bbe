//! Why an event or a document cannot be read.

use std::io;

use thiserror::Error;

use super::Place;

/// Why one event cannot be read. The fault is with whoever wrote the event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected {expected}, found {found} at {path:?}")]
pub struct ReadError {
    /// Where in the event, such as `epcList[3]`.
    pub path: String,
    /// What would have been right.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl ReadError {
    pub(crate) fn new(path: &str, expected: impl Into<String>, found: &str) -> Self {
        Self { path: path.to_owned(), expected: expected.into(), found: found.to_owned() }
    }
}

/// Why a document cannot be read, or not to its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// The document is of another kind. The sender sent it to the wrong place.
    #[error("expected an EPCIS document, found {found}, {place}")]
    NotEpcis {
        /// What it is instead.
        found: String,
        /// Where that was seen.
        place: Place,
    },
    /// The document breaks the grammar of JSON or XML, or ends too early. The sender's software
    /// wrote it wrong, or the transfer was cut.
    #[error("expected {expected}, found {found}, {place}")]
    NotWellFormed {
        /// What would have been right.
        expected: String,
        /// What was found.
        found: String,
        /// Where.
        place: Place,
    },
    /// Characters in an encoding that is not read. The sender should write UTF-8.
    #[error("expected UTF-8, UTF-16 or ISO-8859-1, found the encoding {found}, {place}")]
    Encoding {
        /// The name of the encoding.
        found: String,
        /// Where that was seen.
        place: Place,
    },
    /// Nesting beyond [`DEPTH_MAX`](crate::limits::DEPTH_MAX).
    #[error("expected at most {depth_max} levels of nesting, found more, {place}")]
    TooDeep {
        /// The limit, in levels.
        depth_max: usize,
        /// Where.
        place: Place,
    },
    /// An event or field beyond its limit. The sender should split it.
    #[error("expected {what} of at most {bytes_max} bytes, found more, {place}")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit, in bytes.
        bytes_max: usize,
        /// Where it begins.
        place: Place,
    },
    /// `@context` comes after more events than can be held back. The sender should put it first.
    #[error("expected @context before the first {bytes_max} bytes of events, found none, {place}")]
    ContextTooLate {
        /// The limit, in bytes.
        bytes_max: usize,
        /// Where reading stopped.
        place: Place,
    },
    /// The input itself failed. The fault is with the connection or the disk.
    #[error("reading the document failed, {place}: {source}")]
    Input {
        /// Where reading stopped.
        place: Place,
        /// Why.
        source: io::Error,
    },
}

impl DocumentError {
    /// Where in the document.
    #[must_use]
    pub fn place(&self) -> &Place {
        match self {
            Self::NotEpcis { place, .. }
            | Self::NotWellFormed { place, .. }
            | Self::Encoding { place, .. }
            | Self::TooDeep { place, .. }
            | Self::TooLarge { place, .. }
            | Self::ContextTooLate { place, .. }
            | Self::Input { place, .. } => place,
        }
    }
}
