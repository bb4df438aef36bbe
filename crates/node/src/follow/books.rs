//! What the logs mean for the items of this node: units that moved, came back, or ended.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::RangeInclusive;

use theriac_custody::breach::Actor;
use theriac_custody::tree::EMPTY_LEAF;
use theriac_custody::{
    Account, Breach, BreachCode, Hash, HoldingState, ItemStatus, LotRecord, LotStatus, Place,
};
use theriac_gs1::Identifier;
use theriac_ledger::{LedgerEvent, LedgerLog, NodePlace};
use theriac_store::{GatherRow, ItemRecord, KnownHolding, LedgerHolding, LotRow, ReadTx, WriteTx};

use super::facts::{gather_rows, span};
use crate::error::NodeError;
use crate::node::Node;
use crate::standing::{OnTheWay, status_in};

/// Most leaf positions for each unit in a holding whose leaves are kept, as in a manifest.
const WIDTH_PER_UNIT_MAX: u64 = 16;

/// Leaf positions that a holding may have however few its units are.
const WIDTH_ANYWAY: u64 = 1 << 16;

impl Node {
    /// Moves this node's items as one log says.
    pub(super) async fn apply_to_books(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        log: &LedgerLog,
    ) -> Result<(), NodeError> {
        match &log.event {
            // What was announced before may wait for it.
            LedgerEvent::HoldingOpened { id, .. } => match tx.known_holding(id).await? {
                Some(_) => Ok(tx.wake_waiting().await.map(drop)?),
                None => Ok(()),
            },
            LedgerEvent::Gathered { id, sources } => {
                self.gathered(tx, on_the_way, *id, sources).await
            }
            LedgerEvent::Received { id, holder, .. } => {
                self.received(tx, on_the_way, *id, *holder).await
            }
            LedgerEvent::Cancelled { id, .. } => self.cancelled(tx, on_the_way, *id).await,
            LedgerEvent::Released { id, .. } => self.released(tx, on_the_way, *id).await,
            LedgerEvent::Retired { reason, places, .. } => {
                self.set_status_at(tx, on_the_way, places, ItemStatus::Retired(*reason)).await
            }
            LedgerEvent::Restored { places, .. } => self.came_to_life(tx, places).await,
            LedgerEvent::LotStatusChanged { lot_tag, status, .. } => {
                self.lot_status(tx, *lot_tag, *status).await
            }
            _ => Ok(()),
        }
    }

    /// Whether an account acts for this member, or has acted for it.
    pub(crate) async fn is_mine(
        &self,
        tx: &mut ReadTx,
        account: Account,
    ) -> Result<bool, NodeError> {
        Ok(account == self.account() || tx.member_behind(&account).await? == Some(self.gln()))
    }

    /// Units whose leaves this node knows have moved into a new holding.
    async fn gathered(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        id: Hash,
        sources: &[NodePlace],
    ) -> Result<(), NodeError> {
        let rows = gather_rows(sources);
        let mut known: HashMap<Hash, (KnownHolding, Vec<ItemRecord>)> = HashMap::new();
        for source in rows.iter().map(|row| row.source).collect::<BTreeSet<_>>() {
            if let Some(holding) = tx.known_holding(&source).await? {
                let moved = rows.iter().filter(|row| row.source == source);
                let spans: Vec<_> = moved.map(|row| span(row.height, row.index)).collect();
                let items = tx.items_at(&source, &spans).await?;
                known.insert(source, (holding, items));
            }
        }
        if known.is_empty() {
            return Ok(());
        }
        let Some(opened) = tx.ledger_holding(&id).await? else { return Ok(()) };
        self.keep_holding(tx, &opened, &rows, &known).await?;
        let moves = moves(id, &rows, &known);
        let places: Vec<(Identifier, Option<Place>)> =
            moves.iter().map(|(item, place)| (item.item.id.clone(), Some(*place))).collect();
        tx.place_items(&places).await?;
        let items: Vec<&ItemRecord> = moves.iter().map(|(item, _)| *item).collect();
        self.gathered_status(tx, on_the_way, &opened, &items).await
    }

    /// Keeps the new holding's leaves, if all of them are known here.
    async fn keep_holding(
        &self,
        tx: &mut WriteTx,
        opened: &LedgerHolding,
        rows: &[GatherRow],
        known: &HashMap<Hash, (KnownHolding, Vec<ItemRecord>)>,
    ) -> Result<(), NodeError> {
        let Some(leaves) = gathered_leaves(rows, known) else { return Ok(()) };
        if tx.known_holding(&opened.id).await?.is_some() {
            // Announced by its sender, and opened again after a reorganisation.
            return Ok(());
        }
        let holding = KnownHolding {
            id: opened.id,
            root: opened.root,
            height: opened.height,
            leaves,
            opened_by: None,
            shipment: None,
        };
        Ok(tx.insert_holding(&holding).await?)
    }

    /// The status of gathered units follows from the new holding, and so do shipments and cases.
    async fn gathered_status(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        opened: &LedgerHolding,
        items: &[&ItemRecord],
    ) -> Result<(), NodeError> {
        let mine = self.is_mine(tx, opened.holder).await?;
        let was_in_transit = items.iter().any(|item| item.item.status == ItemStatus::InTransit);
        match (mine, opened.state) {
            (true, HoldingState::InTransit) => {
                self.note_sent(tx, opened).await?;
                self.announce_shipment(tx, opened).await
            }
            (true, HoldingState::Held) if was_in_transit => {
                self.came_back(tx, on_the_way, opened, items).await
            }
            (true, HoldingState::Held) => Ok(()),
            (true, state) => self.set_status(tx, on_the_way, items, status_in(state)).await,
            (false, _) => self.set_status(tx, on_the_way, items, ItemStatus::HandedOver).await,
        }
    }

    /// The consignee has refused units: they are back in stock, and somebody has to look at them.
    async fn came_back(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        opened: &LedgerHolding,
        items: &[&ItemRecord],
    ) -> Result<(), NodeError> {
        self.set_status(tx, on_the_way, items, ItemStatus::InStock).await?;
        self.stir();
        let told = format!("told/refused/{}", opened.id);
        if tx.get(&told).await?.is_some() {
            // Before a reorganisation.
            return Ok(());
        }
        tx.set(&told, "").await?;
        let ids: Vec<&Identifier> = items.iter().map(|item| &item.item.id).collect();
        let breach = Breach::new(
            BreachCode::RefusedByConsignee,
            format!("the consignee has refused {} packs; they are yours again", items.len()),
            "agree with the consignee what happens to them; they are in stock on the books",
        )
        .on(ids);
        tracing::info!(holding = %opened.id, packs = items.len(), "refused by the consignee");
        self.open_case(tx, None, &breach.by(Actor::ThisMember)).await
    }

    /// A shipment was received: what this node sent is handed over; what waited for a receipt of
    /// this node's is carried out.
    async fn received(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        id: Hash,
        holder: Account,
    ) -> Result<(), NodeError> {
        if self.is_mine(tx, holder).await? {
            tx.wake_waiting().await?;
            return Ok(());
        }
        let items = tx.items_in_holding(&id).await?;
        let sent: Vec<&ItemRecord> =
            items.iter().filter(|item| item.item.status == ItemStatus::InTransit).collect();
        self.set_status(tx, on_the_way, &sent, ItemStatus::HandedOver).await
    }

    /// A shipment was taken back by its sender: what this node expected does not come, and receipts
    /// that waited for the rest of it are tried, to end in a case.
    async fn cancelled(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        id: Hash,
    ) -> Result<(), NodeError> {
        let items = tx.items_in_holding(&id).await?;
        let expected: Vec<&ItemRecord> =
            items.iter().filter(|item| item.item.status == ItemStatus::Expected).collect();
        self.set_status(tx, on_the_way, &expected, ItemStatus::HandedOver).await?;
        tx.wake_waiting().await?;
        Ok(())
    }

    /// What was set apart is in stock again.
    async fn released(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        id: Hash,
    ) -> Result<(), NodeError> {
        let items = tx.items_in_holding(&id).await?;
        let apart: Vec<&ItemRecord> = items
            .iter()
            .filter(|item| matches!(item.item.status, ItemStatus::Quarantined | ItemStatus::Lost))
            .collect();
        self.set_status(tx, on_the_way, &apart, ItemStatus::InStock).await
    }

    /// Sets the status of units, and of the logistic units that they travel in, to what the ledger
    /// says; what an operation on its way makes of a unit comes after that.
    async fn set_status(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        items: &[&ItemRecord],
        status: ItemStatus,
    ) -> Result<(), NodeError> {
        let mut by_status: BTreeMap<&str, (ItemStatus, Vec<Identifier>)> = BTreeMap::new();
        for item in items {
            let status = on_the_way.status(&item.item.id).unwrap_or(status);
            let group = by_status.entry(status.word()).or_insert((status, Vec::new()));
            group.1.push(item.item.id.clone());
        }
        if by_status.values().any(|(status, _)| *status == ItemStatus::InStock) {
            self.recalls_due();
        }
        for (status, units) in by_status.into_values() {
            let containers = containers_of(tx, &units).await?;
            tx.set_item_status(&units, status).await?;
            tx.set_item_status(&containers, status).await?;
        }
        Ok(())
    }

    async fn set_status_at(
        &self,
        tx: &mut WriteTx,
        on_the_way: &OnTheWay,
        places: &[NodePlace],
        status: ItemStatus,
    ) -> Result<(), NodeError> {
        let mut by_holding: BTreeMap<Hash, Vec<RangeInclusive<u64>>> = BTreeMap::new();
        for (holding, height, index) in places {
            by_holding.entry(*holding).or_default().push(span(*height, *index));
        }
        for (holding, spans) in by_holding {
            let items = tx.items_at(&holding, &spans).await?;
            let there = items.into_iter().map(|record| record.item);
            let changed = there.filter(|item| item.status != status).map(|item| item.id);
            let changed: Vec<Identifier> = changed
                .filter(|id| on_the_way.status(id).is_none_or(|next| next == status))
                .collect();
            tx.set_item_status(&changed, status).await?;
        }
        Ok(())
    }

    /// Lives of units go on that had ended: the units stand as ledger and outbox say.
    async fn came_to_life(&self, tx: &mut WriteTx, places: &[NodePlace]) -> Result<(), NodeError> {
        let mut back = Vec::new();
        for (holding, height, index) in places {
            back.extend(tx.items_at(holding, &[span(*height, *index)]).await?);
        }
        self.resync(tx, &back).await?;
        self.recalls_due();
        self.stir();
        Ok(())
    }

    async fn lot_status(
        &self,
        tx: &mut WriteTx,
        lot_tag: Hash,
        status: LotStatus,
    ) -> Result<(), NodeError> {
        let Some((lot, row)) = tx.lot_by_tag(&lot_tag).await? else { return Ok(()) };
        let record = LotRecord { status, ..row.record };
        tracing::info!(lot = %lot.lot, gtin = %lot.gtin, ?status, "lot status changed");
        self.recalls_due();
        Ok(tx.write_lots(&[(lot, LotRow { record, ..row })]).await?)
    }
}

/// Logistic units that the units are packed in, at any depth, and that share their fate: those not
/// in stock here while the units move.
async fn containers_of(
    tx: &mut WriteTx,
    units: &[Identifier],
) -> Result<Vec<Identifier>, NodeError> {
    let named: BTreeSet<&Identifier> = units.iter().collect();
    let around = tx.load_items(units).await?;
    Ok(around
        .into_iter()
        .map(|record| record.item)
        .filter(|item| item.lot.is_none() && !named.contains(&item.id))
        .filter(|item| item.status != ItemStatus::InStock)
        .map(|item| item.id)
        .collect())
}

/// The units that the gather moves, with their new places.
fn moves<'a>(
    dest: Hash,
    rows: &[GatherRow],
    known: &'a HashMap<Hash, (KnownHolding, Vec<ItemRecord>)>,
) -> Vec<(&'a ItemRecord, Place)> {
    let mut moves = Vec::new();
    for row in rows {
        let Some((_, items)) = known.get(&row.source) else { continue };
        let (start, end) = span(row.height, row.index).into_inner();
        // Items come by position.
        let position = |item: &ItemRecord| item.item.place.map_or(0, |place| place.position);
        let from = items.partition_point(|item| position(item) < start);
        for item in items[from..].iter().take_while(|item| position(item) <= end) {
            let position = row.offset + (position(item) - start);
            moves.push((item, Place { holding: dest, position }));
        }
    }
    moves
}

/// The leaves of a gathered holding; `None` if a source is not known here, or if the holding is
/// absurdly wide for its units: whoever made it that way has to send the manifest of it.
fn gathered_leaves(
    rows: &[GatherRow],
    known: &HashMap<Hash, (KnownHolding, Vec<ItemRecord>)>,
) -> Option<Vec<Hash>> {
    let mut leaves = Vec::new();
    let mut units: u64 = 0;
    for row in rows {
        let (holding, _) = known.get(&row.source)?;
        if row.offset > units.saturating_mul(WIDTH_PER_UNIT_MAX).max(WIDTH_ANYWAY) {
            return None;
        }
        let (start, end) = span(row.height, row.index).into_inner();
        let from = usize::try_from(start).ok()?.min(holding.leaves.len());
        let to = usize::try_from(end.saturating_add(1)).ok()?.min(holding.leaves.len());
        leaves.resize(usize::try_from(row.offset).ok()?, EMPTY_LEAF);
        leaves.extend_from_slice(&holding.leaves[from..to]);
        units += holding.leaves[from..to].iter().filter(|leaf| **leaf != EMPTY_LEAF).count() as u64;
    }
    Some(leaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: u8, height: u8) -> (Hash, (KnownHolding, Vec<ItemRecord>)) {
        let holding = KnownHolding {
            id: Hash([name; 32]),
            root: Hash::ZERO,
            height,
            leaves: vec![Hash([name; 32])],
            opened_by: None,
            shipment: None,
        };
        (holding.id, (holding, Vec::new()))
    }

    #[test]
    fn a_nearly_empty_tree_of_any_height_takes_no_memory() {
        let known = HashMap::from([source(1, 31), source(2, 31)]);
        let rows = gather_rows(&[(Hash([1; 32]), 31, 0), (Hash([2; 32]), 31, 0)]);
        assert_eq!(gathered_leaves(&rows, &known), None);
        // As the last one it costs nothing.
        let leaves = gathered_leaves(&rows[..1], &known).unwrap();
        assert_eq!(leaves, [Hash([1; 32])]);
    }

    #[test]
    fn leaves_stand_at_their_offsets() {
        let known = HashMap::from([source(1, 2), source(2, 0)]);
        let rows = gather_rows(&[(Hash([1; 32]), 2, 0), (Hash([2; 32]), 0, 0)]);
        let leaves = gathered_leaves(&rows, &known).unwrap();
        let empty = EMPTY_LEAF;
        assert_eq!(leaves, [Hash([1; 32]), empty, empty, empty, Hash([2; 32])]);
    }
}
