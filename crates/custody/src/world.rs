//! What the rules of custody see of a node's state: the items, lots, products and members that the
//! events at hand name.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin};

use crate::authority::Hindrance;
use crate::hash::{Account, Hash};
use crate::item::{Item, ItemStatus};
use crate::operation::LotStatus;
use crate::profile::Profile;

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
    /// The rules of its jurisdiction.
    pub profile: Arc<Profile>,
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
    /// The shipments that items on record are announced with, by holding.
    pub announced: HashMap<Hash, Announced>,
    /// Returned packs that were verified since they arrived, and whether they passed.
    pub verified: HashMap<Identifier, bool>,
    /// Items to write back.
    pub changed: HashSet<Identifier>,
    /// Lots to write back.
    pub changed_lots: HashSet<Lgtin>,
    /// Items to strike from the record, as if their lives had never begun.
    pub forgotten: HashSet<Identifier>,
    /// What the event at hand has changed.
    pub journal: Journal,
}

/// How an item stands: what events change of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// How its life stands.
    pub status: ItemStatus,
    /// The logistic unit that it is packed in.
    pub parent: Option<Identifier>,
}

impl Standing {
    fn of(item: &Item) -> Self {
        Self { status: item.status, parent: item.parent.clone() }
    }
}

/// How things stood before an event changed them; `None`: they were not on record.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// The items.
    pub items: HashMap<Identifier, Option<Standing>>,
    /// The lots.
    pub lots: HashMap<Lgtin, Option<LotStatus>>,
}

impl World {
    /// A node's state with nothing loaded yet, under the [standard profile](Profile::standard).
    pub fn new(me: Gln, roles: Roles) -> Self {
        Self {
            me,
            roles,
            profile: Profile::standard(),
            items: HashMap::new(),
            children: HashMap::new(),
            lots: HashMap::new(),
            products: HashMap::new(),
            members: BTreeMap::new(),
            announced: HashMap::new(),
            verified: HashMap::new(),
            changed: HashSet::new(),
            changed_lots: HashSet::new(),
            forgotten: HashSet::new(),
            journal: Journal::default(),
        }
    }

    /// How an item stands; `None` if it is not on record.
    pub fn standing(&self, id: &Identifier) -> Option<Standing> {
        self.items.get(id).map(Standing::of)
    }

    /// Adds an item that is on record, or replaces what was loaded of it. One whose beginning was
    /// undone counts as not on record.
    pub fn load(&mut self, item: Item) {
        if item.status == ItemStatus::Undone {
            return;
        }
        let (id, parent) = (item.id.clone(), item.parent.clone());
        let before = self.items.insert(id.clone(), item).and_then(|item| item.parent);
        self.move_child(&id, before.as_ref(), parent.as_ref());
    }

    /// The items and everything packed in them, each once, containers before contents. Items not on
    /// record are left out, and so is packing that custody has overtaken: what another member has
    /// taken over is in no logistic unit that is still, or again, on this side.
    pub fn subtree<'a>(&self, ids: impl IntoIterator<Item = &'a Identifier>) -> Vec<Identifier> {
        let mut seen = HashSet::new();
        let mut list = Vec::new();
        let mut todo: Vec<&Identifier> = ids.into_iter().collect();
        todo.reverse();
        while let Some(id) = todo.pop() {
            let Some((id, _)) = self.items.get_key_value(id) else { continue };
            if seen.insert(id) {
                list.push(id.clone());
                let contents = self.children.get(id).into_iter().flatten().rev();
                todo.extend(contents.filter(|child| self.gone(child) == self.gone(id)));
            }
        }
        list
    }

    /// Whether another member has taken the item over.
    fn gone(&self, id: &Identifier) -> bool {
        self.items.get(id).is_some_and(|item| item.status == ItemStatus::HandedOver)
    }

    /// Whether `inside` is `outside`, or packed in it at any depth.
    pub fn is_within(&self, inside: &Identifier, outside: &Identifier) -> bool {
        let mut above = Some(inside);
        // No packing is deeper than the number of items on record.
        for _ in 0..=self.items.len() {
            match above {
                Some(id) if id == outside => return true,
                Some(id) => above = self.items.get(id).and_then(|item| item.parent.as_ref()),
                None => return false,
            }
        }
        false
    }

    /// Sets the status of each item.
    pub(crate) fn set_status(&mut self, ids: &[Identifier], status: ItemStatus) {
        for id in ids {
            if let Some(item) = self.items.get_mut(id) {
                self.journal.items.entry(id.clone()).or_insert_with(|| Some(Standing::of(item)));
                item.status = status;
                self.changed.insert(id.clone());
            }
        }
    }

    /// Packs an item into a logistic unit, or takes it out of the one it is in.
    pub(crate) fn set_parent(&mut self, id: &Identifier, parent: Option<&Identifier>) {
        let Some(item) = self.items.get_mut(id) else { return };
        self.journal.items.entry(id.clone()).or_insert_with(|| Some(Standing::of(item)));
        let before = std::mem::replace(&mut item.parent, parent.cloned());
        self.changed.insert(id.clone());
        self.move_child(id, before.as_ref(), parent);
    }

    fn move_child(&mut self, id: &Identifier, from: Option<&Identifier>, to: Option<&Identifier>) {
        if let Some(contents) = from.and_then(|from| self.children.get_mut(from)) {
            contents.remove(id);
        }
        if let Some(to) = to {
            self.children.entry(to.clone()).or_default().insert(id.clone());
        }
    }

    /// Puts a new item on record.
    pub(crate) fn create(&mut self, item: Item) {
        let before = self.standing(&item.id);
        self.journal.items.entry(item.id.clone()).or_insert(before);
        self.forgotten.remove(&item.id);
        self.changed.insert(item.id.clone());
        self.load(item);
    }

    /// Strikes an item from the record.
    pub(crate) fn forget(&mut self, id: &Identifier) {
        self.set_parent(id, None);
        self.items.remove(id);
        self.changed.remove(id);
        self.forgotten.insert(id.clone());
    }

    /// Puts a lot on record, or replaces what is on record of it.
    pub(crate) fn set_lot(&mut self, lot: &Lgtin, record: LotRecord) {
        let before = self.lots.insert(lot.clone(), record).map(|record| record.status);
        self.journal.lots.entry(lot.clone()).or_insert(before);
        self.changed_lots.insert(lot.clone());
    }
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
    /// Why it may not act in its roles now; `None` if it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hindrance: Option<Hindrance>,
}

/// A shipment on its way to this member, as its sender announced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// Who sent it.
    pub from: Gln,
    /// Whether it is goods that come back.
    pub is_return: bool,
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
