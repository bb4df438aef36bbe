//! The transactions that a pack's bundle must prove, by the books.

use std::collections::BTreeSet;

use theriac_custody::{Account, Hash, Place};
use theriac_gs1::{Gtin, Sgtin};
use theriac_ledger::LedgerEvent;
use theriac_ledger::bundle::{Evidence, Place as Mined, ends_of_life, lot_logs, registry_logs};
use theriac_ledger::logs::LedgerLog;
use theriac_store::{LedgerHolding, ReadTx};

use super::ProveError;
use crate::locate::Followed;
use crate::node::Node;

impl Node {
    /// The transactions that opened and changed the holdings that the unit has been in, ended its
    /// life, and changed its lot.
    pub(super) async fn evidence_of(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
        place: Place,
    ) -> Result<Evidence, ProveError> {
        let unknown =
            || ProveError::NotOnLedger { what: format!("the pack with serial {}", unit.serial) };
        let origin = self.origin_of(tx, &mut Followed::default(), place).await?;
        let (lot_tag, _, mut holdings) = origin.ok_or_else(unknown)?;
        let located = self.locate_in(tx, place).await?;
        let known: BTreeSet<Hash> = holdings.iter().map(|holding| holding.id).collect();
        holdings.extend(located.path.into_iter().filter(|holding| !known.contains(&holding.id)));
        let mut evidence = Evidence::default();
        for holding in &holdings {
            evidence.add(Mined { block: holding.block, transaction: holding.transaction });
            for change in tx.holding_changes(&holding.id).await? {
                evidence.add(Mined { block: change.block, transaction: change.transaction });
            }
        }
        if let Some(retired) = &located.retired {
            evidence.add(Mined { block: retired.block, transaction: retired.transaction });
        }
        let head = self.inner().ledger.head().await.map_err(crate::error::NodeError::from)?.number;
        let from = match tx.ledger_lot(&lot_tag).await? {
            Some(lot) => lot.opened,
            None => holdings.first().map_or(0, |holding| holding.block),
        };
        let ledger = &self.inner().ledger;
        add(&mut evidence, &lot_logs(ledger, lot_tag, from, head).await?);
        if let Some(last) = holdings.last() {
            self.add_restored(&mut evidence, last, located.place, head).await?;
        }
        Ok(evidence)
    }

    /// Ends of the unit's life that were undone, of which the books keep nothing.
    async fn add_restored(
        &self,
        evidence: &mut Evidence,
        holding: &LedgerHolding,
        place: Place,
        head: u64,
    ) -> Result<(), ProveError> {
        let ledger = &self.inner().ledger;
        let logs = ends_of_life(ledger, holding.holder, holding.block, head).await?;
        let touches = |log: &&LedgerLog| match &log.event {
            LedgerEvent::Retired { places, .. } | LedgerEvent::Restored { places, .. } => {
                places.iter().any(|(holding, height, index)| {
                    *holding == place.holding && place.position >> height == *index
                })
            }
            _ => false,
        };
        for log in logs.iter().filter(touches) {
            evidence.add(Mined { block: log.block, transaction: log.transaction });
        }
        Ok(())
    }

    /// The transactions that registered the members behind `accounts`, and the product.
    pub(super) async fn add_parties(
        &self,
        evidence: &mut Evidence,
        accounts: &BTreeSet<Account>,
        gtin: Option<Gtin>,
        until: u64,
    ) -> Result<(), ProveError> {
        let logs = registry_logs(&self.inner().ledger, until).await?;
        let gtin = gtin.and_then(|gtin| gtin.to_string().parse::<u64>().ok());
        let mut members = BTreeSet::new();
        for log in &logs {
            if let LedgerEvent::AccountAdded { gln, account } = &log.event
                && accounts.contains(account)
            {
                members.insert(*gln);
                evidence.add(Mined { block: log.block, transaction: log.transaction });
            }
        }
        for log in &logs {
            let wanted = match &log.event {
                LedgerEvent::MemberAdded { gln, .. } => members.contains(gln),
                LedgerEvent::ProductAdded { gtin: of, .. }
                | LedgerEvent::ProductTransferred { gtin: of, .. } => Some(*of) == gtin,
                _ => false,
            };
            if wanted {
                evidence.add(Mined { block: log.block, transaction: log.transaction });
            }
        }
        Ok(())
    }
}

fn add(evidence: &mut Evidence, logs: &[LedgerLog]) {
    for log in logs {
        evidence.add(Mined { block: log.block, transaction: log.transaction });
    }
}
