//! Pruning: what expired long ago is deleted from the ledger; the database keeps the history.
//!
//! # Invariants
//!
//! - Only what the ledger itself lets go is deleted: it knows the days of grace.
//! - Which words of marks a holding has follows from the logs alone.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use serde::{Deserialize, Serialize};
use theriac_custody::Hash;
use theriac_ledger::{Call, SimulateError, fits, retirement_key};
use theriac_store::{LedgerHolding, ReadTx};

use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Holdings, lots or retirements that are looked at in one go.
const LIMIT: u64 = 500;

/// Words of marks that one call deletes; each costs about 5,000 gas and gives as much back.
const KEYS_PER_CALL: usize = 500;

/// Age of the newest block from which on the ledger's time counts as behind, in seconds.
const STALE_S: u64 = 3_600;

/// What was deleted from the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PruneReport {
    /// Holdings.
    pub holdings: u64,
    /// Lots.
    pub lots: u64,
    /// Records of retirements that cannot be undone any more.
    pub retirements: u64,
}

/// Whose goods are pruned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PruneScope {
    /// What this member holds, or made.
    Own,
    /// All that has expired.
    All,
}

/// What the ledger says to a call of pruning.
enum Trial {
    Taken,
    /// The days of grace are not over; nor are they for what expired later.
    TooEarly,
    Refused,
}

impl Node {
    /// Deletes from the ledger what it lets go of. Anybody may do it, for all.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; what was deleted until then is deleted.
    pub async fn prune(&self, scope: PruneScope) -> Result<PruneReport, NodeError> {
        self.follow().await?;
        self.freshen().await?;
        let holdings = self.prune_holdings(scope).await?;
        let lots = self.prune_lots(scope).await?;
        let retirements = self.prune_retirements(scope).await?;
        let report = PruneReport { holdings, lots, retirements };
        if report != PruneReport::default() {
            tracing::info!(holdings, lots, retirements, "pruned from the ledger");
        }
        Ok(report)
    }

    /// The ledger judges by the time of its newest block. On one where nothing happens that is long
    /// ago: where there may be something to prune, it gets a block of today.
    async fn freshen(&self) -> Result<(), NodeError> {
        let last = days_of(self.today()).saturating_sub(1);
        let now = u64::try_from(self.now().as_second()).unwrap_or(0);
        let store = &self.inner().store;
        let any = !store.expired_holdings(last, 1).await?.is_empty()
            || !store.expired_lots(last, 1).await?.is_empty()
            || !store.ended_retirements(now, 1).await?.is_empty();
        let age_s = now.saturating_sub(self.inner().ledger.head().await?.timestamp);
        if any && age_s >= STALE_S {
            self.transact(&[Call::Anchor { root: Hash::ZERO, count: 0 }]).await?;
        }
        Ok(())
    }

    /// Prunes what is this member's once a day, if the node is set to.
    pub(crate) async fn prune_daily(&self) -> Result<(), NodeError> {
        let today = self.today();
        if !self.config().ledger.prune {
            return Ok(());
        }
        {
            let mut last = self.inner().pruned_on.lock().unwrap_or_else(PoisonError::into_inner);
            if *last == Some(today) {
                return Ok(());
            }
            *last = Some(today);
        }
        self.prune_sightings().await?;
        match self.prune(PruneScope::Own).await {
            Ok(_) | Err(NodeError::Busy | NodeError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn prune_holdings(&self, scope: PruneScope) -> Result<u64, NodeError> {
        let last = days_of(self.today()).saturating_sub(1);
        let mut pruned = 0;
        for holding in self.inner().store.expired_holdings(last, LIMIT).await? {
            let mut tx = self.inner().store.read().await?;
            if scope == PruneScope::Own && !self.is_own(&mut tx, &holding).await? {
                continue;
            }
            let nodes = tx.spent_nodes(&holding.id).await?;
            drop(tx);
            let keys = keys_of(holding.height, &nodes);
            let calls = calls_on(holding.id, &keys);
            match self.try_pruning(&calls).await? {
                Trial::Taken => {
                    self.transact_in_parts(calls).await?;
                    pruned += 1;
                }
                Trial::TooEarly => break,
                Trial::Refused => {}
            }
        }
        Ok(pruned)
    }

    /// Whether this member holds a holding, or made its goods.
    async fn is_own(&self, tx: &mut ReadTx, holding: &LedgerHolding) -> Result<bool, NodeError> {
        if self.is_mine(tx, holding.holder).await? || self.is_mine(tx, holding.opener).await? {
            return Ok(true);
        }
        Ok(false)
    }

    async fn prune_lots(&self, scope: PruneScope) -> Result<u64, NodeError> {
        let last = days_of(self.today()).saturating_sub(1);
        let mut lot_tags = Vec::new();
        let mut tx = self.inner().store.read().await?;
        for lot in tx.expired_lots(last, LIMIT).await? {
            if scope == PruneScope::Own && !self.is_mine(&mut tx, lot.labeler).await? {
                continue;
            }
            let call = Call::PruneLots { lot_tags: vec![lot.lot_tag] };
            match self.try_pruning(&[call]).await? {
                Trial::Taken => lot_tags.push(lot.lot_tag),
                Trial::TooEarly => break,
                Trial::Refused => {}
            }
        }
        drop(tx);
        let pruned = lot_tags.len() as u64;
        if pruned > 0 {
            self.transact(&[Call::PruneLots { lot_tags }]).await?;
        }
        Ok(pruned)
    }

    async fn prune_retirements(&self, scope: PruneScope) -> Result<u64, NodeError> {
        let now = u64::try_from(self.now().as_second()).unwrap_or(0);
        let mut keys = Vec::new();
        let mut ended = Vec::new();
        let mut tx = self.inner().store.read().await?;
        for batch in tx.ended_retirements(now, LIMIT).await? {
            if scope == PruneScope::Own && !self.is_mine(&mut tx, batch.holder).await? {
                continue;
            }
            let key = retirement_key(&batch.places, batch.reason, batch.cause, batch.until);
            if self.inner().ledger.undoable_until(key).await?.is_some() {
                let call = Call::PruneRetirements { keys: vec![key] };
                match self.try_pruning(&[call]).await? {
                    Trial::Taken => keys.push(key),
                    _ => continue,
                }
            }
            ended.push(batch);
        }
        drop(tx);
        let pruned = keys.len() as u64;
        if pruned > 0 {
            self.transact(&[Call::PruneRetirements { keys }]).await?;
        }
        let mut tx = self.inner().store.write().await?;
        for batch in ended {
            tx.set_retirement_places(&batch, &[]).await?;
        }
        tx.commit().await?;
        Ok(pruned)
    }

    async fn try_pruning(&self, calls: &[Call]) -> Result<Trial, NodeError> {
        let Some(first) = calls.first() else { return Ok(Trial::Refused) };
        let first = std::slice::from_ref(first);
        match self.inner().ledger.simulate(self.account(), first).await {
            Ok(()) => Ok(Trial::Taken),
            Err(SimulateError::Reverted(revert)) if revert.name == "TooEarly" => {
                Ok(Trial::TooEarly)
            }
            Err(SimulateError::Reverted(revert)) => {
                tracing::info!(%revert, "not pruned");
                Ok(Trial::Refused)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// One transaction, or one for each call.
    async fn transact_in_parts(&self, calls: Vec<Call>) -> Result<(), NodeError> {
        if fits(&calls).unwrap_or(false) {
            return self.transact(&calls).await.map(drop);
        }
        for call in &calls {
            self.transact(std::slice::from_ref(call)).await?;
        }
        Ok(())
    }
}

/// The calls that delete a holding with its words of marks.
fn calls_on(id: Hash, keys: &[Hash]) -> Vec<Call> {
    if keys.is_empty() {
        return vec![Call::Prune { id, keys: Vec::new() }];
    }
    keys.chunks(KEYS_PER_CALL).map(|keys| Call::Prune { id, keys: keys.to_vec() }).collect()
}

/// The keys of the words of marks that the ledger has written for a holding of this height: as its
/// library `SpentBitmap` puts them. Trees below height 8, and blocks of a 64th of the leaves and
/// larger, are marked beside the holding's other fields; subtrees below height 8 in the word of 256
/// leaves that has them; what lies between in words of chunks, of which each bit is 256 leaves.
fn keys_of(tree_height: u8, spent: &[(u8, u64)]) -> Vec<Hash> {
    let mut keys = BTreeSet::new();
    if tree_height < 8 {
        return Vec::new();
    }
    let block_height = tree_height - 6;
    for &(height, index) in spent.iter().filter(|(height, _)| *height < block_height) {
        if height < 8 {
            keys.insert(key(false, (index << height) >> 8));
            continue;
        }
        let (first, count) = (index << (height - 8), 1_u64 << (height - 8));
        for number in (first >> 8)..=((first + count - 1) >> 8) {
            keys.insert(key(true, number));
        }
    }
    keys.into_iter().collect()
}

/// The key of a word: chunks have the highest bit set.
fn key(of_chunks: bool, number: u64) -> Hash {
    let mut key = [0; 32];
    key[24..].copy_from_slice(&number.to_be_bytes());
    if of_chunks {
        key[0] = 0x80;
    }
    Hash(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_where_the_ledger_writes_marks() {
        assert_eq!(keys_of(7, &[(0, 5), (3, 1)]), []);
        // Blocks of height 14; a unit and a case in one word, a pallet in a word of chunks.
        let spent = [(0, 5), (6, 3), (0, 256), (10, 2), (10, 63), (14, 7), (20, 0)];
        let expected = [key(false, 0), key(false, 1), key(true, 0)];
        assert_eq!(keys_of(20, &spent), expected);
        // Of 2^18 chunks 512 together make two words of them.
        assert_eq!(keys_of(32, &[(17, 1)]), [key(true, 2), key(true, 3)]);
        assert_eq!(key(true, 2).0[0], 0x80);
    }
}
