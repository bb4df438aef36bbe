//! Why something cannot be said or done in a case.

use theriac_custody::Uuid;
use theriac_gs1::Gln;

use crate::capture::CaptureEventError;
use crate::error::NodeError;
use crate::verify::VerifyError;

/// Why something cannot be said or done in a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// There is no such case.
    #[error("expected the number or name of a case, found {0:?}")]
    Unknown(String),
    /// The case has ended.
    #[error("expected an open case, found case {case} resolved: {outcome}")]
    Resolved {
        /// The case.
        case: i64,
        /// How it ended.
        outcome: String,
    },
    /// The other party opened the case, and ends it.
    #[error("expected a case of this member's own, found one of {opener}, who ends it")]
    NotOpener {
        /// Who opened it.
        opener: Gln,
    },
    /// Nobody else takes part in the case.
    #[error("expected a case with another party, found one of this member alone")]
    NoPartner,
    /// The case has another party already.
    #[error("expected a case of this member alone, found one with {0}")]
    HasPartner(Gln),
    /// This member cannot be its own partner.
    #[error("expected the GLN of another organisation, found this member's own")]
    Oneself,
    /// There is no such proposal of the other party, or it is answered.
    #[error("expected a proposal of the other party that is not answered, found {0}")]
    NoProposal(String),
    /// The case is not about packs that are or were under suspicion.
    #[error(
        "expected a case of the kind suspect, clone_suspected, damaged or return_failed, found {0}"
    )]
    NotSuspect(String),
    /// Another case keeps packs apart that this one would release.
    #[error("expected packs that no other case keeps apart, found {pack} in case {case} too")]
    StillSuspect {
        /// The pack.
        pack: String,
        /// The other case.
        case: i64,
    },
    /// The packs were found illegitimate already.
    #[error("expected packs nobody has decided about, found them confirmed as illegitimate")]
    Confirmed,
    /// A field is too long, or a list.
    #[error("expected at most {most} {what}, found {found}")]
    TooMuch {
        /// What is counted.
        what: &'static str,
        /// How many there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// A field says nothing.
    #[error("expected {0}, found nothing")]
    Empty(&'static str),
    /// The configuration does not say whom to call.
    #[error("expected an email address of this member, found none in its configuration")]
    NoContact,
    /// A message of the trade contradicts the case.
    #[error("{0}")]
    Message(String),
    /// A message of the trade is about a case that is not here.
    #[error("expected a response to a case of this member's, found case {0}, which is not here")]
    NoSuchCase(Uuid),
    /// A code cannot be read.
    #[error(transparent)]
    Code(#[from] VerifyError),
    /// The rules of custody or of the standard refuse what the case would do to the packs.
    #[error(transparent)]
    Event(#[from] CaptureEventError),
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for CaseError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}
