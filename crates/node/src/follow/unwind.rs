//! Reorganisations: what was followed from blocks that are not on the ledger any more is undone, on
//! the books too, and this node's transactions of those blocks go on their way again.
//!
//! ```text
//! reverted logs ── backwards: gathers, so that units stand where they came from
//!               ── forget blocks, logs and facts; derive the facts of the rest again
//!               ── statuses of all units and lots touched, by ledger and outbox
//! ```
//!
//! # Invariants
//!
//! - All in one database transaction.
//! - After the same logs came again, in whatever blocks, the books are as before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use theriac_custody::{Hash, LotRecord, Operation, Place};
use theriac_gs1::{Identifier, Lgtin};
use theriac_ledger::{BlockHead, LedgerEvent, LedgerLog};
use theriac_store::{
    EventState, GatherRow, ItemRecord, LogRecord, LotRow, OutboxState, ReadTx, TransactionRecord,
    TransactionState, WriteTx,
};

use super::facts::{self, gather_rows, span};
use crate::error::NodeError;
use crate::node::Node;

/// Blocks whose logs are replayed from memory at a time.
const REPLAY_BLOCKS: u64 = 5_000;

/// What the reverted logs had touched.
#[derive(Default)]
struct Touched {
    units: BTreeMap<Identifier, ItemRecord>,
    lots: BTreeSet<Hash>,
    opened: Vec<Hash>,
}

impl Touched {
    fn note(&mut self, records: Vec<ItemRecord>) {
        for record in records {
            self.units.entry(record.item.id.clone()).or_insert(record);
        }
    }
}

impl Node {
    /// Goes back to the latest followed block that is still on the ledger, and replays the logs up
    /// to it.
    pub(super) async fn unwind(&self, mut number: u64) -> Result<u64, NodeError> {
        while let Some(block) = self.inner().store.block_before(number).await? {
            number = block.number;
            let on_ledger = self.inner().ledger.block(number).await?;
            if on_ledger.is_some_and(|there| there.hash == block.hash) {
                return self.unwind_to(number).await;
            }
        }
        self.unwind_to(0).await
    }

    /// Forgets what was followed after block `number`, and puts this node's transactions of those
    /// blocks back on their way.
    pub(crate) async fn unwind_to(&self, number: u64) -> Result<u64, NodeError> {
        tracing::warn!(block = number, "replaying the ledger's logs from this block");
        let _admitting = self.inner().admitting.lock().await;
        let mut tx = self.inner().store.write().await?;
        for sent in tx.transactions_after(number).await? {
            self.unmine(&mut tx, &sent).await?;
        }
        let reverted = tx.logs_from(number.saturating_add(1)).await?;
        let touched = self.back_out(&mut tx, &reverted).await?;
        tx.unwind_to(number).await?;
        self.replay(&mut tx, number).await?;
        self.settle_books(&mut tx, touched).await?;
        tx.commit().await?;
        self.stir();
        Ok(number)
    }

    /// A transaction whose block was reverted is signed, and not mined any more.
    pub(crate) async fn unmine(
        &self,
        tx: &mut WriteTx,
        sent: &TransactionRecord,
    ) -> Result<(), NodeError> {
        tracing::warn!(transaction = %sent.hash, "its block was reverted; it is sent again");
        tx.set_transaction(sent.id, TransactionState::Signed, None, None, None).await?;
        let rows = tx.outbox_of_transaction(sent.id).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        tx.set_outbox(&ids, OutboxState::Signed, Some(sent.id)).await?;
        let events: BTreeSet<_> = rows.iter().map(|row| row.event).collect();
        let events: Vec<_> = events.into_iter().collect();
        Ok(tx.set_event_state(&events, EventState::Admitted, None).await?)
    }

    /// Takes the reverted logs back, the last first: units stand again where they came from.
    async fn back_out(
        &self,
        tx: &mut WriteTx,
        reverted: &[LogRecord],
    ) -> Result<Touched, NodeError> {
        let mut touched = Touched::default();
        for record in reverted.iter().rev() {
            match parsed(record)?.event {
                LedgerEvent::Gathered { id, sources } => {
                    touched.note(tx.items_in_holding(&id).await?);
                    self.scatter(tx, id, &gather_rows(&sources)).await?;
                }
                LedgerEvent::HoldingOpened { id, .. } => {
                    touched.note(tx.items_in_holding(&id).await?);
                    touched.opened.push(id);
                }
                LedgerEvent::Received { id, .. }
                | LedgerEvent::Cancelled { id, .. }
                | LedgerEvent::Released { id, .. } => {
                    touched.note(tx.items_in_holding(&id).await?);
                }
                LedgerEvent::Retired { places, .. } => {
                    for (holding, height, index) in places {
                        touched.note(tx.items_at(&holding, &[span(height, index)]).await?);
                    }
                }
                LedgerEvent::LotStatusChanged { lot_tag, .. } => {
                    touched.lots.insert(lot_tag);
                }
                _ => {}
            }
        }
        Ok(touched)
    }

    /// Puts the units of a gathered holding back where they came from. Those that another member has
    /// announced stay: their message is here, and the holding comes again.
    async fn scatter(
        &self,
        tx: &mut WriteTx,
        id: Hash,
        rows: &[GatherRow],
    ) -> Result<(), NodeError> {
        let Some(known) = tx.known_holding(&id).await? else { return Ok(()) };
        if known.shipment.is_some() {
            return Ok(());
        }
        let mut places = Vec::new();
        for record in tx.items_in_holding(&id).await? {
            let Some(place) = record.item.place else { continue };
            if let Some(source) = source_of(rows, place.position) {
                places.push((record.item.id, Some(source)));
            }
        }
        tx.place_items(&places).await?;
        if known.opened_by.is_none() {
            tx.forget_holding(&id).await?;
        }
        Ok(())
    }

    /// Brings what the reverted logs had touched to what ledger and outbox say.
    async fn settle_books(&self, tx: &mut WriteTx, touched: Touched) -> Result<(), NodeError> {
        for id in &touched.opened {
            tx.withdraw_deliveries(id).await?;
        }
        let ids: Vec<Identifier> = touched.units.into_keys().collect();
        let wanted: BTreeSet<&Identifier> = ids.iter().collect();
        let mut records = tx.load_items(&ids).await?;
        records.retain(|record| wanted.contains(&record.item.id));
        self.resync(tx, &records).await?;
        for tag in &touched.lots {
            self.resync_lot(tx, tag).await?;
        }
        tx.wake_waiting().await?;
        Ok(())
    }

    /// Sets a lot's status to the ledger's, or to that of the last operation on its way.
    pub(crate) async fn resync_lot(&self, tx: &mut WriteTx, tag: &Hash) -> Result<(), NodeError> {
        let Some((lot, row)) = tx.lot_by_tag(tag).await? else { return Ok(()) };
        let on_the_way = status_on_the_way(tx, &lot).await?;
        let on_ledger = tx.ledger_lot(tag).await?.map(|lot| lot.status);
        let Some(status) = on_the_way.or(on_ledger) else { return Ok(()) };
        let record = LotRecord { status, ..row.record };
        Ok(tx.write_lots(&[(lot, LotRow { record, ..row })]).await?)
    }

    /// Applies the logs in the database up to block `last` again, after the derived facts were
    /// cleared.
    async fn replay(&self, tx: &mut WriteTx, last: u64) -> Result<(), NodeError> {
        let last = tx.last_block().await?.map_or(0, |block| block.number).min(last);
        let mut from = 0;
        while from <= last {
            let to = from.saturating_add(REPLAY_BLOCKS);
            let records = tx.logs_in(from..to).await?;
            self.replay_logs(tx, &records).await?;
            from = to;
        }
        Ok(())
    }

    async fn replay_logs(&self, tx: &mut WriteTx, records: &[LogRecord]) -> Result<(), NodeError> {
        for block in records.chunk_by(|a, b| a.block == b.block) {
            let head = BlockHead {
                number: block[0].block,
                hash: block[0].block_hash,
                parent_hash: Hash::ZERO,
                timestamp: block[0].timestamp,
            };
            let logs = block.iter().map(parsed).collect::<Result<Vec<_>, _>>()?;
            let commissioned: HashMap<Hash, Hash> = facts::commissioned(&logs);
            for log in &logs {
                self.apply_fact(tx, &head, log, &commissioned).await?;
            }
        }
        Ok(())
    }
}

/// The status that operations on their way give a lot.
pub(crate) async fn status_on_the_way(
    tx: &mut ReadTx,
    of: &Lgtin,
) -> Result<Option<theriac_custody::LotStatus>, NodeError> {
    let mut rows = Vec::new();
    for state in [OutboxState::Pending, OutboxState::Waiting, OutboxState::Signed] {
        rows.extend(tx.outbox_in(state).await?);
    }
    rows.sort_unstable_by_key(|row| row.id);
    let mut statuses = rows.iter().filter_map(|row| match &row.operation {
        Operation::LotStatus { lot, status } if lot == of => Some(*status),
        _ => None,
    });
    Ok(statuses.next_back())
}

/// Where the leaf at a position of a gathered holding came from.
fn source_of(rows: &[GatherRow], position: u64) -> Option<Place> {
    let from = rows.partition_point(|row| row.offset <= position);
    let row = rows.get(from.checked_sub(1)?)?;
    let (first, last) = span(row.height, row.index).into_inner();
    let place = first.checked_add(position - row.offset)?;
    (place <= last).then_some(Place { holding: row.source, position: place })
}

/// A log on record as the client gave it.
pub(crate) fn parsed(record: &LogRecord) -> Result<LedgerLog, NodeError> {
    serde_json::from_value(record.body.clone()).map_err(|error| NodeError::Inconsistent {
        expected: "logs as this program writes them",
        found: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gathered_leaf_goes_back_where_it_came_from() {
        let rows = gather_rows(&[(Hash([1; 32]), 6, 1), (Hash([2; 32]), 0, 3)]);
        let place = |holding, position| Some(Place { holding: Hash([holding; 32]), position });
        for (position, expected) in
            [(0, place(1, 64)), (63, place(1, 127)), (64, place(2, 3)), (65, None)]
        {
            assert_eq!(source_of(&rows, position), expected, "{position}");
        }
    }
}
