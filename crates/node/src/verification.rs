//! Verification between companies: GS1 Lightweight Messaging served and sent, archived with both
//! messages, and its protection.
//!
//! ```text
//!  served   web ─▶ serve ─▶ who asks ─▶ guard ─▶ record ─▶ judge (custody) ─▶ archive ─▶ answer
//!  sent     verify ─▶ ask ─▶ directory (ledger, then configured) ─▶ breaker ─▶ HTTP ─▶ archive
//! ```
//!
//! # Invariants
//!
//! - An answer is archived before it is given, a question before it is sent.
//! - Who is nobody's member learns nothing but that.

mod archive;
mod ask;
mod breaker;
mod config;
mod consult;
mod directory;
mod guard;
mod public;
mod serve;

pub use archive::VerificationEntry;
pub(crate) use ask::Question;
pub(crate) use breaker::Breakers;
pub use config::VerificationConfig;
pub use consult::{LastAnswer, Unanswered, Unreached};
pub use directory::ResponderError;
pub(crate) use guard::Guard;
pub use guard::{Source, Throttled};
pub use public::{PublicCode, PublicVerdict, held_back};
pub use serve::{Inquirer, LightweightError, Served};

use std::sync::{MutexGuard, PoisonError};

use crate::node::Node;

/// What the parts of verification share, in memory.
#[derive(Debug, Default)]
pub(crate) struct Verifications {
    breakers: std::sync::Mutex<Breakers>,
    guard: std::sync::Mutex<Guard>,
}

impl Node {
    /// Takes a token of whoever asks a question that is not this member's own.
    ///
    /// # Errors
    ///
    /// [`Throttled`] with the seconds to wait.
    pub fn admit_question(&self, source: Source) -> Result<(), Throttled> {
        self.guard().ask(source, self.now().as_millisecond())
    }

    /// Notes that whoever asked guessed: there is no such pack, or not with such a label.
    pub fn note_miss(&self, source: Source) {
        self.guard().missed(source, self.now().as_millisecond());
    }

    fn guard(&self) -> MutexGuard<'_, Guard> {
        self.inner().verifications.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
