//! Ends of units, what undoes them, and what is deleted after its time.

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolValue;

use super::{Model, Outcome, Refusal, ensure};
use crate::packing::{Source, pack_sources};
use crate::words::{LotStatus, Reason, State};

const ANY: u32 = 63;

/// A retirement that can be undone: what its record stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Number of the member.
    pub holder: usize,
    /// Its places, in the order of the log.
    pub sources: Vec<Source>,
    /// Why they were retired.
    pub reason: Reason,
    /// The cause of the retirement.
    pub cause: B256,
    /// Last second at which it can be undone.
    pub until: u64,
}

impl Batch {
    /// The key of its record.
    pub fn key(&self) -> B256 {
        let places = keccak256(pack_sources(&self.sources));
        let reason = U256::from(self.reason as u8);
        keccak256((places, reason, self.cause, U256::from(self.until)).abi_encode())
    }

    /// How many places it has.
    pub fn len(&self) -> usize {
        self.sources.iter().map(|source| source.places.len()).sum()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The places for which the choice is `wanted`; missing choices are no.
    pub fn choose(&self, chosen: &[bool], wanted: bool) -> Vec<Source> {
        let mut choices = chosen.iter().copied().chain(std::iter::repeat(false));
        let mut sources = self.sources.clone();
        for source in &mut sources {
            source.places.retain(|_| choices.next() == Some(wanted));
        }
        sources.retain(|source| !source.places.is_empty());
        sources
    }
}

impl Model {
    pub(super) fn retire(
        &mut self,
        by: Address,
        sources: &[Source],
        reason: Reason,
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let roles = match reason {
            Reason::Dispensed => 16,
            Reason::Exported => 1 | 2 | 4,
            Reason::Repackaged => 1 | 2,
            _ => 0,
        };
        let holder = self.acting(by, roles)?;
        let taken = self.look(sources, holder, Some(State::Held))?;
        let leaves_only = sources.iter().flat_map(|s| &s.places).all(|place| place.0 == 0);
        ensure(leaves_only, "not leaves")?;
        for unit in &taken.units {
            self.look_usable(unit.ok_or("empty leaf")?.lot)?;
        }
        Ok(self.end(holder, sources, reason, cause))
    }

    /// Whether units of a lot may be used now.
    fn look_usable(&self, lot: B256) -> Result<(), Refusal> {
        let lot = self.lots.get(&lot).ok_or("lot unknown")?;
        ensure(lot.status == LotStatus::Normal, "lot not normal")?;
        ensure(self.now_s / 86_400 <= u64::from(lot.expiry), "expired")
    }

    pub(super) fn write_off(
        &mut self,
        by: Address,
        sources: &[Source],
        reason: Reason,
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let holder = self.acting(by, ANY)?;
        ensure(!reason.is_use(), "reason")?;
        self.look(sources, holder, None)?;
        Ok(self.end(holder, sources, reason, cause))
    }

    /// Marks, and keeps a record if it can be undone: while the member's days last and none of the holdings can be
    /// pruned.
    fn end(&mut self, holder: usize, sources: &[Source], reason: Reason, cause: B256) -> Outcome {
        self.mark(sources);
        for source in sources {
            for place in &source.places {
                let units = self.holdings[&source.holding].units_at(*place).iter().flatten();
                self.retired.extend(units.map(|unit| unit.number));
            }
        }
        let packed = pack_sources(sources);
        let days = u64::from(self.members[holder - 1].undo_days);
        if days == 0 || !reason.is_undoable() {
            return Outcome::Retired(packed, 0);
        }
        let pruned_from = sources
            .iter()
            .map(|source| Self::prunable_s(self.holdings[&source.holding].expiry))
            .min()
            .expect("looked at before");
        let until = (self.now_s + days * 86_400).min(pruned_from - 1);
        if until < self.now_s {
            return Outcome::Retired(packed, 0);
        }
        let batch = Batch { holder, sources: sources.to_vec(), reason, cause, until };
        self.batches.insert(batch.key(), batch);
        Outcome::Retired(packed, until)
    }

    pub(super) fn restore(
        &mut self,
        by: Address,
        batch: &Batch,
        chosen: &[bool],
    ) -> Result<Outcome, Refusal> {
        let caller = self.acting(by, ANY)?;
        ensure(batch.reason.is_undoable(), "reason")?;
        let key = batch.key();
        let found = self.batches.get(&key).ok_or("no record")?;
        ensure(found.holder == caller, "not holder")?;
        ensure(self.now_s <= batch.until, "window closed")?;
        let back = batch.choose(chosen, true);
        ensure(!back.is_empty(), "nothing")?;
        for source in &back {
            let holding = self.holdings.get(&source.holding).ok_or("unknown")?;
            ensure(holding.holder == caller && holding.state == State::Held, "not held")?;
        }
        self.bring_back(&back);
        self.batches.remove(&key);
        let rest = Batch { sources: batch.choose(chosen, false), ..batch.clone() };
        if !rest.is_empty() {
            self.batches.insert(rest.key(), Batch { holder: caller, ..rest });
        }
        Ok(Outcome::Restored(pack_sources(&back)))
    }

    fn bring_back(&mut self, sources: &[Source]) {
        for source in sources {
            let holding = self.holdings.get_mut(&source.holding).expect("looked at before");
            for place in &source.places {
                holding.marks.unmark(place.0, place.1);
                for unit in holding.units_at(*place).iter().flatten() {
                    assert!(self.retired.remove(&unit.number), "unit {} ended", unit.number);
                }
            }
        }
    }

    /// Deletes marks of a holding, and the holding with the last of them.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn prune(&mut self, id: B256, keys: &[U256]) -> Result<(), Refusal> {
        let now_s = self.now_s;
        let holding = self.holdings.get_mut(&id).ok_or("unknown")?;
        ensure(now_s >= Self::prunable_s(holding.expiry), "too early")?;
        let mut marks = holding.marks.clone();
        ensure(keys.iter().all(|key| marks.forget(*key)), "key unused")?;
        let units: Vec<_> = holding.unspent().map(|unit| unit.number).collect();
        if holding.state != State::Pruning {
            self.pruned.extend(units);
        }
        let ended = marks.keys().is_empty();
        (holding.marks, holding.state) = (marks, State::Pruning);
        if ended {
            self.holdings.remove(&id);
        }
        Ok(())
    }

    /// Deletes a lot.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn prune_lot(&mut self, lot: B256) -> Result<(), Refusal> {
        let found = self.lots.get(&lot).ok_or("unknown lot")?;
        ensure(self.now_s >= Self::prunable_s(found.expiry), "too early")?;
        ensure(found.status == LotStatus::Normal, "recalled or blocked")?;
        self.lots.remove(&lot);
        Ok(())
    }

    /// Deletes the record of a retirement.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn prune_retirement(&mut self, key: B256) -> Result<(), Refusal> {
        let found = self.batches.get(&key).ok_or("no record")?;
        ensure(self.now_s > found.until, "too early")?;
        self.batches.remove(&key);
        Ok(())
    }
}
