//! The stages at work: all that can be done now, or in the background until the node is stopped.
//!
//! # Invariants
//!
//! - A stage that fails keeps only those back that build on it.
//! - Nothing waits for a partner but the deliveries.

use std::time::Duration;

use crate::error::NodeError;
use crate::node::Node;

/// How often the ledger and the queues are looked at without being asked.
const POLL: Duration = Duration::from_millis(250);

impl Node {
    /// Works until nothing is left that can be done now; what waits for partners or blocks stays.
    ///
    /// # Errors
    ///
    /// [`NodeError`] of the first stage that fails; the others have done their work, and nothing
    /// acknowledged is lost.
    pub async fn settle(&self) -> Result<(), NodeError> {
        loop {
            let worked = self.round().await;
            let delivered = self.deliver().await;
            if !(worked? | delivered?) {
                return Ok(());
            }
        }
    }

    /// One round of the stages that need no partner; true if any of them did something. A stage that
    /// fails keeps only those back that build on it.
    async fn round(&self) -> Result<bool, NodeError> {
        let resumed = self.resume_captures().await;
        let worked = self.work_on_ledger().await;
        let filed = self.work_on_files().await;
        let answered = self.work_on_inquiries().await;
        let recalled = self.work_on_recalls().await;
        Ok(resumed? | worked? | filed? | answered? | recalled?)
    }

    /// What is recorded on facts that are behind the ledger, the ledger would refuse.
    async fn work_on_ledger(&self) -> Result<bool, NodeError> {
        let followed = self.follow().await?;
        // What came before the ledger showed what it tells of.
        let handled = if followed { self.handle_waiting().await } else { Ok(false) };
        let readmitted = self.readmit().await;
        let recorded = self.record().await;
        let published = self.publish_keys().await;
        let worked = followed | handled? | readmitted? | recorded? | published?;
        if !worked {
            self.prune_daily().await?;
        }
        Ok(worked)
    }

    /// Works in the background until `shutdown` resolves and the round under way has ended.
    /// Deliveries and subscriptions go beside the other work: a partner or a receiver that does not
    /// answer holds nothing else up.
    pub async fn run(&self, shutdown: impl Future<Output = ()>) {
        tokio::select! {
            () = self.run_stages(shutdown) => {}
            () = self.run_deliveries() => {}
            () = self.run_subscriptions() => {}
        }
    }

    async fn run_stages(&self, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        loop {
            let did = match self.round().await {
                Ok(did) => did,
                Err(error) => {
                    tracing::warn!(%error, "work is put off");
                    false
                }
            };
            let pause = if did { Duration::ZERO } else { POLL };
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                () = self.inner().work.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Never ends; a delivery that is broken off is made again.
    async fn run_deliveries(&self) {
        loop {
            match self.deliver().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "deliveries are put off"),
            }
            tokio::select! {
                () = self.inner().post.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}
