//! Reconcile: do database and ledger agree? What differs is listed, nothing is changed.

mod logs;

use std::collections::HashSet;

use theriac_custody::{Hash, ItemStatus};
use theriac_gs1::Identifier;
use theriac_store::{KnownHolding, OutboxState, ReadTx, TransactionState};

use crate::error::NodeError;
use crate::node::Node;
use crate::record::units_of;
use crate::report::{Difference, ReconcileReport};

impl Node {
    /// Compares every transaction, holding and unit on record with the ledger.
    ///
    /// # Errors
    ///
    /// [`NodeError`] if either cannot be read.
    pub async fn reconcile(&self) -> Result<ReconcileReport, NodeError> {
        self.follow().await?;
        let mut report = ReconcileReport::default();
        self.reconcile_transactions(&mut report).await?;
        let mut tx = self.inner().store.read().await?;
        let pending = self.pending_units(&mut tx).await?;
        for id in tx.known_holdings().await? {
            self.reconcile_holding(&mut tx, &pending, id, &mut report).await?;
        }
        self.reconcile_logs(&mut tx, &mut report).await?;
        self.reconcile_loose(&mut tx, &pending, &mut report).await?;
        let stats = self.inner().store.stats().await?;
        report.events = stats.events.iter().map(|(_, n)| n).sum();
        Ok(report)
    }

    /// Every stored transaction must be on the ledger as it is noted here.
    async fn reconcile_transactions(&self, report: &mut ReconcileReport) -> Result<(), NodeError> {
        for state in [TransactionState::Mined, TransactionState::Final, TransactionState::Reverted]
        {
            for noted in self.inner().store.transactions_in(state).await? {
                report.transactions += 1;
                let receipt = self.inner().ledger.receipt(noted.hash).await?;
                let there = receipt.map(|r| (r.success, r.block));
                // One whose nonce another took is in no block.
                let here = noted.block.map(|block| (state != TransactionState::Reverted, block));
                if there != here {
                    report.differences.push(Difference {
                        what: format!("transaction {}", noted.hash),
                        here: format!("{} in block {:?}", state.word(), noted.block),
                        ledger: match there {
                            None => "unknown".to_owned(),
                            Some((success, block)) => {
                                format!("success {success} in block {block}")
                            }
                        },
                    });
                }
            }
        }
        Ok(())
    }

    /// A known holding must be on the ledger with this root, and its units must stand as it says.
    async fn reconcile_holding(
        &self,
        tx: &mut ReadTx,
        pending: &HashSet<Identifier>,
        id: Hash,
        report: &mut ReconcileReport,
    ) -> Result<(), NodeError> {
        report.holdings += 1;
        let on_ledger = self.inner().ledger.holding(id).await?;
        let known = tx.known_holding(&id).await?;
        let here = known.as_ref().map(|holding| holding.root);
        let there = on_ledger.as_ref().map(|holding| holding.root);
        if here != there && !is_to_come(tx, known.as_ref()).await? {
            report.differences.push(Difference {
                what: format!("holding {id}"),
                here: text(here),
                ledger: text(there),
            });
        }
        for record in tx.items_in_holding(&id).await? {
            report.units += 1;
            let Some(place) = record.item.place else { continue };
            let located = self.locate_in(tx, place).await?;
            let expected = self.status_of(tx, &located).await?;
            if !pending.contains(&record.item.id) && expected != Some(shown(record.item.status)) {
                report.differences.push(Difference {
                    what: record.item.id.to_string(),
                    here: record.item.status.to_string(),
                    ledger: expected.map_or_else(|| "unknown".to_owned(), |s| s.to_string()),
                });
            }
        }
        Ok(())
    }

    /// Units that are on record and on no holding must have an operation on its way.
    async fn reconcile_loose(
        &self,
        tx: &mut ReadTx,
        pending: &HashSet<Identifier>,
        report: &mut ReconcileReport,
    ) -> Result<(), NodeError> {
        for record in tx.loose_units().await? {
            let id = record.item.id;
            report.units += 1;
            if !pending.contains(&id) {
                report.differences.push(Difference {
                    what: id.to_string(),
                    here: "commissioned".to_owned(),
                    ledger: "unknown".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The units on which an operation waits for the ledger.
    async fn pending_units(&self, tx: &mut ReadTx) -> Result<HashSet<Identifier>, NodeError> {
        let mut units = HashSet::new();
        for state in [OutboxState::Pending, OutboxState::Waiting, OutboxState::Signed] {
            for row in tx.outbox_in(state).await? {
                units.extend(units_of(&row.operation).into_iter().map(Identifier::Sgtin));
            }
        }
        Ok(units)
    }
}

/// Whether a holding is not on the ledger because the transaction that opens it is not mined, or was
/// without effect and planned again.
async fn is_to_come(tx: &mut ReadTx, known: Option<&KnownHolding>) -> Result<bool, NodeError> {
    let Some(opened_by) = known.and_then(|holding| holding.opened_by) else { return Ok(false) };
    let transaction = tx.transaction(opened_by).await?;
    Ok(transaction.is_some_and(|transaction| {
        matches!(transaction.state, TransactionState::Signed | TransactionState::Reverted)
    }))
}

/// A refused unit is on the way back to its sender as far as the ledger is concerned.
fn shown(status: ItemStatus) -> ItemStatus {
    match status {
        ItemStatus::Refused => ItemStatus::HandedOver,
        status => status,
    }
}

fn text(root: Option<Hash>) -> String {
    root.map_or_else(|| "unknown".to_owned(), |root| root.to_string())
}
