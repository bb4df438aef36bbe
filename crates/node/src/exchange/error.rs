//! Why a request or a message of another node is not taken.

use theriac_custody::Hash;
use theriac_gs1::Gln;

use super::SignatureFault;
use crate::error::NodeError;

/// Why a request or a message of another node is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The signature does not count.
    #[error(transparent)]
    Signature(#[from] SignatureFault),
    /// The registry does not let the member act: its status, its licence, or its roles.
    #[error("expected a member that may act, found {gln}: {reason}")]
    NotAuthorised {
        /// The member.
        gln: Gln,
        /// Why not.
        reason: String,
    },
    /// The body is not a message.
    #[error("expected a message, found something else: {0}")]
    NotAMessage(String),
    /// The message is sealed to a key that this node does not have: the sender has not followed the
    /// registry, or this node has lost its keys.
    #[error(
        "the message is sealed to a key that this node does not have; seal it to the one in the registry"
    )]
    SealAgain,
    /// More messages at a time than this node takes.
    #[error("as many messages as this node takes at a time come in, some of {0}; send this again")]
    Crowded(Gln),
    /// The ledger has not shown the shipment here yet.
    #[error("the ledger has not shown holding {0} here yet; send this again")]
    TooEarly(Hash),
    /// This node cannot handle the message yet.
    #[error("{0}; send this again")]
    Later(String),
    /// The message contradicts the ledger, the registry, or what was said before. It will never be
    /// taken.
    #[error("{0}")]
    Rejected(String),
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl ExchangeError {
    /// Whether the same message can be taken later.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Self::NotAMessage(_) | Self::Rejected(_) => true,
            Self::Signature(_)
            | Self::NotAuthorised { .. }
            | Self::SealAgain
            | Self::Crowded(_)
            | Self::TooEarly(_)
            | Self::Later(_)
            | Self::Node(_) => false,
        }
    }
}

impl From<theriac_store::StoreError> for ExchangeError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}
