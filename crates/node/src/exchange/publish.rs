//! The node's own entry in the registry: it puts the public halves of its service keys there itself.

use theriac_custody::Hash;
use theriac_ledger::KeystoreError;
use theriac_store::{MemberStatus, TransactionState};

use crate::error::NodeError;
use crate::node::Node;
use crate::registry::RegistryAction;

/// Seconds until keys are published again, after the ledger did not take them or showed others.
const AGAIN_SECONDS: i64 = 60;

impl Node {
    /// Publishes the present service keys if the registry shows this member with others or none; true if
    /// the registry has them now. What keeps it from doing so is tried again later.
    pub(crate) async fn publish_keys(&self) -> Result<bool, NodeError> {
        let Some((signing, sealing)) = self.unpublished_keys().await? else { return Ok(false) };
        let now = self.now().as_second();
        let mut tried = self.inner().keys_tried.lock().await;
        if tried.is_some_and(|tried| now.saturating_sub(tried).abs() < AGAIN_SECONDS) {
            return Ok(false);
        }
        let action = RegistryAction::SetServiceKeys { gln: None, signing, sealing };
        match self.act(&action).await {
            Ok(_) if self.unpublished_keys().await?.is_none() => return Ok(true),
            Ok(_) => {}
            // Something else waits to be mined.
            Err(NodeError::Busy) => return Ok(false),
            Err(error) => tracing::warn!(%error, "the service keys are not published yet"),
        }
        *tried = Some(now);
        Ok(false)
    }

    /// The present keys, if they must be published and nothing else is under way.
    async fn unpublished_keys(&self) -> Result<Option<(Hash, Hash)>, NodeError> {
        let store = &self.inner().store;
        let Some(own) = store.stored_member(&self.gln()).await? else { return Ok(None) };
        let key = self.inner().keys.current();
        let (signing, sealing) = (key.signing(), key.sealing());
        let published = own.signing_key == Some(signing) && own.sealing_key == Some(sealing);
        if published || own.status != MemberStatus::Active {
            return Ok(None);
        }
        if store.member_of_account(&self.account()).await? != Some(self.gln())
            || !store.transactions_in(TransactionState::Signed).await?.is_empty()
        {
            return Ok(None);
        }
        Ok(Some((signing, sealing)))
    }

    /// Gives the node other service keys; the registry shows them once the ledger has them. The old
    /// ones stay, to open what is on its way.
    ///
    /// # Errors
    ///
    /// [`RotateKeysError`]; keys that are made are published later by themselves.
    pub async fn rotate_service_keys(&self) -> Result<ServiceKeysReport, RotateKeysError> {
        let key = self.inner().keys.rotate()?;
        *self.inner().keys_tried.lock().await = None;
        let published = self.publish_keys().await?;
        self.inner().work.notify_one();
        Ok(ServiceKeysReport { signing: key.signing(), sealing: key.sealing(), published })
    }
}

/// A node's service keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ServiceKeysReport {
    /// Key that checks what the member signs (Ed25519).
    pub signing: Hash,
    /// Key to which others seal what only the member may read (X25519).
    pub sealing: Hash,
    /// Whether the registry shows them; if not it will, once the ledger takes them.
    pub published: bool,
}

/// Why service keys were not changed.
#[derive(Debug, thiserror::Error)]
pub enum RotateKeysError {
    /// The new keys cannot be written.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// Database or ledger.
    #[error(transparent)]
    Node(#[from] NodeError),
}
