//! Planning a round: which operations go together into which transactions.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use theriac_custody::{Hash, HoldingState, Operation, Tree};
use theriac_gs1::{Identifier, Lgtin, Sgtin};
use theriac_ledger::Call;
use theriac_store::{ItemRecord, KnownHolding, OutboxId, OutboxRecord};

use super::anchor::plan_anchor;
use super::commission::Opening;
use super::units_of;
use crate::error::NodeError;
use crate::node::Node;

/// Units whose lives one transaction ends at most: keeps it well below the gas limit of EIP-7825.
pub(super) const RETIRE_UNITS: usize = 200;

/// One transaction to be.
#[derive(Debug)]
pub(super) struct Plan {
    /// What it calls.
    pub(super) calls: Vec<Call>,
    /// The operations that it carries out.
    pub(super) rows: Vec<OutboxRecord>,
    /// Holdings that it opens with leaves that only this node knows yet.
    pub(super) openings: Vec<Opening>,
}

impl Plan {
    /// Whether it carries one of these operations.
    pub(super) fn carries(&self, operations: &HashSet<OutboxId>) -> bool {
        self.rows.iter().any(|row| operations.contains(&row.id))
    }
}

/// What planning makes of some operations.
#[derive(Debug)]
pub(super) enum Planned {
    /// A transaction.
    Ready(Plan),
    /// They wait for other events.
    Waits(Vec<OutboxRecord>),
    /// One that cannot be carried out, and why.
    Impossible(Box<OutboxRecord>, String),
}

/// A holding that this node can open, as planning needs it.
pub(super) struct OpenTree {
    /// The leaves on record.
    pub(super) known: KnownHolding,
    /// The tree over them.
    pub(super) tree: Tree,
    /// What the holding was opened with, as its log says: its id is the node over seed and root.
    pub(super) seed: Hash,
}

/// What planning knows about the units of a round.
pub(super) struct Stock {
    /// The units, with all that is packed around them.
    pub(super) items: HashMap<Identifier, ItemRecord>,
    trees: HashMap<Hash, OpenTree>,
}

impl Stock {
    /// The record of a unit.
    pub(super) fn unit(&self, unit: &Sgtin) -> Option<&ItemRecord> {
        self.items.get(&Identifier::Sgtin(unit.clone()))
    }
}

impl Node {
    /// Plans as many of the pending operations as can go at once, in their order.
    pub(super) async fn plan_round(
        &self,
        pending: &[OutboxRecord],
    ) -> Result<Vec<Planned>, NodeError> {
        let rows = with_receipts(independent(pending), pending);
        let mut stock = self.load_stock(&rows).await?;
        let mut planned = Vec::new();
        for group in groups(&rows) {
            self.plan_group(&mut stock, group, &mut planned).await?;
        }
        Ok(planned)
    }

    /// Plans each operation into a transaction of its own.
    pub(super) async fn plan_singly(
        &self,
        rows: &[OutboxRecord],
    ) -> Result<Vec<Planned>, NodeError> {
        let mut stock = self.load_stock(rows).await?;
        let mut planned = Vec::new();
        for row in rows {
            self.plan_group(&mut stock, vec![row.clone()], &mut planned).await?;
        }
        Ok(planned)
    }

    async fn load_stock(&self, rows: &[OutboxRecord]) -> Result<Stock, NodeError> {
        let units: Vec<Sgtin> = rows.iter().flat_map(|row| units_of(&row.operation)).collect();
        self.stock_of(&units).await
    }

    /// What is on record about the units.
    pub(super) async fn stock_of(&self, units: &[Sgtin]) -> Result<Stock, NodeError> {
        let units: HashSet<Identifier> = units.iter().cloned().map(Identifier::Sgtin).collect();
        let units: Vec<Identifier> = units.into_iter().collect();
        let records = self.inner().store.load_items(&units).await?;
        let items = records.into_iter().map(|record| (record.item.id.clone(), record)).collect();
        Ok(Stock { items, trees: HashMap::new() })
    }

    /// Plans operations of one kind that may share a transaction.
    async fn plan_group(
        &self,
        stock: &mut Stock,
        rows: Vec<OutboxRecord>,
        planned: &mut Vec<Planned>,
    ) -> Result<(), NodeError> {
        let (rows, waiting) = self.split_waiting(stock, rows).await?;
        if !waiting.is_empty() {
            planned.push(Planned::Waits(waiting));
        }
        let Some(first) = rows.first() else { return Ok(()) };
        match &first.operation {
            Operation::Commission { .. } => planned.push(self.plan_commission(stock, rows).await?),
            Operation::Receive { .. } => planned.extend(self.plan_receives(stock, rows).await?),
            Operation::Retire { reason, .. } => {
                let reason = *reason;
                planned.extend(self.plan_retires(stock, rows, reason).await?);
            }
            Operation::Anchor => planned.push(plan_anchor(rows)),
            Operation::Ship { .. }
            | Operation::Segregate { .. }
            | Operation::Cancel { .. }
            | Operation::Release { .. }
            | Operation::Restore { .. }
            | Operation::LotStatus { .. } => {
                for row in rows {
                    planned.extend(self.plan_single(stock, row).await?);
                }
            }
        }
        Ok(())
    }

    /// Sets apart the operations on units whose receipt is not on the ledger yet, because other
    /// units of their shipment are not accounted for.
    async fn split_waiting(
        &self,
        stock: &Stock,
        rows: Vec<OutboxRecord>,
    ) -> Result<(Vec<OutboxRecord>, Vec<OutboxRecord>), NodeError> {
        let mut ready = Vec::new();
        let mut waiting = Vec::new();
        for row in rows {
            let receives = matches!(row.operation, Operation::Receive { .. });
            if !receives && self.awaits_receipt(stock, &units_of(&row.operation)).await? {
                waiting.push(row);
            } else {
                ready.push(row);
            }
        }
        Ok((ready, waiting))
    }

    /// Whether a unit stands in a shipment that is on its way to this member on the ledger.
    async fn awaits_receipt(&self, stock: &Stock, units: &[Sgtin]) -> Result<bool, NodeError> {
        let holdings: HashSet<Hash> =
            units.iter().filter_map(|unit| Some(stock.unit(unit)?.item.place?.holding)).collect();
        let mut tx = self.inner().store.read().await?;
        for holding in holdings {
            let Some(on_ledger) = tx.ledger_holding(&holding).await? else {
                // Announced, and not on the ledger any more: it comes again.
                let known = tx.known_holding(&holding).await?;
                if known.is_some_and(|known| known.shipment.is_some()) {
                    return Ok(true);
                }
                continue;
            };
            if on_ledger.state == HoldingState::InTransit
                && self.is_mine(&mut tx, on_ledger.consignee).await?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A holding's leaves, tree and seed, read once a round; `None` if this node does not know them,
    /// they are no tree, or the ledger has not opened it.
    pub(super) async fn tree<'a>(
        &self,
        stock: &'a mut Stock,
        holding: Hash,
    ) -> Result<Option<&'a OpenTree>, NodeError> {
        let missing = match stock.trees.entry(holding) {
            Entry::Occupied(read) => return Ok(Some(read.into_mut())),
            Entry::Vacant(missing) => missing,
        };
        let Some(known) = self.inner().store.known_holding(&holding).await? else {
            return Ok(None);
        };
        let Ok(tree) = Tree::new(known.height, known.leaves.clone()) else { return Ok(None) };
        let Some(opened) = self.inner().store.ledger_holding(&holding).await? else {
            return Ok(None);
        };
        let seed = theriac_custody::seed(opened.opener, opened.cause);
        Ok(Some(missing.insert(OpenTree { known, tree, seed })))
    }
}

/// The longest run of operations in which no unit occurs twice and no lot changes its status
/// between other operations.
fn independent(pending: &[OutboxRecord]) -> &[OutboxRecord] {
    let mut touched: HashSet<Sgtin> = HashSet::new();
    for (n, row) in pending.iter().enumerate() {
        let alone = matches!(row.operation, Operation::LotStatus { .. });
        if alone && n > 0 {
            return &pending[..n];
        }
        let units = units_of(&row.operation);
        if units.iter().any(|unit| touched.contains(unit)) {
            return &pending[..n];
        }
        if alone {
            return &pending[..1];
        }
        touched.extend(units);
    }
    pending
}

/// The operations of a round, and all receipts after them: one transaction receives a shipment for
/// all events about it, and what happens to some of its units in between waits for that.
fn with_receipts(rows: &[OutboxRecord], pending: &[OutboxRecord]) -> Vec<OutboxRecord> {
    let later = pending[rows.len()..].iter();
    let receipts = later.filter(|row| matches!(row.operation, Operation::Receive { .. }));
    rows.iter().chain(receipts).cloned().collect()
}

/// Operations that share a transaction: commissions of one lot, retirements for one reason, all
/// receipts, all anchors; others go alone.
fn groups(rows: &[OutboxRecord]) -> Vec<Vec<OutboxRecord>> {
    #[derive(PartialEq)]
    enum Key {
        Commission(Lgtin),
        Retire(theriac_custody::Reason),
        Receive,
        Anchor,
        Alone(i64),
    }
    let key = |row: &OutboxRecord| match &row.operation {
        Operation::Commission { lot, .. } => Key::Commission(lot.clone()),
        Operation::Retire { reason, .. } => Key::Retire(*reason),
        Operation::Receive { .. } => Key::Receive,
        Operation::Anchor => Key::Anchor,
        _ => Key::Alone(row.id.0),
    };
    let mut groups: Vec<(Key, Vec<OutboxRecord>)> = Vec::new();
    for row in rows {
        let key = key(row);
        match groups.iter_mut().find(|(group, _)| *group == key) {
            Some((_, group)) => group.push(row.clone()),
            None => groups.push((key, vec![row.clone()])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
