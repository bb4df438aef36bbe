//! Sending what is stored, in batches, until its receipts are there.

use std::sync::atomic::Ordering;

use theriac_ledger::{Receipt, SendError};
use theriac_store::{OutboxState, TransactionRecord, TransactionState};

use super::Underway;
use crate::error::NodeError;
use crate::health::Trouble;
use crate::node::Node;

/// Transactions that are sent in one request.
const BATCH: usize = 100;

impl Node {
    /// Sends what was stored and not seen mined, looks for its receipts, and sees to what is stuck.
    pub(crate) async fn finish_underway(&self) -> Result<Underway, NodeError> {
        let done = self.push_underway().await;
        match &done {
            Err(error) => self.note_trouble(Trouble::Sending, Some(error)),
            Ok(Underway::Nothing { .. }) => self.note_trouble(Trouble::Sending, None),
            Ok(Underway::Waits) => {}
        }
        done
    }

    async fn push_underway(&self) -> Result<Underway, NodeError> {
        let underway = self.inner().store.transactions_in(TransactionState::Signed).await?;
        if underway.is_empty() {
            return Ok(Underway::Nothing { finished: false });
        }
        let refused = self.send_underway(&underway).await?;
        let mut finished = false;
        let mut waiting = underway;
        for look_again in [true, false] {
            for transaction in &waiting {
                finished |= self.confirm(transaction).await?;
            }
            if finished {
                self.follow().await?;
            }
            waiting = self.inner().store.transactions_in(TransactionState::Signed).await?;
            if waiting.is_empty() {
                return Ok(Underway::Nothing { finished });
            }
            tracing::debug!(waiting = waiting.len(), "transactions are sent and not mined yet");
            if !(look_again && self.hurry(&waiting).await?) {
                break;
            }
            waiting = self.inner().store.transactions_in(TransactionState::Signed).await?;
        }
        match refused {
            Some(error) => Err(error.into()),
            None => Ok(Underway::Waits),
        }
    }

    /// Sends stored bytes, in the order of their nonces; that they are known already is fine. What
    /// the ledger refuses is told at the end: it must not keep the others.
    pub(super) async fn send_underway(
        &self,
        underway: &[TransactionRecord],
    ) -> Result<Option<SendError>, NodeError> {
        let mut refused = None;
        for batch in underway.chunks(BATCH) {
            let raws: Vec<&[u8]> = batch.iter().map(|sent| sent.raw.as_slice()).collect();
            let answers = self.inner().ledger.send_all(&raws).await;
            for (sent, answer) in batch.iter().zip(answers) {
                match answer {
                    Err(SendError::NonceTooLow { reason, .. }) => {
                        self.outrun(sent, &reason).await?;
                    }
                    Err(error @ SendError::Transport(_)) => return Err(error.into()),
                    // A transaction before it is missing; it is stored, and sent with this.
                    Err(SendError::NonceGap { .. }) | Ok(_) => {}
                    Err(error) if error.is_harmless() => {}
                    Err(error) => _ = refused.get_or_insert(error),
                }
            }
        }
        Ok(refused)
    }

    /// The endpoint says that another transaction has taken the nonce. If that is so, and none of the
    /// attempts is the one, it will never be mined: its operations are planned again.
    async fn outrun(&self, stored: &TransactionRecord, reason: &str) -> Result<(), NodeError> {
        let ledger = &self.inner().ledger;
        let mined = ledger.mined_nonce(self.account()).await?;
        if self.receipt_of(stored).await?.is_some() || mined <= stored.nonce {
            return Ok(());
        }
        self.inner().nonces_taken.fetch_max(mined, Ordering::SeqCst);
        tracing::warn!(transaction = %stored.hash, reason, "its nonce is taken; planning again");
        let mut tx = self.inner().store.write().await?;
        tx.set_transaction(stored.id, TransactionState::Reverted, None, None, Some(reason)).await?;
        let rows = tx.outbox_of_transaction(stored.id).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        tx.set_outbox(&ids, OutboxState::Pending, None).await?;
        Ok(tx.commit().await?)
    }

    /// The receipt of whichever attempt of a transaction is mined.
    pub(super) async fn receipt_of(
        &self,
        sent: &TransactionRecord,
    ) -> Result<Option<Receipt>, NodeError> {
        if let Some(receipt) = self.inner().ledger.receipt(sent.hash).await? {
            return Ok(Some(receipt));
        }
        for attempt in self.inner().store.attempts_of(sent.id).await? {
            if let Some(receipt) = self.inner().ledger.receipt(attempt.hash).await? {
                return Ok(Some(receipt));
            }
        }
        Ok(None)
    }
}
