//! Setting units to what the ledger says of them, after it refused an operation.

use std::collections::BTreeMap;

use theriac_custody::{HoldingState, ItemStatus};
use theriac_gs1::{Identifier, Sgtin};
use theriac_store::{ReadTx, WriteTx};

use crate::error::NodeError;
use crate::locate::Located;
use crate::node::Node;

impl Node {
    /// Sets the status of the units to what the ledger says; units not on the ledger stay.
    pub(super) async fn resync_units(
        &self,
        tx: &mut WriteTx,
        units: Vec<Sgtin>,
    ) -> Result<(), NodeError> {
        let ids: Vec<Identifier> = units.into_iter().map(Identifier::Sgtin).collect();
        let mut by_status: BTreeMap<&'static str, (ItemStatus, Vec<Identifier>)> = BTreeMap::new();
        for record in tx.load_items(&ids).await? {
            let (true, Some(place)) = (ids.contains(&record.item.id), record.item.place) else {
                continue;
            };
            let located = self.locate_in(tx, place).await?;
            let Some(status) = self.status_of(tx, &located).await? else { continue };
            let entry = by_status.entry(status.word()).or_insert((status, Vec::new()));
            entry.1.push(record.item.id);
        }
        for (status, ids) in by_status.into_values() {
            tx.set_item_status(&ids, status).await?;
        }
        Ok(())
    }

    /// How this node sees a unit that stands where `located` says; `None` if the ledger does not
    /// know the holding.
    pub(crate) async fn status_of(
        &self,
        tx: &mut ReadTx,
        located: &Located,
    ) -> Result<Option<ItemStatus>, NodeError> {
        if let Some(retired) = &located.retired {
            return Ok(Some(ItemStatus::Retired(retired.reason)));
        }
        let Some(holding) = &located.holding else { return Ok(None) };
        let mine = self.is_mine(tx, holding.holder).await?;
        let for_me = self.is_mine(tx, holding.consignee).await?;
        Ok(Some(match (holding.state, mine, for_me) {
            (HoldingState::InTransit, true, _) => ItemStatus::InTransit,
            (HoldingState::InTransit, false, true) => ItemStatus::Expected,
            (HoldingState::Held, true, _) => ItemStatus::InStock,
            (HoldingState::Quarantined, true, _) => ItemStatus::Quarantined,
            (HoldingState::Stolen, true, _) => ItemStatus::Stolen,
            (HoldingState::Lost, true, _) => ItemStatus::Lost,
            (_, false, _) => ItemStatus::HandedOver,
        }))
    }
}
