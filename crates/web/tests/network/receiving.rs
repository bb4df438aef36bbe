//! Receiving what was addressed to another, receiving in part, and receiving before the data came.

use theriac_custody::{BreachCode, HoldingState, ItemStatus, VerdictCode};
use theriac_ledger::Call;
use theriac_node::EventState;

use crate::bypass::cause;
use crate::events::{Lot, sscc};
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn only_the_consignee_receives() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;

    // The pharmacy has no data about the goods; the maker has, and is not their consignee.
    let event = network.receive(Who::Maker, Who::PharmacyA, &units);
    assert_eq!(network.held(Who::PharmacyA, &event).await, "item_unknown");
    let event = network.receive(Who::Maker, Who::Maker, &units);
    assert_eq!(network.held(Who::Maker, &event).await, "not_held");

    let id = network.node_proof(Who::Wholesaler, &units[0]).await.holding;
    for who in [Who::PharmacyA, Who::Maker] {
        let receive = Call::ReceiveShipment { id, cause: cause(1) };
        let revert = network.bypass(who).await.refused(receive).await;
        assert_eq!(revert.name, "NotConsignee");
        let account = network.node(who).account();
        assert_eq!(revert.text, format!("the shipment {id} is not addressed to {account}"));
    }
    network.assert_clean().await;

    // Whom it is addressed to receives it all the same.
    network.admit(Who::Wholesaler, &[network.receive(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let held = (Some(Who::Wholesaler), HoldingState::Held);
    assert_eq!(network.on_ledger(Who::Wholesaler, &units[0]).await, held);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_the_senders_again() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = lot.units(6);
    let pallet = sscc(Who::Maker, 1);
    let made = network.make(Who::Maker, &lot, &units);
    network.admit(Who::Maker, &[made, network.pack(Who::Maker, &pallet, &units)]).await;
    network.admit(Who::Maker, &[network.ship_box(Who::Maker, Who::Wholesaler, &pallet)]).await;
    network.settle_all().await;

    // One pack is damaged, one is missing from the count for now: the receipt waits for it.
    let refused = network.refuse(Who::Maker, Who::Wholesaler, &units[..1]);
    let received = network.receive(Who::Maker, Who::Wholesaler, &units[1..5]);
    network.admit(Who::Wholesaler, &[refused.clone(), received.clone()]).await;
    network.settle_all().await;
    assert_eq!(network.event_state(Who::Wholesaler, &received).await, EventState::Admitted);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Refused));
    let moving = (Some(Who::Maker), HoldingState::InTransit);
    assert_eq!(network.on_ledger(Who::Maker, &units[0]).await, moving);
    network.assert_no_cases().await;

    network
        .admit(Who::Wholesaler, &[network.receive_box(Who::Maker, Who::Wholesaler, &pallet)])
        .await;
    network.settle_all().await;
    for event in [&refused, &received] {
        assert_eq!(network.event_state(Who::Wholesaler, event).await, EventState::Final);
    }
    let held_by = |who| (Some(who), HoldingState::Held);
    assert_eq!(network.on_ledger(Who::Maker, &units[0]).await, held_by(Who::Maker));
    assert_eq!(network.status(Who::Maker, &units[0]).await, Some(ItemStatus::InStock));
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::HandedOver));
    for unit in &units[1..] {
        assert_eq!(network.on_ledger(Who::Wholesaler, unit).await, held_by(Who::Wholesaler));
        assert_eq!(network.status(Who::Maker, unit).await, Some(ItemStatus::HandedOver));
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::InStock));
    }
    assert_eq!(network.case_codes(Who::Maker).await, [BreachCode::RefusedByConsignee]);
    assert_eq!(network.case_codes(Who::Wholesaler).await, []);
    assert_eq!(network.verdict(Who::Maker, &units[0]).await, VerdictCode::Genuine);
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::NotHere);
    network.assert_clean().await;

    // The refused pack can go out again, to the same consignee.
    network.hand_over(Who::Maker, Who::Wholesaler, &units[..1]).await;
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_can_be_refused_as_a_whole() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    network.admit(Who::Wholesaler, &[network.refuse(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    for unit in &units {
        assert_eq!(network.status(Who::Maker, unit).await, Some(ItemStatus::InStock));
        let back = (Some(Who::Maker), HoldingState::Held);
        assert_eq!(network.on_ledger(Who::Maker, unit).await, back);
    }
    assert_eq!(network.case_codes(Who::Maker).await, [BreachCode::RefusedByConsignee]);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn goods_that_come_before_their_data_are_admitted_by_themselves() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    // The truck is faster than the maker's node, which is still to tell the ledger.
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    let received = network.receive(Who::Maker, Who::Wholesaler, &units);
    assert_eq!(network.held(Who::Wholesaler, &received).await, "item_unknown");
    let sold = network.ship(Who::Wholesaler, Who::PharmacyA, &units);
    assert_eq!(network.held(Who::Wholesaler, &sold).await, "item_unknown");
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::NotHere);

    // A restart does not forget what is held.
    network.down(Who::Wholesaler).await;
    network.up(Who::Wholesaler).await;
    network.settle_all().await;
    for event in [&received, &sold] {
        assert_eq!(network.event_state(Who::Wholesaler, event).await, EventState::Final);
        let case = network.event(Who::Wholesaler, event).await.unwrap().case.unwrap();
        assert_eq!(case.outcome.as_deref(), Some("admitted"));
    }
    network.assert_no_cases().await;
    network
        .admit(Who::PharmacyA, &[network.receive(Who::Wholesaler, Who::PharmacyA, &units)])
        .await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

/// What is received in part is stock already, and may be used before the rest has come.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_received_in_part_can_be_used_before_the_rest() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 4).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::PharmacyA, &units)]).await;
    network.settle_all().await;
    let mut events = vec![network.receive(Who::Maker, Who::PharmacyA, &units[..1])];
    events.push(network.dispense(Who::PharmacyA, &units[..1]));
    events.push(network.receive(Who::Maker, Who::PharmacyA, &units[1..2]));
    events.push(network.quarantine(Who::PharmacyA, &units[1..2]));
    for event in &events {
        network.admit(Who::PharmacyA, std::slice::from_ref(event)).await;
        network.settle_all().await;
        assert_eq!(network.event_state(Who::PharmacyA, event).await, EventState::Admitted);
    }
    events.push(network.refuse(Who::Maker, Who::PharmacyA, &units[2..3]));
    events.push(network.receive(Who::Maker, Who::PharmacyA, &units[3..]));
    network.admit(Who::PharmacyA, &events[4..]).await;
    network.settle_all().await;
    for event in &events {
        let biz_step = event.biz_step();
        let state = network.event_state(Who::PharmacyA, event).await;
        let cases = network.cases(Who::PharmacyA).await;
        assert_eq!(state, EventState::Final, "{biz_step:?}: {cases:#?}");
    }
    assert_eq!(network.case_codes(Who::PharmacyA).await, []);
    assert_eq!(network.case_codes(Who::Maker).await, [BreachCode::RefusedByConsignee]);
    let verdicts = [VerdictCode::AlreadyRetired, VerdictCode::Quarantined, VerdictCode::NotHere];
    for (unit, verdict) in units.iter().zip(verdicts) {
        assert_eq!(network.verdict(Who::PharmacyA, unit).await, verdict);
    }
    network.assert_clean().await;
}

/// Half of a shipment is scanned when its sender takes all of it back.
#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_is_overtaken_by_a_cancellation_ends_in_a_case() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let received = network.receive(Who::Maker, Who::Wholesaler, &units[..1]);
    network.admit(Who::Wholesaler, std::slice::from_ref(&received)).await;
    network.settle_all().await;
    network.admit(Who::Maker, &[network.void_shipping(Who::Maker, &units)]).await;
    network.settle_all().await;
    assert_eq!(network.event_state(Who::Wholesaler, &received).await, EventState::Held);
    let (code, reason) = network.last_case(Who::Wholesaler).await;
    assert_eq!(code, BreachCode::LedgerRefused);
    assert!(reason.contains("(WrongState)"), "{reason}");
    for unit in &units {
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::HandedOver));
        assert_eq!(network.verdict(Who::Wholesaler, unit).await, VerdictCode::NotHere);
    }
    assert_eq!(network.case_codes(Who::Maker).await, []);
    network.assert_clean().await;
}
