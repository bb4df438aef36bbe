//! The end of a recall: lifted because it was wrong or the danger is over, or closed because all packs
//! are accounted for, with a report.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use theriac_custody::recall::NoticeScope;
use theriac_gs1::Gln;
use theriac_store::{HolderState, RecallHolder, RecallId, RecallPart, RecallRecord, RecallState};

use super::RecallError;
use super::order::{document, lift_event};
use super::stage::IN_FORCE;
use super::view::RecallView;
use crate::error::NodeError;
use crate::node::Node;

/// The report of a closed recall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallClosure {
    /// How it stood when it was closed.
    #[serde(flatten)]
    pub view: RecallView,
    /// When it was closed, RFC 3339.
    pub closed_at: String,
    /// Why it was closed although something was outstanding.
    pub accepted_because: Option<String>,
    /// Holders that have answered, of all.
    pub answered: (usize, usize),
    /// Packs accounted for, of all, in hundredths of a percent.
    pub accounted_basis_points: u64,
}

impl Node {
    /// Lifts a recall of this member's: holders put back what they have set apart for it.
    ///
    /// # Errors
    ///
    /// [`RecallError::NotOurs`], [`RecallError::NotActive`], [`RecallError::Held`].
    pub async fn lift_recall(&self, number: i64, reason: &str) -> Result<RecallView, RecallError> {
        {
            let _guard = self.inner().recalls.working.lock().await;
            let mut tx = self.inner().store.write().await.map_err(NodeError::from)?;
            let record = tx.recall(RecallId(number)).await.map_err(NodeError::from)?;
            let mut record = own(record, number)?;
            if !IN_FORCE.contains(&record.recall.state) {
                return Err(RecallError::NotActive { number, state: record.recall.state });
            }
            let nothing = NoticeScope::Places(Vec::new());
            let told = record.recall.told.as_ref().unwrap_or(&nothing);
            let event = lift_event(told, Some(&record.recall), reason, self.now());
            record.lift = Some(document(&event, self.now())?);
            tx.update_recall(&record).await.map_err(NodeError::from)?;
            tx.commit().await.map_err(NodeError::from)?;
            self.issue_ordered().await?;
        }
        self.settle().await?;
        self.recall_view(number).await
    }

    /// Notes that a holder was told and has answered in another way than by its node.
    ///
    /// # Errors
    ///
    /// [`RecallError::NotOurs`], [`RecallError::NotActive`], [`RecallError::NoHolder`].
    pub async fn acknowledge_by_hand(
        &self,
        number: i64,
        holder: Gln,
        note: &str,
    ) -> Result<RecallView, RecallError> {
        let mut tx = self.inner().store.write().await.map_err(NodeError::from)?;
        let record = tx.recall(RecallId(number)).await.map_err(NodeError::from)?;
        let record = own_active(record, number)?;
        let holders = tx.recall_holders(record.id).await.map_err(NodeError::from)?;
        let known = holders.into_iter().find(|known| known.gln == holder);
        let known = known.ok_or(RecallError::NoHolder { number, holder })?;
        let now = self.now().as_millisecond();
        let state = match known.state {
            HolderState::Acknowledged => HolderState::Acknowledged,
            _ => HolderState::ByHand,
        };
        let mut noted = RecallHolder {
            state,
            answered_at: known.answered_at.or(Some(now)),
            note: Some(note.to_owned()),
            ..known
        };
        self.end_overdue(&mut tx, &mut noted).await?;
        tx.put_recall_holder(record.id, &noted).await.map_err(NodeError::from)?;
        tx.commit().await.map_err(NodeError::from)?;
        self.recall_view(number).await
    }

    /// Closes a recall of this member's once all is accounted for; `accept` says why it is closed
    /// although something is outstanding. Packs of it stay recalled.
    ///
    /// # Errors
    ///
    /// [`RecallError::NotOurs`], [`RecallError::NotActive`], [`RecallError::Outstanding`].
    pub async fn close_recall(
        &self,
        number: i64,
        accept: Option<&str>,
    ) -> Result<RecallClosure, RecallError> {
        let _guard = self.inner().recalls.working.lock().await;
        let mut tx = self.inner().store.write().await.map_err(NodeError::from)?;
        let record = tx.recall(RecallId(number)).await.map_err(NodeError::from)?;
        let mut record = own_active(record, number)?;
        let mut view = self.recall_view_of(&mut tx, &record).await?;
        if accept.is_none() && !view.outstanding.is_empty() {
            return Err(RecallError::Outstanding(view.outstanding));
        }
        record.recall.state = RecallState::Closed;
        record.ended_at = Some(self.now().as_millisecond());
        view.recall = self.recall_entry(&mut tx, &record).await?;
        let closure = closure(view, self.now().to_string(), accept);
        record.report = serde_json::to_value(&closure).ok();
        tx.update_recall(&record).await.map_err(NodeError::from)?;
        tx.commit().await.map_err(NodeError::from)?;
        Ok(closure)
    }
}

fn own(record: Option<RecallRecord>, number: i64) -> Result<RecallRecord, RecallError> {
    let record = record.ok_or(RecallError::NoSuchRecall(number))?;
    match record.recall.part {
        RecallPart::Issuer => Ok(record),
        RecallPart::Holder => Err(RecallError::NotOurs { number, by: record.recall.issuer }),
    }
}

fn own_active(record: Option<RecallRecord>, number: i64) -> Result<RecallRecord, RecallError> {
    let record = own(record, number)?;
    match record.recall.state {
        RecallState::Active => Ok(record),
        state => Err(RecallError::NotActive { number, state }),
    }
}

fn closure(view: RecallView, closed_at: String, accept: Option<&str>) -> RecallClosure {
    let silent = |state| matches!(state, HolderState::Told | HolderState::NotReached);
    let answered = view.holders.iter().filter(|holder| !silent(holder.state)).count();
    let accounted = view.total.saturating_sub(view.out);
    RecallClosure {
        closed_at,
        accepted_because: accept.map(str::to_owned),
        answered: (answered, view.holders.len()),
        accounted_basis_points: accounted
            .saturating_mul(10_000)
            .checked_div(view.total)
            .unwrap_or(10_000),
        view,
    }
}

impl RecallClosure {
    /// The report as text to print and sign.
    pub fn text(&self) -> String {
        let recall = &self.view.recall;
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "REPORT OF A RECALL\n\nrecall        {}", recall.recall);
        let _ = writeln!(text, "by            {} ({})", recall.by.name, recall.by.gln);
        let _ = writeln!(text, "class, depth  {}, {}", recall.class, recall.depth);
        if let Some(gtin) = recall.gtin {
            let _ = writeln!(text, "product       GTIN {gtin}");
        }
        let scope = serde_json::to_string(&recall.scope).unwrap_or_default();
        let _ = writeln!(text, "scope         {scope}\nreason        {}", recall.reason);
        let _ =
            writeln!(text, "ordered       {}\nclosed        {}", recall.ordered_at, self.closed_at);
        let _ = writeln!(text, "\npacks         {}", self.view.total);
        for (word, packs) in &self.view.packs {
            let _ = writeln!(text, "  {:<12}{packs}", word.replace('_', " "));
        }
        let (whole, part) = (self.accounted_basis_points / 100, self.accounted_basis_points % 100);
        let _ = writeln!(text, "accounted for {whole}.{part:02} %");
        let _ = writeln!(
            text,
            "\nholders       {} of {} have answered",
            self.answered.0, self.answered.1
        );
        for holder in &self.view.holders {
            let answered = holder.answered_at.as_deref().unwrap_or("-");
            let state = holder.state.word().replace('_', " ");
            let _ = writeln!(
                text,
                "  {} {} {state} {answered}",
                holder.company.gln, holder.company.name
            );
        }
        if let Some(because) = &self.accepted_because {
            let _ = writeln!(text, "\noutstanding, accepted because {because}:");
            for sentence in &self.view.outstanding {
                let _ = writeln!(text, "  {sentence}");
            }
        }
        let _ = writeln!(
            text,
            "\ncounted as of block {} of the ledger\n\nsigned ______________________",
            self.view.block
        );
        text
    }
}
