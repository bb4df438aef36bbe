//! Who holds packs of a recall today, and who of them is to be told.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::recall::{NoticeAct, NoticeScope};
use theriac_custody::{Hash, HoldingState, Reason, RecallDepth, Role, Roles};
use theriac_gs1::Gln;
use theriac_store::{
    DeliveryKind, HolderState, NewRecall, ReadTx, RecallHolder, RecallRecord, WriteTx,
};

use super::notice::gtin_of;
use super::spread::{Part, Spread, Starts, as_places};
use super::stock::lots_of;
use crate::error::NodeError;
use crate::exchange::partner::address;
use crate::node::Node;

/// What one company has of a recall.
#[derive(Debug, Default)]
struct Has {
    /// Holdings with packs that it is to set apart.
    live: BTreeSet<Hash>,
    places: Starts,
}

impl Node {
    /// Where the packs of a recall are on the ledger.
    pub(super) async fn whereabouts(
        &self,
        tx: &mut ReadTx,
        recall: &NewRecall,
    ) -> Result<Spread, NodeError> {
        let (starts, exact) = match &recall.told {
            Some(NoticeScope::Places(places)) => {
                let starts = places.iter().map(|place| (place.holding, place.spans.clone()));
                (starts.collect(), true)
            }
            told => self.starts_of_lots(tx, &lots_of(told.as_ref())).await?,
        };
        self.spread(tx, recall.issuer, starts, exact).await
    }

    /// Tells those who have packs of a recall and were not told yet, or have others than they were
    /// told of; true if there were any.
    pub(super) async fn tell_holders(
        &self,
        tx: &mut WriteTx,
        record: &RecallRecord,
    ) -> Result<bool, NodeError> {
        let spread = self.whereabouts(tx, &record.recall).await?;
        let mut told = false;
        let before: BTreeMap<Gln, RecallHolder> = tx
            .recall_holders(record.id)
            .await?
            .into_iter()
            .map(|holder| (holder.gln, holder))
            .collect();
        for (gln, has) in self.recall_holders_of(tx, record, spread).await? {
            let known = before.get(&gln);
            let new = |holding: &Hash| known.is_none_or(|holder| !holder.told.contains(holding));
            let more = !matches!(record.recall.told, Some(NoticeScope::Lots(_)))
                && has.live.iter().any(new);
            if known.is_none() || more {
                self.tell_holder(tx, record, gln, has, known).await?;
                told = true;
            }
        }
        Ok(told)
    }

    /// The companies that are to be told, with what each has.
    async fn recall_holders_of(
        &self,
        tx: &mut ReadTx,
        record: &RecallRecord,
        spread: Spread,
    ) -> Result<BTreeMap<Gln, Has>, NodeError> {
        let depth = record.recall.depth;
        let mut holders: BTreeMap<Gln, Has> = BTreeMap::new();
        for part in spread.parts {
            for gln in concerned(&part, depth) {
                let has = holders.entry(gln).or_default();
                if part.ended.is_none() && part.state != HoldingState::Quarantined {
                    has.live.insert(part.holding);
                }
                has.places.entry(part.holding).or_default().extend(&part.spans);
            }
        }
        if let Some(gtin) = gtin_of(&record.recall) {
            let labeler = tx.labeler_of(&[gtin]).await?.into_values().next();
            if let Some(labeler) = labeler {
                holders.entry(labeler).or_default();
            }
        }
        holders.remove(&self.gln());
        if depth == RecallDepth::Wholesale {
            let mut kept = BTreeMap::new();
            for (gln, has) in holders {
                let roles = tx.stored_member(&gln).await?.map(|member| member.roles);
                if !only_dispenses(roles.unwrap_or_default()) {
                    kept.insert(gln, has);
                }
            }
            return Ok(kept);
        }
        Ok(holders)
    }

    /// Puts a notice on its way, or notes that the holder has no node.
    async fn tell_holder(
        &self,
        tx: &mut WriteTx,
        record: &RecallRecord,
        gln: Gln,
        has: Has,
        known: Option<&RecallHolder>,
    ) -> Result<(), NodeError> {
        let now = self.now();
        let mut holder = known.cloned().unwrap_or_else(|| RecallHolder::of(gln));
        holder.told.extend(has.live);
        let scope = match &record.recall.told {
            Some(NoticeScope::Lots(of)) => NoticeScope::Lots(of.clone()),
            _ => NoticeScope::Places(as_places(has.places)),
        };
        if self.has_reachable_node(tx, gln).await? {
            let notice = self.recall_notice(record, NoticeAct::Recall, scope);
            let subject = Some(record.recall.hash);
            self.post_message(tx, gln, DeliveryKind::Recall, subject, &notice).await?;
            holder.told_at.get_or_insert(now.as_millisecond());
        } else if known.is_none() {
            holder.state = HolderState::NotReached;
        }
        Ok(tx.put_recall_holder(record.id, &holder).await?)
    }

    /// Whether a member has a node that can be told.
    pub(super) async fn has_reachable_node(
        &self,
        tx: &mut ReadTx,
        gln: Gln,
    ) -> Result<bool, NodeError> {
        let member = tx.stored_member(&gln).await?;
        Ok(member.is_some_and(|member| address(&member.endpoint, "/").is_some()))
    }
}

/// Whom a part of the packs concerns: who holds them, whom they are on their way to, and at the depth
/// of patients who has dispensed them.
fn concerned(part: &Part, depth: RecallDepth) -> Vec<Gln> {
    match part.ended {
        None => part.holder.into_iter().chain(part.consignee).collect(),
        Some(Reason::Dispensed) if depth == RecallDepth::Consumer => {
            part.holder.into_iter().collect()
        }
        Some(_) => Vec::new(),
    }
}

/// Whether a member gives packs to patients and does nothing else.
pub(super) fn only_dispenses(roles: Roles) -> bool {
    roles == [Role::Dispenser].into_iter().collect()
}
