//! Cases: disagreements between goods, data and ledger, with their evidence, deadline and outcome.
//!
//! ```text
//!  held event ──┐
//!  other parts ─┼─► open ──► talk: said, proposed, answered ──► resolved
//!  a person ────┘     │          ▲        ▲
//!                     │          │        └── remind, once the deadline has passed
//!                     └► message to the other party, whose node keeps the same case
//!
//!  suspect packs: set apart ──► cleared (released) or confirmed (they stay apart, notices go out)
//! ```
//!
//! # Invariants
//!
//! - A case and its entries are written in one database transaction with the messages about them.
//! - What came from the other party changes nothing but the case: no event, no pack.

mod deadline;
mod error;
mod file;
mod form_3911;
mod message;
mod notice;
mod open;
mod pdg;
mod report;
mod suspect;
mod talk;

pub use deadline::is_overdue;
pub use error::CaseError;
pub use file::{CaseDetail, CaseLine, ProposalLine};
pub use form_3911::{Form3911, ReportType};
pub use pdg::{PdgForm, PdgTaken};
pub use report::CaseRequest;
pub use talk::AnswerRequest;

use theriac_custody::breach::WaitsFor;
use theriac_custody::{Actor, CaseKind, EvidenceItem};
use theriac_gs1::{Gln, Identifier};
use theriac_store::EventId;

/// Most characters of a text that a person or a partner gives.
pub(crate) const TEXT_CHARS_MAX: usize = 4_000;

/// Most pieces of evidence of an entry.
pub(crate) const EVIDENCE_MAX: usize = 1_000;

/// Most packs that one case may name.
pub(crate) const PACKS_MAX: usize = 100_000;

/// Most entries of a case.
pub(crate) const ENTRIES_MAX: u64 = 2_000;

/// A case to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewDispute {
    /// The kind.
    pub(crate) kind: CaseKind,
    /// The sentence a person reads: what was expected, what was found.
    pub(crate) reason: String,
    /// What to do.
    pub(crate) what_to_do: String,
    /// Who must act.
    pub(crate) actor: Actor,
    /// All the packs that it is about.
    pub(crate) packs: Vec<Identifier>,
    /// The other party, if there is one.
    pub(crate) counterparty: Option<Gln>,
    /// What speaks for it.
    pub(crate) evidence: Vec<EvidenceItem>,
    /// Whether the other party is told: its node opens the same case.
    pub(crate) tell: bool,
    /// The event that is held, if there is one.
    pub(crate) event: Option<EventId>,
    /// What would let that event be admitted by itself, when it becomes known.
    pub(crate) waits_for: Option<WaitsFor>,
}
