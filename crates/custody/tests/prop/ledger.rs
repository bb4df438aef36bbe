//! The ledger, as the contracts have it: it believes nothing but proofs.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::cover::Subtree;
use theriac_custody::gather::gather;
use theriac_custody::tree::{EMPTY_LEAF, node};
use theriac_custody::{Hash, HoldingState, LeafProof, NodeProof, Tree, keccak256};
use theriac_gs1::{Gln, Sgtin};

pub(crate) struct Holding {
    pub(crate) tree: Tree,
    /// Set when it is opened.
    pub(crate) seed: Hash,
    pub(crate) holder: Gln,
    pub(crate) consignee: Option<Gln>,
    pub(crate) state: HoldingState,
    pub(crate) spent: BTreeSet<u64>,
    /// Which unit each leaf stands for; the true ledger does not know.
    pub(crate) units: BTreeMap<u64, Sgtin>,
}

impl Holding {
    pub(crate) fn unspent(&self) -> impl Iterator<Item = &Sgtin> {
        self.units.iter().filter(|(p, _)| !self.spent.contains(p)).map(|(_, unit)| unit)
    }
}

#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) holdings: BTreeMap<Hash, Holding>,
    opened: u64,
}

impl Ledger {
    pub(crate) fn open(&mut self, mut holding: Holding) -> Hash {
        self.opened += 1;
        holding.seed = keccak256(&[&self.opened.to_be_bytes()]);
        let id = node(holding.seed, holding.tree.root());
        self.holdings.insert(id, holding);
        id
    }

    pub(crate) fn of(&self, id: Hash) -> &Holding {
        self.holdings.get(&id).unwrap_or_else(|| panic!("no holding {id}"))
    }

    pub(crate) fn of_mut(&mut self, id: Hash) -> &mut Holding {
        self.holdings.get_mut(&id).unwrap_or_else(|| panic!("no holding {id}"))
    }

    /// Opens a holding of the nodes, which must be proven, unspent, and in `state` with `holder`.
    pub(crate) fn gather(
        &mut self,
        nodes: &[NodeProof],
        (holder, state): (Gln, HoldingState),
        (opener, consignee, opened_as): (Gln, Option<Gln>, HoldingState),
    ) -> Hash {
        let list: Vec<(u8, Hash)> = nodes.iter().map(|node| (node.height, node.hash)).collect();
        let gathered = gather(&list).expect("nodes in descending height");
        let mut leaves = Vec::new();
        let mut units = BTreeMap::new();
        for (node, offset) in nodes.iter().zip(&gathered.offsets) {
            let source = self.of(node.holding);
            assert_eq!((source.holder, source.state), (holder, state));
            assert!(node.leads_to_holding());
            assert!(node.opens(source.tree.root(), source.tree.height()));
            let subtree = Subtree { height: node.height, index: node.index };
            leaves.resize(*offset as usize, EMPTY_LEAF);
            leaves.extend(
                source.tree.leaves().iter().skip(subtree.start() as usize).take(1 << node.height),
            );
            for (position, unit) in source.units.range(subtree.start()..subtree.end()) {
                units.insert(offset + position - subtree.start(), unit.clone());
            }
            self.spend(node.holding, subtree);
        }
        let tree = Tree::new(gathered.height, leaves).expect("leaves of the nodes");
        assert_eq!(tree.root(), gathered.root, "the root of the leaves is what the ledger gathers");
        let spent = BTreeSet::new();
        let seed = Hash::ZERO;
        self.open(Holding { tree, seed, holder: opener, consignee, state: opened_as, spent, units })
    }

    pub(crate) fn spend(&mut self, id: Hash, subtree: Subtree) {
        let holding = self.of_mut(id);
        for position in subtree.start()..subtree.end() {
            assert!(holding.spent.insert(position), "position {position} of {id} is spent already");
        }
    }

    pub(crate) fn use_up(&mut self, by: Gln, proof: &LeafProof) {
        let holding = self.of(proof.holding);
        assert_eq!((holding.holder, holding.state), (by, HoldingState::Held));
        assert!(proof.leads_to_holding());
        assert!(proof.opens(holding.tree.root(), holding.tree.height()));
        self.spend(proof.holding, Subtree { height: 0, index: proof.index });
    }

    pub(crate) fn write_off(&mut self, by: Gln, nodes: &[NodeProof]) {
        for node in nodes {
            let holding = self.of(node.holding);
            assert_eq!(holding.holder, by);
            assert_ne!(holding.state, HoldingState::InTransit);
            self.spend(node.holding, Subtree { height: node.height, index: node.index });
        }
    }
}
