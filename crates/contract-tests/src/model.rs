//! A model of custody beside the contract: it keeps every unit of every holding in clear.
//!
//! # Invariants
//!
//! A unit is in exactly one unspent place, or it is retired and in none ([`Model::check`]).

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::SolValue;

use crate::marks::Marks;
use crate::tree::{Tree, leaf, unit_hash};
use crate::words::{LotStatus, Reason, State};
use crate::world::World;

/// A unit: its number, and the lot that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Its number, from which its hash follows.
    pub number: u64,
    /// Its lot.
    pub lot: B256,
}

/// A subtree of a holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The holding.
    pub holding: B256,
    /// Height of the subtree.
    pub height: u8,
    /// Index of the subtree.
    pub index: u64,
}

/// A lot.
#[derive(Debug, Clone)]
pub struct ModelLot {
    /// Last day of use, in days since 1970.
    pub expiry: u32,
    /// Whether its units may be used.
    pub status: LotStatus,
    /// Whether a regulator decided so.
    pub by_regulator: bool,
}

/// A holding.
#[derive(Debug, Clone)]
pub struct ModelHolding {
    /// Its tree.
    pub tree: Tree,
    /// What is at each leaf; `None` is an empty leaf.
    pub units: Vec<Option<Unit>>,
    /// Which leaves have left.
    pub marks: Marks,
    /// Who holds it.
    pub holder: Address,
    /// Who may receive it; zero if it is not in transit.
    pub consignee: Address,
    /// Its state.
    pub state: State,
    /// The latest expiry of its sources.
    pub expiry: u32,
}

/// All holdings and lots. Each operation says what the contract should do: the new holding, or why not.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Holdings by id.
    pub holdings: BTreeMap<B256, ModelHolding>,
    /// Lots by tag.
    pub lots: BTreeMap<B256, ModelLot>,
    /// Numbers of units whose life has ended.
    pub retired: BTreeSet<u64>,
    /// Number of the next unit.
    pub next_unit: u64,
}

/// Why the model refuses.
pub type Refusal = &'static str;

fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

fn roles_of(account: Address) -> u32 {
    let account = if account == World::FACTORY_2 { World::FACTORY } else { account };
    World::MEMBERS.iter().find(|member| member.2 == account).map_or(0, |member| member.1)
}

impl Model {
    /// Makes `count` units.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn commission(
        &mut self,
        by: Address,
        lot: B256,
        expiry: u32,
        count: u64,
        cause: B256,
    ) -> Result<B256, Refusal> {
        ensure(roles_of(by) & 3 != 0, "role")?;
        let fresh = ModelLot { expiry, status: LotStatus::Normal, by_regulator: false };
        ensure(self.lots.entry(lot).or_insert(fresh).expiry == expiry, "expiry differs")?;
        let first = self.next_unit;
        self.next_unit += count;
        let units = (first..first + count).map(|number| Some(Unit { number, lot })).collect();
        self.open(by, by, Address::ZERO, State::Held, units, expiry, cause)
    }

    /// Ships nodes.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn ship(
        &mut self,
        by: Address,
        nodes: &[Source],
        to: Address,
        cause: B256,
    ) -> Result<B256, Refusal> {
        ensure(roles_of(to) != 0 && to != by, "consignee")?;
        let (units, expiry) = self.take(nodes, by, State::Held)?;
        self.open(by, by, to, State::InTransit, units, expiry, cause)
    }

    /// Receives a shipment and refuses some of it; gives the holding of what was refused.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn receive(
        &mut self,
        by: Address,
        id: B256,
        refused: &[Source],
        cause: B256,
    ) -> Result<Option<B256>, Refusal> {
        let holding = self.holdings.get(&id).ok_or("unknown")?;
        ensure(holding.state == State::InTransit && holding.consignee == by, "not consignee")?;
        ensure(refused.iter().all(|node| node.holding == id), "foreign")?;
        let sender = holding.holder;
        let back = if refused.is_empty() {
            None
        } else {
            let (units, expiry) = self.take(refused, sender, State::InTransit)?;
            Some(self.open(by, sender, Address::ZERO, State::Held, units, expiry, cause)?)
        };
        let holding = self.holdings.get_mut(&id).ok_or("unknown")?;
        (holding.holder, holding.consignee, holding.state) = (by, Address::ZERO, State::Held);
        Ok(back)
    }

    /// Takes a shipment back.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn cancel(&mut self, by: Address, id: B256) -> Result<(), Refusal> {
        let holding = self.holdings.get_mut(&id).ok_or("unknown")?;
        ensure(holding.holder == by && holding.state == State::InTransit, "not sender")?;
        (holding.consignee, holding.state) = (Address::ZERO, State::Held);
        Ok(())
    }

    /// Sets nodes apart.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn segregate(
        &mut self,
        by: Address,
        nodes: &[Source],
        state: State,
        cause: B256,
    ) -> Result<B256, Refusal> {
        let (units, expiry) = self.take(nodes, by, State::Held)?;
        self.open(by, by, Address::ZERO, state, units, expiry, cause)
    }

    /// Ends a quarantine or a loss.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn release(&mut self, by: Address, id: B256) -> Result<(), Refusal> {
        let holding = self.holdings.get_mut(&id).ok_or("unknown")?;
        ensure(holding.holder == by, "not holder")?;
        ensure(matches!(holding.state, State::Quarantined | State::Lost), "state")?;
        holding.state = State::Held;
        Ok(())
    }

    /// Ends the life of units by use, on a day (since 1970).
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn retire(
        &mut self,
        by: Address,
        leaves: &[Source],
        reason: Reason,
        day: u32,
    ) -> Result<(), Refusal> {
        let roles = match reason {
            Reason::Dispensed => 16,
            Reason::Exported => 1 | 2 | 4,
            Reason::Repackaged => 1 | 2,
            _ => 0,
        };
        ensure(roles_of(by) & roles != 0, "role")?;
        for unit in self.units_at(leaves)? {
            let lot = self.lots.get(&unit.ok_or("empty leaf")?.lot).ok_or("lot")?;
            ensure(lot.status == LotStatus::Normal, "lot not normal")?;
            ensure(day <= lot.expiry, "expired")?;
        }
        let (units, _) = self.take(leaves, by, State::Held)?;
        self.end(&units);
        Ok(())
    }

    /// Ends the life of units otherwise.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn write_off(&mut self, by: Address, places: &[Source]) -> Result<(), Refusal> {
        let mut units = Vec::new();
        for place in places {
            let holding = self.holdings.get(&place.holding).ok_or("unknown")?;
            let state = holding.state;
            ensure(state != State::InTransit, "in transit")?;
            units.extend(self.take_one(*place, by, state)?);
        }
        self.end(&units);
        Ok(())
    }

    /// Recalls, blocks or lifts.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn decide(&mut self, by: Address, lot: B256, status: LotStatus) -> Result<(), Refusal> {
        let lot = self.lots.get_mut(&lot).ok_or("unknown lot")?;
        let regulator = by == World::REGULATOR;
        let labeler = by == World::FACTORY || by == World::FACTORY_2;
        ensure(regulator || (labeler && !lot.by_regulator), "not allowed")?;
        ensure(status != LotStatus::Normal || lot.status != LotStatus::Normal, "normal")?;
        (lot.status, lot.by_regulator) = (status, regulator && status != LotStatus::Normal);
        Ok(())
    }

    /// Checks that each unit is in exactly one unspent place, or retired and in none.
    ///
    /// # Panics
    ///
    /// If not.
    pub fn check(&self) {
        let mut seen = BTreeMap::new();
        for holding in self.holdings.values() {
            for (index, unit) in holding.units.iter().enumerate() {
                if let Some(unit) = unit.filter(|_| !holding.marks.any(0, index as u64)) {
                    *seen.entry(unit.number).or_insert(0) += 1;
                }
            }
        }
        for number in 0..self.next_unit {
            let expected = usize::from(!self.retired.contains(&number));
            let found = seen.get(&number).copied().unwrap_or(0);
            assert_eq!(found, expected, "unspent places of unit {number}");
        }
    }

    /// Takes subtrees in descending height out of holdings of one holder in one state.
    fn take(
        &mut self,
        nodes: &[Source],
        holder: Address,
        state: State,
    ) -> Result<(Vec<Option<Unit>>, u32), Refusal> {
        ensure(!nodes.is_empty(), "nothing")?;
        ensure(nodes.is_sorted_by(|a, b| a.height >= b.height), "order")?;
        let (mut units, mut expiry) = (Vec::new(), 0);
        for source in nodes {
            let taken = self.take_one(*source, holder, state)?;
            ensure(taken.iter().any(Option::is_some), "empty subtree")?;
            units.extend(taken);
            expiry = expiry.max(self.holdings[&source.holding].expiry);
        }
        Ok((units, expiry))
    }

    fn take_one(
        &mut self,
        source: Source,
        holder: Address,
        state: State,
    ) -> Result<Vec<Option<Unit>>, Refusal> {
        let units = self.units_at(&[source])?;
        let holding = self.holdings.get_mut(&source.holding).ok_or("unknown")?;
        ensure(holding.holder == holder && holding.state == state, "not held")?;
        ensure(holding.marks.mark(source.height, source.index), "spent")?;
        Ok(units)
    }

    fn units_at(&self, sources: &[Source]) -> Result<Vec<Option<Unit>>, Refusal> {
        let mut units = Vec::new();
        for source in sources {
            let holding = self.holdings.get(&source.holding).ok_or("unknown")?;
            let first = (source.index as usize) << source.height;
            let own = holding.units.get(first..first + (1 << source.height)).ok_or("outside")?;
            units.extend_from_slice(own);
        }
        Ok(units)
    }

    fn end(&mut self, units: &[Option<Unit>]) {
        self.retired.extend(units.iter().flatten().map(|unit| unit.number));
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a holding")]
    fn open(
        &mut self,
        opener: Address,
        holder: Address,
        consignee: Address,
        state: State,
        mut units: Vec<Option<Unit>>,
        expiry: u32,
        cause: B256,
    ) -> Result<B256, Refusal> {
        units.resize(units.len().next_power_of_two(), None);
        let leaf_of = |unit: &Option<Unit>| {
            unit.map_or(B256::ZERO, |unit| leaf(unit.lot, unit_hash(unit.number)))
        };
        let tree = Tree::new(units.iter().map(leaf_of).collect());
        let id = keccak256((opener, cause, tree.root()).abi_encode());
        let marks = Marks::new(tree.height());
        let new = ModelHolding { tree, units, marks, holder, consignee, state, expiry };
        ensure(!self.holdings.contains_key(&id), "exists")?;
        self.holdings.insert(id, new);
        Ok(id)
    }
}
