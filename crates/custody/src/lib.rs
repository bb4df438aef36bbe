//! The rules of custody, and the commitments that let a ledger enforce them without learning who
//! trades what: leaves, trees, manifests, proofs, verdicts.
//!
//! # Invariants
//!
//! - Pure: no clock, no randomness, no I/O; time, secrets and state come in as parameters.
//! - The byte formats of [`leaf`], [`tree`], [`proof`], [`multiproof`] and [`gather`] are the ledger's:
//!   `vectors/` holds them for both sides.

pub mod admit;
pub mod alarm;
pub mod breach;
pub mod case;
pub mod cover;
pub mod gather;
pub mod hash;
pub mod identity;
pub mod item;
pub mod journey;
pub mod layout;
pub mod leaf;
pub mod lightweight;
pub mod manifest;
pub mod multiproof;
pub mod operation;
pub mod profile;
pub mod proof;
pub mod recall;
pub mod spread;
pub mod tree;
pub mod verdict;
pub mod world;

pub use admit::{Admission, Done, Footprint, Stage, admit, neutralise, undo_allowed};
pub use breach::{Actor, Breach, BreachCode};
pub use case::{CaseKind, EvidenceItem, Matter, Uuid};
pub use hash::{Account, Hash, keccak256};
pub use item::{Item, ItemStatus, Place, Reason};
pub use leaf::{LotSecret, Salt};
pub use manifest::{Manifest, ManifestError};
pub use operation::{HoldingState, LotStatus, Operation};
pub use profile::{AlertCause, Condition, Jurisdiction, Profile};
pub use proof::{LeafProof, NodeProof, holding_id, seed};
pub use recall::{RecallAnswer, RecallClass, RecallDepth, RecallNotice, RecallScope, ScopeError};
pub use spread::Span;
pub use tree::{Tree, TreeError};
pub use verdict::{Verdict, VerdictCode};
pub use world::{LotRecord, MemberRecord, Role, Roles, World};
