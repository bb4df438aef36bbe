//! Nonces: the next one, and gaps between what is mined and what is sent.
//!
//! # Invariants
//!
//! - Once a transaction is on record, the database says which nonce comes next: an endpoint may be
//!   behind, or wrong. Only where the ledger has refused a transaction because its nonce is taken, and
//!   none of its attempts took it, does the ledger's own count matter.
//! - A gap is filled only when a transaction has waited too long, the ledger has mined fewer than were
//!   sent before it, and the database has nothing for the nonces in between.

use std::sync::atomic::Ordering;

use theriac_custody::Hash;
use theriac_ledger::Call;
use theriac_store::{TransactionRecord, TransactionState};

use super::plan::Plan;
use crate::error::NodeError;
use crate::health::Trouble;
use crate::node::Node;

/// Widest gap that is filled.
const GAP_MAX: u64 = 256;

impl Node {
    /// The nonce of the next transaction.
    pub(super) async fn next_nonce(&self) -> Result<u64, NodeError> {
        let taken = self.inner().nonces_taken.load(Ordering::SeqCst);
        match self.inner().store.highest_nonce().await? {
            Some(nonce) => Ok(taken.max(nonce + 1)),
            None => Ok(self.inner().ledger.next_nonce(self.account()).await?),
        }
    }

    /// Fills a gap of nonces below the first transaction that waits, so that it can be mined.
    pub(super) async fn fill_gap(&self, first: &TransactionRecord) -> Result<(), NodeError> {
        let mined = self.inner().ledger.mined_nonce(self.account()).await?;
        let Some(width) = first.nonce.checked_sub(mined).filter(|width| *width > 0) else {
            return Ok(());
        };
        if width > GAP_MAX {
            let words = format!(
                "transaction {} waits with nonce {}, and the ledger has mined only {mined} of this account",
                first.hash, first.nonce
            );
            self.tell_trouble(Trouble::Sending, Some(words));
            return Ok(());
        }
        let mut missing = Vec::new();
        for nonce in mined..first.nonce {
            let here = self.inner().store.transaction_with_nonce(nonce).await?;
            let nobodys = here.is_none_or(|here| {
                here.state == TransactionState::Reverted && here.block.is_none()
            });
            if nobodys && self.is_first_filling(nonce) {
                missing.push(nonce);
            }
        }
        self.fill(&missing).await
    }

    /// Signs and sends a transaction without effect for each nonce.
    async fn fill(&self, nonces: &[u64]) -> Result<(), NodeError> {
        if nonces.is_empty() {
            return Ok(());
        }
        tracing::warn!(?nonces, "filling a gap of nonces");
        let fees = self.inner().ledger.fees().await?;
        let mut tx = self.inner().store.write().await?;
        for nonce in nonces {
            let calls = vec![Call::Anchor { root: Hash::ZERO, count: 0 }];
            let plan = Plan { calls, rows: Vec::new(), openings: Vec::new() };
            let hash = self.sign_plan(&mut tx, &plan, *nonce, fees).await?;
            tx.set(&filling(hash), "").await?;
        }
        tx.commit().await?;
        let sent = self.inner().store.transactions_in(TransactionState::Signed).await?;
        self.send_underway(&sent).await.map(drop)
    }

    /// Whether a nonce was not filled before by this process: an endpoint that is wrong about what is
    /// mined would have it filled for ever.
    fn is_first_filling(&self, nonce: u64) -> bool {
        let mut filled =
            self.inner().filled.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        filled.insert(nonce)
    }

    /// Whether a transaction only fills a gap.
    pub(super) async fn is_filling(&self, sent: &TransactionRecord) -> Result<bool, NodeError> {
        Ok(self.inner().store.get(&filling(sent.hash)).await?.is_some())
    }
}

/// The key under which it is noted that a transaction only fills a gap.
fn filling(hash: Hash) -> String {
    format!("filling/{hash}")
}
