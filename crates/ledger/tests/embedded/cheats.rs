//! What the contract refuses, and in which words (the cheats of the threat model).

use std::sync::atomic::Ordering;

use theriac_custody::{NodeProof, Reason};
use theriac_ledger::{Call, Revert, Signer, SimulateError, holding_id};

use crate::network::*;

const EXPIRY: u32 = TODAY + 365;

/// Sends what must fail; the refusal is the same before and after it is mined.
async fn refused(network: &Network, signer: &Signer, call: Call) -> Revert {
    let calls = [call];
    let foreseen = match network.ledger.simulate(signer.account(), &calls).await {
        Err(SimulateError::Reverted(revert)) => revert,
        other => panic!("expected a refusal, found {other:?}"),
    };
    let receipt = network.send(signer, &calls).await;
    assert!(!receipt.success);
    let logs = network.ledger.logs(receipt.block, receipt.block).await.unwrap();
    assert_eq!(logs, [], "a refused transaction tells nothing");
    assert_eq!(receipt.revert, Some(foreseen.clone()));
    foreseen
}

fn ship(network: &Network, nodes: Vec<NodeProof>, event: u64) -> Call {
    Call::Ship { nodes, to: network.wholesaler.account(), cause: cause(event) }
}

#[tokio::test]
async fn shipping_what_one_does_not_hold() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    let call = ship(&network, vec![goods.node(0, 0)], 2);
    let revert = refused(&network, &network.rival, call).await;
    assert_eq!(revert.name, "NotHolder");
    let (rival, holding) = (network.rival.account(), goods.holding);
    assert_eq!(revert.text, format!("{rival} does not hold the holding {holding}"));

    // A pack that is in no holding: the proof of another one.
    let forged = NodeProof { hash: cause(99), ..goods.node(0, 0) };
    let revert = refused(&network, &network.maker, ship(&network, vec![forged], 3)).await;
    assert_eq!(revert.name, "HoldingUnknown");
    let nowhere = NodeProof { seed: cause(99), ..goods.node(0, 0) };
    let revert = refused(&network, &network.maker, ship(&network, vec![nowhere], 4)).await;
    assert_eq!(revert.name, "HoldingUnknown");
}

#[tokio::test]
async fn shipping_a_unit_twice() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    network.run(&network.maker, &[ship(&network, vec![goods.node(2, 1)], 2)]).await;
    for (event, node) in [(3, goods.node(2, 1)), (4, goods.node(0, 5)), (5, goods.whole())] {
        let revert = refused(&network, &network.maker, ship(&network, vec![node], event)).await;
        assert_eq!(revert.name, "AlreadySpent");
    }
    // Twice in one shipment, and twice the same shipment.
    let twice = vec![goods.node(0, 0), goods.node(0, 0)];
    let revert = refused(&network, &network.maker, ship(&network, twice, 6)).await;
    assert_eq!(revert.name, "ItemsNotAscending");
    let within = vec![goods.node(1, 0), goods.node(0, 1)];
    let revert = refused(&network, &network.maker, ship(&network, within, 7)).await;
    assert_eq!(revert.name, "ItemsNotAscending");
    let revert = refused(&network, &network.maker, goods.commission(EXPIRY)).await;
    assert_eq!(revert.name, "HoldingExists");
}

#[tokio::test]
async fn receiving_what_was_addressed_to_another() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    network.run(&network.maker, &[ship(&network, vec![goods.whole()], 2)]).await;
    let id = holding_id(network.maker.account(), cause(2), goods.tree.root());
    let receive = Call::ReceiveShipment { id, cause: cause(3) };
    let revert = refused(&network, &network.pharmacy, receive.clone()).await;
    assert_eq!(revert.name, "NotConsignee");
    let pharmacy = network.pharmacy.account();
    assert_eq!(revert.text, format!("the shipment {id} is not addressed to {pharmacy}"));
    network.run(&network.wholesaler, std::slice::from_ref(&receive)).await;
    let revert = refused(&network, &network.wholesaler, receive).await;
    assert_eq!(revert.text, format!("the holding {id} is held, which does not allow this"));
    let cancel = Call::Cancel { id, cause: cause(4) };
    assert_eq!(refused(&network, &network.maker, cancel).await.name, "NotHolder");
}

#[tokio::test]
async fn dispensing_twice_or_without_the_right() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    let revert = refused(&network, &network.maker, goods.dispense(3, 2)).await;
    assert_eq!(revert.name, "RoleMissing");
    let maker = network.maker.account();
    assert_eq!(revert.text, format!("{maker} has none of these roles now: dispenser"));
    let goods = network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    network.run(&network.pharmacy, &[goods.dispense(3, 3)]).await;
    let revert = refused(&network, &network.pharmacy, goods.dispense(3, 4)).await;
    assert_eq!(revert.name, "AlreadySpent");
    let (holding, text) = (goods.holding, "or a unit below it has already left the holding");
    assert_eq!(revert.text, format!("the node of height 0 at 3 {text} {holding}"));
    // Use cannot be passed off as something that needs no proof.
    let (places, reason) = (vec![(holding, 0, 4)], Reason::Dispensed);
    let write_off = Call::WriteOff { places, reason, cause: cause(5) };
    let revert = refused(&network, &network.pharmacy, write_off).await;
    assert_eq!(revert.text, "the operation is not for the reason dispensed");
}

#[tokio::test]
async fn dispensing_a_recalled_or_blocked_pack() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    let goods = network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    let lot_tag = goods.lot_tag;
    network.run(&network.regulator, &[Call::Recall { lot_tag, class: 1, cause: cause(3) }]).await;
    let revert = refused(&network, &network.pharmacy, goods.dispense(0, 4)).await;
    assert_eq!(revert.name, "LotNotNormal");
    assert_eq!(revert.text, format!("the lot {lot_tag} is recalled (class I)"));
    let lift = Call::Lift { lot_tag, cause: cause(5) };
    assert_eq!(refused(&network, &network.maker, lift.clone()).await.name, "SetByRegulator");
    assert_eq!(refused(&network, &network.rival, lift.clone()).await.name, "NotLabeler");
    network.run(&network.regulator, &[lift]).await;
    network.run(&network.maker, &[Call::BlockLot { lot_tag, cause: cause(6) }]).await;
    let revert = refused(&network, &network.pharmacy, goods.dispense(0, 7)).await;
    assert_eq!(revert.text, format!("the lot {lot_tag} is blocked"));
}

#[tokio::test]
async fn dispensing_an_expired_pack() {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, TODAY).await;
    let goods = network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    network.run(&network.pharmacy, &[goods.dispense(0, 3)]).await;
    network.clock.store(u64::from(TODAY + 1) * 86_400 - 1, Ordering::SeqCst);
    network.run(&network.pharmacy, &[goods.dispense(1, 4)]).await;
    network.clock.store(u64::from(TODAY + 1) * 86_400, Ordering::SeqCst);
    // The call is tried on the newest block, whose time is of the day before.
    network.run(&network.maker, &[Call::Anchor { root: cause(9), count: 1 }]).await;
    let revert = refused(&network, &network.pharmacy, goods.dispense(2, 5)).await;
    assert_eq!(revert.name, "LotExpired");
    assert_eq!(revert.text, format!("the lot {} expired on day {TODAY}", goods.lot_tag));
}

#[tokio::test]
async fn commissioning_without_the_role_or_in_anothers_lot() {
    let network = Network::new().await;
    let goods = Goods::new(network.wholesaler.account(), cause(90), 1, 16);
    let revert = refused(&network, &network.wholesaler, goods.commission(EXPIRY)).await;
    let wholesaler = network.wholesaler.account();
    let text = format!("{wholesaler} has none of these roles now: labeler, repackager");
    assert_eq!((revert.name.as_str(), revert.text), ("RoleMissing", text));
    let stranger = signer(200);
    assert_eq!(refused(&network, &stranger, goods.commission(EXPIRY)).await.name, "RoleMissing");

    let own = network.make(&network.maker, 1, 16, EXPIRY).await;
    let more = Goods::new(network.rival.account(), own.lot_tag, 2, 16);
    let revert = refused(&network, &network.rival, more.commission(EXPIRY)).await;
    assert_eq!(revert.name, "NotLabeler");
    let more = Goods::new(network.maker.account(), own.lot_tag, 3, 16);
    let revert = refused(&network, &network.maker, more.commission(EXPIRY + 30)).await;
    assert_eq!(revert.name, "LotExpiryDiffers");
}

#[tokio::test]
async fn one_refused_operation_undoes_the_whole_transaction() {
    let network = Network::new().await;
    let goods = Goods::new(network.maker.account(), cause(90), 1, 16);
    let calls = [goods.commission(EXPIRY), goods.dispense(0, 2)];
    let receipt = network.send(&network.maker, &calls).await;
    assert_eq!(receipt.revert.unwrap().name, "RoleMissing");
    assert_eq!(network.ledger.holding(goods.holding).await.unwrap(), None);
}
