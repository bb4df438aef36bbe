//! Commissioning on the ledger: one holding over all new units of a lot, laid out as packed.

use theriac_custody::layout::layout;
use theriac_custody::leaf::{leaf, unit_hash};
use theriac_custody::tree::{EMPTY_LEAF, Tree};
use theriac_custody::{Hash, Operation, Place, Salt, TreeError, holding_id};
use theriac_gs1::{Identifier, Sgtin};
use theriac_ledger::Call;
use theriac_store::{KnownHolding, OutboxRecord, TransactionId, WriteTx};

use super::anchor::cause;
use super::gather::impossible;
use super::plan::{Plan, Planned, Stock};
use crate::clock::ledger_days;
use crate::error::NodeError;
use crate::node::Node;

/// A holding that a commission opens, with the places and salts of its units.
#[derive(Debug)]
pub(super) struct Opening {
    id: Hash,
    root: Hash,
    height: u8,
    leaves: Vec<Hash>,
    units: Vec<(Sgtin, u64, Salt)>,
}

impl Node {
    /// Plans the commissioning of units of one lot by several events.
    pub(super) async fn plan_commission(
        &self,
        stock: &Stock,
        rows: Vec<OutboxRecord>,
    ) -> Result<Planned, NodeError> {
        let mut units = Vec::new();
        let mut lot = None;
        for row in &rows {
            if let Operation::Commission { lot: of, expiry, units: new } = &row.operation {
                lot = Some((of.clone(), *expiry));
                units.extend(new.iter().cloned());
            }
        }
        let Some((lot, expiry)) = lot else { return Ok(Planned::Waits(rows)) };
        let record = self.inner().store.load_lots(std::slice::from_ref(&lot)).await?.remove(&lot);
        let Some(lot_tag) = record.and_then(|row| row.lot_tag) else {
            return Ok(impossible(
                rows,
                format!("expected the tag of lot {}, found none", lot.lot),
            ));
        };
        let layout = layout(&units, |id| stock.items.get(id)?.item.parent.clone());
        let salts = self.inner().lot_secret.lot(&lot);
        let units: Vec<(Sgtin, u64, Salt)> = units
            .into_iter()
            .zip(layout.positions)
            .map(|(unit, position)| {
                let salt = salts.unit(&unit);
                (unit, position, salt)
            })
            .collect();
        let cause = cause(&rows);
        let opening = match self.opening(lot_tag, layout.height, units, cause) {
            Ok(opening) => opening,
            Err(error) => return Ok(impossible(rows, error.to_string())),
        };
        let call = Call::Commission {
            lot_tag,
            expiry: ledger_days(expiry),
            root: opening.root,
            height: opening.height,
            cause,
        };
        Ok(Planned::Ready(Plan { calls: vec![call], rows, openings: vec![opening] }))
    }

    fn opening(
        &self,
        lot_tag: Hash,
        height: u8,
        units: Vec<(Sgtin, u64, Salt)>,
        cause: Hash,
    ) -> Result<Opening, TreeError> {
        let last = units.iter().map(|(_, position, _)| *position).max().unwrap_or(0);
        let width = usize::try_from(last + 1).unwrap_or(usize::MAX);
        let mut leaves = vec![EMPTY_LEAF; width];
        for (unit, position, salt) in &units {
            leaves[*position as usize] = leaf(lot_tag, unit_hash(unit, *salt));
        }
        let tree = Tree::new(height, leaves)?;
        let (root, leaves) = (tree.root(), tree.leaves().to_vec());
        let id = holding_id(self.account(), cause, root);
        Ok(Opening { id, root, height, leaves, units })
    }

    /// Notes the places and salts of the units that a stored transaction commissions.
    pub(super) async fn open_holding(
        &self,
        tx: &mut WriteTx,
        opening: &Opening,
        by: TransactionId,
    ) -> Result<(), NodeError> {
        tx.insert_holding(&KnownHolding {
            id: opening.id,
            root: opening.root,
            height: opening.height,
            leaves: opening.leaves.clone(),
            opened_by: Some(by),
            shipment: None,
        })
        .await?;
        let id = |unit: &Sgtin| Identifier::Sgtin(unit.clone());
        let salts: Vec<_> = opening.units.iter().map(|(unit, _, salt)| (id(unit), *salt)).collect();
        tx.set_salts(&salts).await?;
        let places: Vec<_> = opening
            .units
            .iter()
            .map(|(unit, position, _)| {
                (id(unit), Some(Place { holding: opening.id, position: *position }))
            })
            .collect();
        Ok(tx.place_items(&places).await?)
    }
}
