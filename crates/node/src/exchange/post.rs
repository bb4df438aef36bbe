//! Posting: a message to another member is queued with the fact that causes it.

use serde::Serialize;
use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_store::{DeliveryId, DeliveryKind, MessageId, NewDelivery, WriteTx};

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Queues a message to another member within the caller's database transaction. Messages to one
    /// member about one subject are delivered in the order in which they were posted, the next only
    /// after the one before is acknowledged or refused.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`]; [`NodeError::Inconsistent`] for a body that is no JSON.
    pub(crate) async fn post_message<T: Serialize + Sync>(
        &self,
        tx: &mut WriteTx,
        to: Gln,
        kind: DeliveryKind,
        subject: Option<Hash>,
        body: &T,
    ) -> Result<DeliveryId, NodeError> {
        let body = serde_json::to_vec(body).map_err(|error| NodeError::Inconsistent {
            expected: "a message that can be written as JSON",
            found: error.to_string(),
        })?;
        let at = self.now().as_millisecond();
        let message = new_message_id();
        let new = NewDelivery { to, message, kind, body, after: None, at, subject };
        let id = tx.enqueue_delivery(&new).await?;
        self.inner().post.notify_one();
        Ok(id)
    }
}

/// A name that no other message has.
fn new_message_id() -> MessageId {
    let mut id = [0; 16];
    rand::fill(&mut id);
    MessageId(id)
}
