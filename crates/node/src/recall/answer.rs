//! Answers: what a holder's node says about the packs of a recall, and what becomes of it at who recalls.

use theriac_custody::recall::RecallAnswer;
use theriac_gs1::Gln;
use theriac_store::{DeliveryKind, HolderState, RecallHolder, RecallPart, RecallRecord, WriteTx};

use super::told::rejected;
use crate::error::NodeError;
use crate::exchange::ExchangeError;
use crate::node::Node;

impl Node {
    /// What a holder of a recall of this member's answers.
    pub(crate) async fn on_recall_answer(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let answer: RecallAnswer = serde_json::from_slice(body)
            .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
        let Some(record) = tx.recall_by_hash(&answer.recall).await? else {
            return Err(ExchangeError::Later(format!("no recall {} here yet", answer.recall)));
        };
        if record.recall.part != RecallPart::Issuer {
            return Err(rejected(format!("recall {} is not of this member", answer.recall)));
        }
        let holders = tx.recall_holders(record.id).await?;
        let known = holders.into_iter().find(|holder| holder.gln == from);
        let mut holder = known.unwrap_or_else(|| RecallHolder::of(from));
        if holder.answer.as_ref().is_some_and(|before| before.at > answer.at) {
            // An older one that came later.
            return Ok(());
        }
        self.end_overdue(tx, &mut holder).await?;
        holder.state = HolderState::Acknowledged;
        holder.answered_at.get_or_insert(self.now().as_millisecond());
        holder.answer = Some(answer);
        Ok(tx.put_recall_holder(record.id, &holder).await?)
    }

    /// Answers who recalls, if the books say something else than the last answer; true if so.
    pub(super) async fn answer_recall(&self, record: &RecallRecord) -> Result<bool, NodeError> {
        let recall = &record.recall;
        if recall.part == RecallPart::Issuer {
            return Ok(false);
        }
        let mut tx = self.inner().store.write().await?;
        if !self.has_reachable_node(&mut tx, recall.issuer).await? {
            return Ok(false);
        }
        let packs = self.count_on_books(&mut tx, recall).await?;
        let events = tx.recall_events(record.id).await?;
        let set_apart = events.iter().map(|event| event.packs).sum();
        if record.answer.as_ref().is_some_and(|a| a.packs == packs && a.set_apart == set_apart) {
            return Ok(false);
        }
        let answer = RecallAnswer { recall: recall.hash, at: self.now(), packs, set_apart };
        let kind = DeliveryKind::RecallAnswer;
        self.post_message(&mut tx, recall.issuer, kind, Some(recall.hash), &answer).await?;
        let record = RecallRecord { answer: Some(answer), ..record.clone() };
        tx.update_recall(&record).await?;
        tx.commit().await?;
        Ok(true)
    }
}
