//! Stage 5, record: operations become signed transactions on the ledger, exactly once.
//!
//! ```text
//! outbox ── plan (trees, proofs) ── try out ── sign + store ── send ── mined ──> recorded
//!                                     └─ refused: the event is held, its units go back
//! ```
//!
//! # Invariants
//!
//! - A transaction is stored before it is sent; after a crash the same bytes are sent again.
//! - A round begins only when no transaction is under way, so it plans on what is mined.
//! - No two transactions of a round touch the same unit.

mod anchor;
mod bump;
mod commission;
mod gather;
mod nonce;
mod plan;
mod receive;
mod restore;
mod resync;
mod retire;
mod send;
mod submit;

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::Ordering;

use theriac_custody::{Actor, Breach, BreachCode, Operation};
use theriac_ledger::{RequestError, SimulateError, fits};
use theriac_store::{EventState, OutboxRecord, OutboxState};

use crate::error::NodeError;
use crate::node::Node;
use plan::{Plan, Planned};
pub(crate) use submit::complete_events;

/// Rounds that recording waits for a document that is being admitted.
const PATIENCE_ROUNDS: u32 = 20;

/// What is left of the transactions that were sent.
pub(crate) enum Underway {
    /// All are mined; `finished`: some of them just now.
    Nothing { finished: bool },
    /// Some are not mined yet.
    Waits,
}

/// What the ledger would make of a plan.
enum Trial {
    Taken,
    /// Why it never takes it.
    Refused(String),
    /// It does not say; the plan is made again later.
    PutOff,
}

/// Operations that are planned in one round.
const ROUND_OPERATIONS: u64 = 2_000;

impl Node {
    /// One round; true if it brought anything forward.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; what is stored is taken up again.
    pub async fn record(&self) -> Result<bool, NodeError> {
        if self.is_taking_in() {
            return Ok(false);
        }
        let _guard = self.inner().recording.lock().await;
        let finished = match self.finish_underway().await? {
            Underway::Nothing { finished } => finished,
            Underway::Waits => return Ok(false),
        };
        let Some(planned) = self.plan_pending().await? else { return Ok(finished) };
        let worked = self.submit_plans(planned).await?;
        Ok(worked | finished)
    }

    /// Plans what is pending, and sets apart what has to wait; `None` if nothing is pending.
    ///
    /// Meanwhile no event is admitted and no log applied: a receipt that came in between would be
    /// missing in the plan of its shipment, and what is about to wait would miss its waking.
    async fn plan_pending(&self) -> Result<Option<Vec<Planned>>, NodeError> {
        let _following = self.inner().following.lock().await;
        self.follow_on().await?;
        let _admitting = self.inner().admitting.lock().await;
        let pending = self.inner().store.pending_operations(ROUND_OPERATIONS).await?;
        if pending.is_empty() {
            return Ok(None);
        }
        let planned = self.plan_round(&pending).await?;
        for plan in &planned {
            if let Planned::Waits(rows) = plan {
                self.set_outbox(rows, OutboxState::Waiting).await?;
            }
        }
        Ok(Some(planned))
    }

    /// Whether a document is being admitted. Recording waits for its end, for a while: the packing
    /// events at the end of a document decide how the units of its beginning are laid out.
    fn is_taking_in(&self) -> bool {
        let patience = &self.inner().patience;
        if self.inner().processing.try_lock().is_ok() {
            patience.store(0, Ordering::Relaxed);
            return false;
        }
        patience.fetch_add(1, Ordering::Relaxed) < PATIENCE_ROUNDS
    }

    /// Tries plans out, signs, stores and sends those that the ledger would take.
    async fn submit_plans(&self, planned: Vec<Planned>) -> Result<bool, NodeError> {
        let mut worked = false;
        let mut accepted: Vec<Plan> = Vec::new();
        let mut refused = HashSet::new();
        let mut queue: VecDeque<Planned> = planned.into();
        while let Some(planned) = queue.pop_front() {
            let (row, reason) = match planned {
                // The rest of an operation of which a part was refused.
                Planned::Ready(plan) if plan.carries(&refused) => continue,
                Planned::Ready(plan) => match (self.try_out(&plan).await?, plan.rows.as_slice()) {
                    (Trial::Taken, _) => {
                        accepted.push(plan);
                        continue;
                    }
                    (Trial::PutOff, _) => continue,
                    (Trial::Refused(reason), [row]) => (row.clone(), reason),
                    // One of several is refused: each is tried alone.
                    (Trial::Refused(_), rows) => {
                        queue.extend(self.plan_singly(rows).await?);
                        continue;
                    }
                },
                Planned::Waits(_) => {
                    worked = true;
                    continue;
                }
                Planned::Impossible(row, reason) => (*row, reason),
            };
            self.refuse(&row, &reason).await?;
            refused.insert(row.id);
            accepted.retain(|plan| !plan.carries(&refused));
            worked = true;
        }
        if accepted.is_empty() {
            return Ok(worked);
        }
        self.sign_and_send(accepted).await?;
        Ok(true)
    }

    /// Asks the ledger what it would make of a plan now.
    async fn try_out(&self, plan: &Plan) -> Result<Trial, NodeError> {
        match fits(&plan.calls) {
            Ok(true) => {}
            Ok(false) => return Ok(Trial::Refused("too large for one transaction".to_owned())),
            Err(error) => return Ok(Trial::Refused(error.to_string())),
        }
        match self.inner().ledger.simulate(self.account(), &plan.calls).await {
            Ok(()) => Ok(Trial::Taken),
            Err(SimulateError::Reverted(revert)) => Ok(Trial::Refused(revert.to_string())),
            Err(SimulateError::Join(error)) => Ok(Trial::Refused(error.to_string())),
            // The endpoint's own refusal says nothing about the goods; other plans may pass.
            Err(SimulateError::Request(error @ RequestError::Refused { .. })) => {
                tracing::warn!(%error, "an operation is put off");
                Ok(Trial::PutOff)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn sign_and_send(&self, plans: Vec<Plan>) -> Result<(), NodeError> {
        let mut nonce = self.next_nonce().await?;
        let fees = self.inner().ledger.fees().await?;
        let mut tx = self.inner().store.write().await?;
        for plan in &plans {
            self.sign_plan(&mut tx, plan, nonce, fees).await?;
            nonce += 1;
        }
        tx.commit().await?;
        self.finish_underway().await?;
        Ok(())
    }

    async fn set_outbox(&self, rows: &[OutboxRecord], state: OutboxState) -> Result<(), NodeError> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut tx = self.inner().store.write().await?;
        tx.set_outbox(&ids, state, None).await?;
        Ok(tx.commit().await?)
    }

    /// The ledger refuses an operation: its event is held, and its units are what the ledger says.
    async fn refuse(&self, row: &OutboxRecord, reason: &str) -> Result<(), NodeError> {
        let breach = Breach::new(
            BreachCode::LedgerRefused,
            format!("the ledger refuses this event: {reason}"),
            "find out which of goods, data and ledger is right; then capture what is true",
        )
        .by(Actor::ThisMember);
        tracing::warn!(event = %row.event_hash, reason, "refused by the ledger");
        let mut tx = self.inner().store.write().await?;
        tx.set_outbox(&[row.id], OutboxState::Failed, None).await?;
        tx.set_event_state(&[row.event], EventState::Held, None).await?;
        self.open_case(&mut tx, Some(row.event), &breach).await?;
        self.resync_units(&mut tx, units_of(&row.operation)).await?;
        // What waited for it would wait for ever.
        tx.wake_waiting().await?;
        tx.commit().await?;
        self.stir();
        Ok(())
    }
}

/// The units that an operation moves.
pub(crate) fn units_of(operation: &Operation) -> Vec<theriac_gs1::Sgtin> {
    match operation {
        Operation::Commission { units, .. }
        | Operation::Ship { units, .. }
        | Operation::Cancel { units }
        | Operation::Segregate { units, .. }
        | Operation::Release { units }
        | Operation::Restore { units }
        | Operation::Retire { units, .. } => units.clone(),
        Operation::Receive { received, refused } => {
            received.iter().chain(refused).cloned().collect()
        }
        Operation::LotStatus { .. } | Operation::Anchor => Vec::new(),
    }
}
