//! Following a leaf through the holdings on the ledger: forward to where it is, backward to where
//! it was made.

use std::collections::HashMap;

use theriac_custody::{Hash, Place};
use theriac_store::{GatherRow, LedgerHolding, ReadTx, RetiredRow};

use crate::error::NodeError;
use crate::node::Node;

/// Holdings that a leaf is followed through at most; a unit is handed over a few times in its life.
const HOPS_MAX: usize = 1_000;

/// Where a leaf stands on the ledger, as far as this node has followed it.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    /// The latest place.
    pub(crate) place: Place,
    /// The holding there; `None` if the ledger does not know it.
    pub(crate) holding: Option<LedgerHolding>,
    /// Its retirement, if its life has ended.
    pub(crate) retired: Option<RetiredRow>,
    /// The holdings that it has been in from the given place on, the latest last.
    pub(crate) path: Vec<LedgerHolding>,
}

/// Holdings that were read on the way of one leaf and are met again on the way of the next: all
/// packs of a shipment come the same few ways.
#[derive(Default)]
pub(crate) struct Followed {
    holdings: HashMap<Hash, (LedgerHolding, Vec<GatherRow>)>,
}

impl Followed {
    /// A holding and what it was gathered from; `None` if the ledger does not know it.
    async fn holding(
        &mut self,
        tx: &mut ReadTx,
        id: &Hash,
    ) -> Result<Option<&(LedgerHolding, Vec<GatherRow>)>, NodeError> {
        if !self.holdings.contains_key(id) {
            let Some(holding) = tx.ledger_holding(id).await? else { return Ok(None) };
            self.holdings.insert(*id, (holding, tx.gathers_into(id).await?));
        }
        Ok(self.holdings.get(id))
    }
}

impl Node {
    /// Where the leaf that stood at `place` is now.
    pub(crate) async fn locate_in(
        &self,
        tx: &mut ReadTx,
        mut place: Place,
    ) -> Result<Located, NodeError> {
        let mut path = Vec::new();
        for _ in 0..HOPS_MAX {
            path.extend(tx.ledger_holding(&place.holding).await?);
            let moved = tx.gather_covering(&place.holding, place.position).await?;
            let Some((dest, row)) = moved else { break };
            let position = row.offset + (place.position - (row.index << row.height));
            place = Place { holding: dest, position };
        }
        let retired = tx.retirement_covering(&place.holding, place.position).await?;
        Ok(Located { place, holding: path.last().cloned(), retired, path })
    }

    /// The holdings that the leaf at `place` has been in before, the first one first, with the lot
    /// tag under which it was commissioned; `None` if the ledger's logs do not lead there.
    pub(crate) async fn origin_of(
        &self,
        tx: &mut ReadTx,
        followed: &mut Followed,
        mut place: Place,
    ) -> Result<Option<(Hash, Place, Vec<LedgerHolding>)>, NodeError> {
        let mut path = Vec::new();
        for _ in 0..HOPS_MAX {
            let Some((holding, rows)) = followed.holding(tx, &place.holding).await? else {
                return Ok(None);
            };
            let lot_tag = holding.lot_tag;
            path.push(holding.clone());
            if let Some(lot_tag) = lot_tag {
                path.reverse();
                return Ok(Some((lot_tag, place, path)));
            }
            let from = rows.partition_point(|row| row.offset <= place.position);
            let Some(row) = from.checked_sub(1).and_then(|n| rows.get(n)) else { return Ok(None) };
            let within = place.position - row.offset;
            if within >= 1 << row.height {
                return Ok(None);
            }
            place = Place { holding: row.source, position: (row.index << row.height) + within };
        }
        Ok(None)
    }
}
