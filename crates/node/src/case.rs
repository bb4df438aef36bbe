//! Cases: disagreements between goods, data and ledger, with their evidence, deadline and outcome.
//!
//! ```text
//!  held event ──┐
//!  other parts ─┼─► open ──► said, proposed, answered … ──► resolved
//!  a person ────┘     │                ▲
//!                     └── told to the other party, whose node keeps the same case
//! ```

mod open;

use theriac_custody::breach::WaitsFor;
use theriac_custody::{Actor, CaseKind, EvidenceItem};
use theriac_gs1::{Gln, Identifier};
use theriac_store::EventId;

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
