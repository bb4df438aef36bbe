//! Random calls of the contracts: most are right, some are refused, all are of members or strangers.

use alloy::{
    primitives::{Address, B256, Bytes, U256, keccak256},
    sol_types::{SolCall, SolValue},
};
use theriac_contract_tests::{
    Stock, Tree, artifact, custody::Custody, documents::Documents, leaf, registry::Registry, seed,
    unit_hash,
};

use crate::dice::Dice;

/// Where the contracts will be: they are the first creations of the first account.
pub(crate) struct Contracts {
    pub(crate) registry: Address,
    pub(crate) custody: Address,
    pub(crate) documents: Address,
    members: Vec<Address>,
    holdings: Vec<Holding>,
    /// Ids of shipments that may be on their way.
    pub(crate) shipments: Vec<B256>,
    documents_known: Vec<B256>,
    lots: u64,
}

/// A holding whose units are known.
struct Holding {
    owner: usize,
    lot: B256,
    first: u64,
    stock: Stock,
}

/// A call: who, whom, what.
pub(crate) type Call = (usize, Address, Bytes);

/// The code that deploys a contract.
fn creation(contract: &str, arguments: Vec<u8>) -> Bytes {
    let code: Bytes =
        serde_json::from_value(artifact(contract)["bytecode"].clone()).expect("byte code");
    [&code[..], &arguments].concat().into()
}

/// All roles, so that most calls are allowed.
const ROLES: u32 = 63;
/// A day after those of the workload, in days since 1970.
const EXPIRY: u32 = 22_000;

impl Contracts {
    /// The contracts, deployed by the first of `members`, which governs them.
    pub(crate) fn new(members: Vec<Address>) -> Self {
        let at = |nonce| members[0].create(nonce);
        Self {
            registry: at(0),
            custody: at(1),
            documents: at(2),
            members,
            holdings: Vec::new(),
            shipments: Vec::new(),
            documents_known: Vec::new(),
            lots: 0,
        }
    }

    /// The creations, in order.
    pub(crate) fn creations(&self) -> Vec<Bytes> {
        let governor = self.members[0];
        vec![
            creation("Registry", (governor, governor).abi_encode_params()),
            creation("Custody", (self.registry, 30u16).abi_encode_params()),
            creation("Documents", (self.registry,).abi_encode_params()),
        ]
    }

    /// The first calls: all but the last account become members.
    pub(crate) fn admissions(&self) -> Vec<Call> {
        let members = self.members[..self.members.len() - 1].iter().enumerate();
        members.map(|(n, account)| (0, self.registry, admission(gln(n), *account))).collect()
    }

    /// Any call.
    pub(crate) fn call(&mut self, dice: &mut Dice) -> Call {
        match dice.below(12) {
            0..=2 => self.commission(dice),
            3..=5 => self.ship(dice),
            6 => self.settle(dice),
            7 => self.retire(dice),
            8 => self.lots(dice),
            9 => self.registry_call(dice),
            10 => self.document(dice),
            _ => self.several(dice),
        }
    }

    fn who(&self, dice: &mut Dice) -> usize {
        dice.below(self.members.len() as u64) as usize
    }

    fn commission(&mut self, dice: &mut Dice) -> Call {
        let owner = self.who(dice);
        self.lots += 1;
        let (lot, cause) = (word("lot", self.lots), word("cause", dice.next()));
        let (first, count) = (self.lots * 1_000, 1 + dice.below(70));
        let leaves = (first..first + count).map(|unit| leaf(lot, unit_hash(unit))).collect();
        let stock = Stock { seed: seed(self.members[owner], cause), tree: Tree::new(leaves) };
        let (root, height) = (stock.tree.root(), stock.tree.height());
        let expiry = if dice.once_in(20) { 70_000 } else { EXPIRY };
        let call = Custody::commissionCall { lotTag: lot, expiry, root, height, cause };
        self.holdings.push(Holding { owner, lot, first, stock });
        (owner, self.custody, call.abi_encode().into())
    }

    /// Some holdings of one owner.
    fn some_of_one(&self, dice: &mut Dice) -> Option<(usize, Vec<&Holding>)> {
        let owner =
            self.holdings.get(dice.below(self.holdings.len().max(1) as u64) as usize)?.owner;
        let mut some: Vec<_> =
            self.holdings.iter().filter(|holding| holding.owner == owner).collect();
        let keep = 1 + dice.below(4) as usize;
        while some.len() > keep {
            some.swap_remove(dice.below(some.len() as u64) as usize);
        }
        some.sort_by_key(|holding| holding.stock.id());
        Some((owner, some))
    }

    fn ship(&mut self, dice: &mut Dice) -> Call {
        let Some((owner, some)) = self.some_of_one(dice) else { return self.commission(dice) };
        let sources =
            some.iter().map(|holding| holding.stock.source(&places(dice, &holding.stock.tree)));
        let sources = sources.collect();
        let (to, cause) = (*dice.pick(&self.members), word("cause", dice.next()));
        let input = match dice.once_in(5) {
            true => Custody::segregateCall { sources, state: 3 + dice.below(3) as u8, cause }
                .abi_encode(),
            false => Custody::shipCall { sources, to, cause }.abi_encode(),
        };
        let who = if dice.once_in(15) { self.who(dice) } else { owner };
        (who, self.custody, input.into())
    }

    /// Receives, cancels or releases what some log has opened.
    fn settle(&mut self, dice: &mut Dice) -> Call {
        if self.shipments.is_empty() {
            return self.ship(dice);
        }
        let (id, cause) = (*dice.pick(&self.shipments), word("cause", dice.next()));
        let input = match dice.below(4) {
            0 => Custody::cancelCall { id, cause }.abi_encode(),
            1 => Custody::releaseCall { id, cause }.abi_encode(),
            _ => Custody::receiveShipmentCall { id, cause }.abi_encode(),
        };
        (self.who(dice), self.custody, input.into())
    }

    fn retire(&mut self, dice: &mut Dice) -> Call {
        let Some((owner, some)) = self.some_of_one(dice) else { return self.commission(dice) };
        let holding = some[0];
        let last = holding.stock.tree.height();
        let mut units: Vec<u64> = (0..3).map(|_| dice.below(1 << last)).collect();
        units.sort_unstable();
        units.dedup();
        let units: Vec<_> = units.into_iter().map(|index| (index, holding.first + index)).collect();
        let call = Custody::retireCall {
            lotTags: vec![holding.lot],
            sources: vec![holding.stock.units(&units, 0)],
            reason: 1 + dice.below(6) as u8,
            cause: word("cause", dice.next()),
        };
        (owner, self.custody, call.abi_encode().into())
    }

    fn lots(&mut self, dice: &mut Dice) -> Call {
        let (lot, cause) = (word("lot", 1 + dice.below(self.lots + 1)), word("cause", dice.next()));
        let input = match dice.below(6) {
            0 => {
                Custody::recallCall { lotTag: lot, class: dice.below(4) as u8, cause }.abi_encode()
            }
            1 => Custody::blockLotCall { lotTag: lot, cause }.abi_encode(),
            2 | 3 => Custody::liftCall { lotTag: lot, cause }.abi_encode(),
            _ => Custody::anchorCall { root: cause, count: dice.below(9) as u32 }.abi_encode(),
        };
        (self.who(dice), self.custody, input.into())
    }

    fn registry_call(&mut self, dice: &mut Dice) -> Call {
        let (who, gln) = (self.who(dice), gln(self.who(dice)));
        let gtin = 9_521_321_000_000 + dice.below(20);
        let input = match dice.below(7) {
            0 => admission(gln, *dice.pick(&self.members)).into(),
            1 => {
                let length = dice.below(80) as usize;
                Registry::setEndpointCall { gln, endpoint: "x".repeat(length) }.abi_encode()
            }
            2 => Registry::setServiceKeysCall {
                gln,
                signing: word("s", gtin),
                sealing: word("t", gtin),
            }
            .abi_encode(),
            3 => Registry::setUndoDaysCall { gln, undoDays: dice.below(400) as u16 }.abi_encode(),
            4 => Registry::addProductCall { gtin, labelerGln: gln }.abi_encode(),
            5 => Registry::offerProductCall { gtin, toGln: gln }.abi_encode(),
            _ => Registry::acceptProductCall { gtin }.abi_encode(),
        };
        (if dice.once_in(2) { 0 } else { who }, self.registry, input.into())
    }

    fn document(&mut self, dice: &mut Dice) -> Call {
        let (who, until) = (self.who(dice), 20_000 + dice.below(3_000) as u32);
        if self.documents_known.is_empty() || dice.once_in(3) {
            let document = word("document", dice.next());
            self.documents_known.push(document);
            let call = Documents::publishCall { document, until };
            return (who, self.documents, call.abi_encode().into());
        }
        let (document, to) = (*dice.pick(&self.documents_known), *dice.pick(&self.members));
        let input = match dice.once_in(4) {
            true => Documents::revokeCall { document, to }.abi_encode(),
            false => Documents::grantCall { document, to, until }.abi_encode(),
        };
        (who, self.documents, input.into())
    }

    /// Calls of custody in one transaction; all take effect or none.
    fn several(&mut self, dice: &mut Dice) -> Call {
        let (who, ..) = self.commission(dice);
        let mut data = Vec::new();
        for _ in 0..1 + dice.below(4) {
            let (owner, to, input) = match dice.once_in(2) {
                true => self.commission(dice),
                false => self.lots(dice),
            };
            if to == self.custody && (owner == who || dice.once_in(2)) {
                data.push(input);
            }
        }
        (who, self.custody, Custody::multicallCall { data }.abi_encode().into())
    }

    /// Questions to all of them.
    pub(crate) fn views(&self) -> Vec<(Address, Bytes)> {
        let holdings = self.holdings.iter().map(|holding| holding.stock.id());
        let holdings = holdings.chain(self.shipments.iter().copied());
        let mut views: Vec<(Address, Bytes)> = holdings
            .map(|id| (self.custody, Custody::holdingCall { id }.abi_encode().into()))
            .collect();
        for (n, account) in self.members.iter().enumerate() {
            let of_account = Registry::accountOfCall { account: *account }.abi_encode();
            views.push((self.registry, of_account.into()));
            views.push((self.registry, Registry::memberCall { gln: gln(n) }.abi_encode().into()));
        }
        views
    }
}

/// One to four disjoint subtrees of a tree, ascending.
fn places(dice: &mut Dice, tree: &Tree) -> Vec<(u8, u64)> {
    let height = dice.below(u64::from(tree.height()) + 1) as u8;
    let width = 1u64 << (tree.height() - height);
    let mut indices: Vec<_> = (0..1 + dice.below(4)).map(|_| dice.below(width)).collect();
    indices.sort_unstable();
    indices.dedup();
    indices.into_iter().map(|index| (height, index)).collect()
}

fn admission(gln: u64, account: Address) -> Bytes {
    let (name, endpoint) = (format!("member {gln}"), format!("https://{gln}.example"));
    Registry::addMemberCall { gln, roles: ROLES, licenceExpiry: 0, name, endpoint, account }
        .abi_encode()
        .into()
}

/// The GLN of a member; its check digit is right.
fn gln(member: usize) -> u64 {
    let body = 400_000_000_000 + member as u64 * 1_000;
    let digits = (0..12).map(|place| body / 10u64.pow(place) % 10);
    let sum: u64 =
        digits.enumerate().map(|(at, digit)| if at % 2 == 0 { 3 * digit } else { digit }).sum();
    body * 10 + (10 - sum % 10) % 10
}

fn word(kind: &str, number: u64) -> B256 {
    keccak256((kind.to_owned(), U256::from(number)).abi_encode())
}
