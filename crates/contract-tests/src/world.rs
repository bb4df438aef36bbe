//! A small supply chain on a fresh ledger.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};

use crate::bindings::creation_code;
use crate::custody::{Custody, ICustody};
use crate::evm::{Done, Evm, Failed, Ground};
use crate::registry::Registry;
use crate::stock::Stock;
use crate::timelock::Timelock;
use crate::tree::{Tree, leaf, seed, unit_hash};

/// Time of the first block: 2026-01-01T00:00:00Z, in seconds since 1970.
pub const NOW_S: u64 = 20_454 * 86_400;

/// Last day of the units of the tests, in days since 1970; a year after the first block.
pub const EXPIRY_DAY: u32 = 20_454 + 365;

/// Days after the expiry before anything is pruned.
pub const GRACE_DAYS: u16 = 30;

/// Delay of the timelock, in seconds.
pub const DELAY_S: u64 = 3 * 86_400;

/// The hash of a text: lot tags, causes and whatever else is 32 bytes.
pub fn word(text: &str) -> B256 {
    keccak256(text)
}

/// Where the contracts are.
#[derive(Debug, Clone, Copy)]
pub struct Contracts {
    /// The timelock, which administers the registry.
    pub timelock: Address,
    /// The registry.
    pub registry: Address,
    /// Custody.
    pub custody: Address,
    /// Documents.
    pub documents: Address,
}

/// The contracts with their members: account and GLN of each.
#[derive(Debug)]
pub struct World {
    /// The ledger.
    pub evm: Evm,
    /// The contracts on it.
    pub at: Contracts,
}

/// Accounts of the tests. Their numbers make them warm in no precompile.
impl World {
    /// Governor of the consortium, an account of no member.
    pub const GOVERNOR: Address = Address::repeat_byte(0xe0);
    /// A manufacturer.
    pub const FACTORY: Address = Address::repeat_byte(0xa1);
    /// Another account of the manufacturer.
    pub const FACTORY_2: Address = Address::repeat_byte(0xa2);
    /// A repackager.
    pub const REPACKAGER: Address = Address::repeat_byte(0xb1);
    /// A wholesaler.
    pub const WHOLESALER: Address = Address::repeat_byte(0xc1);
    /// A carrier.
    pub const CARRIER: Address = Address::repeat_byte(0xc2);
    /// A pharmacy.
    pub const PHARMACY: Address = Address::repeat_byte(0xd1);
    /// A regulator.
    pub const REGULATOR: Address = Address::repeat_byte(0xf1);
    /// An account that is not registered.
    pub const STRANGER: Address = Address::repeat_byte(0x99);

    /// GLN, roles and first account of each member, in the order of their numbers from 1.
    pub const MEMBERS: [(u64, u32, Address); 6] = [
        (4_000_001_000_005, 1, Self::FACTORY),
        (4_000_002_000_004, 2, Self::REPACKAGER),
        (4_000_003_000_003, 4, Self::WHOLESALER),
        (4_000_004_000_002, 8, Self::CARRIER),
        (4_000_005_000_001, 16, Self::PHARMACY),
        (4_000_006_000_000, 32, Self::REGULATOR),
    ];

    /// The contracts without any member.
    pub fn empty() -> Self {
        static GROUND: OnceLock<(Ground, Contracts)> = OnceLock::new();
        let (ground, at) = GROUND.get_or_init(|| {
            let mut evm = Evm::new(NOW_S, Arc::default());
            let at = deploy(&mut evm);
            (evm.into_ground(), at)
        });
        Self { evm: Evm::new(NOW_S, ground.clone()), at: *at }
    }

    /// The contracts with all members.
    pub fn new() -> Self {
        let mut world = Self::empty();
        for (gln, roles, account) in Self::MEMBERS {
            world.admit(gln, roles, account);
        }
        let call = Registry::addAccountCall { gln: Self::MEMBERS[0].0, account: Self::FACTORY_2 };
        world.registry(Self::FACTORY, &call).expect("an account of the member adds another");
        world
    }

    /// Admits a member without licence expiry.
    pub fn admit(&mut self, gln: u64, roles: u32, account: Address) {
        let call = Registry::addMemberCall {
            gln,
            roles,
            licenceExpiry: 0,
            name: format!("member {gln}"),
            endpoint: format!("https://{gln}.example"),
            account,
        };
        self.registry(Self::GOVERNOR, &call).expect("the governor admits a new member");
    }

    /// Calls the registry.
    ///
    /// # Errors
    ///
    /// The revert.
    pub fn registry<C: SolCall>(
        &mut self,
        from: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        note("Registry", self.evm.call(from, self.at.registry, call))
    }

    /// Calls custody.
    ///
    /// # Errors
    ///
    /// The revert.
    pub fn custody<C: SolCall>(
        &mut self,
        from: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        note("Custody", self.evm.call(from, self.at.custody, call))
    }

    /// Calls documents.
    ///
    /// # Errors
    ///
    /// The revert.
    pub fn documents<C: SolCall>(
        &mut self,
        from: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        note("Documents", self.evm.call(from, self.at.documents, call))
    }

    /// Calls the timelock.
    ///
    /// # Errors
    ///
    /// The revert.
    pub fn timelock<C: SolCall>(
        &mut self,
        from: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        note("Timelock", self.evm.call(from, self.at.timelock, call))
    }

    /// Makes units with the numbers `first..first + count` in lot `word(lot)`.
    pub fn commission(&mut self, lot: &str, first: u64, count: u64) -> Stock {
        let leaves = (first..first + count).map(|n| leaf(word(lot), unit_hash(n)));
        let tree = Tree::new(leaves.collect());
        let cause = word(&format!("commission {lot} {first}"));
        self.commission_tree(lot, tree, cause)
    }

    /// Opens a holding over a tree in lot `word(lot)`.
    pub fn commission_tree(&mut self, lot: &str, tree: Tree, cause: B256) -> Stock {
        let id = self.commission_root(lot, tree.root(), tree.height(), cause);
        let stock = Stock { seed: seed(Self::FACTORY, cause), tree };
        assert_eq!(stock.id(), id);
        stock
    }

    /// Opens a holding with a given root, and perhaps no known units.
    pub fn commission_root(&mut self, lot: &str, root: B256, height: u8, cause: B256) -> B256 {
        let call =
            Custody::commissionCall { lotTag: word(lot), expiry: EXPIRY_DAY, root, height, cause };
        self.custody(Self::FACTORY, &call).expect("the factory commissions").value
    }

    /// Ships all of a holding.
    pub fn ship_all(&mut self, from: Address, stock: &Stock, to: Address, cause: B256) -> Stock {
        let sources = vec![stock.source(&[(stock.tree.height(), 0)])];
        let shipped = self.custody(from, &Custody::shipCall { sources, to, cause });
        let sent = Stock { seed: seed(from, cause), tree: stock.tree.clone() };
        assert_eq!(shipped.expect("the holder ships").value, sent.id());
        sent
    }

    /// Ships all of a holding and lets the consignee receive it.
    pub fn hand_over(&mut self, from: Address, stock: &Stock, to: Address, cause: B256) -> Stock {
        let sent = self.ship_all(from, stock, to, cause);
        let call = Custody::receiveShipmentCall { id: sent.id(), cause };
        self.custody(to, &call).expect("the consignee receives");
        sent
    }

    /// What the ledger says of a holding.
    pub fn holding(&mut self, id: B256) -> ICustody::Holding {
        self.evm.view(self.at.custody, &Custody::holdingCall { id }).expect("a view")
    }

    /// Whether the ledger says that a leaf has left the holding.
    pub fn is_spent(&mut self, id: B256, height: u8, index: u64) -> bool {
        let call = Custody::isSpentCall { id, height, index };
        self.evm.view(self.at.custody, &call).expect("a view of a place inside")
    }

    /// Marks of 256 leaves.
    pub fn spent_word(&mut self, id: B256, number: usize) -> U256 {
        let call = Custody::spentWordCall { id, word: U256::from(number) };
        self.evm.view(self.at.custody, &call).expect("a view")
    }

    /// Schedules a call of the timelock as the governor, waits for its delay and executes it.
    ///
    /// # Errors
    ///
    /// The revert of the execution.
    pub fn govern<C: SolCall>(&mut self, now_s: &mut u64, call: &C) -> Result<Done<()>, Failed> {
        let (target, payload) = (self.at.registry, call.abi_encode().into());
        let schedule = Timelock::scheduleCall {
            target,
            value: U256::ZERO,
            data: payload,
            predecessor: B256::ZERO,
            salt: B256::ZERO,
            delay: U256::from(DELAY_S),
        };
        self.timelock(Self::GOVERNOR, &schedule).expect("the governor proposes");
        *now_s += DELAY_S;
        self.evm.set_time(*now_s);
        let execute = Timelock::executeCall {
            target,
            value: U256::ZERO,
            payload: schedule.data,
            predecessor: B256::ZERO,
            salt: B256::ZERO,
        };
        let done = self.timelock(Self::GOVERNOR, &execute)?;
        Ok(Done { value: (), logs: done.logs, gas: done.gas })
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

thread_local! {
    static PROVOKED: RefCell<BTreeSet<(&'static str, [u8; 4])>> = const { RefCell::new(BTreeSet::new()) };
}

/// The errors that calls of this thread were reverted with: contract and selector.
pub fn provoked() -> BTreeSet<(&'static str, [u8; 4])> {
    PROVOKED.with_borrow(Clone::clone)
}

fn note<T>(contract: &'static str, found: Result<T, Failed>) -> Result<T, Failed> {
    if let Err(failed) = &found {
        PROVOKED.with_borrow_mut(|set| set.insert((contract, failed.selector())));
    }
    found
}

/// The governor proposes, cancels and executes; nobody else administers the timelock.
fn deploy(evm: &mut Evm) -> Contracts {
    let governor = World::GOVERNOR;
    let mut contract = |name: &str, arguments: Vec<u8>| {
        evm.deploy(governor, [&creation_code(name)[..], &arguments].concat())
    };
    let arguments = (U256::from(DELAY_S), vec![governor], vec![governor], Address::ZERO);
    let timelock = contract("Timelock", arguments.abi_encode_params());
    let registry = contract("Registry", (timelock, governor).abi_encode_params());
    let custody = contract("Custody", (registry, GRACE_DAYS).abi_encode_params());
    let documents = contract("Documents", (registry,).abi_encode_params());
    Contracts { timelock, registry, custody, documents }
}
