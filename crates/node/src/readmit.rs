//! Held events again: when what they wait for has become known they are admitted by themselves.

use std::sync::atomic::Ordering;

use theriac_custody::breach::WaitsFor;
use theriac_custody::{Admission, Breach, ItemStatus};
use theriac_epcis::{Event, event_from_json};
use theriac_store::{EventRecord, EventState, WriteTx};

use crate::admit::{Books, decide, split};
use crate::error::NodeError;
use crate::node::Node;

/// Held events that are looked at in one database transaction.
const BATCH: usize = 500;

impl Node {
    /// Admits held events whose reason has gone; true if any was admitted.
    pub(crate) async fn readmit(&self) -> Result<bool, NodeError> {
        if !self.inner().stirred.swap(false, Ordering::SeqCst) {
            return Ok(false);
        }
        let mut any = false;
        while self.readmit_once().await? {
            any = true;
        }
        Ok(any)
    }

    /// One pass over all held events, oldest first.
    async fn readmit_once(&self) -> Result<bool, NodeError> {
        let held = self.inner().store.held_events().await?;
        let mut admitted = false;
        for batch in held.chunks(BATCH) {
            let _guard = self.inner().admitting.lock().await;
            let mut tx = self.inner().store.write().await?;
            let some = self.readmit_batch(&mut tx, batch).await?;
            if some {
                tx.commit().await?;
            }
            admitted |= some;
        }
        Ok(admitted)
    }

    async fn readmit_batch(
        &self,
        tx: &mut WriteTx,
        held: &[EventRecord],
    ) -> Result<bool, NodeError> {
        let waiting: Vec<(&EventRecord, Event, &Breach)> =
            held.iter().filter_map(|record| waiting(record)).collect();
        let events: Vec<&Event> = waiting.iter().map(|(_, event, _)| event).collect();
        let mut books = self.load_books(tx, &events).await?;
        let mut changed = false;
        for (record, event, breach) in &waiting {
            if !has_come(breach, &books) {
                continue;
            }
            match decide(event, &mut books, self.today()).0 {
                Admission::Admitted(operations) => {
                    self.write_books(tx, &mut books).await?;
                    self.release_event(tx, record, "admitted").await?;
                    self.enqueue(tx, &split(record.id, &operations)).await?;
                    changed = true;
                }
                Admission::Held(now) if now != **breach => {
                    self.close_case_of(tx, record, "another rule is broken now").await?;
                    self.open_case(tx, Some(record.id), &now).await?;
                    changed = true;
                }
                Admission::Held(_) => {}
            }
        }
        Ok(changed)
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

    async fn close_case_of(
        &self,
        tx: &mut WriteTx,
        record: &EventRecord,
        outcome: &str,
    ) -> Result<(), NodeError> {
        if let Some(case) = &record.case {
            tx.close_case(case.id, outcome, self.now().as_millisecond().into()).await?;
        }
        Ok(())
    }
}

/// A held event that waits for something, with what it waits for.
fn waiting(record: &EventRecord) -> Option<(&EventRecord, Event, &Breach)> {
    let breach = record.case.as_ref().map(|case| &case.breach)?;
    breach.waits_for.as_ref()?;
    let body = serde_json::from_str(&record.body).ok()?;
    Some((record, event_from_json(&body).ok()?, breach))
}

/// Whether what the event waits for is there.
fn has_come(breach: &Breach, books: &Books) -> bool {
    let world = &books.world;
    match &breach.waits_for {
        None => false,
        Some(WaitsFor::Product(gtin)) => world.products.contains_key(gtin),
        Some(WaitsFor::Member(gln)) => {
            world.members.get(gln).is_some_and(|member| !member.roles.is_empty())
        }
        Some(WaitsFor::Item(id)) => world
            .items
            .get(id)
            .is_some_and(|item| matches!(item.status, ItemStatus::InStock | ItemStatus::Expected)),
    }
}
