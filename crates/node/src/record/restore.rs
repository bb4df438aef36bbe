//! Ends of life undone on the ledger: each retirement with the whole list of its places, of which some
//! come back.

use std::collections::{BTreeMap, HashSet};

use theriac_custody::{Hash, Place};
use theriac_gs1::{Identifier, Sgtin};
use theriac_ledger::Call;
use theriac_store::{OutboxRecord, ReadTx, RetirementBatch};

use super::anchor::cause;
use super::gather::Hindrance;
use super::plan::Stock;
use crate::error::NodeError;
use crate::follow::span;
use crate::node::Node;
use crate::verify::rfc3339;

/// A retirement and which of its places come back.
struct Undone {
    batch: RetirementBatch,
    which: Vec<usize>,
}

impl Node {
    /// Calls that bring the units back, one for each retirement that ended some of them.
    pub(super) async fn restore_calls(
        &self,
        stock: &Stock,
        units: &[Sgtin],
        rows: &[OutboxRecord],
    ) -> Result<Result<Vec<Call>, Hindrance>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let wanted: HashSet<Identifier> = units.iter().cloned().map(Identifier::Sgtin).collect();
        let mut undone: BTreeMap<(u64, u64), Undone> = BTreeMap::new();
        for unit in units {
            let id = Identifier::Sgtin(unit.clone());
            let Some(place) = stock.unit(unit).and_then(|record| record.item.place) else {
                return Ok(Err(format!("expected {id} on the ledger, found it nowhere")));
            };
            match self.retirement_of(&mut tx, &wanted, place).await? {
                Ok((batch, place)) => {
                    let key = (batch.block, batch.log_index);
                    let entry = undone.entry(key).or_insert(Undone { batch, which: Vec::new() });
                    entry.which.push(place);
                }
                Err(hindrance) => return Ok(Err(format!("{hindrance}: {id}"))),
            }
        }
        Ok(Ok(undone.into_values().map(|one| call(one, cause(rows))).collect()))
    }

    /// The retirement that ended the unit at a place, and the number of its place in it.
    async fn retirement_of(
        &self,
        tx: &mut ReadTx,
        wanted: &HashSet<Identifier>,
        place: Place,
    ) -> Result<Result<(RetirementBatch, usize), Hindrance>, NodeError> {
        let Some(row) = tx.retirement_covering(&place.holding, place.position).await? else {
            return Ok(Err("expected an end of life on the ledger, found none".to_owned()));
        };
        let now = u64::try_from(self.now().as_second()).unwrap_or(0);
        if row.until == 0 {
            return Ok(Err("expected an end of life that can be undone, found another".to_owned()));
        }
        if now > row.until {
            let until = rfc3339(row.until);
            return Ok(Err(format!(
                "expected a window that is open, found it closed since {until}"
            )));
        }
        let node = (row.holding, row.height, row.index);
        let whole = tx.items_at(&row.holding, &[span(row.height, row.index)]).await?;
        if let Some(other) = whole.iter().find(|record| !wanted.contains(&record.item.id)) {
            return Ok(Err(format!(
                "expected all packs that were written off as one, found {} left out",
                other.item.id
            )));
        }
        for batch in tx.retirement_batches(&row.cause).await? {
            if let Some(number) = batch.places.iter().position(|place| *place == node) {
                return Ok(Ok((batch, number)));
            }
        }
        Ok(Err("expected the record of an end of life, found none".to_owned()))
    }
}

fn call(undone: Undone, cause: Hash) -> Call {
    let Undone { batch, mut which } = undone;
    which.sort_unstable();
    which.dedup();
    Call::Restore {
        places: batch.places,
        reason: batch.reason,
        retired_by: batch.cause,
        until: batch.until,
        which,
        cause,
    }
}
