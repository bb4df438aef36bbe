//! Random histories: the contract beside a model that keeps every unit in clear.
//!
//! After every operation both agree on whether it goes through, and on the state of each holding that it names; at the
//! end each unit is in exactly one unspent place or retired, and the contract has the same marks as the model.

use alloy::primitives::{Address, B256, U256};
use proptest::prelude::*;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    LotStatus, Marks, Model, NOW_S, Reason, Refusal, Source, State, World, unit_hash, word,
};

const ACTORS: [Address; 7] = [
    World::FACTORY,
    World::FACTORY_2,
    World::REPACKAGER,
    World::WHOLESALER,
    World::CARRIER,
    World::PHARMACY,
    World::REGULATOR,
];

const FIRST_DAY: u32 = (NOW_S / 86_400) as u32;

/// One step of a history: what to do, and raw choices that are read in the light of the state.
#[derive(Debug, Clone)]
struct Step {
    kind: u8,
    choices: [u32; 4],
    nodes: Vec<(u32, u32, u32)>,
    /// Of 16: below 13 the named actor is the right one and nodes are of its own holdings.
    honesty: u8,
}

fn step() -> impl Strategy<Value = Step> {
    let nodes = prop::collection::vec(any::<(u32, u32, u32)>(), 1..6);
    (0u8..20, any::<[u32; 4]>(), nodes, 0u8..16).prop_map(|(kind, choices, nodes, honesty)| Step {
        kind,
        choices,
        nodes,
        honesty,
    })
}

/// Contract and model side by side.
struct Twin {
    world: World,
    model: Model,
    day: u32,
    steps: u32,
    accepted: u32,
}

fn choose<T: Clone>(from: &[T], choice: u32) -> Option<T> {
    (!from.is_empty()).then(|| from[choice as usize % from.len()].clone())
}

impl Twin {
    fn new() -> Self {
        let (world, model) = (World::new(), Model::default());
        Self { world, model, day: FIRST_DAY, steps: 0, accepted: 0 }
    }

    fn run(&mut self, step: &Step) {
        self.steps += 1;
        let cause = word(&format!("step {}", self.steps));
        let honest = step.honesty < 13;
        match step.kind {
            0..=2 => self.commission(step, cause),
            3..=6 => self.ship(step, honest, cause),
            7..=9 => self.receive(step, honest, cause),
            10 => self.cancel(step, honest, cause),
            11 | 12 => self.segregate(step, honest, cause),
            13 => self.release(step, honest, cause),
            14 | 15 => self.retire(step, honest, cause),
            16 => self.write_off(step, honest, cause),
            17 | 18 => self.decide(step, cause),
            _ => {
                self.day += step.choices[0] % 20;
                self.world.evm.set_time(u64::from(self.day) * 86_400 + 86_399);
            }
        }
    }

    /// Both must agree; a new holding must have the id that the model foretold.
    fn agree<T: PartialEq + std::fmt::Debug, E: std::fmt::Debug>(
        &mut self,
        expected: Result<T, Refusal>,
        found: Result<T, E>,
    ) {
        match (&expected, &found) {
            (Ok(expected), Ok(found)) => assert_eq!(expected, found),
            (Err(_), Err(_)) => {}
            _ => panic!("step {}: model {expected:?}, contract {found:?}", self.steps),
        }
        self.accepted += u32::from(expected.is_ok());
    }

    fn holdings(&self, fits: impl Fn(&theriac_contract_tests::ModelHolding) -> bool) -> Vec<B256> {
        self.model.holdings.iter().filter(|entry| fits(entry.1)).map(|entry| *entry.0).collect()
    }

    /// A holding of a state if honest, else any.
    fn pick(&self, choice: u32, honest: bool, state: State) -> Option<B256> {
        choose(&self.holdings(|holding| !honest || holding.state == state), choice)
    }

    fn actor(&self, step: &Step, honest: bool, right: Address) -> Address {
        if honest { right } else { ACTORS[step.choices[3] as usize % ACTORS.len()] }
    }

    /// Subtrees of up to two holdings, in descending height if honest. An honest choice has units that did not leave.
    fn sources(&self, step: &Step, honest: bool, among: &[B256], leaves_only: bool) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        for (holding, height, index) in &step.nodes {
            let Some(id) = choose(&among[..among.len().min(2)], *holding) else { continue };
            let tree = &self.model.holdings[&id].tree;
            let mut height = if leaves_only { 0 } else { *height as u8 % (tree.height() + 1) };
            let mut index = u64::from(*index) % (1 << (tree.height() - height));
            let marks = &self.model.holdings[&id].marks;
            while honest && height > 0 && marks.any(height, index) {
                (height, index) = (height - 1, index * 2 + u64::from(step.choices[2] & 1));
            }
            let source = Source { holding: id, height, index };
            if !honest || !sources.iter().any(|other| overlap(*other, source)) {
                sources.push(source);
            }
        }
        if honest {
            sources.sort_by_key(|source| std::cmp::Reverse(source.height));
        }
        sources
    }

    /// Nodes with proofs; where the node before is of the same holding the proof is joined if `short`.
    fn nodes(&self, sources: &[Source], short: bool) -> Vec<ICustody::Node> {
        let mut before: Option<Source> = None;
        let node = |source: &Source| {
            let tree = &self.model.holdings[&source.holding].tree;
            let mut node = tree.node_of(source.holding, source.height, source.index);
            let joins = before.filter(|last| {
                short
                    && last.holding == source.holding
                    && last.height >= source.height
                    && !overlap(*last, *source)
            });
            if let Some(last) = joins {
                node.holding = B256::ZERO;
                node.proof =
                    tree.joined_proof((last.height, last.index), source.height, source.index);
            }
            before = Some(*source);
            node
        };
        sources.iter().map(node).collect()
    }

    fn commission(&mut self, step: &Step, cause: B256) {
        let by = ACTORS[step.choices[0] as usize % 2 + usize::from(step.honesty > 14) * 2];
        let lot = step.choices[1] % 4;
        let expiry = FIRST_DAY + 10 + lot * 30 + u32::from(step.honesty == 13);
        let tag = word(&format!("lot {lot}"));
        let count = 1 + u64::from(step.choices[2])
            % if step.choices[3].is_multiple_of(4) { 700 } else { 70 };
        let before = self.model.clone();
        let expected = self.model.commission(by, tag, expiry, count, cause);
        // The units that it would have, also where the model refuses: a root is needed for the call.
        let first = before.next_unit;
        let leaves =
            (first..first + count).map(|n| theriac_contract_tests::leaf(tag, unit_hash(n)));
        let tree = theriac_contract_tests::Tree::new(leaves.collect());
        let (root, height) = (tree.root(), tree.height());
        let call = Custody::commissionCall { lotTag: tag, expiry, root, height, cause };
        // A repackager may open a lot of its own, but not add to the factory's: the model knows only the factory's.
        if by == World::REPACKAGER || expected.is_err() {
            self.model = before;
            if by != World::REPACKAGER {
                assert!(self.world.custody(by, &call).is_err(), "step {}", self.steps);
            }
            return;
        }
        let found = self.world.custody(by, &call).map(|done| done.value);
        self.agree(expected, found);
    }

    fn ship(&mut self, step: &Step, honest: bool, cause: B256) {
        let Some(first) = self.pick(step.choices[0], honest, State::Held) else { return };
        let holder = self.model.holdings[&first].holder;
        let by = self.actor(step, honest, holder);
        let mut among =
            self.holdings(|holding| holding.holder == holder && holding.state == State::Held);
        among.retain(|id| *id != first);
        among.insert(0, first);
        let sources = self.sources(step, honest, &among, false);
        let to = ACTORS[step.choices[1] as usize % ACTORS.len()];
        let nodes = self.nodes(&sources, step.choices[2] & 2 != 0);
        let before = self.model.clone();
        let expected = self.model.ship(by, &sources, to, cause);
        if expected.is_err() {
            self.model = before;
        }
        let call = Custody::shipCall { nodes, to, cause };
        let found = self.world.custody(by, &call).map(|done| done.value);
        self.agree(expected, found);
    }

    fn receive(&mut self, step: &Step, honest: bool, cause: B256) {
        let Some(id) = self.pick(step.choices[0], honest, State::InTransit) else { return };
        let by = self.actor(step, honest, self.model.holdings[&id].consignee);
        let refused = if step.choices[1] & 1 == 0 {
            vec![]
        } else {
            self.sources(step, honest, &[id], false)
        };
        let nodes = self.nodes(&refused, step.choices[2] & 2 != 0);
        let before = self.model.clone();
        let expected = self.model.receive(by, id, &refused, cause);
        if expected.is_err() {
            self.model = before;
        }
        let call = Custody::receiveShipmentCall { id, refused: nodes, cause };
        let found = self.world.custody(by, &call).map(|done| done.value);
        self.agree(expected.map(Option::unwrap_or_default), found);
    }

    fn cancel(&mut self, step: &Step, honest: bool, cause: B256) {
        let Some(id) = self.pick(step.choices[0], honest, State::InTransit) else { return };
        let by = self.actor(step, honest, self.model.holdings[&id].holder);
        let expected = self.model.cancel(by, id);
        let found = self.world.custody(by, &Custody::cancelCall { id, cause });
        self.agree(expected, found.map(|_| ()));
    }

    fn segregate(&mut self, step: &Step, honest: bool, cause: B256) {
        let Some(id) = self.pick(step.choices[0], honest, State::Held) else { return };
        let by = self.actor(step, honest, self.model.holdings[&id].holder);
        let sources = self.sources(step, honest, &[id], false);
        let states = [State::Quarantined, State::Stolen, State::Lost];
        let state = states[step.choices[1] as usize % 3];
        let nodes = self.nodes(&sources, step.choices[2] & 2 != 0);
        let before = self.model.clone();
        let expected = self.model.segregate(by, &sources, state, cause);
        if expected.is_err() {
            self.model = before;
        }
        let call = Custody::segregateCall { nodes, state: state as u8, cause };
        let found = self.world.custody(by, &call).map(|done| done.value);
        self.agree(expected, found);
    }

    fn release(&mut self, step: &Step, honest: bool, cause: B256) {
        let apart = |state| !matches!(state, State::Held | State::InTransit);
        let among = self.holdings(|holding| !honest || apart(holding.state));
        let Some(id) = choose(&among, step.choices[0]) else { return };
        let by = self.actor(step, honest, self.model.holdings[&id].holder);
        let expected = self.model.release(by, id);
        let found = self.world.custody(by, &Custody::releaseCall { id, cause });
        self.agree(expected, found.map(|_| ()));
    }

    fn retire(&mut self, step: &Step, honest: bool, cause: B256) {
        let Some(id) = self.pick(step.choices[0], honest, State::Held) else { return };
        let by = self.actor(step, honest, self.model.holdings[&id].holder);
        let sources = self.sources(step, honest, &[id], true);
        let reasons = [Reason::Dispensed, Reason::Exported, Reason::Repackaged, Reason::Destroyed];
        let reason = reasons[step.choices[1] as usize % 4];
        let units = self.nodes(&sources, step.choices[2] & 2 != 0).into_iter().zip(&sources);
        let units = units.map(|(node, source)| {
            let unit = self.model.holdings[&source.holding].units[source.index as usize];
            let (lot, unit) =
                unit.map_or((B256::ZERO, B256::ZERO), |u| (u.lot, unit_hash(u.number)));
            let (holding, index, proof) = (node.holding, node.index, node.proof);
            ICustody::Leaf { holding, index, lotTag: lot, unitHash: unit, proof }
        });
        let call = Custody::retireCall { units: units.collect(), reason: reason as u8, cause };
        let before = self.model.clone();
        let expected = match sources.is_empty() {
            true => Err("nothing"),
            false => self.model.retire(by, &sources, reason, self.day),
        };
        if expected.is_err() {
            self.model = before;
        }
        let found = self.world.custody(by, &call).map(|_| ());
        self.agree(expected, found);
    }

    fn write_off(&mut self, step: &Step, honest: bool, cause: B256) {
        let Some(id) = choose(&self.holdings(|_| true), step.choices[0]) else { return };
        let by = self.actor(step, honest, self.model.holdings[&id].holder);
        // Small subtrees, or histories would soon have no units left.
        let mut sources = self.sources(step, honest, &[id], false);
        sources.retain(|source| source.height < 3);
        sources.truncate(2);
        if sources.is_empty() {
            return;
        }
        let place = |source: &Source| ICustody::Place {
            holding: source.holding,
            height: source.height,
            index: source.index,
        };
        let places = sources.iter().map(place).collect();
        let before = self.model.clone();
        let expected = self.model.write_off(by, &sources);
        if expected.is_err() {
            self.model = before;
        }
        let call = Custody::writeOffCall { places, reason: Reason::Destroyed as u8, cause };
        let found = self.world.custody(by, &call).map(|_| ());
        self.agree(expected, found);
    }

    fn decide(&mut self, step: &Step, cause: B256) {
        let by = ACTORS[step.choices[0] as usize % ACTORS.len()];
        let lot = word(&format!("lot {}", step.choices[1] % 4));
        let found = if step.honesty.is_multiple_of(2) {
            let expected = self.model.decide(by, lot, LotStatus::Normal);
            (
                expected,
                self.world.custody(by, &Custody::liftCall { lotTag: lot, cause }).map(|_| ()),
            )
        } else if step.honesty < 13 {
            let expected = self.model.decide(by, lot, LotStatus::RecalledII);
            let call = Custody::recallCall { lotTag: lot, class: 2, cause };
            (expected, self.world.custody(by, &call).map(|_| ()))
        } else {
            let expected = self.model.decide(by, lot, LotStatus::Blocked);
            let call = Custody::blockLotCall { lotTag: lot, cause };
            (expected, self.world.custody(by, &call).map(|_| ()))
        };
        self.agree(found.0, found.1);
    }

    /// The whole state of the contract is that of the model, and units are conserved.
    fn check(&mut self) {
        self.model.check();
        for (id, expected) in self.model.holdings.clone() {
            let found = self.world.holding(id);
            let expected_fields = (
                expected.tree.root(),
                expected.holder,
                expected.consignee,
                expected.expiry,
                expected.tree.height(),
                expected.state as u8,
            );
            let found_fields = (
                found.root,
                found.holder,
                found.consignee,
                found.expiry,
                found.height,
                found.state,
            );
            assert_eq!(found_fields, expected_fields, "holding {id}");
            self.check_marks(id, &expected.marks, expected.units.len());
        }
    }

    fn check_marks(&mut self, id: B256, marks: &Marks, leaves: usize) {
        for number in 0..leaves.div_ceil(256) {
            let call = Custody::spentWordCall { id, word: U256::from(number) };
            let found = self.world.custody(World::STRANGER, &call).expect("a view").value;
            assert_eq!(found.to_be_bytes(), marks.word(number), "holding {id}, word {number}");
        }
    }
}

fn overlap(a: Source, b: Source) -> bool {
    let height = a.height.max(b.height);
    a.holding == b.holding && a.index >> (height - a.height) == b.index >> (height - b.height)
}

/// As many cases as PROPTEST_CASES says, or 40; a case that failed is printed, not kept in a file.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    let failure_persistence = None;
    ProptestConfig { cases: cases.unwrap_or(40), failure_persistence, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn histories_agree_with_the_model(steps in prop::collection::vec(step(), 80..160)) {
        let mut twin = Twin::new();
        twin.run(&Step { kind: 0, choices: [0, 0, 255, 1], nodes: vec![], honesty: 0 });
        for step in &steps {
            twin.run(step);
        }
        twin.check();
        // A history in which nearly everything is refused would prove little.
        prop_assert!(twin.accepted * 10 > twin.steps, "{} of {}", twin.accepted, twin.steps);
    }

    #[test]
    fn marks_agree_with_one_bit_a_leaf(
        tree_height in 0u8..=18,
        places in prop::collection::vec((any::<u8>(), any::<u32>(), any::<bool>()), 1..40),
    ) {
        let mut world = World::new();
        let call = Custody::commissionCall {
            lotTag: word("lot"),
            expiry: FIRST_DAY,
            root: word("any root"),
            height: tree_height,
            cause: word("marks"),
        };
        let id = world.custody(World::FACTORY, &call).expect("commission").value;
        let mut marks = Marks::new(tree_height);
        for (height, index, low) in places {
            let height = height % (tree_height + 1);
            // Half of the places lie close together, so that they meet in blocks, chunks and words.
            let places = 1u64 << (tree_height - height);
            let index = u64::from(index) % if low { places.min(8) } else { places };
            prop_assert_eq!(world.is_spent(id, height, index), marks.any(height, index));
            let place = ICustody::Place { holding: id, height, index };
            let reason = Reason::Destroyed as u8;
            let call = Custody::writeOffCall { places: vec![place], reason, cause: B256::ZERO };
            let found = world.custody(World::FACTORY, &call).is_ok();
            prop_assert_eq!(found, marks.mark(height, index), "height {} index {}", height, index);
        }
        for number in 0..(1usize << tree_height).div_ceil(256) {
            let call = Custody::spentWordCall { id, word: U256::from(number) };
            let found = world.custody(World::STRANGER, &call).expect("a view").value;
            prop_assert_eq!(found.to_be_bytes(), marks.word(number), "word {}", number);
        }
    }
}
