//! Repair: mends what is safe, in an order in which each step builds on the ones before.

use std::collections::BTreeSet;

use theriac_custody::Place;
use theriac_gs1::Identifier;
use theriac_store::{EventState, ItemRecord, OutboxState, TransactionState};

use super::holdings::{leaf_of, lot_tags, position_of};
use super::outbox::right_state;
use crate::error::NodeError;
use crate::node::Node;
use crate::record::complete_events;
use crate::report::{Difference, DifferenceKind, ReconcileReport};

/// Comparisons and repairs that are made in one go at most: what one mends may uncover another.
const ROUNDS_MAX: usize = 8;

impl Node {
    /// Mends what differs between database and ledger and is safe to mend; the report tells what was
    /// mended, and what is left.
    ///
    /// # Errors
    ///
    /// [`NodeError`] if either cannot be read or written; what was mended until then stays.
    pub async fn repair(&self) -> Result<ReconcileReport, NodeError> {
        let mut mended: Vec<Difference> = Vec::new();
        for _ in 0..ROUNDS_MAX {
            let found = self.reconcile().await?;
            let safe: Vec<Difference> =
                found.differences.iter().filter(|found| found.safe).cloned().collect();
            let new = safe.iter().any(|difference| !mended.contains(difference));
            if !new {
                return Ok(ReconcileReport { mended, ..found });
            }
            self.mend(&safe).await?;
            mended.extend(safe.into_iter().filter(|one| !mended.contains(one)).collect::<Vec<_>>());
        }
        let left = self.reconcile().await?;
        Ok(ReconcileReport { mended, ..left })
    }

    /// Mends the kinds that occur, each for all that is on record.
    async fn mend(&self, safe: &[Difference]) -> Result<(), NodeError> {
        let kinds: BTreeSet<DifferenceKind> = safe.iter().map(|found| found.kind).collect();
        for kind in kinds {
            tracing::info!(?kind, remedy = kind.remedy(), "mending");
            match kind {
                DifferenceKind::Logs => self.follow_again(safe).await?,
                DifferenceKind::Facts => self.derive_again().await?,
                DifferenceKind::TransactionLost => self.send_again(safe).await?,
                DifferenceKind::TransactionMined => self.read_receipts().await?,
                DifferenceKind::Outbox => self.realign_outbox().await?,
                DifferenceKind::Attempt => self.drop_attempts().await?,
                DifferenceKind::UnitPosition => self.reposition_units().await?,
                DifferenceKind::UnitPlace => self.replace_units().await?,
                DifferenceKind::UnitStatus => self.restate_units().await?,
                DifferenceKind::LotStatus => self.restate_lots().await?,
                unsafe_one => debug_assert!(!unsafe_one.is_safe()),
            }
        }
        Ok(())
    }

    /// Follows the ledger again from before the first log that differs.
    async fn follow_again(&self, safe: &[Difference]) -> Result<(), NodeError> {
        let blocks = safe.iter().filter(|found| found.kind == DifferenceKind::Logs);
        let first = blocks.filter_map(|found| {
            found.what.rsplit(' ').next().and_then(|block| block.parse::<u64>().ok())
        });
        let Some(first) = first.min() else { return Ok(()) };
        {
            let _following = self.inner().following.lock().await;
            let before = self.inner().store.block_before(first).await?;
            self.unwind_to(before.map_or(0, |block| block.number)).await?;
        }
        self.follow().await.map(drop)
    }

    /// Derives all facts again from the logs on record.
    async fn derive_again(&self) -> Result<(), NodeError> {
        let _following = self.inner().following.lock().await;
        let last = self.inner().store.last_block().await?.map_or(0, |block| block.number);
        self.unwind_to(last).await.map(drop)
    }

    /// Puts transactions that the ledger does not have as noted back on their way.
    async fn send_again(&self, safe: &[Difference]) -> Result<(), NodeError> {
        let lost: BTreeSet<&str> = safe
            .iter()
            .filter(|found| found.kind == DifferenceKind::TransactionLost)
            .filter_map(|found| found.what.strip_prefix("transaction "))
            .collect();
        let mut tx = self.inner().store.write().await?;
        let states = [TransactionState::Mined, TransactionState::Final, TransactionState::Reverted];
        for state in states {
            for noted in tx.transactions_in(state).await? {
                if lost.contains(noted.hash.to_string().as_str()) {
                    self.unmine(&mut tx, &noted).await?;
                }
            }
        }
        tx.commit().await?;
        self.read_receipts().await
    }

    /// Sends what is under way, and reads the receipts of what is mined.
    async fn read_receipts(&self) -> Result<(), NodeError> {
        {
            let _recording = self.inner().recording.lock().await;
            self.finish_underway().await?;
        }
        self.follow().await.map(drop)
    }

    /// Brings operations to where their transactions are.
    async fn realign_outbox(&self) -> Result<(), NodeError> {
        let _recording = self.inner().recording.lock().await;
        let mut tx = self.inner().store.write().await?;
        for state in [OutboxState::Signed, OutboxState::Mined] {
            for row in tx.outbox_in(state).await? {
                let Some(right) = right_state(&mut tx, &row).await? else { continue };
                let carrier = row.transaction.filter(|_| right != OutboxState::Pending);
                tx.set_outbox(&[row.id], right, carrier).await?;
                match carrier.filter(|_| right == OutboxState::Mined) {
                    Some(transaction) => {
                        let events = complete_events(&mut tx, transaction).await?;
                        tx.set_event_state(&events, EventState::Recorded, Some(transaction))
                            .await?;
                    }
                    None => tx.set_event_state(&[row.event], EventState::Admitted, None).await?,
                }
            }
        }
        Ok(tx.commit().await?)
    }

    /// Drops attempts of transactions of which another attempt is final.
    async fn drop_attempts(&self) -> Result<(), NodeError> {
        let mut tx = self.inner().store.write().await?;
        for noted in tx.transactions_in(TransactionState::Final).await? {
            for attempt in tx.attempts_of(noted.id).await? {
                tx.remove_attempt(&attempt.hash).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Puts units where the logs lead.
    async fn replace_units(&self) -> Result<(), NodeError> {
        let mut tx = self.inner().store.write().await?;
        let mut places: Vec<(Identifier, Option<Place>)> = Vec::new();
        for id in tx.known_holdings().await? {
            for record in tx.items_in_holding(&id).await? {
                let Some(place) = record.item.place else { continue };
                let located = self.locate_in(&mut tx, place).await?.place;
                if located != place {
                    places.push((record.item.id, Some(located)));
                }
            }
        }
        tx.place_items(&places).await?;
        Ok(tx.commit().await?)
    }

    /// Puts all units where their leaves are in the holdings that they stand in.
    async fn reposition_units(&self) -> Result<(), NodeError> {
        let mut tx = self.inner().store.write().await?;
        let tags = lot_tags(&mut tx).await?;
        let mut places: Vec<(Identifier, Option<Place>)> = Vec::new();
        for id in tx.known_holdings().await? {
            let Some(known) = tx.known_holding(&id).await? else { continue };
            for record in tx.items_in_holding(&id).await? {
                let (Some(place), Some(leaf)) = (record.item.place, leaf_of(&tags, &record)) else {
                    continue;
                };
                let position = position_of(&known, leaf, place.position);
                if let Some(position) = position.filter(|position| *position != place.position) {
                    places.push((record.item.id, Some(Place { position, ..place })));
                }
            }
        }
        tx.place_items(&places).await?;
        Ok(tx.commit().await?)
    }

    /// Sets all units to what ledger and outbox say.
    async fn restate_units(&self) -> Result<(), NodeError> {
        let _admitting = self.inner().admitting.lock().await;
        let mut tx = self.inner().store.write().await?;
        for id in tx.known_holdings().await? {
            let records: Vec<ItemRecord> = tx.items_in_holding(&id).await?;
            self.resync(&mut tx, &records).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Sets all lots to what ledger and outbox say.
    async fn restate_lots(&self) -> Result<(), NodeError> {
        let _admitting = self.inner().admitting.lock().await;
        let mut tx = self.inner().store.write().await?;
        for (_, row) in tx.lots().await? {
            if let Some(tag) = row.lot_tag {
                self.resync_lot(&mut tx, &tag).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
