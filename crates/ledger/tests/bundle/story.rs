//! The life of one pack among twenty, with all that can happen to it, and its bundle.

use theriac_custody::gather::gather;
use theriac_custody::identity::identity_of;
use theriac_custody::leaf::{leaf, lot_tag, unit_hash};
use theriac_custody::{
    Hash, HoldingState, LotSecret, NodeProof, Reason, Tree, holding_id, keccak256, seed, tree,
};
use theriac_epcis::{Event, event_from_json};
use theriac_gs1::{Lgtin, Sgtin};
use theriac_ledger::bundle::Network as Named;
use theriac_ledger::bundle::{
    Bundle, EventProof, Evidence, FORMAT, Place, UnitSecrets, collect, event_as_proven,
    registry_logs,
};
use theriac_ledger::{Call, Signer};

use crate::network::{Goods, Network};

/// The GTIN that the network's maker owns.
pub(crate) const GTIN: &str = "09501101530003";
pub(crate) const EXPIRY: &str = "2029-12-31";
/// The same day in days since 1970-01-01.
const EXPIRY_DAYS: u32 = 21_914;
/// Leaf position of the pack.
const POSITION: u64 = 11;

/// A pack's story as far as it has been told.
pub(crate) struct Story {
    pub(crate) network: Network,
    pub(crate) unit: UnitSecrets,
    pub(crate) goods: Goods,
    pub(crate) evidence: Evidence,
    pub(crate) events: Vec<EventProof>,
    number: u64,
}

/// The unit `n` of the lot.
fn sgtin(n: u64) -> Sgtin {
    Sgtin { gtin: GTIN.parse().unwrap(), serial: format!("TH{n:04}").parse().unwrap() }
}

/// An event about the pack, as a member would capture it.
pub(crate) fn event(number: u64, step: &str, named: &str) -> Event {
    event_from_json(&serde_json::json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": "in_progress",
        "eventTime": format!("2026-11-22T08:{:02}:00Z", number % 60),
        "eventTimeZoneOffset": "+01:00",
        "epcList": [named],
        "readPoint": { "id": "https://id.gs1.org/414/9521000000027" },
        "example:note": "a word of the member that captured it",
        "@context": [{ "example": "https://example.com/" }],
    }))
    .unwrap()
}

impl Story {
    /// The lot is made: twenty packs, of which the story's is number [`POSITION`].
    pub(crate) async fn begin() -> Self {
        let network = Network::new().await;
        let lot = Lgtin { gtin: GTIN.parse().unwrap(), lot: "TH4A07".parse().unwrap() };
        let salts = LotSecret::new([5; 32]).lot(&lot);
        let units: Vec<Hash> =
            (0..20).map(|n| unit_hash(&sgtin(n), salts.unit(&sgtin(n)))).collect();
        let tag = lot_tag(&lot, salts.lot());
        let tree = Tree::over(units.iter().map(|unit| leaf(tag, *unit)).collect()).unwrap();
        let unit = UnitSecrets {
            gtin: lot.gtin,
            serial: sgtin(POSITION).serial,
            lot: lot.lot,
            expiry: EXPIRY.parse().unwrap(),
            lot_salt: salts.lot(),
            unit_salt: salts.unit(&sgtin(POSITION)),
            position: POSITION,
            path: tree.path(0, POSITION).unwrap(),
        };
        let maker = network.maker.account();
        let mut story = Self {
            network,
            unit,
            goods: Goods {
                lot_tag: tag,
                units,
                holding: Hash::ZERO,
                seed: Hash::ZERO,
                cause: Hash::ZERO,
                tree,
            },
            evidence: Evidence::default(),
            events: Vec::new(),
            number: 0,
        };
        story.members().await;
        let cause = story.told("commissioning", 2);
        story.goods.cause = cause;
        story.goods.seed = seed(maker, cause);
        story.goods.holding = holding_id(maker, cause, story.goods.tree.root());
        let commission = story.goods.commission(EXPIRY_DAYS);
        let signer = story.network.maker.clone();
        story.run(&signer, commission).await;
        story
    }

    /// The transactions by which the members of the story and its product were registered.
    async fn members(&mut self) {
        let head = self.network.ledger.head().await.unwrap().number;
        for log in registry_logs(&self.network.ledger, head).await.unwrap() {
            use theriac_ledger::LedgerEvent as E;
            let strangers = [crate::network::RIVAL, crate::network::REGULATOR];
            let wanted = match &log.event {
                E::MemberAdded { gln, .. } | E::AccountAdded { gln, .. } => {
                    !strangers.contains(gln)
                }
                E::ProductAdded { .. } => true,
                _ => false,
            };
            if wanted {
                self.evidence.add(Place { block: log.block, transaction: log.transaction });
            }
        }
    }

    /// An event among `count` that have one cause; the cause.
    pub(crate) fn told(&mut self, step: &str, count: usize) -> Hash {
        self.number += 1;
        let event = event(
            self.number,
            step,
            &theriac_gs1::Identifier::Sgtin(sgtin(POSITION)).digital_link(),
        );
        let others = (1..count).map(|n| keccak256(&[&self.number.to_be_bytes(), &[n as u8]]));
        let hashes: Vec<Hash> = others.chain([identity_of(&event)]).collect();
        let tree = Tree::over(hashes.clone()).unwrap();
        let position = count as u64 - 1;
        let path = tree.path(0, position).unwrap();
        self.events.push(EventProof { event: event_as_proven(&event).unwrap(), position, path });
        tree::cause(&hashes).unwrap()
    }

    /// Sends a call that must take effect, and keeps its transaction as evidence.
    pub(crate) async fn run(&mut self, signer: &Signer, call: Call) {
        let receipt = self.network.send(signer, &[call]).await;
        assert!(receipt.success, "{:?}", receipt.revert);
        self.evidence.add(Place { block: receipt.block, transaction: receipt.hash });
    }

    /// Blocks that have nothing to do with the story.
    pub(crate) async fn meanwhile(&self, blocks: u64) {
        for n in 0..blocks {
            let root = keccak256(&[b"other", &n.to_be_bytes()]);
            let signer = &self.network.rival;
            assert!(self.network.send(signer, &[Call::Anchor { root, count: 1 }]).await.success);
        }
    }

    /// The subtree of `height` around the pack.
    pub(crate) fn around(&self, height: u8) -> NodeProof {
        self.goods.node(height, self.unit_position() >> height)
    }

    fn unit_position(&self) -> u64 {
        let lot = Lgtin { gtin: self.unit.gtin, lot: self.unit.lot.clone() };
        let id = Sgtin { gtin: self.unit.gtin, serial: self.unit.serial.clone() };
        let leaf = leaf(lot_tag(&lot, self.unit.lot_salt), unit_hash(&id, self.unit.unit_salt));
        let leaves = self.goods.tree.leaves();
        leaves.iter().position(|found| *found == leaf).unwrap() as u64
    }

    /// The goods move into a new holding, opened with `cause` under the account of `holder`.
    pub(crate) fn moved(&mut self, holder: &Signer, cause: Hash, nodes: &[NodeProof]) {
        let list: Vec<(u8, Hash)> = nodes.iter().map(|node| (node.height, node.hash)).collect();
        let gathered = gather(&list).unwrap();
        let mut leaves = Vec::new();
        let mut units = Vec::new();
        for (node, offset) in nodes.iter().zip(&gathered.offsets) {
            let from = (node.index << node.height) as usize;
            let to = from + (1 << node.height);
            let old = self.goods.tree.leaves();
            leaves.resize(*offset as usize, Hash::ZERO);
            units.resize(*offset as usize, Hash::ZERO);
            leaves.extend(&old[from..to.min(old.len())]);
            units.extend(&self.goods.units[from..to.min(old.len())]);
        }
        let tree = Tree::new(gathered.height, leaves).unwrap();
        assert_eq!(tree.root(), gathered.root);
        self.goods = Goods {
            lot_tag: self.goods.lot_tag,
            units,
            holding: holding_id(holder.account(), cause, tree.root()),
            seed: seed(holder.account(), cause),
            cause,
            tree,
        };
    }

    /// Ships subtrees to the wholesaler, who receives them.
    pub(crate) async fn handed_over(&mut self) {
        let (maker, wholesaler) = (self.network.maker.clone(), self.network.wholesaler.clone());
        // A larger subtree that comes after the pack's in the old holding and before it in the new.
        let nodes = vec![self.goods.node(2, 3), self.around(1)];
        let cause = self.told("shipping", 1);
        let to = wholesaler.account();
        let mut sorted = nodes.clone();
        sorted.sort_by_key(|node| node.index << node.height);
        let ship = Call::Ship { nodes: sorted, to, cause };
        self.run(&maker, ship).await;
        self.moved(&maker, cause, &nodes);
        let cause = self.told("receiving", 3);
        let id = self.goods.holding;
        self.run(&wholesaler, Call::ReceiveShipment { id, cause }).await;
    }

    /// The wholesaler quarantines the pack and releases it.
    pub(crate) async fn set_apart_and_released(&mut self) {
        let wholesaler = self.network.wholesaler.clone();
        let nodes = vec![self.around(0)];
        let cause = self.told("holding", 1);
        let state = HoldingState::Quarantined;
        let segregate = Call::Segregate { nodes: nodes.clone(), state, cause };
        self.run(&wholesaler, segregate).await;
        self.moved(&wholesaler, cause, &nodes);
        let cause = self.told("inspecting", 1);
        let id = self.goods.holding;
        self.run(&wholesaler, Call::Release { id, cause }).await;
    }

    /// The wholesaler ships it and takes it back; then ships it to the pharmacy, which refuses it, and
    /// once more, and the pharmacy receives it.
    pub(crate) async fn sent_in_vain(&mut self) {
        let (from, to) = (self.network.wholesaler.clone(), self.network.pharmacy.clone());
        for what in ["cancelled", "refused", "received"] {
            let nodes = vec![self.around(0)];
            let cause = self.told("shipping", 1);
            let ship = Call::Ship { nodes: nodes.clone(), to: to.account(), cause };
            self.run(&from, ship).await;
            self.moved(&from, cause, &nodes);
            let (id, cause) = (self.goods.holding, self.told("receiving", 1));
            match what {
                "cancelled" => self.run(&from, Call::Cancel { id, cause }).await,
                "received" => self.run(&to, Call::ReceiveShipment { id, cause }).await,
                _ => {
                    let refused = vec![self.around(0)];
                    let call = Call::ReceiveInPart { id, refused: refused.clone(), cause };
                    self.run(&to, call).await;
                    self.moved(&from, cause, &refused);
                }
            }
        }
    }

    /// The pharmacy dispenses it, takes that back, and dispenses it again after a recall was lifted.
    pub(crate) async fn used_up(&mut self) {
        let (maker, pharmacy) = (self.network.maker.clone(), self.network.pharmacy.clone());
        let position = self.unit_position();
        let reason = Reason::Dispensed;
        let cause = self.told("dispensing", 1);
        let until = self.network.clock.load(std::sync::atomic::Ordering::SeqCst) + 10 * 86_400;
        let units = vec![self.goods.unit(position)];
        self.run(&pharmacy, Call::Retire { units: units.clone(), reason, cause }).await;
        let restore = Call::Restore {
            places: vec![(self.goods.holding, 0, position)],
            reason,
            retired_by: cause,
            until,
            which: vec![0],
            cause: self.told("void_shipping", 1),
        };
        self.run(&pharmacy, restore).await;
        let lot_tag = self.goods.lot_tag;
        let recall = Call::Recall { lot_tag, class: 2, cause: self.told("holding", 1) };
        self.run(&maker, recall).await;
        let lift = Call::Lift { lot_tag, cause: self.told("holding", 1) };
        self.run(&maker, lift).await;
        let cause = self.told("dispensing", 1);
        self.run(&pharmacy, Call::Retire { units, reason, cause }).await;
    }

    /// An event about the pack, anchored with others.
    pub(crate) async fn anchored(&mut self) {
        let root = self.told("packing", 5);
        let maker = self.network.maker.clone();
        self.run(&maker, Call::Anchor { root, count: 5 }).await;
    }

    /// The ledger of the story.
    pub(crate) fn named(&self) -> Named {
        let deployment = self.network.deployment();
        Named {
            chain_id: deployment.chain_id,
            custody: deployment.custody,
            registry: deployment.registry,
        }
    }

    /// The bundle, up to the block `head` or the newest.
    pub(crate) async fn bundle(&self, head: Option<u64>) -> Bundle {
        Bundle {
            format: FORMAT.to_owned(),
            network: self.named(),
            unit: Some(self.unit.clone()),
            events: self.events.clone(),
            ledger: collect(&self.network.ledger, &self.evidence, head).await.unwrap(),
        }
    }

    /// The whole story.
    pub(crate) async fn whole() -> Self {
        Self::begin().await.through().await
    }

    /// All that happens to the pack.
    pub(crate) async fn through(self) -> Self {
        let mut story = self;
        story.anchored().await;
        story.meanwhile(3).await;
        story.handed_over().await;
        story.set_apart_and_released().await;
        story.meanwhile(2).await;
        story.sent_in_vain().await;
        story.used_up().await;
        story.meanwhile(2).await;
        story
    }
}
