//! Setting apart what a recall is about, and putting it back when the recall is over: by EPCIS events,
//! which take the way of all events.
//!
//! # Invariants
//!
//! - What was quarantined for another reason is not put back with a recall, nor what another recall
//!   in force is about.

use std::collections::HashSet;

use theriac_custody::ItemStatus;
use theriac_epcis::{Action, BizStep, Common, Disposition, Event, ObjectEvent, Offset};
use theriac_gs1::{Epc, Identifier};
use theriac_store::{CaptureSource, ItemRecord, ReadTx, RecallRecord, SetApart};

use super::order::{document, field, hash_of};
use super::stage::IN_FORCE;
use crate::admit::event_on_record;
use crate::error::NodeError;
use crate::node::Node;

/// Most units that one event sets apart or puts back.
const EVENT_UNITS: u64 = 5_000;

impl Node {
    /// Sets apart what is in stock of a recall in force; true if there was something.
    pub(super) async fn set_apart_for(&self, record: &RecallRecord) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let units = self.units_of_recall(&mut tx, record, &[ItemStatus::InStock]).await?;
        let named = self.whole_boxes(&mut tx, &units).await?;
        drop(tx);
        let mut any = false;
        for part in in_events(named) {
            let packs = part.iter().map(|(_, units)| units).sum();
            let event = self.recall_event(&part, record, Disposition::Recalled, BizStep::Holding);
            if let Some(event) = self.capture_own(&event).await? {
                let mut tx = self.inner().store.write().await?;
                tx.put_recall_event(record.id, &SetApart { event, packs, over: false }).await?;
                tx.commit().await?;
                any = true;
            }
        }
        if any {
            tracing::info!(recall = record.id.0, packs = units.len(), "set apart for a recall");
        }
        Ok(any)
    }

    /// Puts back what was set apart for a recall that is over; true if there was something.
    pub(super) async fn put_back_for(&self, record: &RecallRecord) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let events = tx.recall_events(record.id).await?;
        let others = self.held_by_other_recalls(&mut tx, record).await?;
        let mut any = false;
        for event in events.into_iter().filter(|event| !event.over) {
            let units = self.still_apart(&mut tx, &event).await?;
            // The ledger releases as a whole what was set apart together.
            if units.iter().any(|unit| others.contains(&unit.item.id)) {
                continue;
            }
            let named = self.whole_boxes(&mut tx, &units).await?;
            if !named.is_empty() {
                let fit = Disposition::Conformant;
                let back = self.recall_event(&named, record, fit, BizStep::Inspecting);
                any |= self.capture_own(&back).await?.is_some();
            }
            let mut tx = self.inner().store.write().await?;
            tx.put_recall_event(record.id, &SetApart { over: true, ..event }).await?;
            tx.commit().await?;
        }
        Ok(any)
    }

    /// The quarantined units that other recalls in force are about.
    async fn held_by_other_recalls(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
    ) -> Result<HashSet<Identifier>, NodeError> {
        let mut held = HashSet::new();
        for state in IN_FORCE {
            for other in tx.recalls_in(state).await? {
                if other.id != record.id {
                    let apart = [ItemStatus::Quarantined];
                    let units = self.units_of_recall(tx, &other, &apart).await?;
                    held.extend(units.into_iter().map(|unit| unit.item.id));
                }
            }
        }
        Ok(held)
    }

    /// The units that an event has set apart and that are so still.
    async fn still_apart(
        &self,
        tx: &mut ReadTx,
        event: &SetApart,
    ) -> Result<Vec<ItemRecord>, NodeError> {
        let on_record = tx.event_by_hash(&event.event).await?;
        let Some(event) = on_record.as_ref().and_then(event_on_record) else {
            return Ok(Vec::new());
        };
        let named: Vec<Identifier> = event.epcs().map(|epc| epc.id.clone()).collect();
        let mut units = tx.load_items(&named).await?;
        units.retain(|record| {
            record.item.lot.is_some() && record.item.status == ItemStatus::Quarantined
        });
        Ok(units)
    }

    /// An event that changes the condition of goods for a recall.
    fn recall_event(
        &self,
        items: &[(Identifier, u64)],
        record: &RecallRecord,
        disposition: Disposition,
        step: BizStep,
    ) -> Event {
        let mut common = Common::at(self.now(), Offset::UTC);
        common.biz_step = Some(step);
        common.disposition = Some(disposition);
        common.extensions.push(field("recall", record.recall.hash.to_string()));
        Event::Object(ObjectEvent {
            common,
            action: Action::Observe,
            epc_list: items.iter().map(|(id, _)| Epc::from(id.clone())).collect(),
            quantity_list: Vec::new(),
            ilmd: Vec::new(),
        })
    }

    /// Captures an event of this node's own; its hash, unless the rules of custody hold it, which
    /// opens a case.
    async fn capture_own(&self, event: &Event) -> Result<Option<theriac_custody::Hash>, NodeError> {
        let document = document(event, self.now())?;
        let report = self.capture(CaptureSource::Api, document.as_bytes()).await?;
        Ok((report.admitted > 0).then(|| hash_of(event)))
    }
}

/// Items in groups of at most [`EVENT_UNITS`] units, or of one item.
fn in_events(items: Vec<(Identifier, u64)>) -> Vec<Vec<(Identifier, u64)>> {
    let mut groups: Vec<Vec<(Identifier, u64)>> = Vec::new();
    let mut left = 0;
    for (id, units) in items {
        match groups.last_mut() {
            Some(group) if units <= left => {
                left -= units;
                group.push((id, units));
            }
            _ => {
                left = EVENT_UNITS.saturating_sub(units);
                groups.push(vec![(id, units)]);
            }
        }
    }
    groups
}
