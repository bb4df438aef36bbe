//! Cases: what disagrees between goods, data and ledger, what speaks for it, and what the two
//! parties say to each other about it.
//!
//! ```text
//!  Matter (what it is about) + Entry … (what was said and done) ──► Standing (whose turn it is)
//! ```

pub mod entry;
mod evidence;
mod matter;
pub mod pdg;
pub mod standing;
mod uuid;

pub use entry::{Act, Classification, Entry, Resolution, ResolutionError};
pub use evidence::EvidenceItem;
pub use matter::{CaseKind, Matter};
pub use standing::{Parties, Proposal, Standing};
pub use uuid::{Uuid, UuidError};

/// How far a case is, as one of its parties sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseStage {
    /// This party must act.
    Open,
    /// The other party must act.
    Waiting,
    /// Packs are set apart and looked into.
    Investigating,
    /// It has ended.
    Resolved,
}
