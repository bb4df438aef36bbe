//! What an operator sees of the exchange: what is on its way, what came in, and a way to hurry.

use theriac_gs1::Gln;
use theriac_store::{DeliveryRecord, InboxRecord};

use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// The last `limit` messages sent and the last `limit` received, newest first, without their
    /// bodies.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn exchanged(
        &self,
        limit: u64,
    ) -> Result<(Vec<DeliveryRecord>, Vec<InboxRecord>), NodeError> {
        let mut tx = self.inner().store.read().await?;
        Ok((tx.deliveries_latest(limit).await?, tx.inbox_latest(limit).await?))
    }

    /// Sends what waits for its next try at once: all, or what goes to one member. The number of
    /// messages.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn retry_deliveries(&self, to: Option<Gln>) -> Result<u64, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let messages = tx.hurry_deliveries(to, self.now().as_millisecond()).await?;
        tx.commit().await?;
        self.inner().post.notify_one();
        Ok(messages)
    }
}
