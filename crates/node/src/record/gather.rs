//! Operations that move whole subtrees: ship, segregate; and those on whole holdings: cancel,
//! release; and a lot's status.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::cover::cover;
use theriac_custody::{Hash, ItemStatus, LotStatus, NodeProof, Operation};
use theriac_gs1::{Gln, Lgtin, Sgtin};
use theriac_ledger::{Call, fits};
use theriac_store::OutboxRecord;

use super::anchor::cause;
use super::plan::{OpenTree, Plan, Planned, Stock};
use crate::error::NodeError;
use crate::node::Node;

/// Subtrees that one transaction gathers at most; a larger order becomes several holdings.
const NODES_MAX: usize = 200;

/// Why an operation cannot be planned; a sentence for the case.
pub(super) type Hindrance = String;

impl Node {
    /// Plans an operation that has a transaction of its own.
    pub(super) async fn plan_single(
        &self,
        stock: &mut Stock,
        row: OutboxRecord,
    ) -> Result<Vec<Planned>, NodeError> {
        let rows = vec![row];
        let calls: Result<Vec<Call>, Hindrance> = match &rows[0].operation {
            Operation::Ship { units, consignee } => {
                self.ship_calls(stock, units, *consignee, &rows).await?
            }
            Operation::Segregate { units, state } => {
                let (units, state) = (units.clone(), *state);
                let cause = cause(&rows);
                self.gather_calls(stock, &units, |nodes| Call::Segregate { nodes, state, cause })
                    .await?
            }
            Operation::Cancel { units } => {
                self.whole_holdings(stock, units).await?.map(|ids| on_each(ids, &rows, cancel))
            }
            Operation::Release { units } => {
                self.whole_holdings(stock, units).await?.map(|ids| on_each(ids, &rows, release))
            }
            Operation::Restore { units } => self.restore_calls(stock, units, &rows).await?,
            Operation::LotStatus { lot, status } => self.status_calls(lot, *status, &rows).await?,
            _ => Err("this operation is not carried out alone".to_owned()),
        };
        Ok(match calls {
            Ok(calls) => transactions(calls, &rows),
            Err(hindrance) => vec![impossible(rows, hindrance)],
        })
    }

    async fn ship_calls(
        &self,
        stock: &mut Stock,
        units: &[Sgtin],
        consignee: Gln,
        rows: &[OutboxRecord],
    ) -> Result<Result<Vec<Call>, Hindrance>, NodeError> {
        let members = self.inner().store.members(crate::clock::days_of(self.today())).await?;
        let account = members.get(&consignee).and_then(|member| member.accounts.first().copied());
        let Some(to) = account else {
            return Ok(Err(format!(
                "expected an account of the consignee {consignee}, found none"
            )));
        };
        let cause = cause(rows);
        self.gather_calls(stock, units, |nodes| Call::Ship { nodes, to, cause }).await
    }

    /// Calls that gather the units, each with as many subtrees as fit into one.
    async fn gather_calls(
        &self,
        stock: &mut Stock,
        units: &[Sgtin],
        call: impl Fn(Vec<NodeProof>) -> Call,
    ) -> Result<Result<Vec<Call>, Hindrance>, NodeError> {
        let nodes = self.nodes_of(stock, units).await?;
        Ok(nodes.map(|nodes| in_parts(&nodes, NODES_MAX, &call)))
    }

    /// The subtrees that hold exactly these units, with proofs, in descending height.
    pub(super) async fn nodes_of(
        &self,
        stock: &mut Stock,
        units: &[Sgtin],
    ) -> Result<Result<Vec<NodeProof>, Hindrance>, NodeError> {
        let by_holding = match positions(stock, units) {
            Ok(by_holding) => by_holding,
            Err(hindrance) => return Ok(Err(hindrance)),
        };
        let mut nodes = Vec::new();
        for (holding, moved) in by_holding {
            let Some(OpenTree { known, tree, seed }) = self.tree(stock, holding).await? else {
                return Ok(Err(format!(
                    "expected the leaves of holding {holding}, found none here"
                )));
            };
            for subtree in cover(known.height, &known.leaves, &moved) {
                let (height, index) = (subtree.height, subtree.index);
                let (Ok(hash), Ok(path)) = (tree.node(height, index), tree.path(height, index))
                else {
                    return Ok(Err(format!("expected packs inside of holding {holding}")));
                };
                nodes.push(NodeProof { holding, seed: *seed, height, index, hash, path });
            }
        }
        nodes.sort_by_key(|node| std::cmp::Reverse(node.height));
        Ok(Ok(nodes))
    }

    /// The holdings that the units are in, which the ledger takes back or releases as a whole: no
    /// other unit in them may still be on its way or set apart.
    async fn whole_holdings(
        &self,
        stock: &Stock,
        units: &[Sgtin],
    ) -> Result<Result<BTreeSet<Hash>, Hindrance>, NodeError> {
        let ids = match holdings_of(stock, units) {
            Ok(ids) => ids,
            Err(hindrance) => return Ok(Err(hindrance)),
        };
        for id in &ids {
            let items = self.inner().store.items_in_holding(id).await?;
            let other = items.iter().map(|record| &record.item).find(|item| {
                matches!(
                    item.status,
                    ItemStatus::InTransit | ItemStatus::Quarantined | ItemStatus::Lost
                )
            });
            if let Some(other) = other {
                return Ok(Err(format!(
                    "expected all packs that were shipped or set apart together, found {} missing",
                    other.id
                )));
            }
        }
        Ok(Ok(ids))
    }

    async fn status_calls(
        &self,
        lot: &Lgtin,
        status: LotStatus,
        rows: &[OutboxRecord],
    ) -> Result<Result<Vec<Call>, Hindrance>, NodeError> {
        let row = self.inner().store.load_lots(std::slice::from_ref(lot)).await?.remove(lot);
        let Some(lot_tag) = row.and_then(|row| row.lot_tag) else {
            return Ok(Err(format!("expected the tag of lot {}, found none here", lot.lot)));
        };
        let cause = cause(rows);
        Ok(Ok(vec![match status {
            LotStatus::Normal => Call::Lift { lot_tag, cause },
            LotStatus::Blocked => Call::BlockLot { lot_tag, cause },
            recalled => Call::Recall { lot_tag, class: recalled.code(), cause },
        }]))
    }
}

/// Calls on parts of a list in its order, each with at most `most` of its entries and small enough
/// for one transaction.
pub(super) fn in_parts<T: Clone>(
    list: &[T],
    most: usize,
    call: &impl Fn(Vec<T>) -> Call,
) -> Vec<Call> {
    let whole = call(list.to_vec());
    let small = list.len() <= most && fits(std::slice::from_ref(&whole)).unwrap_or(true);
    if small || list.len() < 2 {
        return vec![whole];
    }
    let (left, right) = list.split_at(list.len() / 2);
    [in_parts(left, most, call), in_parts(right, most, call)].concat()
}

/// One transaction, or as many as the calls need to stay below the gas limit; the operation is done
/// when the last of them is.
pub(super) fn transactions(calls: Vec<Call>, rows: &[OutboxRecord]) -> Vec<Planned> {
    let ready = |calls| Planned::Ready(Plan { calls, rows: rows.to_vec(), openings: Vec::new() });
    if fits(&calls).unwrap_or(false) {
        return vec![ready(calls)];
    }
    calls.into_iter().map(|call| ready(vec![call])).collect()
}

fn cancel(id: Hash, cause: Hash) -> Call {
    Call::Cancel { id, cause }
}

fn release(id: Hash, cause: Hash) -> Call {
    Call::Release { id, cause }
}

fn on_each(ids: BTreeSet<Hash>, rows: &[OutboxRecord], call: fn(Hash, Hash) -> Call) -> Vec<Call> {
    ids.into_iter().map(|id| call(id, cause(rows))).collect()
}

/// Leaf positions of the units, by holding, ascending.
fn positions(stock: &Stock, units: &[Sgtin]) -> Result<BTreeMap<Hash, Vec<u64>>, Hindrance> {
    let mut by_holding: BTreeMap<Hash, Vec<u64>> = BTreeMap::new();
    for unit in units {
        let place = stock.unit(unit).and_then(|record| record.item.place).ok_or_else(|| {
            format!("expected {} {} on the ledger, found it nowhere", unit.gtin, unit.serial)
        })?;
        by_holding.entry(place.holding).or_default().push(place.position);
    }
    for positions in by_holding.values_mut() {
        positions.sort_unstable();
        positions.dedup();
    }
    Ok(by_holding)
}

/// The holdings that the units are in.
pub(super) fn holdings_of(stock: &Stock, units: &[Sgtin]) -> Result<BTreeSet<Hash>, Hindrance> {
    positions(stock, units).map(|by_holding| by_holding.into_keys().collect())
}

/// An operation that cannot be carried out.
pub(super) fn impossible(mut rows: Vec<OutboxRecord>, hindrance: Hindrance) -> Planned {
    match rows.pop() {
        Some(row) => Planned::Impossible(Box::new(row), hindrance),
        None => Planned::Waits(rows),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_custody::{LeafProof, Reason};

    #[test]
    fn what_is_too_large_for_one_transaction_becomes_several() {
        // Each from a holding of its own with a million units: no path is shared.
        let proofs: Vec<LeafProof> = (0..200_u8)
            .map(|n| LeafProof {
                holding: Hash([n; 32]),
                seed: Hash::ZERO,
                index: u64::from(n) << 12,
                lot_tag: Hash([1; 32]),
                unit_hash: Hash([2; 32]),
                path: vec![Hash([3; 32]); 20],
            })
            .collect();
        let call = |units| Call::Retire { units, reason: Reason::Dispensed, cause: Hash([4; 32]) };
        assert_eq!(fits(&[call(proofs.clone())]), Ok(false));
        let calls = in_parts(&proofs, 200, &call);
        assert!(calls.iter().all(|call| fits(std::slice::from_ref(call)) == Ok(true)));
        let units: Vec<LeafProof> = calls
            .into_iter()
            .flat_map(|call| match call {
                Call::Retire { units, .. } => units,
                _ => Vec::new(),
            })
            .collect();
        assert_eq!(units, proofs);
    }
}
