//! Rests again: what has come, or was verified, is admitted with the event that named it.

use std::collections::{BTreeMap, HashSet};

use theriac_custody::item::is_unit;
use theriac_custody::{Admission, BreachCode, Footprint, ItemStatus, Operation, Rest};
use theriac_epcis::Event;
use theriac_gs1::Identifier;
use theriac_store::{EventId, EventState, RestRecord, RestState, WriteTx};

use super::word;
use crate::admit::{Books, decide, event_on_record, footprint_of, keep_footprint, split};
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Events whose rests are looked at in one go.
const PAGE: u64 = 200;

impl Node {
    /// Admits what can be of the rests of all events; true if anything was.
    pub(crate) async fn readmit_rest(&self) -> Result<bool, NodeError> {
        let mut any = false;
        let mut after = None;
        loop {
            let page = self.inner().store.events_with_rest(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(any) };
            for event in &page {
                if self.has_rest_come(*event).await? {
                    any |= self.readmit_rest_of(*event).await?;
                }
            }
            after = Some(*last);
        }
    }

    /// Whether an item of the rest can be admitted now. Most rests wait for long, so that this must be
    /// cheap.
    async fn has_rest_come(&self, event: EventId) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let rests = open(tx.rests_of(event).await?);
        let ids: Vec<Identifier> = rests.iter().map(|rest| rest.item.clone()).collect();
        let expected: HashSet<Identifier> = tx
            .load_items(&ids)
            .await?
            .into_iter()
            .filter(|r| matches!(r.item.status, ItemStatus::Expected | ItemStatus::InStock))
            .map(|record| record.item.id)
            .collect();
        let unverified = word(BreachCode::ReturnUnverified);
        let unauthorised = word(BreachCode::SenderNotAuthorised);
        if rests.iter().any(|rest| rest.reason == unauthorised) {
            // Rare, and cheap enough to be tried.
            let members = tx.members(days_of(self.today())).await?;
            return Ok(!members.is_empty());
        }
        Ok(rests.iter().any(|rest| {
            expected.contains(&rest.item) && (rest.reason != unverified || rest.passed.is_some())
        }))
    }

    /// Admits what can be of an event's rest.
    async fn readmit_rest_of(&self, id: EventId) -> Result<bool, NodeError> {
        let _guard = self.inner().admitting.lock().await;
        let mut tx = self.inner().store.write().await?;
        let rests = open(tx.rests_of(id).await?);
        let record = tx.event(id).await?;
        let record = record.filter(|r| r.state != EventState::Held && r.declared_by.is_none());
        let Some(event) = record.as_ref().and_then(event_on_record) else { return Ok(false) };
        let ids: HashSet<&Identifier> = rests.iter().map(|rest| &rest.item).collect();
        let event = about(event, &ids);
        let mut books = self.load_books(&mut tx, &[&event]).await?;
        books.world.verified =
            rests.iter().filter_map(|rest| Some((rest.item.clone(), rest.passed?))).collect();
        let (operations, left) = match decide(&event, &mut books, self.today()).0 {
            Admission::Admitted(operations) => (operations, Vec::new()),
            Admission::InPart(operations, left) => (operations, left),
            // Of several groups it tells the first one's reason alone.
            Admission::Held(_) if rests.iter().any(|rest| rest.reason != rests[0].reason) => {
                return Ok(false);
            }
            Admission::Held(breach) => {
                let items = rests.iter().map(|rest| rest.item.clone()).collect();
                (Vec::new(), vec![Rest { breach, items }])
            }
        };
        let waiting: HashSet<&Identifier> = left.iter().flat_map(|rest| &rest.items).collect();
        let (left_rests, done): (Vec<RestRecord>, Vec<RestRecord>) =
            rests.into_iter().partition(|rest| waiting.contains(&rest.item));
        let changed = self.hold_otherwise(&mut tx, id, &left, &left_rests).await?;
        if done.is_empty() && !changed {
            return Ok(false);
        }
        if !done.is_empty() {
            self.admit_rest(&mut tx, id, &mut books, &operations, &event).await?;
            let ids: Vec<_> = done.iter().map(|rest| rest.id).collect();
            tx.end_rests(&ids, RestState::Admitted).await?;
            // What has not passed its verification is quarantined, and its case goes on.
            let passed: Vec<RestRecord> =
                done.into_iter().filter(|rest| rest.passed != Some(false)).collect();
            self.close_settled(&mut tx, &passed, "admitted").await?;
        }
        tx.commit().await?;
        self.inner().work.notify_one();
        Ok(true)
    }

    /// Writes what the event does with its rest.
    async fn admit_rest(
        &self,
        tx: &mut WriteTx,
        id: EventId,
        books: &mut Books,
        operations: &[Operation],
        event: &Event,
    ) -> Result<(), NodeError> {
        let named: Vec<Identifier> = event.epcs().map(|epc| epc.id.clone()).collect();
        let touched = books.world.subtree(&named);
        let footprint = footprint_of(tx, id).await?.and(Footprint::explicit(&books.world));
        self.write_books(tx, books).await?;
        tx.link_event_items(id, &touched).await?;
        keep_footprint(tx, id, &footprint).await?;
        let moving: Vec<Operation> =
            operations.iter().filter(|op| **op != Operation::Anchor).cloned().collect();
        if moving.is_empty() {
            return Ok(());
        }
        tx.set_event_state(&[id], EventState::Admitted, None).await?;
        self.enqueue(tx, &split(id, &moving)).await
    }

    /// Items that break another rule than before go into a case about that; true if there are any.
    async fn hold_otherwise(
        &self,
        tx: &mut WriteTx,
        event: EventId,
        left: &[Rest],
        rests: &[RestRecord],
    ) -> Result<bool, NodeError> {
        let by_item: BTreeMap<&Identifier, &RestRecord> =
            rests.iter().map(|rest| (&rest.item, rest)).collect();
        let mut any = false;
        for rest in left {
            let reason = word(rest.breach.code);
            let moved: Vec<&RestRecord> = rest
                .items
                .iter()
                .filter_map(|id| by_item.get(id).copied())
                .filter(|record| record.reason != reason)
                .collect();
            if moved.is_empty() {
                continue;
            }
            any = true;
            let items = moved.iter().map(|record| record.item.clone()).collect();
            let now = Rest { breach: rest.breach.clone(), items };
            let ids: Vec<_> = moved.iter().map(|record| record.id).collect();
            if rest.breach.code == BreachCode::ReturnUnverified {
                tx.await_verification(&ids, &reason, self.now().as_millisecond()).await?;
            } else {
                let case = self.open_rest_case(tx, event, &now).await?;
                tx.set_rest_case(&ids, case, &reason).await?;
            }
            let moved: Vec<RestRecord> = moved.into_iter().cloned().collect();
            self.close_settled(tx, &moved, "another rule is broken now").await?;
        }
        Ok(any)
    }
}

fn open(rests: Vec<RestRecord>) -> Vec<RestRecord> {
    rests.into_iter().filter(|rest| rest.state == RestState::Open).collect()
}

/// The event, about these of its items only.
fn about(event: Event, ids: &HashSet<&Identifier>) -> Event {
    let mut event = event;
    if let Event::Object(object) = &mut event {
        // The rest may be contents of what the event names.
        let mut listed: Vec<theriac_gs1::Epc> = Vec::new();
        // Logistic units are taken over with the first of their contents.
        let named = object.epc_list.iter().filter(|e| ids.contains(&e.id) || !is_unit(&e.id));
        listed.extend(named.cloned());
        let named: HashSet<Identifier> = listed.iter().map(|epc| epc.id.clone()).collect();
        let inside = ids.iter().filter(|id| !named.contains(**id));
        listed.extend(inside.map(|id| theriac_gs1::Epc::from((*id).clone())));
        object.epc_list = listed;
    }
    event
}
