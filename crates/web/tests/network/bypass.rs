//! Past the node: transactions straight to the contract, signed with the member's own key.

use theriac_custody::leaf::{lot_tag, unit_hash};
use theriac_custody::{Hash, LeafProof, NodeProof, Tree};
use theriac_gs1::{Lgtin, Sgtin};
use theriac_ledger::{
    Call, Endpoint, Keystore, Ledger, Passphrase, Receipt, Revert, Signer, SimulateError,
};
use theriac_node::NodeFolder;

use crate::network::{Network, PASSPHRASE, Who};

/// A member's key and a way to the ledger that its node knows nothing of.
pub(crate) struct Bypass {
    ledger: Ledger,
    pub(crate) signer: Signer,
}

/// The hash of an event that never was.
pub(crate) fn cause(number: u64) -> Hash {
    theriac_custody::keccak256(&[b"no event", &number.to_be_bytes()])
}

impl Network {
    /// The ledger as anybody reaches it.
    pub(crate) async fn ledger(&self) -> Ledger {
        let deployment = self.node(Who::Regulator).config().deployment();
        Ledger::connect(Endpoint::Http(self.ledger_url()), deployment).await.unwrap()
    }

    pub(crate) fn key(&self, who: Who) -> Signer {
        let path = NodeFolder::at(self.dir(who)).account_key();
        Keystore::unlock(&path, &Passphrase::new(PASSPHRASE)).unwrap()
    }

    pub(crate) async fn bypass(&self, who: Who) -> Bypass {
        Bypass { ledger: self.ledger().await, signer: self.key(who) }
    }

    /// The holding that a unit stands in, its seed and tree, and the unit's position, by `knows`' books.
    async fn tree(&self, knows: Who, unit: &Sgtin) -> (Hash, Hash, Tree, u64) {
        let place = self.item(knows, unit).await.unwrap().item.place.unwrap();
        let known = self.node(knows).store().known_holding(&place.holding).await.unwrap();
        let known = known.expect("it knows the leaves");
        let opened =
            self.node(knows).store().ledger_holding(&place.holding).await.unwrap().unwrap();
        let seed = theriac_custody::seed(opened.opener, opened.cause);
        (place.holding, seed, Tree::new(known.height, known.leaves).unwrap(), place.position)
    }

    /// Proves a unit as `knows` can.
    pub(crate) async fn node_proof(&self, knows: Who, unit: &Sgtin) -> NodeProof {
        let (holding, seed, tree, index) = self.tree(knows, unit).await;
        let (hash, path) = (tree.node(0, index).unwrap(), tree.path(0, index).unwrap());
        NodeProof { holding, seed, height: 0, index, hash, path }
    }

    /// Proves a unit with the secrets of its leaf, as `knows` can.
    pub(crate) async fn leaf_proof(&self, knows: Who, unit: &Sgtin) -> LeafProof {
        let (holding, seed, tree, index) = self.tree(knows, unit).await;
        let record = self.item(knows, unit).await.unwrap();
        let lot = Lgtin { gtin: unit.gtin, lot: record.item.lot.unwrap() };
        let lots = self.node(knows).store().load_lots(std::slice::from_ref(&lot)).await.unwrap();
        LeafProof {
            holding,
            seed,
            index,
            lot_tag: lot_tag(&lot, lots[&lot].salt.unwrap()),
            unit_hash: unit_hash(unit, record.salt.unwrap()),
            path: tree.path(0, index).unwrap(),
        }
    }
}

impl Bypass {
    async fn send(&self, calls: &[Call]) -> Receipt {
        let nonce = self.ledger.next_nonce(self.signer.account()).await.unwrap();
        let signed = self.ledger.sign(&self.signer, nonce, calls).await.unwrap();
        self.ledger.send(&signed.raw).await.unwrap();
        self.ledger.receipt(signed.hash).await.unwrap().expect("it is mined")
    }

    /// Sends what must take effect; the transaction.
    pub(crate) async fn run(&self, call: Call) -> Hash {
        let receipt = self.send(&[call]).await;
        assert!(receipt.success, "{:?}", receipt.revert);
        receipt.hash
    }

    /// Sends what must fail; the refusal is the same before and after it is mined.
    pub(crate) async fn refused(&self, call: Call) -> Revert {
        let calls = [call];
        let foreseen = match self.ledger.simulate(self.signer.account(), &calls).await {
            Err(SimulateError::Reverted(revert)) => revert,
            other => panic!("expected a refusal, found {other:?}"),
        };
        let receipt = self.send(&calls).await;
        assert!(!receipt.success);
        assert_eq!(receipt.revert, Some(foreseen.clone()));
        foreseen
    }
}
