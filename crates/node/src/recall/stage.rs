//! The stage of recalls: what is ordered is issued, what the ledger says is taken up, what is in stock
//! is set apart, who must know is told.
//!
//! ```text
//! ordered ── capture its event ──> active ── tell holders ── remind ── case
//! ledger ── lot recalled ──> active ── set apart ── answer
//!        └─ lot normal ───> lifted ── put back
//! ```

use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use theriac_custody::recall::NoticeScope;
use theriac_store::{CaptureSource, RecallPart, RecallRecord, RecallState, WriteTx};
use tokio::sync::Mutex;

use super::order::is_on_ledger;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::CaptureReport;

/// Milliseconds between two looks at the holders and deadlines of recalls.
const LOOK_MS: i64 = 60_000;

/// The states of recalls whose packs are set apart wherever they turn up.
pub(super) const IN_FORCE: [RecallState; 2] = [RecallState::Active, RecallState::Closed];

/// What a node's work on recalls needs beside the database.
#[derive(Debug)]
pub(crate) struct Recalls {
    /// Held while recalls are ordered, ended or worked on; taken before all other locks.
    pub(super) working: Mutex<()>,
    /// When holders and deadlines were looked at, in milliseconds since 1970.
    looked_at: std::sync::Mutex<Option<i64>>,
    /// Set when packs of a recall may have come, or one may have changed.
    due: AtomicBool,
}

impl Default for Recalls {
    fn default() -> Self {
        // What came while the node was stopped has not been looked at.
        Self {
            working: Mutex::default(),
            looked_at: std::sync::Mutex::default(),
            due: AtomicBool::new(true),
        }
    }
}

impl Node {
    /// Notes that packs of a recall may have come, or its state may have changed.
    pub(crate) fn recalls_due(&self) {
        self.inner().recalls.due.store(true, Ordering::SeqCst);
    }

    /// One round of work on recalls; true if something was done.
    pub(crate) async fn work_on_recalls(&self) -> Result<bool, NodeError> {
        let due = self.inner().recalls.due.swap(false, Ordering::SeqCst);
        let look = self.is_time_to_look();
        if !due && !look {
            return Ok(false);
        }
        let worked = self.recalls_once(due, look).await;
        if worked.is_err() {
            self.recalls_due();
        }
        worked
    }

    fn is_time_to_look(&self) -> bool {
        let now = self.now().as_millisecond();
        let looked_at = &self.inner().recalls.looked_at;
        let mut looked_at = looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let due = looked_at.is_none_or(|at| !(at..at.saturating_add(LOOK_MS)).contains(&now));
        if due {
            *looked_at = Some(now);
        }
        due
    }

    async fn recalls_once(&self, due: bool, look: bool) -> Result<bool, NodeError> {
        let _guard = self.inner().recalls.working.lock().await;
        if !self.are_there_recalls().await? {
            return Ok(false);
        }
        let mut worked = self.issue_ordered().await?;
        worked |= self.adopt_recalls().await?;
        for state in IN_FORCE {
            for record in self.inner().store.recalls_in(state).await? {
                if due {
                    worked |= self.set_apart_for(&record).await?;
                    worked |= self.answer_recall(&record).await?;
                }
                if look && state == RecallState::Active && record.recall.part == RecallPart::Issuer
                {
                    worked |= self.look_after_recall(&record).await?;
                }
            }
        }
        if due {
            for record in self.inner().store.recalls_in(RecallState::Lifted).await? {
                worked |= self.put_back_for(&record).await?;
            }
        }
        Ok(worked)
    }

    /// Most nodes have none most of the time, so that this must be cheap.
    async fn are_there_recalls(&self) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.read().await?;
        for state in RecallState::ALL {
            if *state != RecallState::Refused && !tx.recalls_in(*state).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(!tx.lots_not_normal().await?.is_empty())
    }

    /// Captures the events of recalls that are ordered or are to be lifted.
    pub(super) async fn issue_ordered(&self) -> Result<bool, NodeError> {
        let mut worked = false;
        for record in self.inner().store.recalls_in(RecallState::Ordered).await? {
            self.issue_recall(record).await?;
            worked = true;
        }
        for state in IN_FORCE {
            for record in self.inner().store.recalls_in(state).await? {
                if record.lift.is_some() {
                    self.issue_lift(record).await?;
                    worked = true;
                }
            }
        }
        Ok(worked)
    }

    /// Captures the event of an ordered recall and tells the holders.
    async fn issue_recall(&self, mut record: RecallRecord) -> Result<(), NodeError> {
        let document = record.recall.document.clone().unwrap_or_default();
        let report = self.capture(CaptureSource::Api, document.as_bytes()).await?;
        let refused = refusal(&report);
        let mut tx = self.inner().store.write().await?;
        match refused {
            Some(refusal) => {
                record.recall.state = RecallState::Refused;
                record.report = Some(refusal);
            }
            None => {
                record.recall.state = RecallState::Active;
                self.tell_holders(&mut tx, &record).await?;
            }
        }
        record.recall.document = None;
        tx.update_recall(&record).await?;
        tx.commit().await?;
        self.recalls_due();
        self.inner().work.notify_one();
        Ok(())
    }

    /// Captures the event that lifts a recall. One on the ledger is over once the ledger says so.
    async fn issue_lift(&self, mut record: RecallRecord) -> Result<(), NodeError> {
        let document = record.lift.take().unwrap_or_default();
        let report = self.capture(CaptureSource::Api, document.as_bytes()).await?;
        let mut tx = self.inner().store.write().await?;
        match refusal(&report) {
            Some(refusal) => record.report = Some(refusal),
            None if !on_ledger(&record) => self.end_lifted(&mut tx, &mut record).await?,
            None => {}
        }
        tx.update_recall(&record).await?;
        tx.commit().await?;
        self.recalls_due();
        self.inner().work.notify_one();
        Ok(())
    }

    /// Notes that a recall is over, and tells those who were told of it.
    pub(super) async fn end_lifted(
        &self,
        tx: &mut WriteTx,
        record: &mut RecallRecord,
    ) -> Result<(), NodeError> {
        record.recall.state = RecallState::Lifted;
        record.ended_at = Some(self.now().as_millisecond());
        if record.recall.part == RecallPart::Issuer {
            self.tell_lifted(tx, record).await?;
        }
        self.recalls_due();
        Ok(())
    }
}

/// Whether the ledger has the lots of a recall recalled.
pub(super) fn on_ledger(record: &RecallRecord) -> bool {
    let nothing = NoticeScope::Places(Vec::new());
    is_on_ledger(record.recall.told.as_ref().unwrap_or(&nothing), record.recall.depth)
}

/// Why an event of this node's own was not admitted, if it was not.
pub(super) fn refusal(report: &CaptureReport) -> Option<serde_json::Value> {
    let outcome = report.outcomes.iter().find(|o| o.state == "held" || o.state == "refused")?;
    Some(serde_json::json!({
        "refused": outcome.reason.clone().unwrap_or_default(),
        "what_to_do": outcome.what_to_do.clone().unwrap_or_default(),
    }))
}
