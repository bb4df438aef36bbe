//! The operations that move units, and decisions on lots.

use alloy::primitives::{Address, B256};

use super::holdings::Taken;
use super::{Model, ModelLot, Outcome, Refusal, Unit, ensure};
use crate::packing::Source;
use crate::tree::seed;
use crate::words::{LotStatus, State};

const ANY: u32 = 63;
const REGULATOR: u32 = 32;

impl Model {
    pub(super) fn commission(
        &mut self,
        by: Address,
        lot: B256,
        expiry: u32,
        count: u64,
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let labeler = self.acting(by, 3)?;
        ensure(expiry <= 65_535, "expiry too late")?;
        if let Some(found) = self.lots.get(&lot) {
            ensure(found.labeler == labeler, "labeler")?;
            ensure(found.expiry == expiry, "expiry differs")?;
        }
        let numbers = self.next_unit..self.next_unit + count;
        let units = numbers.map(|number| Some(Unit { number, lot })).collect();
        let taken = Taken { units, expiry };
        let (id, holding) = self.prepare(seed(by, cause), labeler, 0, State::Held, taken)?;
        self.next_unit += count;
        let (status, by_regulator) = (LotStatus::Normal, false);
        self.lots.entry(lot).or_insert(ModelLot { labeler, expiry, status, by_regulator });
        self.holdings.insert(id, holding);
        Ok(Outcome::Opened(id))
    }

    pub(super) fn ship(
        &mut self,
        by: Address,
        sources: &[Source],
        to: Address,
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let holder = self.acting(by, ANY)?;
        let consignee = self.acting(to, ANY)?;
        ensure(holder != consignee, "ships to self")?;
        self.gather(by, sources, (holder, consignee, State::InTransit), cause)
    }

    pub(super) fn segregate(
        &mut self,
        by: Address,
        sources: &[Source],
        state: State,
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let holder = self.acting(by, ANY)?;
        let allowed = matches!(state, State::Quarantined | State::Stolen | State::Lost);
        ensure(allowed, "state not allowed")?;
        self.gather(by, sources, (holder, 0, state), cause)
    }

    fn gather(
        &mut self,
        by: Address,
        sources: &[Source],
        (holder, consignee, state): (usize, usize, State),
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let taken = self.look(sources, holder, Some(State::Held))?;
        self.look_full(sources)?;
        let (id, holding) = self.prepare(seed(by, cause), holder, consignee, state, taken)?;
        self.mark(sources);
        self.holdings.insert(id, holding);
        Ok(Outcome::Opened(id))
    }

    pub(super) fn receive(&mut self, by: Address, id: B256) -> Result<Outcome, Refusal> {
        let receiver = self.acting(by, ANY)?;
        self.arrives(id, receiver)?;
        self.settle(id, receiver);
        Ok(Outcome::Done)
    }

    pub(super) fn receive_in_part(
        &mut self,
        by: Address,
        id: B256,
        refused: &Source,
        cause: B256,
    ) -> Result<Outcome, Refusal> {
        let receiver = self.acting(by, ANY)?;
        let sender = self.arrives(id, receiver)?;
        ensure(refused.holding == id, "foreign")?;
        let refused = std::slice::from_ref(refused);
        let taken = self.look(refused, sender, Some(State::InTransit))?;
        self.look_full(refused)?;
        let seed = seed(self.account_at(sender), cause);
        let (back, holding) = self.prepare(seed, sender, 0, State::Held, taken)?;
        self.mark(refused);
        self.holdings.insert(back, holding);
        self.settle(id, receiver);
        Ok(Outcome::Opened(back))
    }

    pub(super) fn cancel(&mut self, by: Address, id: B256) -> Result<Outcome, Refusal> {
        let caller = self.acting(by, ANY)?;
        let holding = self.holdings.get(&id).ok_or("unknown")?;
        ensure(holding.holder == caller && holding.state == State::InTransit, "not sender")?;
        self.settle(id, caller);
        Ok(Outcome::Done)
    }

    pub(super) fn release(&mut self, by: Address, id: B256) -> Result<Outcome, Refusal> {
        let caller = self.acting(by, ANY)?;
        let holding = self.holdings.get(&id).ok_or("unknown")?;
        ensure(holding.holder == caller, "not holder")?;
        ensure(matches!(holding.state, State::Quarantined | State::Lost), "state")?;
        self.settle(id, caller);
        Ok(Outcome::Done)
    }

    pub(super) fn decide(
        &mut self,
        by: Address,
        lot: B256,
        status: LotStatus,
    ) -> Result<Outcome, Refusal> {
        let caller = self.acting(by, ANY)?;
        let regulator = self.roles_of(by) & REGULATOR != 0;
        let lot = self.lots.get_mut(&lot).ok_or("unknown lot")?;
        ensure(regulator || lot.labeler == caller, "not labeler")?;
        ensure(regulator || !lot.by_regulator, "set by regulator")?;
        ensure(status != LotStatus::Normal || lot.status != LotStatus::Normal, "normal")?;
        (lot.status, lot.by_regulator) = (status, regulator && status != LotStatus::Normal);
        Ok(Outcome::Done)
    }

    /// The sender of a shipment to this member.
    fn arrives(&self, id: B256, receiver: usize) -> Result<usize, Refusal> {
        let holding = self.holdings.get(&id).ok_or("unknown")?;
        ensure(holding.state == State::InTransit, "state")?;
        ensure(holding.consignee == receiver, "not consignee")?;
        Ok(holding.holder)
    }

    /// In one hand, held.
    fn settle(&mut self, id: B256, holder: usize) {
        let holding = self.holdings.get_mut(&id).expect("looked at before");
        (holding.holder, holding.consignee, holding.state) = (holder, 0, State::Held);
    }
}
