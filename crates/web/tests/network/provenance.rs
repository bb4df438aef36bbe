//! Packs of a GTIN come from its labeler, whatever others write on the ledger.

use theriac_custody::leaf::{leaf, lot_tag, unit_hash};
use theriac_custody::manifest::{ManifestLot, ManifestUnit};
use theriac_custody::{BreachCode, CaseKind, Hash, Manifest, NodeProof, Salt, Tree, VerdictCode};
use theriac_gs1::{Lgtin, Sgtin};
use theriac_ledger::{Call, holding_id};
use theriac_node::exchange::ShipmentMessage;
use theriac_store::{DeliveryKind, NewDelivery};

use crate::bypass::cause;
use crate::events::Lot;
use crate::letters::{Answer, envelope};
use crate::network::{Network, Who};

/// Days from 1970-01-01 to the last day of [`Lot::lasting`].
const LASTING_DAYS: u32 = 21_549;

/// A unit that somebody puts on the ledger past all nodes.
struct Forgery {
    unit: Sgtin,
    /// The lot that the manifest will name, and its secret.
    lot: Lot,
    lot_salt: Salt,
    unit_salt: Salt,
    /// The lot tag under which its holding is commissioned.
    commissioned_as: Hash,
}

impl Forgery {
    fn root(&self) -> Hash {
        leaf(lot_tag(&self.lot.id, self.lot_salt), unit_hash(&self.unit, self.unit_salt))
    }

    /// Commissions and ships it with `by`'s own key; the message that fits.
    async fn commit(&self, network: &Network, by: Who, to: Who, number: u64) -> ShipmentMessage {
        let bypass = network.bypass(by).await;
        let (root, consignee) = (self.root(), network.node(to).account());
        let (made, shipped) = (cause(number), cause(number + 1));
        bypass
            .run(Call::Commission {
                lot_tag: self.commissioned_as,
                expiry: LASTING_DAYS,
                root,
                height: 0,
                cause: made,
            })
            .await;
        let holding = holding_id(bypass.signer.account(), made, root);
        let seed = theriac_custody::seed(bypass.signer.account(), made);
        let node = NodeProof { holding, seed, height: 0, index: 0, hash: root, path: Vec::new() };
        assert_eq!(node.root(), Tree::new(0, vec![root]).unwrap().root());
        let ship = Call::Ship { nodes: vec![node], to: consignee, cause: shipped };
        let transaction = bypass.run(ship).await;
        let holding = holding_id(bypass.signer.account(), shipped, root);
        let lot = ManifestLot {
            gtin: self.lot.id.gtin,
            lot: self.lot.id.lot.clone(),
            expiry: self.lot.expiry,
            salt: self.lot_salt,
        };
        let serial = self.unit.serial.clone();
        let unit = ManifestUnit { position: 0, lot: 0, serial, salt: self.unit_salt };
        let manifest = Manifest {
            holding,
            height: 0,
            lots: vec![lot],
            units: vec![unit],
            packing: Vec::new(),
        };
        ShipmentMessage {
            from: by.gln(),
            transaction,
            event: None,
            manifest,
            master_data: Vec::new(),
            statement: None,
        }
    }
}

impl Network {
    /// Puts a message into a node's own queue, as a company that has changed its program could.
    async fn queue(&self, by: Who, to: Who, message: &ShipmentMessage) {
        let mut tx = self.node(by).store().write().await.unwrap();
        let delivery = NewDelivery {
            to: to.gln(),
            kind: DeliveryKind::Shipment,
            body: serde_json::to_vec(message).unwrap(),
            after: None,
            at: self.clock.now().as_millisecond(),
            subject: None,
            message: envelope(Vec::new()).message,
        };
        tx.enqueue_delivery(&delivery).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Both sides have a case about a message; the receiver's reason.
    async fn both_have_a_case(&self, by: Who, to: Who) -> String {
        let (code, reason) = self.last_case(to).await;
        assert_eq!(code, BreachCode::ManifestMismatch);
        let (code, at_sender) = self.last_case(by).await;
        assert_eq!(code, CaseKind::MessageRefused);
        assert!(at_sender.contains(&to.gln().to_string()), "{at_sender}");
        reason
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_of_another_labelers_gtin_is_not_made() {
    let network = Network::of(&[Who::Maker, Who::Rival, Who::Wholesaler]).await;
    let lot = Lot::lasting("F");
    let event = network.make(Who::Rival, &lot, &lot.units(2));
    assert_eq!(network.held(Who::Rival, &event).await, "not_labeler");
    // Nor by somebody who is no labeler at all, at the node or at the contract.
    let event = network.make(Who::Wholesaler, &lot, &lot.units(2));
    assert_eq!(network.held(Who::Wholesaler, &event).await, "not_labeler");

    // The ledger does not see GTINs: the rival's lot opens there. The receiver sees it.
    let salt = Salt([7; 16]);
    let forgery = Forgery {
        unit: lot.unit(1),
        commissioned_as: lot_tag(&lot.id, salt),
        lot: lot.clone(),
        lot_salt: salt,
        unit_salt: Salt([8; 16]),
    };
    let call = Call::Commission {
        lot_tag: forgery.commissioned_as,
        expiry: LASTING_DAYS,
        root: forgery.root(),
        height: 0,
        cause: cause(1),
    };
    assert_eq!(network.bypass(Who::Wholesaler).await.refused(call).await.name, "RoleMissing");
    let message = forgery.commit(&network, Who::Rival, Who::Wholesaler, 10).await;
    network.queue(Who::Rival, Who::Wholesaler, &message).await;
    network.settle_all().await;
    let reason = network.both_have_a_case(Who::Rival, Who::Wholesaler).await;
    assert!(
        reason.contains("opened by its labeler, found it opened by another member"),
        "{reason}"
    );
    assert_eq!(network.item(Who::Wholesaler, &forgery.unit).await, None);
    let verdict = network.verify(Who::Wholesaler, &forgery.unit).await;
    assert_eq!(verdict.verdict.code, VerdictCode::NotGenuine);
    assert_eq!(verdict.evidence.answered_by, "labeler");
    let received =
        network.receive(Who::Rival, Who::Wholesaler, std::slice::from_ref(&forgery.unit));
    assert_eq!(network.held(Who::Wholesaler, &received).await, "item_unknown");
    network.assert_clean_but_for(Who::Rival).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaf_under_another_labelers_lot_tag_is_found_out() {
    let network = Network::of(&[Who::Maker, Who::Rival, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 2).await;
    // The rival buys a pack, and so learns the secret of the lot.
    network.hand_over(Who::Maker, Who::Rival, &units[..1]).await;
    let known = network.node(Who::Rival).store().lots().await.unwrap();
    let (_, row) = known.into_iter().find(|(id, _)| *id == lot.id).unwrap();
    let own = Lgtin { gtin: Who::Rival.gtin(1), lot: "OWN".parse().unwrap() };
    let forgery = Forgery {
        unit: lot.unit(77),
        lot: lot.clone(),
        lot_salt: row.salt.unwrap(),
        unit_salt: Salt([9; 16]),
        commissioned_as: lot_tag(&own, Salt([1; 16])),
    };
    let message = forgery.commit(&network, Who::Rival, Who::Wholesaler, 20).await;
    // The manifest opens to the root, and the lot is the labeler's own.
    network.node(Who::Wholesaler).follow().await.unwrap();
    let opened = network.node(Who::Wholesaler).store();
    let opened = opened.ledger_holding(&message.manifest.holding).await.unwrap().unwrap();
    let seed = theriac_custody::seed(opened.opener, opened.cause);
    message.manifest.open(seed, forgery.root(), 0).unwrap();
    assert_eq!(row.lot_tag, Some(lot_tag(&lot.id, forgery.lot_salt)));
    network.queue(Who::Rival, Who::Wholesaler, &message).await;
    network.settle_all().await;
    let reason = network.both_have_a_case(Who::Rival, Who::Wholesaler).await;
    let expected = format!("expected serial {} to come from a commission", forgery.unit.serial);
    assert!(reason.contains(&expected), "{reason}");
    assert_eq!(network.item(Who::Wholesaler, &forgery.unit).await, None);
    assert_eq!(network.verdict(Who::Wholesaler, &forgery.unit).await, VerdictCode::NotGenuine);

    // Nor can the rival open more of the lot.
    let call = Call::Commission {
        lot_tag: row.lot_tag.unwrap(),
        expiry: LASTING_DAYS,
        root: forgery.root(),
        height: 0,
        cause: cause(30),
    };
    assert_eq!(network.bypass(Who::Rival).await.refused(call).await.name, "NotLabeler");
    network.assert_clean_but_for(Who::Rival).await;
}

/// A lot that was pruned can be opened again by another labeler: what it commissions then is not of the
/// lot's labeler.
#[tokio::test(flavor = "multi_thread")]
async fn a_pruned_lot_that_another_labeler_opened_again_is_found_out() {
    let network = Network::of(&[Who::Maker, Who::Rival, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 2).await;
    network.hand_over(Who::Maker, Who::Rival, &units[..1]).await;
    let known = network.node(Who::Rival).store().lots().await.unwrap();
    let (_, row) = known.into_iter().find(|(id, _)| *id == lot.id).unwrap();
    let (commissioned_as, lot_salt) = (row.lot_tag.unwrap(), row.salt.unwrap());
    // More than a year after the lot's last day.
    network.clock.set_noon(jiff::civil::date(2030, 3, 1));
    network.bypass(Who::Maker).await.run(Call::Anchor { root: cause(40), count: 1 }).await;
    let prune = Call::PruneLots { lot_tags: vec![commissioned_as] };
    network.bypass(Who::Rival).await.run(prune).await;
    let unit = lot.unit(77);
    let forgery = Forgery { unit, lot, lot_salt, unit_salt: Salt([9; 16]), commissioned_as };
    let message = forgery.commit(&network, Who::Rival, Who::Wholesaler, 20).await;
    network.queue(Who::Rival, Who::Wholesaler, &message).await;
    network.settle_all().await;
    let reason = network.both_have_a_case(Who::Rival, Who::Wholesaler).await;
    let expected = format!("expected serial {} to come from a commission", forgery.unit.serial);
    assert!(reason.contains(&expected), "{reason}");
    assert_eq!(network.item(Who::Wholesaler, &forgery.unit).await, None);
}

/// A labeler that puts one serial number on two packs.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_pack_with_the_same_serial_does_not_replace_the_first() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 2).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    let before = network.item(Who::Wholesaler, &units[0]).await.unwrap();
    let (_, row) = network.node(Who::Maker).store().lots().await.unwrap().remove(0);
    let twin = Forgery {
        unit: units[0].clone(),
        lot: lot.clone(),
        lot_salt: row.salt.unwrap(),
        unit_salt: Salt([5; 16]),
        commissioned_as: row.lot_tag.unwrap(),
    };
    let message = twin.commit(&network, Who::Maker, Who::Wholesaler, 40).await;
    let answer = network.tell(Who::Maker, Who::Wholesaler, &message).await;
    assert!(matches!(answer, Answer::Problem(..)), "{answer:?}");
    assert!(answer.rejected().contains(&units[0].serial.to_string()));
    assert_eq!(network.item(Who::Wholesaler, &units[0]).await, Some(before));
    assert_eq!(network.case_codes(Who::Wholesaler).await, [BreachCode::ManifestMismatch]);
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::Genuine);
    network.assert_clean_but_for(Who::Maker).await;
}

/// A product is sold to another company; the packs that its old labeler made stay genuine.
#[tokio::test(flavor = "multi_thread")]
async fn packs_stay_genuine_when_their_product_changes_hands() {
    let network = Network::of(&[Who::Maker, Who::Rival, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[..1]).await;
    let gtin = units[0].gtin.value();
    let offer = Call::OfferProduct { gtin, to: Who::Rival.gln().value() };
    network.bypass(Who::Maker).await.run(offer).await;
    network.bypass(Who::Rival).await.run(Call::AcceptProduct { gtin }).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::Genuine);
    network.hand_over(Who::Maker, Who::Wholesaler, &units[1..]).await;
    network.assert_no_cases().await;
}
