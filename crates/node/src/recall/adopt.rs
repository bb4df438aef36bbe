//! What the ledger says of lots on record here: recalls that this node was not told of, recalls that
//! are in force, recalls that are over.

use theriac_custody::recall::{LotsOf, NoticeScope};
use theriac_custody::{Hash, LotStatus, RecallClass, RecallDepth, RecallScope};
use theriac_gs1::{Gln, Lgtin};
use theriac_ledger::LedgerEvent;
use theriac_store::{LedgerLot, NewRecall, ReadTx, RecallPart, RecallRecord, RecallState, WriteTx};

use super::stage::{IN_FORCE, on_ledger};
use super::stock::lots_of;
use crate::error::NodeError;
use crate::follow::parsed;
use crate::node::Node;

/// Who gave a lot its status, by which event, when.
struct Decision {
    cause: Hash,
    by: Gln,
    at_ms: i64,
}

impl Node {
    /// Takes up what the ledger says of lots on record here; true if anything has changed.
    pub(super) async fn adopt_recalls(&self) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let mut changed = false;
        for (lot, row) in tx.lots_not_normal().await? {
            let Some(tag) = row.lot_tag else { continue };
            let Some(on_ledger) = tx.ledger_lot(&tag).await? else { continue };
            if let Some(class) = RecallClass::of(on_ledger.status) {
                changed |= self.adopt_recall(&mut tx, &lot, &on_ledger, class).await?;
            }
        }
        for state in IN_FORCE {
            for record in tx.recalls_in(state).await? {
                if on_ledger(&record) {
                    changed |= self.compare_recall(&mut tx, record).await?;
                }
            }
        }
        if changed {
            tx.commit().await?;
            self.recalls_due();
        }
        Ok(changed)
    }

    /// Puts a recall on record that the ledger tells of.
    async fn adopt_recall(
        &self,
        tx: &mut WriteTx,
        lot: &Lgtin,
        on_ledger: &LedgerLot,
        class: RecallClass,
    ) -> Result<bool, NodeError> {
        let Some(decision) = decision(tx, on_ledger).await? else { return Ok(false) };
        if let Some(mut record) = tx.recall_by_hash(&decision.cause).await? {
            let added = add_lot(&mut record, lot);
            // Its block was reverted, and came again.
            let again = record.recall.state == RecallState::Lifted;
            if again {
                record.recall.state = RecallState::Active;
                record.ended_at = None;
            }
            if added || again {
                tx.update_recall(&record).await?;
            }
            return Ok(added || again);
        }
        let lots = LotsOf { gtin: lot.gtin, lots: vec![lot.lot.clone()] };
        let part = match decision.by == self.gln() {
            true => RecallPart::Issuer,
            false => RecallPart::Holder,
        };
        tracing::info!(lot = %lot.lot, gtin = %lot.gtin, by = %decision.by, "a lot is recalled");
        let new = NewRecall {
            hash: decision.cause,
            issuer: decision.by,
            part,
            state: RecallState::Active,
            class,
            depth: RecallDepth::default(),
            scope: Some(RecallScope::Lots(lots.clone())),
            told: Some(NoticeScope::Lots(lots)),
            reason: String::new(),
            notice: String::new(),
            ordered_at: decision.at_ms,
            document: None,
        };
        let id = tx.insert_recall(&new).await?;
        if let (Some(id), RecallPart::Issuer) = (id, part)
            && let Some(record) = tx.recall(id).await?
        {
            self.tell_holders(tx, &record).await?;
        }
        Ok(true)
    }

    /// Compares a recall in force with the ledger: it may have come into force, or be over.
    async fn compare_recall(
        &self,
        tx: &mut WriteTx,
        mut record: RecallRecord,
    ) -> Result<bool, NodeError> {
        let mut recalled = false;
        let mut normal = true;
        for (_, row) in tx.load_lots(&lots_of(record.recall.told.as_ref())).await? {
            let Some(tag) = row.lot_tag else { continue };
            let status = tx.ledger_lot(&tag).await?.map(|lot| lot.status);
            recalled |= status.is_some_and(|status| status.recall_class().is_some());
            normal &= status == Some(LotStatus::Normal) && row.record.status == LotStatus::Normal;
        }
        if recalled && record.effective_at.is_none() {
            record.effective_at = Some(self.now().as_millisecond());
        } else if normal && !recalled && record.effective_at.is_some() {
            tracing::info!(recall = record.id.0, "the recall is lifted");
            self.end_lifted(tx, &mut record).await?;
        } else {
            return Ok(false);
        }
        tx.update_recall(&record).await?;
        Ok(true)
    }
}

/// Adds a lot to a recall that the ledger alone has told of so far; false if it is in it.
fn add_lot(record: &mut RecallRecord, lot: &Lgtin) -> bool {
    if lots_of(record.recall.told.as_ref()).contains(lot) {
        return false;
    }
    match &mut record.recall.told {
        Some(NoticeScope::Lots(of)) if of.gtin == lot.gtin => of.lots.push(lot.lot.clone()),
        _ => return false,
    }
    if let Some(RecallScope::Lots(of)) = &mut record.recall.scope {
        of.lots.push(lot.lot.clone());
    }
    true
}

/// Who gave a lot the status that it has on the ledger.
async fn decision(tx: &mut ReadTx, lot: &LedgerLot) -> Result<Option<Decision>, NodeError> {
    for record in tx.logs_of_transaction(&lot.transaction).await? {
        let LedgerEvent::LotStatusChanged { lot_tag, by, cause, .. } = parsed(&record)?.event
        else {
            continue;
        };
        if lot_tag == lot.lot_tag
            && let Some(gln) = tx.member_behind(&by).await?
        {
            let at_ms = i64::try_from(record.timestamp).unwrap_or(0).saturating_mul(1_000);
            return Ok(Some(Decision { cause, by: gln, at_ms }));
        }
    }
    Ok(None)
}
