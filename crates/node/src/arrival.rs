//! Arrivals: goods are received by scanning a pallet, a case, a pack, or as a whole shipment.
//!
//! ```text
//! open ── scan, scan, … ── close ──> receiving events: taken, refused, set apart
//!   └── cancel                  └──> cases: missing, extra, damaged, mismatch, no data
//! ```
//!
//! The events take the way of all events: what can be admitted goes into stock, and what has no data
//! yet follows by itself when it comes.

mod came;
mod close;
mod events;
mod open;
mod report;
mod scan;
mod scope;

use serde::{Deserialize, Serialize};
use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_store::{ArrivalId, ArrivalKind, ArrivalState, ScanAnswer};

pub(crate) use open::site;

use crate::error::NodeError;

/// Most codes that one request scans.
pub const SCANS_MAX: usize = 1_000;

/// Most items that an arrival takes: it is in memory when it is looked at.
pub const ARRIVAL_ITEMS_MAX: usize = 100_000;

/// Longest key of a request, in bytes.
pub const REQUEST_KEY_MAX: usize = 100;

/// Most scans and missing packs that a report lists, the latest first.
pub const LISTED_MAX: usize = 1_000;

/// What is to be received. Without shipment, container and sender it is all that is announced.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ArrivalRequest {
    /// What arrives: `delivery` or `return`.
    pub kind: Option<ArrivalKind>,
    /// A shipment, by the holding that it is on the ledger.
    pub shipment: Option<Hash>,
    /// A logistic unit, by its code in any form.
    pub container: Option<String>,
    /// All shipments of a member.
    pub sender: Option<Gln>,
    /// Where the goods arrive: the URI of an SGLN; the member's GLN unless said.
    pub place: Option<String>,
    /// Whether all that is announced is here, and received at once without a scan.
    pub all: bool,
    /// Names the request: the same again opens no second arrival.
    pub request_key: Option<String>,
}

/// Codes that were scanned.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanRequest {
    /// The codes, in any form; at most [`SCANS_MAX`].
    pub codes: Vec<String>,
    /// Whether what bears them is damaged.
    #[serde(default)]
    pub damaged: bool,
    /// Names the request: the same again is answered the same.
    #[serde(default)]
    pub request_key: Option<String>,
}

/// How an arrival is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloseRequest {
    /// What becomes of what is missing.
    pub missing: Missing,
}

/// What becomes of announced packs that did not come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// They are refused: on the ledger they go back to the sender.
    #[default]
    Refuse,
    /// They are waited for.
    Wait,
}

/// What a scan is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanReport {
    /// The code as it was given.
    pub code: String,
    /// The answer in a word.
    pub answer: ScanAnswer,
    /// What it identifies, as GS1 Digital Link.
    pub identifier: Option<String>,
    /// Packs that it stands for.
    pub packs: u64,
    /// Why, in a sentence.
    pub reason: String,
}

/// What scans are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScansReport {
    /// Number of the arrival.
    pub arrival: ArrivalId,
    /// The answers, in the order of the codes.
    pub answers: Vec<ScanReport>,
    /// Announced packs that are to come with the arrival.
    pub expected: u64,
    /// Those of them that are here.
    pub here: u64,
}

/// How an arrival stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArrivalReport {
    /// Its number.
    pub arrival: ArrivalId,
    /// What arrives.
    pub kind: ArrivalKind,
    /// How far it is.
    pub state: ArrivalState,
    /// The shipment, if it is one.
    pub shipment: Option<Hash>,
    /// The logistic unit, if it is one, as GS1 Digital Link.
    pub container: Option<String>,
    /// The sender, if it is all of one sender's shipments.
    pub sender: Option<Gln>,
    /// Where.
    pub place: Option<String>,
    /// When it was opened, RFC 3339.
    pub opened_at: String,
    /// When it was closed or cancelled, RFC 3339.
    pub ended_at: Option<String>,
    /// Announced packs that are to come with it; once it is closed, that were.
    pub expected: u64,
    /// Those of them that are here.
    pub here: u64,
    /// Scans by their answers.
    pub answers: std::collections::BTreeMap<String, u64>,
    /// Announced packs that were not scanned, as GS1 Digital Links; at most [`LISTED_MAX`].
    pub missing: Vec<String>,
    /// The scans, the latest first; at most [`LISTED_MAX`].
    pub scans: Vec<ScanReport>,
    /// What came of it, once it is closed.
    pub outcome: Option<ArrivalOutcome>,
}

/// What came of an arrival.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ArrivalOutcome {
    /// Announced packs that were to come with it.
    pub expected: u64,
    /// Those of them that were here.
    pub here: u64,
    /// Packs received.
    pub received: u64,
    /// Packs refused, those that did not come included.
    pub refused: u64,
    /// Packs received and set apart.
    pub set_apart: u64,
    /// Packs that did not come.
    pub missing: u64,
    /// Items that wait for their data.
    pub without_data: u64,
    /// The capture of its events; none if there was nothing to tell.
    pub capture: Option<i64>,
    /// Hashes of its events.
    pub events: Vec<String>,
    /// Numbers of the cases opened.
    pub cases: Vec<i64>,
}

/// Why an arrival cannot be worked on.
#[derive(Debug, thiserror::Error)]
pub enum ArrivalError {
    /// No arrival has this number.
    #[error("expected the number of an arrival, found {0}")]
    Unknown(i64),
    /// It has ended.
    #[error("expected an open arrival, found arrival {arrival} {state}")]
    Ended {
        /// Its number.
        arrival: ArrivalId,
        /// How it ended.
        state: ArrivalState,
    },
    /// A part of the request is wrong.
    #[error("expected {expected}, found {found}")]
    Wrong {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for ArrivalError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

fn wrong(expected: &'static str, found: impl Into<String>) -> ArrivalError {
    ArrivalError::Wrong { expected, found: found.into() }
}
