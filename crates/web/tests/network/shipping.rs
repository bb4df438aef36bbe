//! Shipping what one does not hold, and shipping it twice.

use theriac_custody::{BreachCode, ItemStatus};
use theriac_ledger::Call;

use crate::bypass::cause;
use crate::events::Lot;
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn what_one_does_not_hold_is_not_shipped() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    let (own, announced) = (&units[..1], &units[1..2]);

    // Never announced to the wholesaler; on its way to it; gone from the maker.
    let event = network.ship(Who::Wholesaler, Who::PharmacyA, own);
    assert_eq!(network.held(Who::Wholesaler, &event).await, "item_unknown");
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, announced)]).await;
    network.settle_all().await;
    let event = network.ship(Who::Wholesaler, Who::PharmacyA, announced);
    assert_eq!(network.held(Who::Wholesaler, &event).await, "not_held");
    let codes = network.case_codes(Who::Wholesaler).await;
    assert_eq!(codes, [BreachCode::ItemUnknown, BreachCode::NotHeld]);

    // Past the node, with the wholesaler's own key and the maker's own proof.
    let bypass = network.bypass(Who::Wholesaler).await;
    let to = network.node(Who::PharmacyA).account();
    for (number, unit, name) in [(1, &own[0], "NotHolder"), (2, &announced[0], "NotHolder")] {
        let proof = network.node_proof(Who::Maker, unit).await;
        let holding = proof.holding;
        let revert =
            bypass.refused(Call::Ship { nodes: vec![proof], to, cause: cause(number) }).await;
        assert_eq!(revert.name, name);
        let text = format!("{} does not hold the holding {holding}", bypass.signer.account());
        assert_eq!(revert.text, text);
    }
    assert_eq!(network.status(Who::Maker, &own[0]).await, Some(ItemStatus::InStock));
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_not_shipped_twice() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    let before = network.node_proof(Who::Maker, &units[0]).await;
    let first = network.ship(Who::Maker, Who::Wholesaler, &units[..1]);
    network.admit(Who::Maker, std::slice::from_ref(&first)).await;

    // The same event again is a retry, not fraud; another event about the same unit is.
    let again = network.capture(Who::Maker, std::slice::from_ref(&first)).await;
    assert_eq!((again.duplicate, again.held), (1, 0));
    network.assert_no_cases().await;
    let second = network.ship(Who::Maker, Who::PharmacyA, &units);
    assert_eq!(network.held(Who::Maker, &second).await, "not_held");
    network.settle_all().await;
    assert_eq!(
        network.held(Who::Maker, &network.ship(Who::Maker, Who::PharmacyA, &units[..1])).await,
        "not_held"
    );
    assert_eq!(network.status(Who::Maker, &units[1]).await, Some(ItemStatus::InStock));

    // At the contract: from the place that it left, and from the shipment that it is in now.
    let bypass = network.bypass(Who::Maker).await;
    let to = network.node(Who::PharmacyA).account();
    let revert = bypass.refused(Call::Ship { nodes: vec![before], to, cause: cause(1) }).await;
    assert_eq!(revert.name, "AlreadySpent");
    let moving = network.node_proof(Who::Maker, &units[0]).await;
    let revert = bypass.refused(Call::Ship { nodes: vec![moving], to, cause: cause(2) }).await;
    assert_eq!(revert.name, "WrongState");
    network.assert_clean().await;
}
