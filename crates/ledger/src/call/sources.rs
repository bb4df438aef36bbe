//! Lists of goods as the contract reads them: by holding, from the left, with one proof a holding.

use std::collections::BTreeMap;

use alloy::primitives::{B256, Bytes};
use theriac_custody::multiproof::{Item, join};
use theriac_custody::{Hash, LeafProof, NodeProof, leaf};

use super::NodePlace;
use super::places::{NO_KIND, position, push};
use crate::bindings::convert::b256;
use crate::bindings::custody::ICustody;

/// Most lots of one retirement: an item names its lot by a number of one byte, of which the last
/// names none.
pub(crate) const LOTS_MAX: usize = NO_KIND as usize;

/// An item, its path, and what the contract is told of it.
struct Listed<'a> {
    item: Item,
    path: &'a [Hash],
    kind: u8,
    told: Hash,
}

/// Items by holding and seed, in the order of the holdings' ids.
type ByHolding<'a> = BTreeMap<(Hash, Hash), Vec<Listed<'a>>>;

/// Subtrees with their proofs, one source for each holding.
pub(super) fn nodes(list: &[NodeProof]) -> Vec<ICustody::Source> {
    let mut sources = ByHolding::new();
    for node in list {
        let item = Item { height: node.height, index: node.index, hash: node.hash };
        let listed = Listed { item, path: &node.path, kind: node.height, told: node.hash };
        sources.entry((node.holding, node.seed)).or_default().push(listed);
    }
    sources.into_iter().map(|((_, seed), items)| source(seed, items)).collect()
}

/// Units with their proofs, and the lots that they name by number.
pub(super) fn leaves(list: &[LeafProof]) -> (Vec<B256>, Vec<ICustody::Source>) {
    let mut lots: Vec<Hash> = Vec::new();
    let mut numbers = BTreeMap::new();
    let mut sources = ByHolding::new();
    for unit in list {
        let number = *numbers.entry(unit.lot_tag).or_insert_with(|| {
            lots.push(unit.lot_tag);
            lots.len() - 1
        });
        let hash = leaf::leaf(unit.lot_tag, unit.unit_hash);
        let listed = Listed {
            item: Item { height: 0, index: unit.index, hash },
            path: &unit.path,
            kind: u8::try_from(number).unwrap_or(NO_KIND),
            told: unit.unit_hash,
        };
        sources.entry((unit.holding, unit.seed)).or_default().push(listed);
    }
    let sources = sources.into_iter().map(|((_, seed), items)| source(seed, items)).collect();
    (lots.into_iter().map(b256).collect(), sources)
}

/// Subtrees without proofs, one entry for each holding.
pub(super) fn losses(list: &[NodePlace]) -> Vec<ICustody::Loss> {
    let mut holdings: BTreeMap<Hash, Vec<(u8, u64)>> = BTreeMap::new();
    for (holding, height, index) in list {
        holdings.entry(*holding).or_default().push((*height, *index));
    }
    let loss = |(id, mut items): (Hash, Vec<(u8, u64)>)| {
        items.sort_by_key(|(height, index)| position(*height, *index));
        let mut packed = Vec::new();
        for (height, index) in items {
            push(&mut packed, height, index);
        }
        ICustody::Loss { id: b256(id), places: packed.into() }
    };
    holdings.into_iter().map(loss).collect()
}

fn source(seed: Hash, mut items: Vec<Listed<'_>>) -> ICustody::Source {
    items.sort_by_key(|listed| position(listed.item.height, listed.item.index));
    let height = items.first().map_or(0, |first| {
        let height = first.path.len().saturating_add(usize::from(first.item.height));
        u8::try_from(height).unwrap_or(NO_KIND)
    });
    let pairs: Vec<_> = items.iter().map(|listed| (listed.item, listed.path)).collect();
    // What has no joint proof is sent with all it has, for the contract to refuse.
    let proof = join(height, &pairs)
        .unwrap_or_else(|_| pairs.iter().flat_map(|(_, path)| path.iter().copied()).collect());
    let mut packed = Vec::with_capacity(items.len() * 37);
    for listed in &items {
        push(&mut packed, listed.kind, listed.item.index);
        packed.extend(listed.told.0);
    }
    ICustody::Source {
        seed: b256(seed),
        height,
        items: Bytes::from(packed),
        proof: proof.into_iter().map(b256).collect(),
    }
}

/// Subtrees in the order in which the contract places them in the tree that it gathers: by
/// descending height, and among equal heights by holding and from the left.
pub fn in_tree_order(mut nodes: Vec<NodeProof>) -> Vec<NodeProof> {
    nodes.sort_by_key(|node| {
        (std::cmp::Reverse(node.height), node.holding, position(node.height, node.index))
    });
    nodes
}
