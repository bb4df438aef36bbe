//! The alarm about copied packs at this node: sightings are noted as codes are verified and events
//! come in, kept in groups, judged, and judged again when the data that may explain them is due.
//!
//! ```text
//!  verify, held events ─► noted (in memory) ─► kept ─► judged ─► clear
//!                                                ▲        ├─► judged again later
//!                                                └────────┘
//!                                                         └─► alarm: a case, once for each pack
//! ```
//!
//! # Invariants
//!
//! - No answer waits for a sighting to be written: one that is lost in a crash is lost.
//! - A pack has one alarm, and one case of it, at most.

mod custody;
mod judge;
mod jurisdiction;
mod retry;
mod sight;

pub use judge::AlarmReport;
pub use sight::Sight;

pub(crate) use sight::Noted;
