//! Held events again: when what they wait for has become known they are admitted by themselves.

use std::sync::atomic::Ordering;

use theriac_custody::breach::WaitsFor;
use theriac_custody::world::World;
use theriac_custody::{Admission, Footprint, ItemStatus, Matter, Operation, Rest, Roles};
use theriac_epcis::Event;
use theriac_gs1::Identifier;
use theriac_store::{EventId, EventRecord, EventState, WriteTx};

use crate::admit::{Books, decide, event_on_record, keep_footprint, split};
use crate::case::NewDispute;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Held events that are in memory, and admitted in one database transaction.
const PAGE: u64 = 500;

impl Node {
    /// Admits held events whose reason has gone; true if any was admitted.
    pub(crate) async fn readmit(&self) -> Result<bool, NodeError> {
        if !self.inner().stirred.swap(false, Ordering::SeqCst) {
            return Ok(false);
        }
        let mut any = false;
        loop {
            let readmitted = match self.readmit_once().await {
                Ok(readmitted) => self.readmit_rest().await.map(|rest| rest | readmitted),
                Err(error) => Err(error),
            };
            match readmitted {
                Ok(true) => any = true,
                Ok(false) => return Ok(any | self.close_what_came().await?),
                Err(error) => {
                    // What has come has come for the next try too.
                    self.stir();
                    return Err(error);
                }
            }
        }
    }

    /// One pass over all held events, oldest first.
    async fn readmit_once(&self) -> Result<bool, NodeError> {
        let mut changed = false;
        let mut after = None;
        loop {
            let page = self.inner().store.held_after(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(changed) };
            if self.has_any_come(&page).await? {
                changed |= self.readmit_page(after).await?;
            }
            after = Some(last.id);
        }
    }

    /// Whether something is there that one of these events waits for. Most held events wait for
    /// long, so that this must be cheap.
    async fn has_any_come(&self, page: &[EventRecord]) -> Result<bool, NodeError> {
        let awaited: Vec<&WaitsFor> =
            page.iter().filter_map(|record| matter(record)?.waits_for.as_ref()).collect();
        let mut gtins = Vec::new();
        let mut items = Vec::new();
        for awaited in &awaited {
            match awaited {
                WaitsFor::Product(gtin) => gtins.push(*gtin),
                WaitsFor::Item(id) => items.push(id.clone()),
                WaitsFor::Member(_) => {}
            }
        }
        let mut tx = self.inner().store.read().await?;
        let mut world = World::new(self.gln(), Roles::default());
        world.members = tx.members(days_of(self.today())).await?;
        world.products = tx.labeler_of(&gtins).await?;
        for record in tx.load_items(&items).await? {
            world.load(record.item);
        }
        Ok(awaited.iter().any(|awaited| has_come(awaited, &world)))
    }

    /// Admits what can be of the page of held events after `after`; one may let in another.
    async fn readmit_page(&self, after: Option<EventId>) -> Result<bool, NodeError> {
        let _guard = self.inner().admitting.lock().await;
        let mut tx = self.inner().store.write().await?;
        // Read again: somebody else may have admitted some of them meanwhile.
        let page = tx.held_after(after, PAGE).await?;
        let mut waiting: Vec<Waiting> = page.iter().filter_map(waiting).collect();
        let events: Vec<&Event> = waiting.iter().map(|held| &held.event).collect();
        let mut books = self.load_books(&mut tx, &events).await?;
        let before = waiting.len();
        loop {
            let mut left = Vec::with_capacity(waiting.len());
            let count = waiting.len();
            for held in waiting {
                if !self.readmit_event(&mut tx, &mut books, &held).await? {
                    left.push(held);
                }
            }
            waiting = left;
            if waiting.len() == count {
                break;
            }
        }
        if waiting.len() < before {
            tx.commit().await?;
        }
        Ok(waiting.len() < before)
    }

    /// Admits a held event, or holds it for another reason; false if nothing has changed for it.
    async fn readmit_event(
        &self,
        tx: &mut WriteTx,
        books: &mut Books,
        held: &Waiting<'_>,
    ) -> Result<bool, NodeError> {
        if !held.matter.waits_for.as_ref().is_some_and(|awaited| has_come(awaited, &books.world)) {
            return Ok(false);
        }
        match decide(&held.event, books, self.today()).0 {
            Admission::Admitted(operations) => {
                self.release(tx, books, held, &operations, &[]).await?;
                Ok(true)
            }
            Admission::InPart(operations, rest) => {
                self.release(tx, books, held, &operations, &rest).await?;
                Ok(true)
            }
            Admission::Held(now) if Matter::from(&now) != *held.matter => {
                self.close_case_of(tx, held.record, "another rule is broken now").await?;
                let mut new = NewDispute::of_breach(Some(held.record.id), &now);
                let before = held.record.case.as_ref();
                // Who was told of the one case is told of the other.
                new.counterparty = before.and_then(|case| case.counterparty);
                new.tell = before.is_some_and(|case| case.due_at.is_some());
                self.open_case_about(tx, new).await?;
                Ok(true)
            }
            Admission::Held(_) => Ok(false),
        }
    }

    /// Carries out what a held event does now that it is admitted.
    async fn release(
        &self,
        tx: &mut WriteTx,
        books: &mut Books,
        held: &Waiting<'_>,
        operations: &[Operation],
        rest: &[Rest],
    ) -> Result<(), NodeError> {
        let id = held.record.id;
        let footprint = Footprint::of(operations, &books.world);
        let named: Vec<Identifier> = held.event.epcs().map(|epc| epc.id.clone()).collect();
        tx.link_event_items(id, &books.world.subtree(&named)).await?;
        self.write_books(tx, books).await?;
        self.release_event(tx, held.record, "admitted").await?;
        keep_footprint(tx, id, &footprint).await?;
        self.enqueue(tx, &split(id, operations)).await?;
        self.set_aside(tx, id, rest).await
    }

    async fn release_event(
        &self,
        tx: &mut WriteTx,
        record: &EventRecord,
        outcome: &str,
    ) -> Result<(), NodeError> {
        self.close_case_of(tx, record, outcome).await?;
        Ok(tx.set_event_state(&[record.id], EventState::Admitted, None).await?)
    }

    pub(crate) async fn close_case_of(
        &self,
        tx: &mut WriteTx,
        record: &EventRecord,
        outcome: &str,
    ) -> Result<(), NodeError> {
        if let Some(case) = &record.case {
            self.settle_case(tx, case, outcome).await?;
        }
        Ok(())
    }
}

/// A held event that waits for something.
struct Waiting<'a> {
    record: &'a EventRecord,
    event: Event,
    matter: &'a Matter,
}

fn waiting(record: &EventRecord) -> Option<Waiting<'_>> {
    let matter = matter(record)?;
    matter.waits_for.as_ref()?;
    Some(Waiting { record, event: event_on_record(record)?, matter })
}

/// What an event is held for; none if it was declared erroneous: it is not missed.
fn matter(record: &EventRecord) -> Option<&Matter> {
    record.case.as_ref().filter(|_| record.declared_by.is_none()).map(|case| &case.matter)
}

/// Whether what an event waits for is there.
fn has_come(awaited: &WaitsFor, world: &World) -> bool {
    match awaited {
        WaitsFor::Product(gtin) => world.products.contains_key(gtin),
        WaitsFor::Member(gln) => {
            world.members.get(gln).is_some_and(|member| !member.roles.is_empty())
        }
        WaitsFor::Item(id) => world
            .items
            .get(id)
            .is_some_and(|item| matches!(item.status, ItemStatus::InStock | ItemStatus::Expected)),
    }
}
