//! Inquiries: what an authority asks about packs, and what a trace is still waiting for, goes as
//! signed messages to the parties, is answered there by consent, and is put together here.
//!
//! ```text
//! ask ── Inquiry ──> take ── answer: at once, after approval, denied ── InquiryAnswer ──> hear
//!  ↑                                                                                       │
//!  └────────── the parties that the ledger or an answer names, until all are asked ────────┘
//! ```
//!
//! # Invariants
//!
//! - An inquiry and its answers are durable on both sides; a party that is away answers when it is
//!   back.
//! - Who asks, why, and who was told what stays on record at those who were asked.
//! - What was answered is signed by the member that says it.

mod answer;
mod ask;
mod message;
mod receive;
mod report;
mod work;

pub use ask::{InquireError, InquiryRequest};
pub use report::{
    DisclosureEntry, InquiryDocumentEntry, InquiryEntry, InquiryPartyEntry, InquiryReport,
};

/// Items in one inquiry at most.
const INQUIRY_ITEMS_MAX: usize = 100;

/// Characters of a reason, a legal basis or a decision at most.
const INQUIRY_TEXT_MAX: usize = 2_000;

/// Bytes of one document at most.
pub const INQUIRY_DOCUMENT_BYTES_MAX: usize = 8 << 20;

/// Documents in one answer at most.
const INQUIRY_DOCUMENTS_MAX: usize = 20;
