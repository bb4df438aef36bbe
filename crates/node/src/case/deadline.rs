//! Deadlines that have passed: whoever must act is reminded, once a day until the case ends.

use jiff::SignedDuration;
use theriac_custody::case::Act;
use theriac_store::CaseRecord;

use crate::error::NodeError;
use crate::node::Node;

/// Cases that are looked at in one round.
const PAGE: u64 = 100;

/// How often somebody is reminded.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

impl Node {
    /// Reminds the other parties of cases whose deadline has passed; true if there was any.
    pub(crate) async fn remind(&self) -> Result<bool, NodeError> {
        let now = self.now().as_millisecond();
        if self.inner().store.due_cases(now, 1).await?.is_empty() {
            return Ok(false);
        }
        let mut tx = self.inner().store.write().await?;
        let due = tx.due_cases(now, PAGE).await?;
        for record in due {
            self.remind_of(&mut tx, record).await?;
        }
        tx.commit().await?;
        self.inner().post.notify_one();
        Ok(true)
    }

    async fn remind_of(
        &self,
        tx: &mut theriac_store::WriteTx,
        record: CaseRecord,
    ) -> Result<(), NodeError> {
        let now = self.now();
        let again = now.checked_add(AGAIN).unwrap_or(now).as_millisecond();
        let id = record.id;
        let mut file = self.case_file(tx, record).await?;
        if file.is_shared() && file.standing.turn != self.gln() {
            tracing::info!(case = id.0, "the deadline of a case has passed; its party is reminded");
            self.add_entry(tx, &mut file, Act::Reminded, Vec::new()).await?;
        }
        Ok(tx.set_case_due(id, Some(again)).await?)
    }
}

/// Whether a case should have ended before `now`, in milliseconds.
#[must_use]
pub fn is_overdue(record: &CaseRecord, now: i64) -> bool {
    record.closed_at.is_none() && record.deadline.is_some_and(|deadline| deadline < now)
}
