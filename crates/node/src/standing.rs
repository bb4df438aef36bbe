//! How units stand: by the ledger, and by the operations of admitted events on their way to it.
//!
//! # Invariants
//!
//! - What comes out depends on the followed logs and the outbox alone, so that it is the same after a
//!   reorganisation as if there had been none.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use theriac_custody::{Hash, HoldingState, ItemStatus, Operation, Place};
use theriac_gs1::{Identifier, Sgtin};
use theriac_store::{ItemRecord, OutboxState, ReadTx, TransactionId, WriteTx};

use crate::error::NodeError;
use crate::locate::Located;
use crate::node::Node;

/// What the operations on their way to the ledger make of units; the last one on a unit counts.
pub(crate) struct OnTheWay {
    statuses: HashMap<Sgtin, ItemStatus>,
}

impl OnTheWay {
    /// Of all operations that are pending, wait, or stand in a transaction of which no log was
    /// followed.
    pub(crate) async fn load(tx: &mut ReadTx) -> Result<Self, NodeError> {
        Self::load_beside(tx, &HashSet::new()).await
    }

    /// As [`load`](Self::load), while the logs of some transactions are being followed.
    pub(crate) async fn load_beside(
        tx: &mut ReadTx,
        followed: &HashSet<Hash>,
    ) -> Result<Self, NodeError> {
        let mut rows = Vec::new();
        for state in [OutboxState::Pending, OutboxState::Waiting, OutboxState::Signed] {
            rows.extend(tx.outbox_in(state).await?);
        }
        let mut there = HashMap::new();
        for id in rows.iter().filter_map(|row| row.transaction) {
            if let Entry::Vacant(new) = there.entry(id) {
                new.insert(is_followed(tx, id, followed).await?);
            }
        }
        rows.retain(|row| row.transaction.is_none_or(|id| there.get(&id) != Some(&true)));
        rows.sort_unstable_by_key(|row| row.id);
        let mut statuses = HashMap::new();
        for row in rows {
            statuses.extend(statuses_after(row.operation));
        }
        Ok(Self { statuses })
    }

    /// What becomes of a unit; `None` if nothing is on its way.
    pub(crate) fn status(&self, id: &Identifier) -> Option<ItemStatus> {
        match id {
            Identifier::Sgtin(unit) => self.statuses.get(unit).copied(),
            _ => None,
        }
    }
}

/// Whether logs of an attempt of a transaction were followed, or are being followed.
async fn is_followed(
    tx: &mut ReadTx,
    id: TransactionId,
    followed: &HashSet<Hash>,
) -> Result<bool, NodeError> {
    let current = tx.transaction(id).await?.map(|transaction| transaction.hash);
    let others = tx.attempts_of(id).await?.into_iter().map(|attempt| attempt.hash);
    for hash in current.into_iter().chain(others) {
        if followed.contains(&hash) || !tx.logs_of_transaction(&hash).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The units of an operation, each with its status once the operation is admitted.
fn statuses_after(operation: Operation) -> Vec<(Sgtin, ItemStatus)> {
    let all = |units: Vec<Sgtin>, status| {
        units.into_iter().map(|unit| (unit, status)).collect::<Vec<_>>()
    };
    match operation {
        Operation::Commission { units, .. }
        | Operation::Cancel { units }
        | Operation::Release { units }
        | Operation::Restore { units } => all(units, ItemStatus::InStock),
        Operation::Ship { units, .. } => all(units, ItemStatus::InTransit),
        Operation::Receive { received, refused } => {
            [all(received, ItemStatus::InStock), all(refused, ItemStatus::Refused)].concat()
        }
        Operation::Segregate { units, state } => all(units, status_in(state)),
        Operation::Retire { units, reason } => all(units, ItemStatus::Retired(reason)),
        Operation::LotStatus { .. } | Operation::Anchor => Vec::new(),
    }
}

/// The status of a unit in a holding of this member.
pub(crate) fn status_in(state: HoldingState) -> ItemStatus {
    match state {
        HoldingState::Held => ItemStatus::InStock,
        HoldingState::InTransit => ItemStatus::InTransit,
        HoldingState::Quarantined => ItemStatus::Quarantined,
        HoldingState::Stolen => ItemStatus::Stolen,
        HoldingState::Lost => ItemStatus::Lost,
    }
}

impl Node {
    /// How this node sees a unit that stands where `located` says; `None` if the ledger does not
    /// know the holding and nobody has announced it.
    pub(crate) async fn status_of(
        &self,
        tx: &mut ReadTx,
        located: &Located,
    ) -> Result<Option<ItemStatus>, NodeError> {
        if let Some(retired) = &located.retired {
            return Ok(Some(ItemStatus::Retired(retired.reason)));
        }
        let Some(holding) = &located.holding else {
            let known = tx.known_holding(&located.place.holding).await?;
            let announced = known.and_then(|known| known.shipment);
            let to_me = announced.is_some_and(|shipment| shipment.to == self.gln());
            return Ok(to_me.then_some(ItemStatus::Expected));
        };
        if self.is_mine(tx, holding.holder).await? {
            return Ok(Some(status_in(holding.state)));
        }
        let for_me = self.is_mine(tx, holding.consignee).await?;
        Ok(Some(match holding.state {
            HoldingState::InTransit if for_me => ItemStatus::Expected,
            _ => ItemStatus::HandedOver,
        }))
    }

    /// How a unit must stand on the books; `None` if nothing tells.
    pub(crate) async fn standing(
        &self,
        tx: &mut ReadTx,
        on_the_way: &OnTheWay,
        id: &Identifier,
        place: Place,
    ) -> Result<Option<ItemStatus>, NodeError> {
        if let Some(status) = on_the_way.status(id) {
            return Ok(Some(status));
        }
        let located = self.locate_in(tx, place).await?;
        self.status_of(tx, &located).await
    }

    /// Sets units to how they stand by ledger and outbox, and with each the logistic units around it
    /// that shared its fate. Units on no holding, and those undone, stay as they are.
    pub(crate) async fn resync(
        &self,
        tx: &mut WriteTx,
        units: &[ItemRecord],
    ) -> Result<usize, NodeError> {
        let on_the_way = OnTheWay::load(tx).await?;
        let mut changes: BTreeMap<(&str, &str), Change> = BTreeMap::new();
        let mut changed = 0;
        for record in units {
            let (item, before) = (&record.item, record.item.status);
            let Some(place) = item.place.filter(|_| before != ItemStatus::Undone) else { continue };
            let after = self.standing(tx, &on_the_way, &item.id, place).await?;
            let Some(after) = after.filter(|after| *after != before) else { continue };
            changed += 1;
            let key = (before.word(), after.word());
            let change = changes.entry(key).or_insert(Change { before, after, ids: Vec::new() });
            change.ids.push(item.id.clone());
        }
        for change in changes.into_values() {
            let around = tx.load_items(&change.ids).await?;
            let containers: Vec<Identifier> = around
                .into_iter()
                .map(|record| record.item)
                .filter(|item| item.lot.is_none() && item.status == change.before)
                .map(|item| item.id)
                .collect();
            tx.set_item_status(&change.ids, change.after).await?;
            tx.set_item_status(&containers, change.after).await?;
        }
        Ok(changed)
    }
}

/// Units that go from one status to another.
struct Change {
    before: ItemStatus,
    after: ItemStatus,
    ids: Vec<Identifier>,
}
