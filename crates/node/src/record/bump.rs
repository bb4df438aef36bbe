//! Transactions that are stuck: after a time they are signed again under the same nonce with higher
//! fees. All attempts are watched; whichever is mined counts.

use std::sync::PoisonError;

use serde::{Deserialize, Serialize};
use theriac_ledger::{Call, Fees};
use theriac_store::{SignedTransaction, TransactionRecord, WriteTx};

use crate::error::NodeError;
use crate::health::Trouble;
use crate::node::Node;

/// Attempts of one transaction at most; fees have doubled twice by then.
const ATTEMPTS_MAX: usize = 12;

/// What a transaction is signed from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) calls: Vec<Call>,
    pub(super) fees: Fees,
}

impl Draft {
    /// As it is kept; `None` where nothing is paid, so that fees are not what holds it up.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        let pays = self.fees.max_fee_per_gas > 0;
        serde_json::to_value(self).ok().filter(|_| pays)
    }
}

/// A fee as the database keeps it.
pub(super) fn wei(fee: u128) -> u64 {
    u64::try_from(fee).unwrap_or(u64::MAX)
}

impl Node {
    /// Sees to the transactions that have waited too long: gaps before them, and their fees.
    /// True if something was sent.
    pub(super) async fn hurry(&self, waiting: &[TransactionRecord]) -> Result<bool, NodeError> {
        let now = self.now().as_millisecond();
        let overdue: Vec<&TransactionRecord> =
            waiting.iter().filter(|sent| self.is_overdue(sent, now)).collect();
        let Some(first) = overdue.first() else { return Ok(false) };
        let words = format!(
            "transaction {} with nonce {} is not mined since {} s",
            first.hash,
            first.nonce,
            now.saturating_sub(first.signed_at) / 1_000
        );
        tracing::warn!(overdue = overdue.len(), words, "transactions are stuck");
        self.tell_trouble(Trouble::Sending, Some(words));
        if let Some(first) = waiting.first() {
            self.fill_gap(first).await?;
        }
        for sent in overdue {
            self.bump(sent).await?;
        }
        Ok(true)
    }

    /// Whether a transaction has waited too long, since it was signed and since this process first
    /// saw it wait: after a reorganisation or a restart it gets the same time again.
    fn is_overdue(&self, sent: &TransactionRecord, now: i64) -> bool {
        let patience = i64::try_from(self.config().ledger.stuck_after_s.saturating_mul(1_000));
        let mut seen = self.inner().waiting_since.lock().unwrap_or_else(PoisonError::into_inner);
        let since = (*seen.entry(sent.id).or_insert(now)).max(sent.signed_at);
        now.saturating_sub(since) >= patience.unwrap_or(i64::MAX)
    }

    /// Forgets since when a transaction waits.
    pub(super) fn no_longer_waits(&self, sent: &TransactionRecord) {
        let mut seen = self.inner().waiting_since.lock().unwrap_or_else(PoisonError::into_inner);
        seen.remove(&sent.id);
    }

    /// Signs a transaction again with higher fees, stores it and sends it.
    async fn bump(&self, sent: &TransactionRecord) -> Result<(), NodeError> {
        let store = &self.inner().store;
        let draft = store.draft_of(sent.id).await?;
        let draft = draft.and_then(|draft| serde_json::from_value::<Draft>(draft).ok());
        let Some(draft) = draft else { return Ok(()) };
        if store.attempts_of(sent.id).await?.len() + 1 >= ATTEMPTS_MAX {
            return Ok(());
        }
        let ledger = &self.inner().ledger;
        let Some(higher) = ledger.bumped(draft.fees) else { return Ok(()) };
        let fees = higher.at_least(ledger.fees().await?);
        let signed = ledger.sign_at(&self.inner().signer, sent.nonce, &draft.calls, fees)?;
        tracing::warn!(old = %sent.hash, new = %signed.hash, nonce = sent.nonce, "higher fees");
        let hash = signed.hash;
        let mut tx = store.write().await?;
        let attempt = SignedTransaction {
            nonce: sent.nonce,
            hash,
            raw: signed.raw,
            signed_at: self.now().as_millisecond(),
            max_fee: wei(fees.max_fee_per_gas),
            priority_fee: wei(fees.max_priority_fee_per_gas),
        };
        tx.add_attempt(sent, &attempt).await?;
        self.keep_draft(&mut tx, sent, &Draft { fees, ..draft }).await?;
        tx.commit().await?;
        let current = store.transaction(sent.id).await?;
        self.send_underway(current.as_slice()).await.map(drop)
    }

    async fn keep_draft(
        &self,
        tx: &mut WriteTx,
        sent: &TransactionRecord,
        draft: &Draft,
    ) -> Result<(), NodeError> {
        Ok(tx.set_draft(sent.id, draft.json().as_ref()).await?)
    }
}
