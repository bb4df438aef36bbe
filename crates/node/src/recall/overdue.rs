//! The case about a holder that does not answer.

use theriac_custody::case::EvidenceItem;
use theriac_custody::{Actor, CaseKind};
use theriac_store::{CaseId, HolderState, RecallHolder, RecallRecord, WriteTx};

use super::watch::at;
use crate::case::NewDispute;
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Opens the case about a holder of a recall that has not answered in time.
    pub(super) async fn open_overdue(
        &self,
        tx: &mut WriteTx,
        record: &RecallRecord,
        holder: &RecallHolder,
    ) -> Result<CaseId, NodeError> {
        let (gln, recall) = (holder.gln, record.id);
        let by = at(self.recall_answer_by(record, holder));
        let (found, what_to_do) = match holder.state {
            HolderState::NotReached => (
                "found that it has no node and nobody has told it",
                format!("call it; then: theriac recall told {recall} --holder {gln} --note …"),
            ),
            _ => (
                "found none",
                format!(
                    "call it; once it has acted: theriac recall told {recall} --holder {gln} --note …"
                ),
            ),
        };
        let new = NewDispute {
            kind: CaseKind::RecallUnacknowledged,
            reason: format!("expected an answer of {gln} to recall {recall} by {by}, {found}"),
            what_to_do,
            actor: Actor::ThisMember,
            packs: Vec::new(),
            counterparty: Some(gln),
            evidence: vec![EvidenceItem::Event { hash: record.recall.hash }],
            tell: false,
            event: None,
            waits_for: None,
        };
        self.open_case_about(tx, new).await
    }

    /// Ends the case about a holder that has answered.
    pub(super) async fn end_overdue(
        &self,
        tx: &mut WriteTx,
        holder: &mut RecallHolder,
    ) -> Result<(), NodeError> {
        if let Some(case) = holder.overdue_case.take() {
            tx.close_case(case, "the holder has answered", self.now().as_millisecond()).await?;
        }
        Ok(())
    }
}
