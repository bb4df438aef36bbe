//! What the ledger shows of an item, as this node has followed it.

use theriac_custody::journey::{Fact, FactKind};
use theriac_custody::{HoldingState, Place};
use theriac_gs1::{Gln, Identifier, Sgtin};
use theriac_store::{ChangeKind, ChangeRow, LedgerHolding, ReadTx};

use crate::error::NodeError;
use crate::locate::Followed;
use crate::node::Node;

impl Node {
    /// The facts of an item whose leaf this node knows, oldest first; none of another.
    pub(super) async fn facts_of(&self, id: &Identifier) -> Result<Vec<Fact>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        match id {
            Identifier::Sgtin(unit) => self.facts_of_unit(&mut tx, unit).await,
            _ => Ok(Vec::new()),
        }
    }

    /// The facts of a unit whose leaf this node knows.
    pub(super) async fn facts_of_unit(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
    ) -> Result<Vec<Fact>, NodeError> {
        let record = self.unit_on_record(tx, unit).await?;
        match record.and_then(|record| record.item.place) {
            Some(place) => self.facts_at(tx, place).await,
            None => Ok(Vec::new()),
        }
    }

    /// What the ledger shows of the leaf at `place`, from its commission to its end, oldest first.
    pub(super) async fn facts_at(
        &self,
        tx: &mut ReadTx,
        place: Place,
    ) -> Result<Vec<Fact>, NodeError> {
        let mut holdings = match self.origin_of(tx, &mut Followed::default(), place).await? {
            Some((_, _, path)) => path,
            None => Vec::new(),
        };
        let located = self.locate_in(tx, place).await?;
        for holding in located.path {
            if !holdings.iter().any(|known| known.id == holding.id) {
                holdings.push(holding);
            }
        }
        let mut facts: Vec<Fact> = Vec::new();
        for (number, holding) in holdings.iter().enumerate() {
            let changes = tx.holding_changes(&holding.id).await?;
            let before = number.checked_sub(1).and_then(|before| holdings.get(before));
            let opened = self.opening_of(tx, holding, &changes, before).await?;
            if opened.what == FactKind::Refused {
                // The receipt of the others in its shipment is in the same transaction.
                facts.retain(|fact| fact.transaction != opened.transaction);
            }
            facts.push(opened);
            for change in &changes {
                facts.push(self.change_of(tx, change).await?);
            }
        }
        if let Some(row) = located.retired {
            facts.push(Fact {
                what: FactKind::Retired(row.reason),
                by: tx.member_behind(&row.holder).await?,
                to: None,
                cause: row.cause,
                block: row.block,
                transaction: row.transaction,
                at: row.timestamp,
            });
        }
        facts.sort_by_key(|fact| fact.block);
        Ok(facts)
    }

    /// How a holding began. The ledger keeps the state of today: the beginning follows from what
    /// happened to it since.
    async fn opening_of(
        &self,
        tx: &mut ReadTx,
        holding: &LedgerHolding,
        changes: &[ChangeRow],
        before: Option<&LedgerHolding>,
    ) -> Result<Fact, NodeError> {
        let since = changes.first().map(|change| change.kind);
        let (what, to) = match (holding.lot_tag, since, holding.state) {
            (Some(_), ..) => (FactKind::Commissioned, None),
            (_, Some(ChangeKind::Received), _) => (FactKind::Shipped, Some(holding.holder)),
            (_, _, HoldingState::InTransit) => (FactKind::Shipped, Some(holding.consignee)),
            (_, Some(ChangeKind::Cancelled), _) => (FactKind::Shipped, None),
            (_, None, HoldingState::Held) => (FactKind::Refused, Some(holding.holder)),
            (_, _, state) => (FactKind::SetApart(state), None),
        };
        let by = match (what, before) {
            (FactKind::Refused, Some(shipment)) => refuser(tx, shipment, holding).await?,
            _ => tx.member_behind(&holding.opener).await?,
        };
        let to = match to {
            Some(account) => tx.member_behind(&account).await?,
            None => None,
        };
        let at = tx.block(holding.block).await?.map_or(0, |block| block.timestamp);
        let LedgerHolding { cause, block, transaction, .. } = *holding;
        Ok(Fact { what, by, to, cause, block, transaction, at })
    }

    /// What happened to a holding after it was opened.
    async fn change_of(&self, tx: &mut ReadTx, change: &ChangeRow) -> Result<Fact, NodeError> {
        Ok(Fact {
            what: match change.kind {
                ChangeKind::Received => FactKind::Received,
                ChangeKind::Cancelled => FactKind::Cancelled,
                ChangeKind::Released => FactKind::Released,
            },
            by: tx.member_behind(&change.account).await?,
            to: None,
            cause: change.cause,
            block: change.block,
            transaction: change.transaction,
            at: tx.block(change.block).await?.map_or(0, |block| block.timestamp),
        })
    }
}

/// The member that refused a shipment, in part (and holds the rest of it) or as a whole.
async fn refuser(
    tx: &mut ReadTx,
    shipment: &LedgerHolding,
    back: &LedgerHolding,
) -> Result<Option<Gln>, NodeError> {
    let holder = tx.member_behind(&shipment.holder).await?;
    let consignee = tx.member_behind(&shipment.consignee).await?;
    let sender = tx.member_behind(&back.holder).await?;
    Ok(if consignee.is_some() && holder == sender { consignee } else { holder })
}

/// What a fact says, in words; `to` is the name of the member that the item went to.
pub(super) fn words(fact: &Fact, to: Option<&str>) -> String {
    match (fact.what, to) {
        (FactKind::Commissioned, _) => "commissioned".to_owned(),
        (FactKind::Shipped, Some(to)) => format!("shipped to {to}"),
        (FactKind::Shipped, None) => "shipped".to_owned(),
        (FactKind::Received, _) => "received".to_owned(),
        (FactKind::Refused, _) => "refused by the consignee, back with the sender".to_owned(),
        (FactKind::Cancelled, _) => "cancelled".to_owned(),
        (FactKind::Released, _) => "released".to_owned(),
        (FactKind::SetApart(HoldingState::Quarantined), _) => "put into quarantine".to_owned(),
        (FactKind::SetApart(HoldingState::Stolen), _) => "reported stolen".to_owned(),
        (FactKind::SetApart(HoldingState::Lost), _) => "reported lost".to_owned(),
        (FactKind::SetApart(_), _) => "set apart".to_owned(),
        (FactKind::Retired(reason), _) => reason.to_string(),
    }
}
