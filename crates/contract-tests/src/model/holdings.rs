//! Holdings, and how subtrees are taken out of them.

use std::collections::BTreeMap;

use alloy::primitives::B256;

use super::{Model, Refusal, Unit, ensure};
use crate::marks::Marks;
use crate::multiproof::in_order;
use crate::packing::{Source, tree_order};
use crate::stock::Stock;
use crate::tree::{Tree, leaf, node, unit_hash};
use crate::words::State;

/// A holding.
#[derive(Debug, Clone)]
pub struct ModelHolding {
    /// The hash of who opened it and why.
    pub seed: B256,
    /// Its tree.
    pub tree: Tree,
    /// What is at each leaf; `None` is an empty leaf.
    pub units: Vec<Option<Unit>>,
    /// Which leaves have left.
    pub marks: Marks,
    /// Number of the member that holds it.
    pub holder: usize,
    /// Number of the member that may receive it; 0 if it is not in transit.
    pub consignee: usize,
    /// Its state.
    pub state: State,
    /// The latest expiry of its sources.
    pub expiry: u32,
}

impl ModelHolding {
    /// What proofs are made from.
    pub fn stock(&self) -> Stock {
        Stock { seed: self.seed, tree: self.tree.clone() }
    }

    /// Its units that have not left.
    pub fn unspent(&self) -> impl Iterator<Item = Unit> + '_ {
        let at = self.units.iter().enumerate();
        at.filter_map(|(i, unit)| unit.filter(|_| !self.marks.any(0, i as u64)))
    }

    /// What is in a subtree, which lies inside.
    pub fn units_at(&self, (height, index): (u8, u64)) -> &[Option<Unit>] {
        let first = (index as usize) << height;
        &self.units[first..first + (1 << height)]
    }
}

/// What was taken out of holdings, not yet marked.
pub(super) struct Taken {
    pub units: Vec<Option<Unit>>,
    pub expiry: u32,
}

impl Model {
    /// What subtrees in order hold, if they could leave holdings of one member in one state; `None` is any state but
    /// in transit.
    pub(super) fn look(
        &self,
        sources: &[Source],
        holder: usize,
        state: Option<State>,
    ) -> Result<Taken, Refusal> {
        ensure(!sources.is_empty(), "nothing")?;
        let mut marks: BTreeMap<B256, Marks> = BTreeMap::new();
        let mut expiry = 0;
        for source in sources {
            let holding = self.holdings.get(&source.holding).ok_or("unknown")?;
            ensure(holding.holder == holder, "not holder")?;
            ensure(state.is_none_or(|state| holding.state == state), "state")?;
            ensure(!matches!((state, holding.state), (None, State::InTransit)), "in transit")?;
            ensure(holding.state != State::Pruning, "being pruned")?;
            ensure(!source.places.is_empty(), "no items")?;
            expiry = expiry.max(holding.expiry);
            // Places without proof need no order.
            if state.is_some() {
                ensure(in_order(holding.tree.height(), &source.places), "order")?;
            }
            let own = marks.entry(source.holding).or_insert_with(|| holding.marks.clone());
            for (height, index) in &source.places {
                ensure(in_order(holding.tree.height(), &[(*height, *index)]), "outside")?;
                ensure(own.mark(*height, *index), "spent")?;
            }
        }
        let ordered = tree_order(sources);
        let units = ordered.iter().flat_map(|(id, place)| self.holdings[id].units_at(*place));
        Ok(Taken { units: units.copied().collect(), expiry })
    }

    /// No subtree may be empty.
    pub(super) fn look_full(&self, sources: &[Source]) -> Result<(), Refusal> {
        let full = tree_order(sources)
            .iter()
            .all(|(id, place)| self.holdings[id].units_at(*place).iter().any(Option::is_some));
        ensure(full, "empty subtree")
    }

    /// Marks what was looked at.
    pub(super) fn mark(&mut self, sources: &[Source]) {
        for source in sources {
            let holding = self.holdings.get_mut(&source.holding).expect("looked at before");
            for (height, index) in &source.places {
                assert!(holding.marks.mark(*height, *index), "looked at before");
            }
        }
    }

    /// A holding over units, if there is none of its id yet.
    pub(super) fn prepare(
        &self,
        seed: B256,
        holder: usize,
        consignee: usize,
        state: State,
        mut taken: Taken,
    ) -> Result<(B256, ModelHolding), Refusal> {
        taken.units.resize(taken.units.len().next_power_of_two(), None);
        let leaf_of = |unit: &Option<Unit>| {
            unit.map_or(B256::ZERO, |unit| leaf(unit.lot, unit_hash(unit.number)))
        };
        let tree = Tree::new(taken.units.iter().map(leaf_of).collect());
        let id = node(seed, tree.root());
        ensure(!self.holdings.contains_key(&id), "exists")?;
        let marks = Marks::new(tree.height());
        let (units, expiry) = (taken.units, taken.expiry);
        Ok((id, ModelHolding { seed, tree, units, marks, holder, consignee, state, expiry }))
    }
}
