//! The rest of events: what an event names and could not be admitted with the others. It is admitted by
//! itself when its data comes, or when it has passed its verification; else a case is about it.
//!
//! ```text
//! admitted in part ── rest ──> data comes, or verified ── readmitted ──> closed case
//!                       └────> verified: late, elsewhere, fake, copy ──> told in the case
//! ```

mod check;
mod readmit;

use theriac_custody::{BreachCode, CaseKind, EvidenceItem, Rest};
use theriac_epcis::{Event, PartyType};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{CaseId, EventId, NewRest, RestRecord, RestState, WriteTx};

use crate::admit::event_on_record;
use crate::case::NewDispute;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

pub use check::{RestReport, WhyNotHere};

/// Whether items that break this rule are verified with their labeler, to tell what is late from what is
/// wrong.
fn is_verified(code: BreachCode) -> bool {
    matches!(code, BreachCode::ItemUnknown | BreachCode::NotHeld | BreachCode::ReturnUnverified)
}

/// The word for a rule.
fn word(code: BreachCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{code:?}"),
    }
}

impl Node {
    /// Notes what an event names and is not admitted with it, each group in a case of its own. Returned
    /// packs are verified first: there is nothing to tell of them yet.
    pub(crate) async fn set_aside(
        &self,
        tx: &mut WriteTx,
        event: EventId,
        rest: &[Rest],
    ) -> Result<(), NodeError> {
        let now = self.now().as_millisecond();
        for rest in rest {
            let code = rest.breach.code;
            let case = match code {
                BreachCode::ReturnUnverified => None,
                _ => Some(self.open_rest_case(tx, event, rest).await?),
            };
            let next_at = is_verified(code).then_some(now);
            let reason = &word(code);
            tx.insert_rest(&NewRest { event, items: &rest.items, reason, case, next_at }).await?;
        }
        if !rest.is_empty() {
            self.inner().post.notify_one();
        }
        Ok(())
    }

    /// Opens the case about items that an event names and that break a rule.
    async fn open_rest_case(
        &self,
        tx: &mut WriteTx,
        event: EventId,
        rest: &Rest,
    ) -> Result<CaseId, NodeError> {
        let kind = match rest.breach.code {
            BreachCode::ItemUnknown => CaseKind::NoData,
            BreachCode::NotHeld => CaseKind::Extra,
            code => code.into(),
        };
        self.open_rest_case_of(tx, event, kind, rest).await
    }

    /// As [`open_rest_case`](Self::open_rest_case), of another kind than the rule's. Who sent the goods is
    /// told.
    async fn open_rest_case_of(
        &self,
        tx: &mut WriteTx,
        event: EventId,
        kind: CaseKind,
        rest: &Rest,
    ) -> Result<CaseId, NodeError> {
        let record = tx.event(event).await?;
        let sender = record.as_ref().and_then(event_on_record).and_then(|e| sender_of(&e));
        let members = tx.members(days_of(self.today())).await?;
        let counterparty = sender.filter(|gln| *gln != self.gln() && members.contains_key(gln));
        let evidence = record.map(|record| EvidenceItem::Event { hash: record.hash });
        let Rest { breach, items } = rest;
        self.open_case_about(
            tx,
            NewDispute {
                kind,
                reason: breach.reason.clone(),
                what_to_do: breach.what_to_do.clone(),
                actor: breach.actor,
                packs: items.clone(),
                counterparty,
                evidence: evidence.into_iter().collect(),
                tell: counterparty.is_some(),
                event: Some(event),
                waits_for: breach.waits_for.clone(),
            },
        )
        .await
    }

    /// Forgets the open rest of an event, whose cases end.
    pub(crate) async fn drop_rest(
        &self,
        tx: &mut WriteTx,
        event: EventId,
        outcome: &str,
    ) -> Result<(), NodeError> {
        let open: Vec<RestRecord> =
            tx.rests_of(event).await?.into_iter().filter(|r| r.state == RestState::Open).collect();
        let ids: Vec<_> = open.iter().map(|rest| rest.id).collect();
        tx.end_rests(&ids, RestState::Dropped).await?;
        self.close_settled(tx, &open, outcome).await
    }

    /// Closes those cases of rests that have none open any more.
    async fn close_settled(
        &self,
        tx: &mut WriteTx,
        ended: &[RestRecord],
        outcome: &str,
    ) -> Result<(), NodeError> {
        let cases: std::collections::BTreeSet<CaseId> =
            ended.iter().filter_map(|rest| rest.case).collect();
        for case in cases {
            let open = tx.rests_of_case(case).await?;
            let Some(case) = tx.case(case).await?.filter(|_| open.is_empty()) else { continue };
            if case.closed_at.is_none() {
                self.settle_case(tx, &case, outcome).await?;
            }
        }
        Ok(())
    }
}

/// Who sent goods, as an event names it: the possessing party, else the owning party of its sources.
pub(crate) fn sender_of(event: &Event) -> Option<Gln> {
    let sources = &event.common().sources;
    let named = |kind: PartyType| {
        sources.iter().find(|source| source.kind == kind).and_then(|source| match &source.id.id {
            Identifier::Pgln(gln) => Some(*gln),
            Identifier::Sgln(sgln) => Some(sgln.gln),
            _ => None,
        })
    };
    named(PartyType::PossessingParty).or_else(|| named(PartyType::OwningParty))
}
