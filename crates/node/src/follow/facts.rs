//! What the logs say about holdings, lots, members and products, as rows.

use std::collections::{HashMap, HashSet};
use std::ops::RangeInclusive;

use theriac_custody::{Account, Hash, HoldingState};
use theriac_gs1::{Gln, Gtin};
use theriac_ledger::{BlockHead, LedgerEvent, LedgerLog, MemberStatus, NodePlace};
use theriac_store::{
    ChangeKind, ChangeRow, GatherRow, LedgerHolding, LedgerLot, RetiredRow, RetirementBatch,
    StoredMember, WriteTx,
};

use crate::error::NodeError;
use crate::node::Node;

/// Days for which a new member may undo a retirement, as the registry begins.
const UNDO_DAYS: u32 = 10;

/// The lot tags of the holdings that the logs commission.
pub(super) fn commissioned(logs: &[LedgerLog]) -> HashMap<Hash, Hash> {
    logs.iter()
        .filter_map(|log| match &log.event {
            LedgerEvent::Commissioned { id, lot_tag } => Some((*id, *lot_tag)),
            _ => None,
        })
        .collect()
}

/// The rows of a gather: its sources placed one after the other.
pub(super) fn gather_rows(sources: &[NodePlace]) -> Vec<GatherRow> {
    let mut offset = 0;
    sources
        .iter()
        .map(|&(source, height, index)| {
            let row = GatherRow { source, height, index, offset };
            offset = span(height, 0).end().saturating_add(1).saturating_add(offset);
            row
        })
        .collect()
}

/// First and last leaf position of the subtree `index` of `height`; whatever a log says, these are
/// numbers.
pub(crate) fn span(height: u8, index: u64) -> RangeInclusive<u64> {
    let width = 1_u64.checked_shl(u32::from(height)).unwrap_or(u64::MAX);
    let first = index.saturating_mul(width);
    first..=first.saturating_add(width - 1)
}

impl Node {
    /// Writes down what one log says.
    pub(super) async fn apply_fact(
        &self,
        tx: &mut WriteTx,
        block: &BlockHead,
        log: &LedgerLog,
        commissioned: &HashMap<Hash, Hash>,
    ) -> Result<(), NodeError> {
        match &log.event {
            LedgerEvent::HoldingOpened { id, .. } => {
                let lot_tag = commissioned.get(id).copied();
                if let Some(holding) = opened_holding(log, lot_tag) {
                    tx.put_ledger_holding(&holding).await?;
                }
            }
            LedgerEvent::Gathered { id, sources } => {
                tx.put_gathers(*id, &gather_rows(sources)).await?;
            }
            LedgerEvent::Received { id, holder, cause } => {
                self.changed(tx, log, id, Some(*holder), *cause, ChangeKind::Received).await?;
            }
            LedgerEvent::Cancelled { id, cause } => {
                self.changed(tx, log, id, None, *cause, ChangeKind::Cancelled).await?;
            }
            LedgerEvent::Released { id, cause } => {
                self.changed(tx, log, id, None, *cause, ChangeKind::Released).await?;
            }
            LedgerEvent::Retired { .. } => self.retired(tx, block, log).await?,
            LedgerEvent::Restored { places, retired_by, .. } => {
                self.restored(tx, retired_by, places).await?;
            }
            LedgerEvent::Pruned { id } => tx.set_holding_pruned(id, log.block).await?,
            LedgerEvent::LotPruned { lot_tag } => tx.set_lot_pruned(lot_tag, log.block).await?,
            // A tag that was pruned can be opened again, by anybody: what counts is the first time.
            LedgerEvent::LotOpened { lot_tag, .. }
                if is_pruned(tx.ledger_lot(lot_tag).await?.as_ref()) =>
            {
                tracing::warn!(%lot_tag, block = log.block, "a pruned lot is opened again");
            }
            LedgerEvent::LotOpened { lot_tag, labeler, expiry } => {
                tx.put_ledger_lot(&LedgerLot {
                    lot_tag: *lot_tag,
                    labeler: *labeler,
                    expiry: days(*expiry),
                    status: theriac_custody::LotStatus::Normal,
                    block: log.block,
                    transaction: log.transaction,
                    pruned: None,
                    opened: log.block,
                })
                .await?;
            }
            LedgerEvent::LotStatusChanged { lot_tag, status, .. } => {
                tx.set_ledger_lot_status(lot_tag, *status, log.block, log.transaction).await?;
            }
            LedgerEvent::Commissioned { .. }
            | LedgerEvent::Anchored { .. }
            | LedgerEvent::DocumentPublished { .. }
            | LedgerEvent::DocumentGranted { .. }
            | LedgerEvent::DocumentRevoked { .. }
            | LedgerEvent::DocumentPruned { .. }
            | LedgerEvent::GrantPruned { .. } => {}
            registry => self.apply_registry(tx, log.block, registry).await?,
        }
        Ok(())
    }

    /// Writes down that lives ended, and what is needed to undo it.
    async fn retired(
        &self,
        tx: &mut WriteTx,
        block: &BlockHead,
        log: &LedgerLog,
    ) -> Result<(), NodeError> {
        let LedgerEvent::Retired { holder, reason, places, cause, until } = &log.event else {
            return Ok(());
        };
        tx.put_retirements(&retired_rows(block, log)).await?;
        if *until == 0 {
            return Ok(());
        }
        let batch = RetirementBatch {
            cause: *cause,
            reason: *reason,
            holder: *holder,
            until: *until,
            places: places.clone(),
            block: log.block,
            log_index: log.index,
            transaction: log.transaction,
        };
        Ok(tx.put_retirement_batch(&batch).await?)
    }

    /// Writes down that lives go on that had ended.
    async fn restored(
        &self,
        tx: &mut WriteTx,
        retired_by: &Hash,
        places: &[NodePlace],
    ) -> Result<(), NodeError> {
        tx.remove_retirements(places).await?;
        let back: HashSet<&NodePlace> = places.iter().collect();
        for batch in tx.retirement_batches(retired_by).await? {
            let rest: Vec<NodePlace> =
                batch.places.iter().filter(|place| !back.contains(place)).copied().collect();
            if rest.len() < batch.places.len() {
                tx.set_retirement_places(&batch, &rest).await?;
            }
        }
        Ok(())
    }

    /// Writes down that a holding is in stock again, of `holder` or of whom it was before.
    async fn changed(
        &self,
        tx: &mut WriteTx,
        log: &LedgerLog,
        id: &Hash,
        holder: Option<Account>,
        cause: Hash,
        kind: ChangeKind,
    ) -> Result<(), NodeError> {
        let Some(holding) = tx.ledger_holding(id).await? else { return Ok(()) };
        let account = holder.unwrap_or(holding.holder);
        tx.set_ledger_holding(id, account, Account::ZERO, HoldingState::Held).await?;
        let change = ChangeRow {
            holding: *id,
            kind,
            account,
            cause,
            block: log.block,
            log_index: log.index,
            transaction: log.transaction,
        };
        Ok(tx.put_holding_change(&change).await?)
    }

    /// Writes down what a log of the registry says.
    async fn apply_registry(
        &self,
        tx: &mut WriteTx,
        block: u64,
        event: &LedgerEvent,
    ) -> Result<(), NodeError> {
        match event {
            LedgerEvent::MemberAdded { gln, roles, licence_expiry, name, endpoint } => {
                let Some(gln) = known_gln(*gln) else { return Ok(()) };
                let member = StoredMember {
                    gln,
                    name: name.clone(),
                    roles: *roles,
                    status: theriac_store::MemberStatus::Active,
                    licence_expiry: days(*licence_expiry),
                    endpoint: endpoint.clone(),
                    undo_days: UNDO_DAYS,
                    signing_key: None,
                    sealing_key: None,
                };
                tx.put_member(&member).await?;
            }
            LedgerEvent::MemberStatusChanged { gln, status } => {
                self.change_member(tx, *gln, |member| member.status = standing(*status)).await?;
            }
            LedgerEvent::LicenceChanged { gln, roles, licence_expiry } => {
                self.change_member(tx, *gln, |member| {
                    member.roles = *roles;
                    member.licence_expiry = days(*licence_expiry);
                })
                .await?;
            }
            LedgerEvent::EndpointChanged { gln, endpoint } => {
                self.change_member(tx, *gln, |member| member.endpoint.clone_from(endpoint)).await?;
            }
            LedgerEvent::UndoDaysChanged { gln, days } => {
                self.change_member(tx, *gln, |member| member.undo_days = u32::from(*days)).await?;
            }
            LedgerEvent::ServiceKeysChanged { gln, signing, sealing } => {
                let given = |key: &Hash| (*key != Hash::ZERO).then_some(*key);
                self.change_member(tx, *gln, |member| {
                    member.signing_key = given(signing);
                    member.sealing_key = given(sealing);
                })
                .await?;
            }
            LedgerEvent::AccountAdded { gln, account } => {
                if let Some(gln) = known_gln(*gln) {
                    tx.put_account(gln, *account, block).await?;
                }
            }
            LedgerEvent::AccountRevoked { account, .. } => {
                tx.revoke_account(*account, block).await?
            }
            LedgerEvent::ProductAdded { gtin, gln }
            | LedgerEvent::ProductTransferred { gtin, gln } => {
                if let (Ok(gtin), Some(gln)) = (Gtin::new(*gtin), known_gln(*gln)) {
                    tx.put_product(gtin, gln, block).await?;
                }
            }
            _ => return Ok(()),
        }
        self.stir();
        Ok(())
    }

    async fn change_member(
        &self,
        tx: &mut WriteTx,
        gln: u64,
        change: impl FnOnce(&mut StoredMember),
    ) -> Result<(), NodeError> {
        let Some(gln) = known_gln(gln) else { return Ok(()) };
        let Some(mut member) = tx.stored_member(&gln).await? else { return Ok(()) };
        change(&mut member);
        tx.put_member(&member).await?;
        // Where it is, how to seal to it, or whether it may act has changed: what waits goes now.
        let to = Some(gln).filter(|gln| *gln != self.gln());
        tx.hurry_deliveries(to, self.now().as_millisecond()).await?;
        Ok(())
    }
}

/// A holding as the log of its opening says it is.
fn opened_holding(log: &LedgerLog, lot_tag: Option<Hash>) -> Option<LedgerHolding> {
    match &log.event {
        LedgerEvent::HoldingOpened {
            id,
            holder,
            consignee,
            root,
            height,
            state,
            expiry,
            cause,
        } => Some(LedgerHolding {
            id: *id,
            root: *root,
            height: *height,
            holder: *holder,
            consignee: *consignee,
            state: *state,
            expiry: days(*expiry),
            cause: *cause,
            opener: *holder,
            lot_tag,
            block: log.block,
            transaction: log.transaction,
            pruned: None,
        }),
        _ => None,
    }
}

/// The ends of life that a log tells, one row for each subtree.
fn retired_rows(block: &BlockHead, log: &LedgerLog) -> Vec<RetiredRow> {
    let LedgerEvent::Retired { holder, reason, places, cause, until } = &log.event else {
        return Vec::new();
    };
    let row = |&(holding, height, index): &NodePlace| RetiredRow {
        holding,
        height,
        index,
        reason: *reason,
        holder: *holder,
        cause: *cause,
        block: log.block,
        transaction: log.transaction,
        timestamp: block.timestamp,
        until: *until,
    };
    places.iter().map(row).collect()
}

/// A number of days as the store keeps it.
fn is_pruned(lot: Option<&LedgerLot>) -> bool {
    lot.is_some_and(|lot| lot.pruned.is_some())
}

fn days(days: u32) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

fn standing(status: MemberStatus) -> theriac_store::MemberStatus {
    match status {
        MemberStatus::Active => theriac_store::MemberStatus::Active,
        MemberStatus::Suspended => theriac_store::MemberStatus::Suspended,
        MemberStatus::Revoked => theriac_store::MemberStatus::Revoked,
    }
}

/// The ledger stores any number as GLN; one with a wrong check digit names nobody.
fn known_gln(number: u64) -> Option<Gln> {
    Gln::new(number).ok()
}
