//! Cases: what disagrees between goods, data and ledger, what speaks for it, and what the two
//! parties say to each other about it.

mod evidence;
mod matter;
mod uuid;

pub use evidence::EvidenceItem;
pub use matter::{CaseKind, Matter};
pub use uuid::{Uuid, UuidError};
