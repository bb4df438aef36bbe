//! Goods moved on a ledger, with the books of what has to be pruned once their time is over.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::{Hash, HoldingState, NodeProof, Reason, TreeError};
use theriac_ledger::{Call, NodePlace, Signer};

use super::goods::{Goods, Part};
use super::handover::commission_call;
use crate::benchmark::Failure;
use crate::world::World;

/// Marks of one holding that one transaction deletes.
const PRUNED_AT_ONCE: usize = 500;

/// What happens in one day, and what it leaves on the ledger.
pub(super) struct Day<'a> {
    /// Where it happens.
    pub(super) world: &'a World,
    /// Packs whose lives have not ended.
    pub(super) live: u64,
    lots: Vec<Hash>,
    /// Every holding, with the keys of its marks.
    holdings: BTreeMap<Hash, BTreeSet<Hash>>,
    retirements: Vec<Hash>,
    events: u64,
}

impl<'a> Day<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        let (lots, holdings, retirements) = Default::default();
        Self { world, live: 0, lots, holdings, retirements, events: 0 }
    }

    fn next_cause(&mut self) -> Hash {
        self.events += 1;
        self.world.hash("event", self.events)
    }

    /// Makes a lot with packs at positions.
    pub(super) async fn commission(
        &mut self,
        lot: u64,
        positions: &[u64],
        expiry: u32,
    ) -> Result<Goods, Failure> {
        let (cause, lot_tag) = (self.next_cause(), self.world.hash("lot", lot));
        let mut packs = vec![None; positions.last().map_or(0, |last| *last as usize + 1)];
        for position in positions {
            let unit = self.world.hash("pack", lot << 32 | position);
            packs[*position as usize] = Some((lot_tag, unit));
        }
        let goods = Goods::new(self.world.maker.account(), cause, packs)?;
        let call = commission_call(&goods, lot_tag, expiry, cause);
        self.world.run(&self.world.maker, &[call]).await?;
        self.live += positions.len() as u64;
        self.lots.push(lot_tag);
        self.holdings.entry(goods.id).or_default();
        Ok(goods)
    }

    /// Ships; the goods are on their way.
    pub(super) async fn ship(
        &mut self,
        from: &Signer,
        to: &Signer,
        parts: &[Part<'_>],
    ) -> Result<Goods, Failure> {
        let cause = self.next_cause();
        let goods = Goods::gathered(from.account(), cause, parts)?;
        let call = Call::Ship { nodes: proofs(parts)?, to: to.account(), cause };
        self.world.run(from, &[call]).await?;
        self.note(parts, &goods);
        Ok(goods)
    }

    /// Receives all.
    pub(super) async fn receive(&mut self, by: &Signer, goods: Goods) -> Result<Goods, Failure> {
        let call = Call::ReceiveShipment { id: goods.id, cause: self.next_cause() };
        self.world.run(by, &[call]).await?;
        Ok(goods)
    }

    /// Receives all but one subtree.
    pub(super) async fn receive_but(
        &mut self,
        by: &Signer,
        goods: Goods,
        (height, index): (u8, u64),
    ) -> Result<Goods, Failure> {
        let cause = self.next_cause();
        let parts = [goods.part(height, index)];
        let back = Goods::gathered(self.world.maker.account(), cause, &parts)?;
        let call = Call::ReceiveInPart { id: goods.id, refused: proofs(&parts)?, cause };
        self.world.run(by, &[call]).await?;
        self.note(&parts, &back);
        Ok(goods)
    }

    /// Sets apart.
    pub(super) async fn segregate(
        &mut self,
        by: &Signer,
        parts: &[Part<'_>],
        state: HoldingState,
    ) -> Result<Goods, Failure> {
        let cause = self.next_cause();
        let goods = Goods::gathered(by.account(), cause, parts)?;
        self.world.run(by, &[Call::Segregate { nodes: proofs(parts)?, state, cause }]).await?;
        self.note(parts, &goods);
        Ok(goods)
    }

    /// Dispenses the packs at positions.
    pub(super) async fn dispense(
        &mut self,
        by: &Signer,
        goods: &Goods,
        mut positions: Vec<u64>,
    ) -> Result<(), Failure> {
        positions.sort_unstable();
        let cause = self.next_cause();
        let units = positions.iter().map(|index| goods.unit(*index));
        let units = units.collect::<Result<Vec<_>, _>>()?;
        let reason = Reason::Dispensed;
        self.world.run(by, &[Call::Retire { units, reason, cause }]).await?;
        let places: Vec<NodePlace> = positions.iter().map(|index| (goods.id, 0, *index)).collect();
        let until = self.world.undo_until();
        self.retirements.push(theriac_ledger::retirement_key(&places, reason, cause, until));
        self.live -= positions.len() as u64;
        for index in positions {
            self.mark(&goods.part(0, index));
        }
        Ok(())
    }

    /// Notes what a gather did.
    fn note(&mut self, parts: &[Part<'_>], opened: &Goods) {
        for part in parts {
            self.mark(part);
        }
        self.holdings.entry(opened.id).or_default();
    }

    fn mark(&mut self, part: &Part<'_>) {
        let keys = mark_keys(part.of.tree.height(), part.height, part.index);
        self.holdings.entry(part.of.id).or_default().extend(keys);
    }

    /// Deletes all that the day left, and gives the gas that it took. Anybody may.
    pub(super) async fn prune(&mut self) -> Result<u64, Failure> {
        let anybody = &self.world.governor;
        let mut gas = 0;
        for (id, keys) in &self.holdings {
            let keys: Vec<_> = keys.iter().copied().collect();
            let chunks = if keys.is_empty() { vec![vec![]] } else { chunked(&keys) };
            for keys in chunks {
                gas += self.world.run(anybody, &[Call::Prune { id: *id, keys }]).await?.gas_used;
            }
        }
        let lots = Call::PruneLots { lot_tags: self.lots.clone() };
        gas += self.world.run(anybody, &[lots]).await?.gas_used;
        let retirements = Call::PruneRetirements { keys: self.retirements.clone() };
        gas += self.world.run(anybody, &[retirements]).await?.gas_used;
        Ok(gas)
    }
}

fn chunked(keys: &[Hash]) -> Vec<Vec<Hash>> {
    keys.chunks(PRUNED_AT_ONCE).map(<[_]>::to_vec).collect()
}

fn proofs(parts: &[Part<'_>]) -> Result<Vec<NodeProof>, TreeError> {
    parts.iter().map(Part::proof).collect()
}

/// The keys under which the contract keeps the mark of a subtree: none for what fits in the
/// holding's own slot, else the word of its 256 leaves, or the words of its chunks of 256 leaves
/// (`contracts/src/libraries/SpentBitmap.sol`).
fn mark_keys(tree_height: u8, height: u8, index: u64) -> Vec<Hash> {
    if tree_height < 8 || height >= tree_height - 6 {
        return Vec::new();
    }
    if height < 8 {
        return vec![key(false, (index << height) >> 8)];
    }
    let (first, count) = (index << (height - 8), 1_u64 << (height - 8));
    (first >> 8..=(first + count - 1) >> 8).map(|number| key(true, number)).collect()
}

fn key(chunks: bool, number: u64) -> Hash {
    let mut key = [0; 32];
    key[24..].copy_from_slice(&number.to_be_bytes());
    key[0] = if chunks { 0x80 } else { 0 };
    Hash(key)
}
