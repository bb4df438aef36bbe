//! Opening a case.

use jiff::{Timestamp, ToSpan};
use theriac_custody::{Actor, Breach, CaseKind, Matter, Uuid};
use theriac_store::{CaseEntryRow, CaseId, CaseState, EventId, NewCase, WriteTx};

use super::NewDispute;
use crate::error::NodeError;
use crate::node::Node;

/// Hours within which a case should end.
const DEADLINE_HOURS: i64 = 72;

impl Node {
    /// Opens a case for an event that breaks a rule of custody.
    pub(crate) async fn open_case(
        &self,
        tx: &mut WriteTx,
        event: Option<EventId>,
        breach: &Breach,
    ) -> Result<(), NodeError> {
        let new = NewDispute {
            kind: breach.code.into(),
            reason: breach.reason.clone(),
            what_to_do: breach.what_to_do.clone(),
            actor: breach.actor,
            packs: breach.items.clone(),
            counterparty: None,
            evidence: Vec::new(),
            tell: false,
            event,
            waits_for: breach.waits_for.clone(),
        };
        self.open_case_about(tx, new).await?;
        Ok(())
    }

    /// Opens a case that anything else than a broken rule is about, and tells the other party if it
    /// is to be told.
    pub(crate) async fn open_case_about(
        &self,
        tx: &mut WriteTx,
        new: NewDispute,
    ) -> Result<CaseId, NodeError> {
        let now = self.now();
        let matter = Matter {
            kind: new.kind,
            reason: new.reason,
            actor: new.actor,
            what_to_do: new.what_to_do,
            items: new.packs.iter().take(Matter::ITEMS_MAX).cloned().collect(),
            waits_for: new.waits_for,
        };
        let others = matches!(new.actor, Actor::Partner | Actor::Sender) && new.tell;
        let case = NewCase {
            event: new.event,
            packs: &new.packs,
            state: if others { CaseState::Waiting } else { CaseState::Open },
            counterparty: new.counterparty,
            deadline: Some(self.case_deadline(new.kind, now)),
            ..NewCase::about(&matter, new_uuid(), now.as_millisecond())
        };
        let id = tx.open_case(&case).await?;
        if !new.evidence.is_empty() {
            let body = serde_json::json!({ "what": "opened", "evidence": new.evidence });
            let (uuid, author, at) = (new_uuid(), self.gln(), now.as_millisecond());
            let entry = CaseEntryRow { uuid, number: 0, author, at, shared: new.tell, body };
            tx.add_case_entry(id, &entry).await?;
        }
        Ok(id)
    }

    /// When a case of this kind that opens at `now` should have ended.
    pub(crate) fn case_deadline(&self, _kind: CaseKind, now: Timestamp) -> i64 {
        now.checked_add(DEADLINE_HOURS.hours()).unwrap_or(now).as_millisecond()
    }
}

/// A name for a case or an entry that nobody else gives.
pub(crate) fn new_uuid() -> Uuid {
    Uuid::random(rand::random())
}
