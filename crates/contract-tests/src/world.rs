//! A small supply chain on a fresh ledger.

use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::{SolCall, SolConstructor};

use crate::custody::{Custody, ICustody};
use crate::evm::{Done, Evm, Failed};
use crate::registry::Registry;
use crate::tree::{Tree, leaf, unit_hash};

/// Time of the first block: 2026-01-01T00:00:00Z, in seconds since 1970.
pub const NOW_S: u64 = 20_454 * 86_400;

/// Last day of the units of the tests, in days since 1970; a year after the first block.
pub const EXPIRY_DAY: u32 = 20_454 + 365;

/// The hash of a text: lot tags, causes and whatever else is 32 bytes.
pub fn word(text: &str) -> B256 {
    keccak256(text)
}

/// The contracts with their members: account and GLN of each.
#[derive(Debug)]
pub struct World {
    /// The ledger.
    pub evm: Evm,
    /// The registry.
    pub registry: Address,
    /// Custody.
    pub custody: Address,
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

    /// GLN, roles and first account of each member.
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
        let mut evm = Evm::new(NOW_S);
        let governor = Self::GOVERNOR;
        let arguments = Registry::constructorCall { governor }.abi_encode();
        let registry = evm.deploy(governor, [&Registry::BYTECODE[..], &arguments].concat());
        let arguments = Custody::constructorCall { registry_: registry }.abi_encode();
        let custody = evm.deploy(governor, [&Custody::BYTECODE[..], &arguments].concat());
        Self { evm, registry, custody }
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
        self.evm.call(from, self.registry, call)
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
        self.evm.call(from, self.custody, call)
    }

    /// Makes units with the numbers `first..first + count` in lot `word(lot)` and gives the holding and its tree.
    pub fn commission(&mut self, lot: &str, first: u64, count: u64) -> (B256, Tree) {
        let leaves = (first..first + count).map(|n| leaf(word(lot), unit_hash(n)));
        let tree = Tree::new(leaves.collect());
        let call = Custody::commissionCall {
            lotTag: word(lot),
            expiry: EXPIRY_DAY,
            root: tree.root(),
            height: tree.height(),
            cause: word(&format!("commission {lot} {first}")),
        };
        (self.custody(Self::FACTORY, &call).expect("the factory commissions").value, tree)
    }

    /// Ships nodes and lets the consignee receive them; gives the holding.
    pub fn hand_over(
        &mut self,
        from: Address,
        nodes: Vec<ICustody::Node>,
        to: Address,
        cause: B256,
    ) -> B256 {
        let shipped = self.custody(from, &Custody::shipCall { nodes, to, cause });
        let id = shipped.expect("the holder ships").value;
        let call = Custody::receiveShipmentCall { id, refused: vec![], cause };
        self.custody(to, &call).expect("the consignee receives");
        id
    }

    /// What the ledger says of a holding.
    pub fn holding(&mut self, id: B256) -> ICustody::Holding {
        self.custody(Self::STRANGER, &Custody::holdingCall { id }).expect("a view").value
    }

    /// Whether the ledger says that a leaf has left the holding.
    pub fn is_spent(&mut self, id: B256, height: u8, index: u64) -> bool {
        let call = Custody::isSpentCall { id, height, index };
        self.custody(Self::STRANGER, &call).expect("a view of a place inside").value
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

impl Tree {
    /// A node of this tree with its full proof, as an argument of `ship`.
    pub fn node_of(&self, holding: B256, height: u8, index: u64) -> ICustody::Node {
        let (hash, proof) = (self.hash(height, index), self.proof(height, index));
        ICustody::Node { holding, height, index, hash, proof }
    }

    /// A unit of this tree with its full proof, as an argument of `retire`.
    pub fn leaf_of(&self, holding: B256, index: u64, lot_tag: B256, unit: B256) -> ICustody::Leaf {
        let proof = self.proof(0, index);
        ICustody::Leaf { holding, index, lotTag: lot_tag, unitHash: unit, proof }
    }
}
