//! Opening a case, and telling the other party.

use jiff::Timestamp;
use theriac_custody::case::{Act, Entry};
use theriac_custody::{Actor, Breach, CaseKind, Matter, Uuid};
use theriac_gs1::Gln;
use theriac_store::{CaseId, CaseState, EventId, NewCase, WriteTx};

use super::NewDispute;
use super::file::row_of;
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Opens a case for an event that breaks a rule of custody.
    pub(crate) async fn open_case(
        &self,
        tx: &mut WriteTx,
        event: Option<EventId>,
        breach: &Breach,
    ) -> Result<(), NodeError> {
        self.open_case_about(tx, NewDispute::of_breach(event, breach)).await?;
        Ok(())
    }

    /// Opens a case, and tells the other party if it is to be told.
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
        // A case with oneself is a case of one's own.
        let counterparty = new.counterparty.filter(|gln| *gln != self.gln());
        let told = counterparty.filter(|_| new.tell);
        let deadline = self.case_deadline(new.kind, now);
        let case = NewCase {
            event: new.event,
            packs: &new.packs,
            state: first_state(new.actor, told),
            counterparty,
            deadline: Some(deadline),
            due_at: told.map(|_| deadline),
            ..NewCase::about(&matter, new_uuid(), now.as_millisecond())
        };
        let id = tx.open_case(&case).await?;
        if told.is_some() || !new.evidence.is_empty() {
            let entry = Entry {
                id: new_uuid(),
                number: 1,
                author: self.gln(),
                at: now,
                act: Act::Opened,
                evidence: new.evidence,
            };
            tx.add_case_entry(id, &row_of(&entry, told.is_some())).await?;
            if told.is_some() {
                self.send_opening(tx, id, &entry).await?;
            }
        }
        Ok(id)
    }

    /// When a case of this kind that opens at `now` should have ended.
    pub(crate) fn case_deadline(&self, kind: CaseKind, now: Timestamp) -> i64 {
        let after = self.profile().deadline(&kind.word());
        now.checked_add(after).unwrap_or(now).as_millisecond()
    }
}

impl NewDispute {
    /// What breaks a rule of custody.
    pub(crate) fn of_breach(event: Option<EventId>, breach: &Breach) -> Self {
        Self {
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
        }
    }
}

/// Who must act first: the other party if it knows of the case and it is not this member's affair.
fn first_state(actor: Actor, told: Option<Gln>) -> CaseState {
    match (told, actor) {
        (Some(_), Actor::Partner | Actor::Sender | Actor::Labeler) => CaseState::Waiting,
        _ => CaseState::Open,
    }
}

/// A name for a case or an entry that nobody else gives.
pub(crate) fn new_uuid() -> Uuid {
    Uuid::random(rand::random())
}
