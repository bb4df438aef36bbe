//! Signing, storing, sending and confirming transactions.

use std::sync::PoisonError;
use std::time::Duration;

use theriac_custody::{Breach, BreachCode, Hash};
use theriac_ledger::{Call, Fees, Receipt, SimulateError};
use theriac_store::{
    EventId, EventState, OutboxId, OutboxRecord, OutboxState, SignedTransaction, TransactionId,
    TransactionRecord, TransactionState, WriteTx,
};

use super::Underway;
use super::bump::{Draft, wei};
use super::plan::Plan;
use crate::error::NodeError;
use crate::node::Node;

/// Times that an operation's transactions are mined without effect before its event is held.
const REVERTS_MAX: u32 = 5;

/// How long a request that changes the registry waits for its transaction to be mined.
const MINED_WITHIN: Duration = Duration::from_secs(30);

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);

impl Node {
    /// Signs a plan and stores the transaction with all that depends on it.
    pub(super) async fn sign_plan(
        &self,
        tx: &mut WriteTx,
        plan: &Plan,
        nonce: u64,
        fees: Fees,
    ) -> Result<Hash, NodeError> {
        let signed = self.inner().ledger.sign_at(&self.inner().signer, nonce, &plan.calls, fees)?;
        let id = tx
            .insert_transaction(&SignedTransaction {
                nonce,
                hash: signed.hash,
                raw: signed.raw,
                signed_at: self.now().as_millisecond(),
                max_fee: wei(fees.max_fee_per_gas),
                priority_fee: wei(fees.max_priority_fee_per_gas),
            })
            .await?;
        if let Some(draft) = (Draft { calls: plan.calls.clone(), fees }).json() {
            tx.set_draft(id, Some(&draft)).await?;
        }
        let rows: Vec<_> = plan.rows.iter().map(|row| row.id).collect();
        tx.set_outbox(&rows, OutboxState::Signed, Some(id)).await?;
        for opening in &plan.openings {
            self.open_holding(tx, opening, id).await?;
        }
        Ok(signed.hash)
    }

    /// Looks for the receipt of a sent transaction and notes what it says; true if there is one.
    pub(super) async fn confirm(&self, sent: &TransactionRecord) -> Result<bool, NodeError> {
        let Some(receipt) = self.receipt_of(sent).await? else { return Ok(false) };
        self.no_longer_waits(sent);
        let filling = self.is_filling(sent).await?;
        let mut tx = self.inner().store.write().await?;
        if receipt.hash != sent.hash {
            tx.choose_attempt(sent, receipt.hash).await?;
        }
        tx.set_draft(sent.id, None).await?;
        if receipt.success {
            self.mined(&mut tx, sent, &receipt).await?;
            tx.commit().await?;
            return Ok(true);
        }
        let rows = tx.outbox_of_transaction(sent.id).await?;
        self.reverted(&mut tx, sent, &receipt, &rows, filling).await?;
        tx.commit().await?;
        for row in rows.iter().filter(|row| self.has_reverted_too_often(row.id)) {
            self.refuse(row, "each time it is mined, though it was fine when tried out").await?;
        }
        Ok(true)
    }

    /// Counts one more revert of an operation.
    fn has_reverted_too_often(&self, operation: OutboxId) -> bool {
        let mut reverts = self.inner().reverts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = reverts.entry(operation).or_insert(0);
        *count += 1;
        if *count < REVERTS_MAX {
            return false;
        }
        reverts.remove(&operation);
        true
    }

    async fn mined(
        &self,
        tx: &mut WriteTx,
        sent: &TransactionRecord,
        receipt: &Receipt,
    ) -> Result<(), NodeError> {
        let (block, gas) = (Some(receipt.block), Some(receipt.gas_used));
        tx.set_transaction(sent.id, TransactionState::Mined, block, gas, None).await?;
        let rows: Vec<_> = tx.outbox_of_transaction(sent.id).await?.iter().map(|r| r.id).collect();
        tx.set_outbox(&rows, OutboxState::Mined, Some(sent.id)).await?;
        let events = complete_events(tx, sent.id).await?;
        tx.set_event_state(&events, EventState::Recorded, Some(sent.id)).await?;
        Ok(())
    }

    /// A transaction that was fine when tried out was refused when mined: another one came first.
    /// Its operations are planned again, which finds out which of them is at fault.
    async fn reverted(
        &self,
        tx: &mut WriteTx,
        sent: &TransactionRecord,
        receipt: &Receipt,
        rows: &[OutboxRecord],
        filling: bool,
    ) -> Result<(), NodeError> {
        let why =
            receipt.revert.as_ref().map_or_else(|| "out of gas".to_owned(), |r| r.to_string());
        tracing::warn!(transaction = %sent.hash, why, "reverted");
        let (block, gas) = (Some(receipt.block), Some(receipt.gas_used));
        tx.set_transaction(sent.id, TransactionState::Reverted, block, gas, Some(&why)).await?;
        if rows.is_empty() && !filling {
            // A part of a larger operation, whose other parts stand.
            let breach = Breach::new(
                BreachCode::LedgerRefused,
                format!(
                    "the ledger refuses transaction {}, a part of an operation: {why}",
                    sent.hash
                ),
                "run theriac reconcile: it lists the units that are not where they should be",
            );
            self.open_case(tx, None, &breach).await?;
        }
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        Ok(tx.set_outbox(&ids, OutboxState::Pending, None).await?)
    }

    /// Sends calls that no event caused, such as the registry's, and waits until they are mined and
    /// followed.
    ///
    /// # Errors
    ///
    /// [`NodeError::Refused`] with the contract's reason.
    pub(crate) async fn transact(&self, calls: &[Call]) -> Result<Hash, NodeError> {
        let hash = {
            self.see_contracts().await?;
            let _guard = self.inner().recording.lock().await;
            if !self.nothing_underway().await? {
                return Err(NodeError::Busy);
            }
            if let Err(error) = self.inner().ledger.simulate(self.account(), calls).await {
                return Err(match error {
                    SimulateError::Reverted(revert) => NodeError::Refused(revert.to_string()),
                    error => error.into(),
                });
            }
            self.send_calls(calls).await?
        };
        self.follow().await?;
        Ok(hash)
    }

    /// Signs, stores and sends calls, again with another nonce where another program took the first.
    async fn send_calls(&self, calls: &[Call]) -> Result<Hash, NodeError> {
        loop {
            let nonce = self.next_nonce().await?;
            let fees = self.inner().ledger.fees().await?;
            let plan = Plan { calls: calls.to_vec(), rows: Vec::new(), openings: Vec::new() };
            let mut tx = self.inner().store.write().await?;
            let hash = self.sign_plan(&mut tx, &plan, nonce, fees).await?;
            tx.commit().await?;
            // One that is not mined in time is on record, and is mined later.
            self.nothing_underway().await?;
            let sent = self.inner().store.transaction_by_hash(&hash).await?;
            let outrun = sent.is_some_and(|sent| {
                sent.state == TransactionState::Reverted && sent.block.is_none()
            });
            if !outrun {
                return Ok(hash);
            }
        }
    }

    /// Waits until what was sent is mined, for some blocks of a slow ledger at most; true if it is.
    async fn nothing_underway(&self) -> Result<bool, NodeError> {
        let deadline = tokio::time::Instant::now() + MINED_WITHIN;
        while let Underway::Waits = self.finish_underway().await? {
            if tokio::time::Instant::now() >= deadline {
                return Ok(false);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(true)
    }
}

/// The events of a transaction whose operations are all on the ledger: not those of which one waits
/// for another transaction, or was refused.
pub(crate) async fn complete_events(
    tx: &mut WriteTx,
    transaction: TransactionId,
) -> Result<Vec<EventId>, NodeError> {
    let mut complete = Vec::new();
    for event in tx.events_of_transaction(transaction).await? {
        let rows = tx.outbox_of_event(event).await?;
        if rows.iter().all(|row| row.state == OutboxState::Mined) {
            complete.push(event);
        }
    }
    Ok(complete)
}
