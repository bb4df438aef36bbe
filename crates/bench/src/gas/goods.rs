//! Packs in one holding of the ledger, with what proves each of them.

use theriac_custody::{Account, Hash, LeafProof, NodeProof, Tree, TreeError, leaf, tree};

/// A pack: the tag of its lot, and its hash.
pub(crate) type Pack = (Hash, Hash);

/// Packs in one holding.
#[derive(Debug, Clone)]
pub(crate) struct Goods {
    /// The packs by position; `None` where there is none.
    pub(crate) packs: Vec<Option<Pack>>,
    /// The tree over them.
    pub(crate) tree: Tree,
    /// The seed of the holding.
    pub(crate) seed: Hash,
    /// The holding.
    pub(crate) id: Hash,
}

/// An aligned subtree of a holding.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    /// The holding.
    pub(crate) of: &'a Goods,
    /// Height of the subtree.
    pub(crate) height: u8,
    /// Its index among those of its height.
    pub(crate) index: u64,
}

impl Goods {
    /// The holding that `opener` opens over packs, because of `cause`.
    pub(crate) fn new(
        opener: Account,
        cause: Hash,
        packs: Vec<Option<Pack>>,
    ) -> Result<Self, TreeError> {
        let leaf = |pack: &Option<Pack>| {
            pack.map_or(tree::EMPTY_LEAF, |(lot, unit)| leaf::leaf(lot, unit))
        };
        let tree = Tree::over(packs.iter().map(leaf).collect())?;
        let seed = theriac_custody::seed(opener, cause);
        let id = theriac_custody::holding_id(opener, cause, tree.root());
        Ok(Self { packs, tree, seed, id })
    }

    /// The holding that a gather of `parts` opens.
    pub(crate) fn gathered(
        opener: Account,
        cause: Hash,
        parts: &[Part<'_>],
    ) -> Result<Self, TreeError> {
        let mut parts = parts.to_vec();
        parts.sort_by_key(|part| (std::cmp::Reverse(part.height), part.of.id, part.index));
        Self::new(opener, cause, parts.iter().flat_map(Part::packs).collect())
    }

    /// An aligned subtree.
    pub(crate) fn part(&self, height: u8, index: u64) -> Part<'_> {
        Part { of: self, height, index }
    }

    /// Positions that have a pack, from the left.
    pub(crate) fn positions(&self) -> impl Iterator<Item = u64> {
        self.packs.iter().zip(0..).filter_map(|(pack, position)| pack.map(|_| position))
    }

    /// The proof of a pack for its retirement; there must be one at the position.
    pub(crate) fn unit(&self, index: u64) -> Result<LeafProof, TreeError> {
        let path = self.tree.path(0, index)?;
        let pack = usize::try_from(index).ok().and_then(|index| *self.packs.get(index)?);
        let (lot_tag, unit_hash) = pack.ok_or(TreeError::Empty)?;
        Ok(LeafProof { holding: self.id, seed: self.seed, index, lot_tag, unit_hash, path })
    }
}

impl Part<'_> {
    /// The proof of the subtree.
    pub(crate) fn proof(&self) -> Result<NodeProof, TreeError> {
        let Self { of, height, index } = *self;
        let hash = of.tree.node(height, index)?;
        let path = of.tree.path(height, index)?;
        Ok(NodeProof { holding: of.id, seed: of.seed, height, index, hash, path })
    }

    /// What is at its positions, as many as it has.
    fn packs(&self) -> Vec<Option<Pack>> {
        let wanted = 1 << self.height;
        let first = usize::try_from(self.index).unwrap_or(usize::MAX).saturating_mul(wanted);
        let packs = self.of.packs.iter().skip(first).take(wanted);
        packs.copied().chain(std::iter::repeat(None)).take(wanted).collect()
    }
}
