//! Holdings that this node can open must be on the ledger, and its units must stand as it says.

use std::collections::HashMap;

use theriac_custody::leaf::{leaf, unit_hash};
use theriac_custody::{Hash, HoldingState, ItemStatus, Tree};
use theriac_gs1::{Identifier, Lgtin};
use theriac_ledger::Holding;
use theriac_store::{ItemRecord, KnownHolding, LedgerHolding, ReadTx, TransactionState};

use super::{Comparison, text};
use crate::error::NodeError;
use crate::report::DifferenceKind;

impl Comparison<'_> {
    /// Compares all holdings that this node can open, and the units in them.
    pub(super) async fn holdings(&mut self) -> Result<(), NodeError> {
        let tags = lot_tags(&mut self.tx).await?;
        for id in self.tx.known_holdings().await? {
            self.report.holdings += 1;
            let Some(known) = self.tx.known_holding(&id).await? else { continue };
            self.holding(&known).await?;
            for record in self.tx.items_in_holding(&id).await? {
                self.report.units += 1;
                if self.stands_at_its_leaf(&tags, &known, &record) {
                    self.unit(&record).await?;
                }
            }
        }
        Ok(())
    }

    /// Compares a unit's position with the leaf that its secrets give; true if they agree.
    fn stands_at_its_leaf(
        &mut self,
        tags: &LotTags,
        known: &KnownHolding,
        record: &ItemRecord,
    ) -> bool {
        let place = record.item.place.filter(|_| record.item.status != ItemStatus::Undone);
        let (Some(place), Some(leaf)) = (place, leaf_of(tags, record)) else { return true };
        let say = |position| format!("position {position} of {}", known.id);
        let here = say(place.position);
        match position_of(known, leaf, place.position) {
            Some(position) if position == place.position => return true,
            Some(position) => {
                let there = say(position);
                self.differ(DifferenceKind::UnitPosition, record.item.id.to_string(), here, there);
            }
            None => {
                let there = format!("another leaf, and none with these secrets in {}", known.id);
                self.differ(DifferenceKind::UnitLeaf, record.item.id.to_string(), here, there);
            }
        }
        false
    }

    async fn holding(&mut self, known: &KnownHolding) -> Result<(), NodeError> {
        let id = known.id;
        let facts = self.tx.ledger_holding(&id).await?;
        let what = || format!("holding {id}");
        let Some(facts) = facts else {
            if !is_to_come(&mut self.tx, known).await? {
                let on_ledger = self.ledger.holding(id).await?;
                let kind = match on_ledger {
                    Some(_) => DifferenceKind::Facts,
                    None => DifferenceKind::HoldingMissing,
                };
                let ledger = text(on_ledger.map(|holding| of_ledger(&holding)));
                self.differ(kind, what(), known.root.to_string(), ledger);
            }
            return Ok(());
        };
        if facts.pruned.is_some() {
            self.report.pruned += 1;
        }
        let on_ledger = self.ledger.holding(id).await?;
        let (here, there) = (of_facts(&facts), text(on_ledger.map(|holding| of_ledger(&holding))));
        let pruning = on_ledger.is_some_and(|holding| holding.state.is_none());
        if here != there && !pruning {
            self.differ(DifferenceKind::Facts, what(), here, there);
        }
        let root = Tree::new(known.height, known.leaves.clone()).map(|tree| tree.root()).ok();
        if (known.height, root) != (facts.height, Some(facts.root)) {
            let here = format!("height {}, root {}", known.height, text(root));
            let there = format!("height {}, root {}", facts.height, facts.root);
            self.differ(DifferenceKind::HoldingLeaves, what(), here, there);
        }
        Ok(())
    }

    /// A unit must stand where the logs lead, as ledger and outbox say.
    async fn unit(&mut self, record: &ItemRecord) -> Result<(), NodeError> {
        let (item, status) = (&record.item, record.item.status);
        let Some(place) = item.place.filter(|_| status != ItemStatus::Undone) else {
            return Ok(());
        };
        let located = self.node.locate_in(&mut self.tx, place).await?;
        if located.place != place {
            let here = format!("position {} of {}", place.position, place.holding);
            let there = format!("position {} of {}", located.place.position, located.place.holding);
            self.differ(DifferenceKind::UnitPlace, item.id.to_string(), here, there);
        }
        let expected = match self.on_the_way.status(&item.id) {
            Some(status) => Some(status),
            None => self.node.status_of(&mut self.tx, &located).await?,
        };
        // Of one whose holding is yet to come nothing can be said.
        if expected.is_some_and(|expected| expected != status) {
            let (here, there) = (status.to_string(), text(expected));
            self.differ(DifferenceKind::UnitStatus, item.id.to_string(), here, there);
        }
        Ok(())
    }

    /// Units that are on record and on no holding must have an operation on its way.
    pub(super) async fn loose_units(&mut self) -> Result<(), NodeError> {
        for record in self.tx.loose_units().await? {
            let (id, status) = (record.item.id, record.item.status);
            self.report.units += 1;
            if status != ItemStatus::Undone && self.on_the_way.status(&id).is_none() {
                self.differ(DifferenceKind::UnitLoose, id.to_string(), "commissioned", "unknown");
            }
        }
        Ok(())
    }
}

/// The tags of all lots on record.
pub(super) type LotTags = HashMap<Lgtin, Hash>;

/// Reads the tags of all lots on record.
pub(super) async fn lot_tags(tx: &mut ReadTx) -> Result<LotTags, NodeError> {
    let lots = tx.lots().await?.into_iter();
    Ok(lots.filter_map(|(lot, row)| row.lot_tag.map(|tag| (lot, tag))).collect())
}

/// The leaf that a unit's secrets give; `None` where they are not all on record.
pub(super) fn leaf_of(tags: &LotTags, record: &ItemRecord) -> Option<Hash> {
    let Identifier::Sgtin(unit) = &record.item.id else { return None };
    let lot = Lgtin { gtin: unit.gtin, lot: record.item.lot.clone()? };
    Some(leaf(*tags.get(&lot)?, unit_hash(unit, record.salt?)))
}

/// Where a leaf is in a holding, if need be not at the position where it is expected.
pub(super) fn position_of(known: &KnownHolding, leaf: Hash, expected: u64) -> Option<u64> {
    let at = usize::try_from(expected).ok().and_then(|position| known.leaves.get(position));
    if at == Some(&leaf) {
        return Some(expected);
    }
    known.leaves.iter().position(|other| *other == leaf).map(|position| position as u64)
}

/// Whether a holding is not on the ledger because the transaction that opens it is not mined, or was
/// without effect and planned again.
async fn is_to_come(tx: &mut ReadTx, known: &KnownHolding) -> Result<bool, NodeError> {
    let Some(opened_by) = known.opened_by else { return Ok(false) };
    let transaction = tx.transaction(opened_by).await?;
    Ok(transaction.is_some_and(|transaction| {
        matches!(transaction.state, TransactionState::Signed | TransactionState::Reverted)
    }))
}

fn of_facts(holding: &LedgerHolding) -> String {
    match holding.pruned {
        Some(_) => "unknown".to_owned(),
        None => say(holding.state, holding.height),
    }
}

fn of_ledger(holding: &Holding) -> String {
    match holding.state {
        Some(state) => say(state, holding.height),
        None => "being pruned".to_owned(),
    }
}

fn say(state: HoldingState, height: u8) -> String {
    format!("{state:?}, height {height}")
}
