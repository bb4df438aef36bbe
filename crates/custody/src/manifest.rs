//! The manifest: the private list that opens a holding, and its check against the ledger.
//!
//! # Invariants
//!
//! - A manifest that opens lists each unit once, and its packing is a forest over its own units.

mod packing;

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gtin, Identifier, Lgtin, Lot, Serial, Sgtin};

use crate::cover::SPARSE_AT_MOST;
use crate::hash::Hash;
use crate::leaf::{Salt, leaf, lot_tag, unit_hash};
use crate::tree::{EMPTY_LEAF, HEIGHT_MAX, Tree, TreeError, node};

/// Most units that one manifest may list.
pub const UNITS_MAX: usize = 4_000_000;

/// Most leaf positions for each unit: twice what [`cover`](crate::cover::cover) makes.
const WIDTH_MAX: u64 = 2 * SPARSE_AT_MOST;

/// What a holding holds: each leaf with the secrets that make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The holding that it opens.
    pub holding: Hash,
    /// Height of the holding's tree.
    pub height: u8,
    /// The lots of its units.
    pub lots: Vec<ManifestLot>,
    /// The units, by ascending position.
    pub units: Vec<ManifestUnit>,
    /// The packing: logistic units and what they are packed in.
    pub packing: Vec<Packed>,
}

/// A lot with the secret that opens its tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestLot {
    /// GTIN of the lot.
    pub gtin: Gtin,
    /// Lot number.
    pub lot: Lot,
    /// Last day on which a unit may be used.
    pub expiry: jiff::civil::Date,
    /// Salt of the lot tag.
    pub salt: Salt,
}

impl ManifestLot {
    /// The lot's identifier.
    pub fn lgtin(&self) -> Lgtin {
        Lgtin { gtin: self.gtin, lot: self.lot.clone() }
    }
}

/// A unit with the secret that opens its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestUnit {
    /// Leaf position.
    pub position: u64,
    /// Index into the manifest's lots.
    pub lot: u32,
    /// Serial number.
    pub serial: Serial,
    /// Salt of the unit hash.
    pub salt: Salt,
}

/// An item and the logistic unit that it is packed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// The item.
    pub item: Identifier,
    /// The logistic unit that contains it.
    pub parent: Identifier,
}

/// Why a manifest does not open a holding.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The leaves do not lead to the root on the ledger.
    #[error(
        "expected the root {expected} that the ledger has, found {found} computed from the manifest"
    )]
    RootMismatch {
        /// Root on the ledger.
        expected: Hash,
        /// Root of the manifest.
        found: Hash,
    },
    /// The root with the seed is not the holding that the manifest names.
    #[error(
        "expected the holding {expected} that the manifest names, found that its leaves and the ledger's seed make {found}"
    )]
    HoldingMismatch {
        /// The holding that the manifest names.
        expected: Hash,
        /// node(seed, root).
        found: Hash,
    },
    /// The height is not the ledger's.
    #[error("expected the height {expected} that the ledger has, found {found}")]
    HeightMismatch {
        /// Height on the ledger.
        expected: u8,
        /// Height in the manifest.
        found: u8,
    },
    /// A unit names a lot that is not listed.
    #[error("expected one of {lots} lots, found lot {found} at position {position}")]
    NoSuchLot {
        /// Position of the unit.
        position: u64,
        /// Index found.
        found: u32,
        /// Number of lots listed.
        lots: usize,
    },
    /// Positions do not ascend, or lie outside the tree.
    #[error("expected ascending positions below 2^{height}, found {found}")]
    Position {
        /// Height of the tree.
        height: u8,
        /// Position found.
        found: u64,
    },
    /// A unit is listed again.
    #[error("expected each unit once, found {unit} again at position {position}")]
    UnitTwice {
        /// The unit.
        unit: Identifier,
        /// The second position.
        position: u64,
    },
    /// An item is packed in two logistic units.
    #[error("expected each item in one logistic unit, found {item} in two")]
    PackedTwice {
        /// The item.
        item: Identifier,
    },
    /// An item contains itself.
    #[error("expected logistic units inside of others, found {item} inside of itself")]
    PackedInItself {
        /// The item.
        item: Identifier,
    },
    /// Something is packed in a unit that the holding does not hold.
    #[error("expected packing of this shipment, found something packed in the unit {parent}")]
    ForeignParent {
        /// The unit.
        parent: Identifier,
    },
    /// More units than [`UNITS_MAX`].
    #[error("expected at most {UNITS_MAX} units, found {0}")]
    TooManyUnits(usize),
    /// The tree cannot be built.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

impl Manifest {
    /// The unit's identifier and lot.
    ///
    /// # Errors
    ///
    /// [`ManifestError::NoSuchLot`].
    pub fn identify(&self, unit: &ManifestUnit) -> Result<(Sgtin, &ManifestLot), ManifestError> {
        let lot = self.lots.get(unit.lot as usize).ok_or(ManifestError::NoSuchLot {
            position: unit.position,
            found: unit.lot,
            lots: self.lots.len(),
        })?;
        Ok((Sgtin { gtin: lot.gtin, serial: unit.serial.clone() }, lot))
    }

    /// The tree over the units' leaves.
    ///
    /// # Errors
    ///
    /// [`ManifestError`] if the manifest contradicts itself.
    pub fn tree(&self) -> Result<Tree, ManifestError> {
        if self.units.len() > UNITS_MAX {
            return Err(ManifestError::TooManyUnits(self.units.len()));
        }
        let tags: Vec<Hash> = self.lots.iter().map(|lot| lot_tag(&lot.lgtin(), lot.salt)).collect();
        let mut leaves: Vec<Hash> = Vec::with_capacity(self.units.len());
        for unit in &self.units {
            let (sgtin, _) = self.identify(unit)?;
            let position = self.position(unit.position, leaves.len())?;
            leaves.resize(position, EMPTY_LEAF);
            leaves.push(leaf(tags[unit.lot as usize], unit_hash(&sgtin, unit.salt)));
        }
        Ok(Tree::new(self.height, leaves)?)
    }

    /// Checks that the manifest opens its holding, of which the ledger has logged what makes its
    /// [`seed`](crate::seed), its `root` and its `height`, and returns its tree.
    ///
    /// # Errors
    ///
    /// [`ManifestError`] naming the first difference.
    pub fn open(&self, seed: Hash, root: Hash, height: u8) -> Result<Tree, ManifestError> {
        if self.height != height {
            return Err(ManifestError::HeightMismatch { expected: height, found: self.height });
        }
        let tree = self.tree()?;
        packing::check(self)?;
        if tree.root() != root {
            return Err(ManifestError::RootMismatch { expected: root, found: tree.root() });
        }
        let found = node(seed, root);
        if found != self.holding {
            return Err(ManifestError::HoldingMismatch { expected: self.holding, found });
        }
        Ok(tree)
    }

    /// `position` as an index, if it follows the `filled` positions so far, lies in the tree, and
    /// the gap before it is not absurdly wide for the number of units.
    fn position(&self, position: u64, filled: usize) -> Result<usize, ManifestError> {
        let error = ManifestError::Position { height: self.height, found: position };
        let widest = (self.units.len() as u64).saturating_mul(WIDTH_MAX).max(1 << 16);
        let inside = self.height <= HEIGHT_MAX && position < 1 << self.height && position < widest;
        match usize::try_from(position) {
            Ok(index) if inside && index >= filled => Ok(index),
            _ => Err(error),
        }
    }
}
