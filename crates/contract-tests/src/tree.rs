//! Merkle trees over units, as the design defines them, in the plainest way.

use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::SolValue;

/// hash(left ‖ right).
pub fn node(left: B256, right: B256) -> B256 {
    keccak256([left.0, right.0].concat())
}

/// hash(0x00 ‖ lotTag ‖ unitHash).
pub fn leaf(lot_tag: B256, unit: B256) -> B256 {
    keccak256([&[0][..], lot_tag.as_slice(), unit.as_slice()].concat())
}

/// The hash of the unit with this number in the tests.
pub fn unit_hash(number: u64) -> B256 {
    keccak256(format!("unit {number}"))
}

/// What hides the root of a holding: who holds it, as its log names it, and why it was opened.
pub fn seed(holder: Address, cause: B256) -> B256 {
    keccak256((holder, cause).abi_encode())
}

/// The id of a holding.
pub fn holding_id(holder: Address, cause: B256, root: B256) -> B256 {
    node(seed(holder, cause), root)
}

/// The ancestor to which a proof leads.
pub fn climb(mut hash: B256, mut index: u64, proof: &[B256]) -> B256 {
    for sibling in proof {
        hash = if index & 1 == 0 { node(hash, *sibling) } else { node(*sibling, hash) };
        index >>= 1;
    }
    hash
}

/// A whole tree, filled up with empty leaves to the next power of two.
#[derive(Debug, Clone)]
pub struct Tree {
    levels: Vec<Vec<B256>>,
}

impl Tree {
    /// The tree over these leaves.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn new(mut leaves: Vec<B256>) -> Self {
        assert!(!leaves.is_empty(), "a tree has a leaf");
        leaves.resize(leaves.len().next_power_of_two(), B256::ZERO);
        let mut levels = vec![leaves];
        while let [.., below] = &levels[..]
            && below.len() > 1
        {
            levels.push(below.chunks(2).map(|pair| node(pair[0], pair[1])).collect());
        }
        Self { levels }
    }

    /// The root.
    pub fn root(&self) -> B256 {
        self.levels[self.levels.len() - 1][0]
    }

    /// The height, 0 for one leaf.
    pub fn height(&self) -> u8 {
        (self.levels.len() - 1) as u8
    }

    /// The node of a height and index.
    pub fn hash(&self, height: u8, index: u64) -> B256 {
        self.levels[usize::from(height)][index as usize]
    }

    /// Siblings from a node up to the root.
    pub fn proof(&self, height: u8, index: u64) -> Vec<B256> {
        (height..self.height()).map(|h| self.hash(h, (index >> (h - height)) ^ 1)).collect()
    }
}

/// Root and height of the tree that the contract gathers from nodes (height, hash) in descending height.
pub fn gather(nodes: &[(u8, B256)]) -> (B256, u8) {
    let mut empty = vec![B256::ZERO];
    let mut level: Vec<B256> = Vec::new();
    let mut height = nodes.first().map_or(0, |node| node.0);
    empty.extend((0..32).scan(B256::ZERO, |e, _| {
        *e = node(*e, *e);
        Some(*e)
    }));
    // From the lowest height upwards: what is at a height are its nodes, then the pairs from below.
    let lowest = nodes.last().map_or(0, |node| node.0);
    for h in lowest..=height {
        let own = nodes.iter().filter(|node| node.0 == h).map(|node| node.1);
        level = own.chain(pairs(&level, empty[usize::from(h.max(1)) - 1])).collect();
    }
    while level.len() > 1 {
        level = pairs(&level, empty[usize::from(height)]).collect();
        height += 1;
    }
    (level[0], height)
}

fn pairs(level: &[B256], filler: B256) -> impl Iterator<Item = B256> + '_ {
    level.chunks(2).map(move |pair| node(pair[0], *pair.get(1).unwrap_or(&filler)))
}
