//! Files to and from partners without a node: a watched folder, uploads, downloads, tables.
//!
//! ```text
//!  in/ or upload ─> bytes durable ─> told by a partner: shipment, master data, findings ─> processed/
//!                                 ├> this member's own events: captured                 └> rejected/
//!                                 └> table of what this member did: events, captured
//!  shipment to such a partner ─> due ─> document ─> out/{GLN}/ or download
//! ```
//!
//! # Invariants
//!
//! - What a partner's file tells is the partner's word: it changes no custody and no own description.
//! - A file is worked on once; the same bytes again are told to be a duplicate.
//! - A file in `out` is whole: it is written under another name first.

mod folder;
mod incoming;
mod outgoing;
mod table;
mod told;

pub(crate) use folder::Looks;
pub use incoming::{FileError, FileKind, FileReport};
pub(crate) use table::write_table;

use crate::error::NodeError;
use crate::node::Node;

/// Largest file that is taken, in bytes; the path of captures takes documents of any size.
pub const FILE_BYTES_MAX: usize = 256 << 20;

impl Node {
    /// Records shipments, writes files that are due, takes in what came; true if there was any.
    pub(crate) async fn work_on_files(&self) -> Result<bool, NodeError> {
        let recorded = self.record_shipments().await?;
        let written = self.write_files().await?;
        let resumed = self.resume_files().await?;
        let taken = self.look_into_folder().await?;
        Ok(recorded | written | resumed | taken)
    }
}
