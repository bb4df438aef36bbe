//! What the rules of custody see of a node's state: the items, lots, products and members that the
//! events at hand name.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin};

use crate::hash::Account;
use crate::item::Item;
use crate::operation::LotStatus;

/// The part of a node's state that some events can touch, loaded before they are admitted.
///
/// # Invariants
///
/// - `children` is the inverse of `Item::parent` over all `items`.
/// - An item named by an event, its ancestors and all its descendants are loaded together.
/// - `changed` names exactly the items whose row must be written.
#[derive(Debug, Clone)]
pub struct World {
    /// The member that runs this node.
    pub me: Gln,
    /// The roles that the registry gives it now.
    pub roles: Roles,
    /// Items on record.
    pub items: HashMap<Identifier, Item>,
    /// Contents of each logistic unit.
    pub children: HashMap<Identifier, BTreeSet<Identifier>>,
    /// Lots on record.
    pub lots: HashMap<Lgtin, LotRecord>,
    /// The registry's products: GTIN to labeler.
    pub products: HashMap<Gtin, Gln>,
    /// The registry's members.
    pub members: BTreeMap<Gln, MemberRecord>,
    /// Items to write back.
    pub changed: HashSet<Identifier>,
    /// Lots to write back.
    pub changed_lots: HashSet<Lgtin>,
}

/// A lot as this node knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRecord {
    /// Last day on which a unit may be used.
    pub expiry: Date,
    /// Status on the ledger.
    pub status: LotStatus,
}

/// A member of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// GLN of the organisation.
    pub gln: Gln,
    /// Its name.
    pub name: String,
    /// The roles it may act in now; none while suspended, revoked or without a valid licence.
    pub roles: Roles,
    /// Base URL of its node.
    pub endpoint: String,
    /// The account that acts for it, the latest added first.
    pub accounts: Vec<Account>,
}

/// A role of a member. The numbers are the ledger's bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Owner of GTINs.
    Labeler = 1,
    /// Repackager with GTINs of its own.
    Repackager = 2,
    /// Wholesale distributor.
    Wholesaler = 4,
    /// Logistics provider.
    Logistics = 8,
    /// Pharmacy or hospital.
    Dispenser = 16,
    /// Regulator.
    Regulator = 32,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Labeler,
        Self::Repackager,
        Self::Wholesaler,
        Self::Logistics,
        Self::Dispenser,
        Self::Regulator,
    ];

    /// The word for the role.
    pub fn word(self) -> &'static str {
        match self {
            Self::Labeler => "labeler",
            Self::Repackager => "repackager",
            Self::Wholesaler => "wholesaler",
            Self::Logistics => "logistics",
            Self::Dispenser => "dispenser",
            Self::Regulator => "regulator",
        }
    }

    /// The role that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A set of roles, as the ledger's bit mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Roles(pub u32);

impl Roles {
    /// Whether the set has `role`.
    pub fn has(self, role: Role) -> bool {
        self.0 & role as u32 != 0
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The roles in the set.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |bits, role| bits | role as u32))
    }
}
