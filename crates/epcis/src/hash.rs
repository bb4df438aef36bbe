//! The event hash of CBV 2.0 (section 8.9): one identifier for all forms of one event.
//!
//! # Invariants
//!
//! - JSON and XML, Digital Link and URN, any order of lists: one event has one hash.
//! - Never hashed: record time, event id, error declaration, comments.
//! - Where sources disagree on the algorithm: decision 0008.
//! - Text that is a plain decimal number is written canonically (`200.0` as `200`), but never
//!   with other digits lost: `0012` stays, and so does a number of any length.

mod extension;
mod id;
mod key;
mod link;
mod prehash;
mod sensors;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::event::Event;
use crate::read::FieldName;

pub use id::{CbvVersion, HashAlgorithm, event_hash_id};

/// The SHA-256 of an event's canonical text; displayed as `ni:///sha-256;…?ver=CBV2.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventHash(pub [u8; 32]);

/// A text that is no event hash.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected ni:///sha-256; with 64 hexadecimal digits and ?ver=CBV2.0, found {found:?}")]
pub struct EventHashError {
    /// The text that was found.
    pub found: String,
}

/// The order of fields in the canonical text, where tools differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FieldOrder {
    /// The order of the table in CBV 2.0.
    #[default]
    Table,
    /// As the reference tool writes up to its release 1.9.3: business transactions, destinations,
    /// master data, sources and extensions after the sensors, in the order of their names.
    ReferenceTool,
}

/// Choices for a hash.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HashOptions {
    /// The order of fields.
    pub order: FieldOrder,
    /// Fields to leave out, as the document says
    /// ([`DocumentInfo::ignore_fields`](crate::DocumentInfo::ignore_fields)).
    pub ignore: Vec<FieldName>,
}

/// The event hash of CBV 2.0.
#[must_use]
pub fn event_hash(event: &Event) -> EventHash {
    event_hash_with(event, &HashOptions::default())
}

/// The event hash with these choices.
#[must_use]
pub fn event_hash_with(event: &Event, options: &HashOptions) -> EventHash {
    EventHash(Sha256::digest(prehash_with(event, options).as_bytes()).into())
}

/// The canonical text whose SHA-256 is the event hash.
#[must_use]
pub fn prehash(event: &Event) -> String {
    prehash_with(event, &HashOptions::default())
}

/// The canonical text with these choices.
#[must_use]
pub fn prehash_with(event: &Event, options: &HashOptions) -> String {
    prehash::prehash(event, options)
}

impl fmt::Display for EventHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ni:///sha-256;{}?ver=CBV2.0", hex::encode(self.0))
    }
}

impl FromStr for EventHash {
    type Err = EventHashError;

    fn from_str(text: &str) -> Result<Self, EventHashError> {
        let digits =
            text.strip_prefix("ni:///sha-256;").and_then(|rest| rest.strip_suffix("?ver=CBV2.0"));
        let mut hash = [0; 32];
        match digits.map(|digits| hex::decode_to_slice(digits, &mut hash)) {
            Some(Ok(())) => Ok(Self(hash)),
            _ => Err(EventHashError { found: text.to_owned() }),
        }
    }
}

impl Serialize for EventHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
