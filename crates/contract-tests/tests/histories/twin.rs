//! Contract and model side by side.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, Log, U256};
use alloy::sol_types::{SolCall, SolEvent};
use theriac_contract_tests::custody::Custody;
use theriac_contract_tests::registry::Registry;
use theriac_contract_tests::{
    Batch, LotStatus, Model, ModelHolding, NOW_S, Op, Outcome, Reason, Refusal, Source, Standing,
    State, World, word,
};

use super::encode::{Archive, encode};
use super::steps::{Step, choose};

const FIRST_DAY: u32 = (NOW_S / 86_400) as u32;

/// An account that may give members accounts.
const RESCUER: Address = Address::repeat_byte(0xe7);

/// How many lots there are.
pub(crate) const LOTS: u32 = 4;

/// Contract and model side by side.
pub(crate) struct Twin {
    /// The contract.
    pub(crate) world: World,
    /// The model.
    pub(crate) model: Model,
    /// Logs of custody, with the time of each.
    pub(crate) logs: Vec<(u64, Log)>,
    /// Every holding that there ever was.
    pub(crate) archive: Archive,
    /// How many operations were tried.
    pub(crate) tried: u32,
    /// How many of each operation went through.
    pub(crate) accepted: BTreeMap<&'static str, u64>,
    /// Records that were used up or replaced: they must be of no use.
    stale: Vec<Batch>,
}

/// A lot's tag.
pub(crate) fn lot_tag(number: u32) -> B256 {
    word(&format!("lot {}", number % LOTS))
}

/// Another account for a member of this number.
fn spare(number: usize, choice: u32) -> Address {
    Address::repeat_byte(0x10 + number as u8 * 8 + (choice % 3) as u8)
}

impl Twin {
    /// A fresh ledger.
    pub(crate) fn new() -> Self {
        let (mut world, mut model) = (World::new(), Model::new());
        // Waiting for the timelock is tested elsewhere; here another account has its right.
        let role = Registry::RECOVERY_ROLECall {};
        let role = world.evm.view(world.at.registry, &role).expect("a view");
        let grant = Registry::grantRoleCall { role, account: RESCUER };
        world.govern(&mut model.now_s, &grant).expect("the timelock appoints");
        let (logs, archive, stale) = (vec![], Archive::new(), vec![]);
        Self { world, model, logs, archive, tried: 0, accepted: BTreeMap::new(), stale }
    }

    /// Does what a step says, if the state has anything to do it with.
    pub(crate) fn run(&mut self, step: &Step) {
        match step.kind {
            24 | 25 => self.administer(step),
            26 => self.rotate(step),
            27 | 28 | 34 => self.pass_time(step),
            29 | 32 | 33 => self.prune(step),
            30 => self.several(step),
            31 => self.corrupt(step),
            _ => {
                if let Some((by, op)) = self.operation(step) {
                    let cause = self.next_cause();
                    self.operate(by, &op, cause);
                }
            }
        }
    }

    /// Now and then a cause that was there before.
    fn next_cause(&mut self) -> B256 {
        self.tried += 1;
        word(&format!("step {}", self.tried - u32::from(self.tried.is_multiple_of(16))))
    }

    /// Both must agree on an operation and on what it leaves.
    pub(crate) fn operate(&mut self, by: Address, op: &Op, cause: B256) {
        let data = encode(&self.model, &self.archive, op, cause);
        let expected = self.model.apply(by, op, cause);
        let found = self.world.evm.call_raw(by, self.world.at.custody, data);
        match (&expected, found) {
            (Ok(outcome), Ok(done)) => {
                self.count(name_of(op));
                expect_outcome(outcome, &done.logs);
                self.keep(done.logs);
                if let Op::Restore { batch, .. } = op {
                    self.stale.push(batch.clone());
                }
            }
            (Err(_), Err(_)) => {}
            (expected, found) => {
                panic!("step {}: {by} {op:?}: model {expected:?}, contract {found:?}", self.tried)
            }
        }
    }

    /// Keeps logs, and what was opened.
    fn keep(&mut self, logs: Vec<Log>) {
        self.logs.extend(logs.into_iter().map(|log| (self.model.now_s, log)));
        for (id, holding) in &self.model.holdings {
            if !self.archive.contains_key(id) {
                self.archive.insert(*id, (holding.stock(), holding.units.clone()));
            }
        }
    }

    /// The operation of a step.
    fn operation(&self, step: &Step) -> Option<(Address, Op)> {
        let [first, second, third, _] = step.choices;
        let honest = step.honest();
        match step.kind {
            0..=2 => Some(self.commission(step)),
            3..=6 => {
                let id = self.pick(first, honest, State::Held)?;
                let to = self.account(second as usize % 6 + 1, third);
                let sources = self.sources(step, id, false);
                Some((self.holder(step, id), Op::Ship { sources, to }))
            }
            7..=9 => {
                let id = self.pick(first, honest, State::InTransit)?;
                let refused = self.sources(step, id, false).into_iter().find(|s| s.holding == id);
                let op = match refused {
                    Some(refused) if step.kind == 9 => Op::ReceiveInPart { id, refused },
                    _ => Op::Receive { id },
                };
                Some((self.actor(step, self.model.holdings[&id].consignee), op))
            }
            10 => {
                let id = self.pick(first, honest, State::InTransit)?;
                Some((self.holder(step, id), Op::Cancel { id }))
            }
            11 | 12 => {
                let id = self.pick(first, honest, State::Held)?;
                let state = [State::Quarantined, State::Stolen, State::Lost][second as usize % 3];
                let sources = self.sources(step, id, false);
                Some((self.holder(step, id), Op::Segregate { sources, state }))
            }
            13 => {
                let apart = |h: &ModelHolding| !matches!(h.state, State::Held | State::InTransit);
                let among = self.holdings(|holding| !honest || apart(holding));
                let id = choose(&among, first)?;
                Some((self.holder(step, id), Op::Release { id }))
            }
            14..=17 => {
                let id = self.pick(first, honest, State::Held)?;
                let reason = self.use_of(id, second, honest);
                let sources = self.sources(step, id, true);
                Some((self.holder(step, id), Op::Retire { sources, reason }))
            }
            18 | 19 => self.write_off(step),
            20 | 21 => self.restore(step),
            _ => Some(self.decision(step)),
        }
    }

    fn commission(&self, step: &Step) -> (Address, Op) {
        let [first, second, third, fourth] = step.choices;
        let number = if step.honest() { first as usize % 2 + 1 } else { first as usize % 6 + 1 };
        let expiry = FIRST_DAY + second % LOTS * 20 + u32::from(step.honesty == 13);
        let count = 1 + u64::from(third) % if fourth.is_multiple_of(8) { 700 } else { 70 };
        let by = self.account(number, fourth);
        (by, Op::Commission { lot: lot_tag(second), expiry, count })
    }

    /// A use that the holder's roles allow, if there is one.
    fn use_of(&self, id: B256, choice: u32, honest: bool) -> Reason {
        let uses = [Reason::Dispensed, Reason::Exported, Reason::Repackaged];
        let roles = self.model.members[self.model.holdings[&id].holder - 1].roles;
        let allowed = |reason: &Reason| match reason {
            Reason::Dispensed => roles & 16 != 0,
            Reason::Exported => roles & 7 != 0,
            _ => roles & 3 != 0,
        };
        let fitting: Vec<_> = uses.into_iter().filter(|r| !honest || allowed(r)).collect();
        choose(&fitting, choice).unwrap_or(Reason::Exported)
    }

    fn write_off(&self, step: &Step) -> Option<(Address, Op)> {
        let among = self.holdings(|h| !step.honest() || h.state != State::InTransit);
        let id = choose(&among, step.choices[0])?;
        let mut sources = self.sources(step, id, false);
        // Small subtrees, or histories would soon have no units left.
        for source in &mut sources {
            source.places.retain(|place| place.0 < 3 || step.choices[2].is_multiple_of(16));
        }
        sources.retain(|source| !source.places.is_empty());
        let reason = Reason::ALL[3 + step.choices[1] as usize % 5];
        let reason = if step.honesty == 15 { Reason::Exported } else { reason };
        (!sources.is_empty()).then(|| (self.holder(step, id), Op::WriteOff { sources, reason }))
    }

    fn restore(&self, step: &Step) -> Option<(Address, Op)> {
        let [first, second, third, _] = step.choices;
        let open: Vec<_> = self.model.batches.values().cloned().collect();
        let from = if step.honesty == 12 { &self.stale } else { &open };
        let mut batch = choose(from, first)?;
        let chosen = (0..batch.len()).map(|i| second >> (i % 32) & 1 == 1).collect();
        match step.honesty {
            13 => batch.until += u64::from(third % 3),
            14 => batch.reason = Reason::ALL[third as usize % 8],
            _ => {}
        }
        Some((self.actor(step, batch.holder), Op::Restore { batch, chosen }))
    }

    fn decision(&self, step: &Step) -> (Address, Op) {
        let [first, second, third, fourth] = step.choices;
        let lot = lot_tag(second);
        let labeler = self.model.lots.get(&lot).map_or(1, |lot| lot.labeler);
        let number = if step.honest() { [labeler, 6][first as usize % 2] } else { 3 };
        let status = match third % 5 {
            0 => LotStatus::RecalledI,
            1 => LotStatus::RecalledII,
            2 => LotStatus::Blocked,
            _ => LotStatus::Normal,
        };
        (self.account(number, fourth), Op::Decide { lot, status })
    }

    /// Holdings that fit.
    fn holdings(&self, fits: impl Fn(&ModelHolding) -> bool) -> Vec<B256> {
        self.model.holdings.iter().filter(|entry| fits(entry.1)).map(|entry| *entry.0).collect()
    }

    /// A holding of a state with something in it if honest, else any.
    fn pick(&self, choice: u32, honest: bool, state: State) -> Option<B256> {
        let fits = |h: &ModelHolding| h.state == state && h.unspent().next().is_some();
        choose(&self.holdings(|holding| !honest || fits(holding)), choice)
    }

    /// An account of a member; one that was revoked if it has no other.
    fn account(&self, number: usize, choice: u32) -> Address {
        let member = &self.model.members[number - 1];
        choose(&member.accounts, choice).unwrap_or(member.last_revoked)
    }

    fn actor(&self, step: &Step, right: usize) -> Address {
        if step.honest() || step.honesty.is_multiple_of(2) {
            self.account(right.max(1), step.choices[3])
        } else {
            self.account(step.choices[3] as usize % 6 + 1, step.choices[3])
        }
    }

    fn holder(&self, step: &Step, id: B256) -> Address {
        self.actor(step, self.model.holdings[&id].holder)
    }

    /// Subtrees of a holding, and perhaps of another one of its holder. An honest choice has units that did not leave,
    /// in order; a cheat may name anything.
    fn sources(&self, step: &Step, id: B256, leaves_only: bool) -> Vec<Source> {
        let own = &self.model.holdings[&id];
        let alike = self.holdings(|h| h.holder == own.holder && h.state == own.state);
        let among = [Some(id), choose(&alike, step.choices[2]).filter(|other| *other != id)];
        let among: Vec<_> = among.into_iter().flatten().collect();
        let mut sources: Vec<_> = among.iter().map(|id| Source::new(*id, &[])).collect();
        for (which, height, index) in &step.places {
            let at = (which % 8 / 7) as usize % among.len();
            let holding = &self.model.holdings[&among[at]];
            let tree_height = holding.tree.height();
            let mut height = if leaves_only { 0 } else { (height % 64).ilog2_or_zero(tree_height) };
            let mut index = u64::from(*index) % (1 << (tree_height - height));
            while step.honest() && height > 0 && holding.marks.any(height, index) {
                (height, index) = (height - 1, index * 2 + u64::from(step.choices[2] & 1));
            }
            let taken = &mut sources[at].places;
            let overlaps = |other: &(u8, u64)| {
                let top = height.max(other.0);
                index >> (top - height) == other.1 >> (top - other.0)
            };
            if !step.honest() || !taken.iter().any(overlaps) {
                taken.push((height, index));
            }
        }
        if step.honest() {
            for source in &mut sources {
                source.places.sort_by_key(|(height, index)| index << height);
            }
        }
        sources.retain(|source| !source.places.is_empty());
        sources
    }

    /// Governors change a member's standing, licence or days for undoing.
    fn administer(&mut self, step: &Step) {
        let [first, second, third, _] = step.choices;
        let member = &mut self.model.members[first as usize % 6];
        let (gln, roles) = (member.gln, member.roles);
        let data = match second % 4 {
            0 | 1 => {
                let standings = [Standing::Active, Standing::Suspended, Standing::Active];
                member.standing = standings[third as usize % 3];
                let status = member.standing as u8;
                Registry::setStatusCall { gln, status }.abi_encode()
            }
            2 => {
                let today = (self.model.now_s / 86_400) as u32;
                member.licence_expiry = if third % 3 == 0 { today + third % 5 } else { 0 };
                let expiry = member.licence_expiry;
                Registry::setLicenceCall { gln, roles, licenceExpiry: expiry }.abi_encode()
            }
            _ => {
                member.undo_days = [0, 1, 10, 60][third as usize % 4];
                let undo_days = member.undo_days;
                Registry::setUndoDaysCall { gln, undoDays: undo_days }.abi_encode()
            }
        };
        let done = self.world.evm.call_raw(World::GOVERNOR, self.world.at.registry, data.into());
        done.expect("the governor governs");
    }

    /// Accounts come and go; the rescuer helps whoever has none left.
    fn rotate(&mut self, step: &Step) {
        let [first, second, third, _] = step.choices;
        let number = first as usize % 6 + 1;
        let member = &mut self.model.members[number - 1];
        let gln = member.gln;
        let (by, data) = match choose(&member.accounts, third) {
            Some(account) if second % 2 == 0 => {
                member.accounts.retain(|other| *other != account);
                member.last_revoked = account;
                (World::GOVERNOR, Registry::revokeAccountCall { account }.abi_encode())
            }
            _ => {
                let account = spare(number, third);
                if member.accounts.contains(&account) {
                    return;
                }
                member.accounts.push(account);
                (RESCUER, Registry::addAccountCall { gln, account }.abi_encode())
            }
        };
        let done = self.world.evm.call_raw(by, self.world.at.registry, data.into());
        done.expect("the governor or the rescuer may");
    }

    fn pass_time(&mut self, step: &Step) {
        let days = u64::from(step.choices[0] % 50 * u32::from(step.choices[1].is_multiple_of(2)));
        self.model.now_s += days * 86_400 + u64::from(step.choices[2] % 86_400);
        self.world.evm.set_time(self.model.now_s);
    }

    /// Anybody prunes a holding, a lot or a record: before its time, with wrong keys, in part, or rightly.
    fn prune(&mut self, step: &Step) {
        let [first, second, third, _] = step.choices;
        self.tried += 1;
        let at = self.world.at.custody;
        let by = World::STRANGER;
        let (expected, data) = match first % 3 {
            0 => {
                let Some(id) = choose(&self.holdings(|_| true), second) else { return };
                let mut keys = self.model.holdings[&id].marks.keys();
                match third % 4 {
                    0 => keys.push(U256::from(third >> 8)),
                    1 => keys.truncate(keys.len() / 2),
                    _ => {}
                }
                let expected = self.model.prune(id, &keys);
                (expected, Custody::pruneCall { id, keys }.abi_encode())
            }
            1 => {
                let lot_tags = vec![lot_tag(second)];
                let expected = self.model.prune_lot(lot_tags[0]);
                (expected, Custody::pruneLotsCall { lotTags: lot_tags }.abi_encode())
            }
            _ => {
                let keys: Vec<_> = self.model.batches.keys().copied().collect();
                let Some(key) = choose(&keys, second) else { return };
                let expected = self.model.prune_retirement(key);
                (expected, Custody::pruneRetirementsCall { keys: vec![key] }.abi_encode())
            }
        };
        let found = self.world.evm.call_raw(by, at, data.into());
        let name = ["prune", "prune a lot", "prune a record"][first as usize % 3];
        self.agree(name, &expected, found.as_ref().err());
        if let Ok(done) = found {
            self.keep(done.logs);
        }
    }

    fn count(&mut self, name: &'static str) {
        *self.accepted.entry(name).or_default() += 1;
    }

    fn agree<E: std::fmt::Debug>(
        &mut self,
        name: &'static str,
        expected: &Result<(), Refusal>,
        found: Option<&E>,
    ) {
        if expected.is_ok() {
            self.count(name);
        }
        let tried = self.tried;
        assert_eq!(expected.is_ok(), found.is_none(), "step {tried}: {expected:?}, {found:?}");
    }

    /// Two operations of one account in one transaction, all or nothing.
    fn several(&mut self, step: &Step) {
        let kinds = [step.choices[0] as u8 % 24, step.choices[1] as u8 % 24];
        let before = self.model.clone();
        let (mut calls, mut outcome, mut account) = (vec![], Ok(()), None);
        for (at, kind) in kinds.into_iter().enumerate() {
            let mut choices = step.choices;
            choices.rotate_left(at);
            let part = Step { kind, choices, ..step.clone() };
            let Some((by, op)) = self.operation(&part) else { continue };
            let by = *account.get_or_insert(by);
            let cause = self.next_cause();
            // What the first opened can be named by the second.
            self.keep(vec![]);
            calls.push(encode(&self.model, &self.archive, &op, cause));
            outcome = outcome.and_then(|()| self.model.apply(by, &op, cause).map(|_| ()));
        }
        if outcome.is_err() {
            self.model = before;
        }
        let by = account.unwrap_or(World::FACTORY);
        let data = Custody::multicallCall { data: calls }.abi_encode();
        let found = self.world.evm.call_raw(by, self.world.at.custody, data.into());
        self.agree("several at once", &outcome, found.as_ref().err());
        if let Ok(done) = found {
            self.keep(done.logs);
        }
    }

    /// Bytes of a shipment are changed on the way: nothing may move but what was meant, if anything.
    fn corrupt(&mut self, step: &Step) {
        let Some(id) = self.pick(step.choices[0], true, State::Held) else { return };
        let honest = Step { honesty: 0, ..step.clone() };
        let sources = self.sources(&honest, id, false);
        let by = self.holder(&honest, id);
        let to = self.account(step.choices[1] as usize % 6 + 1, 0);
        let op = Op::Ship { sources, to };
        let cause = self.next_cause();
        let mut data = encode(&self.model, &self.archive, &op, cause).to_vec();
        // Behind the selector, `to` and `cause`, which may well be others.
        let at = 100 + step.choices[2] as usize % (data.len() - 100);
        data[at] ^= 1 << (step.choices[3] % 8);
        let before = self.world.evm.slots(self.world.at.custody);
        let found = self.world.evm.call_raw(by, self.world.at.custody, Bytes::from(data));
        if let Ok(done) = found {
            // Padding says nothing; then it is the operation.
            self.model.apply(by, &op, cause).expect("what went through is what was meant");
            self.count("ship with other padding");
            self.keep(done.logs);
        } else {
            assert_eq!(self.world.evm.slots(self.world.at.custody), before);
        }
    }

    /// The whole state of the contract is that of the model, and units are conserved.
    pub(crate) fn check(&mut self) {
        self.model.check();
        let mut slots = self.model.lots.len() + self.model.batches.len();
        for (id, expected) in &self.model.holdings {
            let found = self.world.holding(*id);
            let expected_fields = (
                self.model.account_at(expected.holder),
                self.model.account_at(expected.consignee),
                expected.expiry,
                expected.tree.height(),
                expected.state as u8,
                expected.marks.keys().len() as u32,
            );
            let found_fields = (
                found.holder,
                found.consignee,
                found.expiry,
                found.height,
                found.state,
                found.slots,
            );
            assert_eq!(found_fields, expected_fields, "holding {id}");
            slots += 1 + found.slots as usize;
            if expected.state == State::Pruning {
                continue;
            }
            for number in 0..expected.units.len().div_ceil(256) {
                let word = self.world.spent_word(*id, number);
                assert_eq!(word, expected.marks.word(number), "holding {id}, word {number}");
            }
        }
        assert_eq!(self.world.evm.slots(self.world.at.custody).len(), slots);
    }

    /// Long after, anybody deletes all, and nothing is left.
    pub(crate) fn prune_all(&mut self) {
        let at = self.world.at.custody;
        self.world.evm.set_time(NOW_S + 1_000 * 86_400);
        for (id, holding) in std::mem::take(&mut self.model.holdings) {
            let call = Custody::pruneCall { id, keys: holding.marks.keys() };
            let done = self.world.custody(World::STRANGER, &call).expect("its time has come");
            assert_eq!(done.logs.len(), 1, "Pruned");
        }
        self.prune_lots();
        for key in std::mem::take(&mut self.model.batches).into_keys() {
            let call = Custody::pruneRetirementsCall { keys: vec![key] };
            self.world.custody(World::STRANGER, &call).expect("its time has come");
        }
        assert!(self.world.evm.slots(at).is_empty(), "state is left");
    }

    /// Recalled and blocked lots stay until a regulator lifts them.
    fn prune_lots(&mut self) {
        let regulator = Address::repeat_byte(0xfe);
        self.world.admit(4_000_999_000_006, 32, regulator);
        for (lot_tag, lot) in std::mem::take(&mut self.model.lots) {
            if lot.status != LotStatus::Normal {
                let call = Custody::liftCall { lotTag: lot_tag, cause: B256::ZERO };
                self.world.custody(regulator, &call).expect("a regulator lifts what anybody set");
            }
            let call = Custody::pruneLotsCall { lotTags: vec![lot_tag] };
            self.world.custody(World::STRANGER, &call).expect("its time has come");
        }
    }
}

fn name_of(op: &Op) -> &'static str {
    match op {
        Op::Commission { .. } => "commission",
        Op::Ship { .. } => "ship",
        Op::Receive { .. } => "receive",
        Op::ReceiveInPart { .. } => "receive in part",
        Op::Cancel { .. } => "cancel",
        Op::Segregate { .. } => "segregate",
        Op::Release { .. } => "release",
        Op::Retire { .. } => "retire",
        Op::WriteOff { .. } => "write off",
        Op::Restore { .. } => "restore",
        Op::Decide { .. } => "recall, block, lift",
    }
}

/// What the logs say is what the model foretold.
fn expect_outcome(outcome: &Outcome, logs: &[Log]) {
    match outcome {
        Outcome::Done => {}
        Outcome::Opened(id) => {
            let opened = logs.iter().find_map(|log| Custody::HoldingOpened::decode_log(log).ok());
            assert_eq!(opened.expect("HoldingOpened").id, *id);
        }
        Outcome::Retired(places, until) => {
            let event = Custody::Retired::decode_log(&logs[0]).expect("Retired");
            assert_eq!((&event.places, event.until.to::<u64>()), (places, *until));
        }
        Outcome::Restored(places) => {
            let event = Custody::Restored::decode_log(&logs[0]).expect("Restored");
            assert_eq!(&event.places, places);
        }
    }
}

/// Heights of which low ones are likelier.
trait Low {
    fn ilog2_or_zero(self, most: u8) -> u8;
}

impl Low for u32 {
    fn ilog2_or_zero(self, most: u8) -> u8 {
        let spread = [0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        spread[self as usize % spread.len()].min(most)
    }
}
