//! A ledger with its contracts, five members, and goods to move.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::future::BoxFuture;
use theriac_chain::{Chain, Genesis};
use theriac_custody::{
    Account, Hash, LeafProof, NodeProof, Role, Roles, Tree, keccak256, leaf, seed,
};
use theriac_ledger::{
    Call, Deployment, Endpoint, Ledger, LedgerEvent, LocalRpc, Receipt, Signer, gas_bound,
    holding_id,
};

pub(crate) const CHAIN_ID: u64 = 7_771;
pub(crate) const GTIN: u64 = 9_501_101_530_003;
/// 2026-11-22, in days and in seconds.
pub(crate) const TODAY: u32 = 20_779;
pub(crate) const NOW: u64 = TODAY as u64 * 86_400 + 43_200;

/// GLNs of the members.
pub(crate) const REGULATOR: u64 = 9_521_000_000_010;
pub(crate) const MAKER: u64 = 9_521_000_000_027;
pub(crate) const RIVAL: u64 = 9_521_000_000_034;
pub(crate) const WHOLESALER: u64 = 9_521_000_000_041;
pub(crate) const PHARMACY: u64 = 9_521_000_000_058;

pub(crate) struct Network {
    pub(crate) ledger: Ledger,
    pub(crate) endpoint: Endpoint,
    pub(crate) clock: Arc<AtomicU64>,
    pub(crate) governor: Signer,
    pub(crate) regulator: Signer,
    pub(crate) maker: Signer,
    pub(crate) rival: Signer,
    pub(crate) wholesaler: Signer,
    pub(crate) pharmacy: Signer,
    _folder: tempfile::TempDir,
}

struct Embedded(Chain);

impl LocalRpc for Embedded {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let chain = self.0.clone();
        Box::pin(async move { chain.rpc(&json).await })
    }
}

/// A new embedded ledger in `folder`.
pub(crate) fn embedded(folder: &Path, clock: &Arc<AtomicU64>) -> Endpoint {
    let clock = Arc::clone(clock);
    let time = Arc::new(move || clock.load(Ordering::SeqCst));
    let chain = Chain::open(folder, Genesis { chain_id: CHAIN_ID }, time).unwrap();
    Endpoint::Local(Arc::new(Embedded(chain)))
}

pub(crate) fn signer(number: u8) -> Signer {
    Signer::from_secret(&[number; 32]).unwrap()
}

/// The hash of some event.
pub(crate) fn cause(number: u64) -> Hash {
    keccak256(&[b"event", &number.to_be_bytes()])
}

impl Network {
    /// Contracts without members.
    pub(crate) async fn bare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicU64::new(NOW));
        let endpoint = embedded(folder.path(), &clock);
        let governor = signer(1);
        let deployment = Ledger::deploy(endpoint.clone(), &governor).await.unwrap();
        Self {
            ledger: Ledger::connect(endpoint.clone(), deployment).await.unwrap(),
            endpoint,
            clock,
            governor,
            regulator: signer(2),
            maker: signer(3),
            rival: signer(4),
            wholesaler: signer(5),
            pharmacy: signer(6),
            _folder: folder,
        }
    }

    /// Contracts with a regulator, two makers, a wholesaler, a pharmacy, and one product.
    pub(crate) async fn new() -> Self {
        let network = Self::bare().await;
        let members = [
            (REGULATOR, Role::Regulator, &network.regulator),
            (MAKER, Role::Labeler, &network.maker),
            (RIVAL, Role::Labeler, &network.rival),
            (WHOLESALER, Role::Wholesaler, &network.wholesaler),
            (PHARMACY, Role::Dispenser, &network.pharmacy),
        ];
        for (gln, role, signer) in members {
            network.run(&network.governor, &[member(gln, role, signer.account())]).await;
        }
        let product = Call::AddProduct { gtin: GTIN, gln: MAKER };
        network.run(&network.regulator, &[product]).await;
        network
    }

    pub(crate) fn deployment(&self) -> Deployment {
        self.ledger.deployment()
    }

    /// Signs, sends, and gives the receipt.
    pub(crate) async fn send(&self, signer: &Signer, calls: &[Call]) -> Receipt {
        let nonce = self.ledger.next_nonce(signer.account()).await.unwrap();
        let signed = self.ledger.sign(signer, nonce, calls).await.unwrap();
        assert_eq!(self.ledger.send(&signed.raw).await.unwrap(), signed.hash);
        let receipt = self.ledger.receipt(signed.hash).await.unwrap().expect("it is mined");
        let bound = gas_bound(calls).unwrap();
        assert!(receipt.gas_used <= bound.0, "{} used, bound {bound}: {calls:?}", receipt.gas_used);
        receipt
    }

    /// Sends calls that must take effect, and gives what they tell.
    pub(crate) async fn run(&self, signer: &Signer, calls: &[Call]) -> Vec<LedgerEvent> {
        self.ledger.simulate(signer.account(), calls).await.unwrap();
        let receipt = self.send(signer, calls).await;
        assert!(receipt.success, "{:?}: {calls:?}", receipt.revert);
        assert_eq!(receipt.revert, None);
        let logs = self.ledger.logs(receipt.block, receipt.block).await.unwrap();
        logs.into_iter()
            .filter(|log| log.transaction == receipt.hash)
            .inspect(|log| assert_eq!(log.block_hash, receipt.block_hash))
            .map(|log| log.event)
            .collect()
    }

    /// Commissions `count` units of the lot `number`, by `signer`, usable until `expiry`.
    pub(crate) async fn make(
        &self,
        signer: &Signer,
        number: u64,
        count: u64,
        expiry: u32,
    ) -> Goods {
        let lot_tag = keccak256(&[b"lot", &number.to_be_bytes()]);
        let goods = Goods::new(signer.account(), lot_tag, number, count);
        self.run(signer, &[goods.commission(expiry)]).await;
        goods
    }

    /// Ships the whole of `goods` and lets the consignee receive it.
    pub(crate) async fn hand_over(
        &self,
        from: &Signer,
        to: &Signer,
        goods: &Goods,
        event: u64,
    ) -> Goods {
        let (nodes, cause) = (vec![goods.whole()], cause(event));
        let ship = Call::Ship { nodes, to: to.account(), cause };
        self.run(from, &[ship]).await;
        let id = holding_id(from.account(), cause, goods.tree.root());
        self.run(to, &[Call::ReceiveShipment { id, cause }]).await;
        Goods { holding: id, seed: seed(from.account(), cause), ..goods.clone() }
    }
}

pub(crate) fn member(gln: u64, role: Role, account: Account) -> Call {
    Call::AddMember {
        gln,
        roles: Roles::from_iter([role]),
        licence_expiry: 0,
        name: format!("Member {gln}"),
        endpoint: format!("https://{gln}.example"),
        account,
    }
}

/// Units of one lot in one holding.
#[derive(Debug, Clone)]
pub(crate) struct Goods {
    pub(crate) lot_tag: Hash,
    pub(crate) units: Vec<Hash>,
    pub(crate) tree: Tree,
    pub(crate) holding: Hash,
    pub(crate) seed: Hash,
    pub(crate) cause: Hash,
}

impl Goods {
    /// Goods that are not on the ledger yet.
    pub(crate) fn new(opener: Account, lot_tag: Hash, number: u64, count: u64) -> Self {
        let unit = |n: u64| keccak256(&[&number.to_be_bytes(), &n.to_be_bytes()]);
        let units: Vec<_> = (0..count).map(unit).collect();
        let leaves = units.iter().map(|unit| leaf::leaf(lot_tag, *unit)).collect();
        let tree = Tree::over(leaves).unwrap();
        let cause = cause(number);
        let holding = holding_id(opener, cause, tree.root());
        Self { lot_tag, units, tree, holding, seed: seed(opener, cause), cause }
    }

    pub(crate) fn commission(&self, expiry: u32) -> Call {
        Call::Commission {
            lot_tag: self.lot_tag,
            expiry,
            root: self.tree.root(),
            height: self.tree.height(),
            cause: self.cause,
        }
    }

    pub(crate) fn node(&self, height: u8, index: u64) -> NodeProof {
        NodeProof {
            holding: self.holding,
            seed: self.seed,
            height,
            index,
            hash: self.tree.node(height, index).unwrap(),
            path: self.tree.path(height, index).unwrap(),
        }
    }

    pub(crate) fn whole(&self) -> NodeProof {
        self.node(self.tree.height(), 0)
    }

    pub(crate) fn unit(&self, index: u64) -> LeafProof {
        LeafProof {
            holding: self.holding,
            seed: self.seed,
            index,
            lot_tag: self.lot_tag,
            unit_hash: self.units[usize::try_from(index).unwrap()],
            path: self.tree.path(0, index).unwrap(),
        }
    }

    pub(crate) fn dispense(&self, index: u64, event: u64) -> Call {
        let reason = theriac_custody::Reason::Dispensed;
        Call::Retire { units: vec![self.unit(index)], reason, cause: cause(event) }
    }
}

/// The endpoint, with every answer altered: the method (of the first request of a batch), the text.
pub(crate) fn altered(endpoint: &Endpoint, alter: fn(&str, String) -> String) -> Endpoint {
    let Endpoint::Local(inner) = endpoint else { panic!("expected a local endpoint") };
    Endpoint::Local(Arc::new(Altered { inner: Arc::clone(inner), alter }))
}

struct Altered {
    inner: Arc<dyn LocalRpc>,
    alter: fn(&str, String) -> String,
}

impl LocalRpc for Altered {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let request: serde_json::Value = serde_json::from_str(&json).unwrap();
        let first = request.get(0).unwrap_or(&request);
        let method = first["method"].as_str().unwrap().to_owned();
        let (answer, alter) = (self.inner.request(json), self.alter);
        Box::pin(async move { alter(&method, answer.await) })
    }
}
