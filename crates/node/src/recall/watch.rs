//! Looking after a recall of this member's: new holders are told, silent ones reminded, and a case opens
//! when the time to answer has passed.

use jiff::Timestamp;
use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, HolderState, ReadTx, RecallHolder, RecallRecord, WriteTx};

use crate::error::NodeError;
use crate::node::Node;

/// Milliseconds between two reminders.
const REMIND_MS: i64 = 24 * 60 * 60 * 1_000;

impl Node {
    /// Tells new holders and reminds silent ones; true if there were any.
    pub(super) async fn look_after_recall(&self, record: &RecallRecord) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let mut worked = self.tell_holders(&mut tx, record).await?;
        let now = self.now().as_millisecond();
        for holder in tx.recall_holders(record.id).await? {
            if self.is_holder_overdue(record, &holder, now) {
                worked |= self.press_holder(&mut tx, record, holder, now).await?;
            }
        }
        if worked {
            tx.commit().await?;
        }
        Ok(worked)
    }

    /// When a holder is to have answered, in milliseconds since 1970.
    pub(super) fn recall_answer_by(&self, record: &RecallRecord, holder: &RecallHolder) -> i64 {
        let told = holder.told_at.unwrap_or(record.recall.ordered_at);
        let reaction = self.recall_reaction(record.recall.class);
        told.saturating_add(i64::try_from(reaction.as_millis()).unwrap_or(i64::MAX))
    }

    /// Whether a holder has not answered in time.
    pub(super) fn is_holder_overdue(
        &self,
        record: &RecallRecord,
        holder: &RecallHolder,
        now: i64,
    ) -> bool {
        let silent = matches!(holder.state, HolderState::Told | HolderState::NotReached);
        silent && now > self.recall_answer_by(record, holder)
    }

    /// Opens the case about a silent holder, and reminds it once a day.
    async fn press_holder(
        &self,
        tx: &mut WriteTx,
        record: &RecallRecord,
        mut holder: RecallHolder,
        now: i64,
    ) -> Result<bool, NodeError> {
        let mut worked = false;
        if holder.overdue_case.is_none() {
            holder.overdue_case = Some(self.open_overdue(tx, record, &holder).await?);
            worked = true;
        }
        let last = holder.reminded_at.unwrap_or(i64::MIN);
        let due = holder.told_at.is_some() && now.saturating_sub(last) >= REMIND_MS;
        if due && !self.has_mail_waiting(tx, record, holder.gln).await? {
            self.remind_holder(tx, record, holder.gln).await?;
            holder.reminded_at = Some(now);
            holder.reminders = holder.reminders.saturating_add(1);
            worked = true;
        }
        if worked {
            tx.put_recall_holder(record.id, &holder).await?;
        }
        Ok(worked)
    }

    /// Whether a message about a recall still waits for a holder's node: it needs no second one.
    async fn has_mail_waiting(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
        gln: Gln,
    ) -> Result<bool, NodeError> {
        let mail = tx.deliveries_about(&record.recall.hash).await?;
        Ok(mail.iter().any(|one| {
            one.to == gln
                && one.kind == DeliveryKind::Recall
                && one.state == theriac_store::DeliveryState::Due
        }))
    }
}

/// A time on record, as text.
pub(super) fn at(millis: i64) -> String {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
