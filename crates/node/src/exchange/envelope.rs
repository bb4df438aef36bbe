//! A message with what is written on it, and how it is closed for its recipient.

use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, MessageId};

use super::ExchangeError;
use super::seal::{self, Ends, NotAKey};
use crate::error::NodeError;
use crate::node::Node;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// What the sender calls it.
    pub message: MessageId,
    /// What it carries.
    pub kind: DeliveryKind,
    /// What it is about.
    pub subject: Option<Hash>,
    /// What it says, in JSON.
    pub body: Vec<u8>,
}

/// Why a message cannot be sealed to a member.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The member's node has published no key, or this node has not followed the ledger that far.
    #[error("expected a sealing key of member {0} in the registry, found none yet")]
    NoKey(Gln),
    /// What the member's node has published is no key.
    #[error(transparent)]
    NotAKey(#[from] NotAKey),
    /// The database.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl Node {
    /// A message as it is sent to another member: sealed to the key that the registry shows of it.
    ///
    /// # Errors
    ///
    /// [`SealError`].
    pub async fn seal_message(&self, to: Gln, envelope: Envelope) -> Result<Vec<u8>, SealError> {
        let member = self.inner().store.stored_member(&to).await.map_err(NodeError::from)?;
        let key = member.and_then(|member| member.sealing_key).ok_or(SealError::NoKey(to))?;
        let ends = Ends { from: self.gln(), to };
        let sealed = tokio::task::spawn_blocking(move || seal::seal(&envelope, ends, &key));
        Ok(sealed.await.map_err(broken_off)??)
    }

    /// What a message of `from` says.
    ///
    /// # Errors
    ///
    /// [`ExchangeError::SealAgain`], [`ExchangeError::NotAMessage`].
    pub(super) async fn open_message(
        &self,
        from: Gln,
        bytes: impl AsRef<[u8]> + Send + 'static,
    ) -> Result<Envelope, ExchangeError> {
        let ends = Ends { from, to: self.gln() };
        let keys = self.inner().keys.all();
        let opened = tokio::task::spawn_blocking(move || seal::open(bytes.as_ref(), ends, &keys));
        opened.await.map_err(broken_off)?
    }
}

fn broken_off(error: tokio::task::JoinError) -> NodeError {
    NodeError::Inconsistent { expected: "a message sealed or opened", found: error.to_string() }
}
