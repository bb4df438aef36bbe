//! Ends of life on the ledger: with a proof of each unit where the reason means use, else by its
//! holder's word.

use theriac_custody::leaf::unit_hash;
use theriac_custody::{LeafProof, Operation, Reason, leaf};
use theriac_gs1::{Identifier, Lgtin, Sgtin};
use theriac_ledger::Call;
use theriac_store::OutboxRecord;

use super::anchor::cause;
use super::gather::{Hindrance, impossible, in_parts, transactions};
use super::plan::{OpenTree, Planned, RETIRE_UNITS, Stock};
use crate::error::NodeError;
use crate::node::Node;

impl Node {
    /// Plans retirements for one reason, as many to a transaction as fit.
    pub(super) async fn plan_retires(
        &self,
        stock: &mut Stock,
        rows: Vec<OutboxRecord>,
        reason: Reason,
    ) -> Result<Vec<Planned>, NodeError> {
        let mut planned = Vec::new();
        let mut batch: Vec<OutboxRecord> = Vec::new();
        let mut units: Vec<Sgtin> = Vec::new();
        for row in rows {
            let Operation::Retire { units: more, .. } = &row.operation else { continue };
            if !batch.is_empty() && units.len() + more.len() > RETIRE_UNITS {
                let full = (std::mem::take(&mut batch), std::mem::take(&mut units));
                planned.extend(self.plan_retire(stock, full.0, &full.1, reason).await?);
            }
            units.extend(more.iter().cloned());
            batch.push(row);
        }
        if !batch.is_empty() {
            planned.extend(self.plan_retire(stock, batch, &units, reason).await?);
        }
        Ok(planned)
    }

    async fn plan_retire(
        &self,
        stock: &mut Stock,
        rows: Vec<OutboxRecord>,
        units: &[Sgtin],
        reason: Reason,
    ) -> Result<Vec<Planned>, NodeError> {
        let cause = cause(&rows);
        let calls = if reason.is_use() {
            let call = |units| Call::Retire { units, reason, cause };
            self.leaves_of(stock, units).await?.map(|units| in_parts(&units, RETIRE_UNITS, &call))
        } else {
            let call = |places| Call::WriteOff { places, reason, cause };
            self.nodes_of(stock, units).await?.map(|nodes| {
                let places: Vec<_> = nodes.iter().map(|n| (n.holding, n.height, n.index)).collect();
                in_parts(&places, RETIRE_UNITS, &call)
            })
        };
        match calls {
            Ok(calls) => Ok(transactions(calls, &rows)),
            // The one that cannot go must not keep the others.
            Err(_) if rows.len() > 1 => self.plan_first_alone(stock, rows, reason).await,
            Err(hindrance) => Ok(vec![impossible(rows, hindrance)]),
        }
    }

    /// Plans only the first of several operations; the others stay pending for the next round.
    async fn plan_first_alone(
        &self,
        stock: &mut Stock,
        mut rows: Vec<OutboxRecord>,
        reason: Reason,
    ) -> Result<Vec<Planned>, NodeError> {
        rows.truncate(1);
        let units = super::units_of(&rows[0].operation);
        Box::pin(self.plan_retire(stock, rows, &units, reason)).await
    }

    /// The units' leaves with pre-images and paths.
    async fn leaves_of(
        &self,
        stock: &mut Stock,
        units: &[Sgtin],
    ) -> Result<Result<Vec<LeafProof>, Hindrance>, NodeError> {
        let mut proofs = Vec::with_capacity(units.len());
        for unit in units {
            match self.leaf_of(stock, unit).await? {
                Ok(proof) => proofs.push(proof),
                Err(hindrance) => return Ok(Err(hindrance)),
            }
        }
        // Neighbours share the upper part of their paths.
        proofs.sort_by_key(|proof| (proof.holding, proof.index));
        Ok(Ok(proofs))
    }

    async fn leaf_of(
        &self,
        stock: &mut Stock,
        unit: &Sgtin,
    ) -> Result<Result<LeafProof, Hindrance>, NodeError> {
        let id = Identifier::Sgtin(unit.clone());
        let Some((lot, place, salt)) = stock
            .items
            .get(&id)
            .and_then(|record| Some((record.item.lot.clone()?, record.item.place?, record.salt?)))
        else {
            return Ok(Err(format!("expected {id} on the ledger, found it nowhere")));
        };
        let lgtin = Lgtin { gtin: unit.gtin, lot };
        let row = self.inner().store.load_lots(std::slice::from_ref(&lgtin)).await?;
        let Some(lot_salt) = row.get(&lgtin).and_then(|row| row.salt) else {
            return Ok(Err(format!("expected the secret of lot {}, found none here", lgtin.lot)));
        };
        let Some(OpenTree { tree, seed, .. }) = self.tree(stock, place.holding).await? else {
            return Ok(Err(format!(
                "expected the leaves of holding {}, found none",
                place.holding
            )));
        };
        let Ok(path) = tree.path(0, place.position) else {
            return Ok(Err(format!("expected {id} inside of holding {}", place.holding)));
        };
        Ok(Ok(LeafProof {
            holding: place.holding,
            seed: *seed,
            index: place.position,
            lot_tag: leaf::lot_tag(&lgtin, lot_salt),
            unit_hash: unit_hash(unit, salt),
            path,
        }))
    }
}
