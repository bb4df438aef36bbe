//! Shipments taken back, returns, quarantine.

use theriac_custody::{BreachCode, HoldingState, ItemStatus, VerdictCode};
use theriac_ledger::Call;
use theriac_node::EventState;

use crate::bypass::cause;
use crate::events::Lot;
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn an_unreceived_shipment_can_be_taken_back_and_shipped_again() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let id = network.node_proof(Who::Maker, &units[0]).await.holding;
    let cancel = Call::Cancel { id, cause: cause(1) };
    let revert = network.bypass(Who::Wholesaler).await.refused(cancel.clone()).await;
    assert_eq!(revert.name, "NotHolder");
    network.admit(Who::Maker, &[network.void_shipping(Who::Maker, &units)]).await;
    network.settle_all().await;
    let back = (Some(Who::Maker), HoldingState::Held);
    assert_eq!(network.on_ledger(Who::Maker, &units[0]).await, back);
    assert_eq!(network.verdict(Who::Maker, &units[0]).await, VerdictCode::Genuine);
    // The wholesaler was told of goods that do not come.
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::NotHere);
    network.assert_clean().await;
    let late = network.receive(Who::Maker, Who::Wholesaler, &units);
    assert_eq!(network.held(Who::Wholesaler, &late).await, "not_held");

    network.hand_over(Who::Maker, Who::PharmacyA, &units).await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::Genuine);
    let void = network.void_shipping(Who::Maker, &units);
    assert_eq!(network.held(Who::Maker, &void).await, "not_held");
    let id = network.node_proof(Who::PharmacyA, &units[0]).await.holding;
    let revert =
        network.bypass(Who::Maker).await.refused(Call::Cancel { id, cause: cause(2) }).await;
    assert_eq!(revert.name, "NotHolder");
    network.assert_clean().await;
}

/// The ledger takes whole shipments back, so a part of one is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_shipment_is_not_taken_back() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let void = network.void_shipping(Who::Maker, &units[..1]);
    network.capture(Who::Maker, std::slice::from_ref(&void)).await;
    network.settle_all().await;
    assert_eq!(network.event_state(Who::Maker, &void).await, EventState::Held);
    assert_eq!(network.case_codes(Who::Maker).await, [BreachCode::LedgerRefused]);
    for unit in &units {
        assert_eq!(network.status(Who::Maker, unit).await, Some(ItemStatus::InTransit));
        let moving = (Some(Who::Maker), HoldingState::InTransit);
        assert_eq!(network.on_ledger(Who::Maker, unit).await, moving);
    }
    network.assert_clean().await;
    network.admit(Who::Wholesaler, &[network.receive(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn returned_packs_are_the_suppliers_again() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units).await;
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units[..1])]).await;
    let sold = network.ship_back(Who::PharmacyA, Who::Wholesaler, &units[..1]);
    assert_eq!(network.held(Who::PharmacyA, &sold).await, "already_retired");
    let back = network.ship_back(Who::PharmacyA, Who::Wholesaler, &units[1..]);
    network.admit(Who::PharmacyA, &[back]).await;
    network.settle_all().await;
    let received = network.receive(Who::PharmacyA, Who::Wholesaler, &units[1..]);
    network.admit(Who::Wholesaler, &[received]).await;
    network.settle_all().await;
    for unit in &units[1..] {
        let held = (Some(Who::Wholesaler), HoldingState::Held);
        assert_eq!(network.on_ledger(Who::Wholesaler, unit).await, held);
        assert_eq!(network.verdict(Who::Wholesaler, unit).await, VerdictCode::Genuine);
        assert_eq!(network.status(Who::PharmacyA, unit).await, Some(ItemStatus::HandedOver));
        assert_eq!(network.status(Who::Maker, unit).await, Some(ItemStatus::HandedOver));
    }
    // And can be sold again, to the same pharmacy.
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units[1..]).await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[1]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarantined_pack_waits_for_its_release() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 4).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units).await;
    network.admit(Who::PharmacyA, &[network.quarantine(Who::PharmacyA, &units[..2])]).await;
    network.admit(Who::PharmacyA, &[network.stolen(Who::PharmacyA, &units[2..3])]).await;
    network.settle_all().await;
    let expected = [
        (VerdictCode::Quarantined, HoldingState::Quarantined),
        (VerdictCode::Quarantined, HoldingState::Quarantined),
        (VerdictCode::Stolen, HoldingState::Stolen),
        (VerdictCode::Genuine, HoldingState::Held),
    ];
    for (unit, (verdict, state)) in units.iter().zip(expected) {
        assert_eq!(network.verdict(Who::PharmacyA, unit).await, verdict);
        let there = network.on_ledger(Who::PharmacyA, unit).await;
        assert_eq!(there, (Some(Who::PharmacyA), state));
    }
    // Not dispensed, not shipped, neither by the node nor past it; nor is what is stolen released.
    let sold = network.dispense(Who::PharmacyA, &units[2..3]);
    assert_eq!(network.held(Who::PharmacyA, &sold).await, "set_apart");
    let proof = network.node_proof(Who::PharmacyA, &units[0]).await;
    let (id, to) = (proof.holding, network.node(Who::Maker).account());
    let bypass = network.bypass(Who::PharmacyA).await;
    let revert = bypass.refused(Call::Ship { nodes: vec![proof], to, cause: cause(1) }).await;
    assert_eq!(revert.name, "WrongState");
    let revert =
        network.bypass(Who::Maker).await.refused(Call::Release { id, cause: cause(2) }).await;
    assert_eq!(revert.name, "NotHolder");
    let stolen = network.node_proof(Who::PharmacyA, &units[2]).await.holding;
    let revert = bypass.refused(Call::Release { id: stolen, cause: cause(3) }).await;
    assert_eq!(revert.name, "WrongState");

    network.admit(Who::PharmacyA, &[network.release(Who::PharmacyA, &units[..2])]).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::Genuine);
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units[..2])]).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::AlreadyRetired);
    network.assert_clean().await;
}

/// The ledger releases what was set apart together; a pack that nobody has looked at must not slip
/// out of quarantine beside one that is fit.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_never_frees_more_than_it_names() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units).await;
    network.admit(Who::PharmacyA, &[network.quarantine(Who::PharmacyA, &units)]).await;
    network.settle_all().await;
    let release = network.release(Who::PharmacyA, &units[..1]);
    network.capture(Who::PharmacyA, std::slice::from_ref(&release)).await;
    network.settle_all().await;
    let other = network.on_ledger(Who::PharmacyA, &units[1]).await;
    assert_eq!(other, (Some(Who::PharmacyA), HoldingState::Quarantined));
    assert_eq!(network.status(Who::PharmacyA, &units[1]).await, Some(ItemStatus::Quarantined));
    assert_eq!(network.verdict(Who::PharmacyA, &units[1]).await, VerdictCode::Quarantined);
    assert_eq!(network.event_state(Who::PharmacyA, &release).await, EventState::Held);
    assert_eq!(network.case_codes(Who::PharmacyA).await, [BreachCode::LedgerRefused]);
    network.assert_clean().await;
}

/// A shipping event that was captured by mistake must not send goods away when they come back.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_mistake_ships_nothing_when_goods_return() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 1).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    let mistake = network.ship(Who::Maker, Who::PharmacyA, &units);
    assert_eq!(network.held(Who::Maker, &mistake).await, "not_held");
    let back = network.ship_back(Who::Wholesaler, Who::Maker, &units);
    network.admit(Who::Wholesaler, &[back]).await;
    network.settle_all().await;
    network.admit(Who::Maker, &[network.receive(Who::Wholesaler, Who::Maker, &units)]).await;
    network.settle_all().await;
    assert_eq!(network.status(Who::Maker, &units[0]).await, Some(ItemStatus::InStock));
    assert_eq!(network.event_state(Who::Maker, &mistake).await, EventState::Held);
}
