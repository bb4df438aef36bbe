//! A partner that is not there: its message waits, and comes once.

use theriac_custody::{ItemStatus, VerdictCode};
use theriac_node::EventState;
use theriac_store::DeliveryState;

use crate::events::Lot;
use crate::letters::Answer;
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_until_its_consignee_is_up_and_comes_once() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.down(Who::Wholesaler).await;
    let shipped = network.ship(Who::Maker, Who::Wholesaler, &units);
    network.admit(Who::Maker, std::slice::from_ref(&shipped)).await;
    network.settle_all().await;
    // The ledger has the shipment, the consignee does not.
    assert_eq!(network.event_state(Who::Maker, &shipped).await, EventState::Final);
    let waiting = network.node(Who::Maker).store().deliveries(DeliveryState::Due).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].attempts >= 2 && waiting[0].error.is_some(), "{:?}", waiting[0].attempts);
    let message = network.waiting_messages(Who::Maker).await.remove(0);

    // Nor is it lost when the sender goes down as well.
    network.down(Who::Maker).await;
    network.up(Who::Maker).await;
    network.up(Who::Wholesaler).await;
    network.settle_all().await;
    assert_eq!(network.waiting_messages(Who::Maker).await, []);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    let of_sender = network.event(Who::Wholesaler, &shipped).await;
    assert!(of_sender.is_some(), "the sender's event is on record");

    // Sent again under another name, and under the same, before and after the goods are received:
    // nothing changes.
    let count = network.node(Who::Wholesaler).health().await.unwrap().events;
    let answer = network.tell(Who::Maker, Who::Wholesaler, &message).await;
    assert_eq!(answer, Answer::Taken { known: false });
    assert_eq!(network.node(Who::Wholesaler).health().await.unwrap().events, count);
    network.admit(Who::Wholesaler, &[network.receive(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let answer = network.tell(Who::Maker, Who::Wholesaler, &message).await;
    assert_eq!(answer, Answer::Taken { known: true });
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::InStock));
    assert_eq!(network.verdict(Who::Wholesaler, &units[1]).await, VerdictCode::Genuine);
    network.assert_no_cases().await;
    network.assert_clean().await;
}

/// Late news is no fraud: the message about a shipment comes when its sender has taken it back.
#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_that_was_taken_back_before_its_message_came_opens_no_case() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.down(Who::Wholesaler).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle(Who::Maker).await;
    network.admit(Who::Maker, &[network.void_shipping(Who::Maker, &units)]).await;
    network.settle_all().await;
    assert_eq!(network.waiting_messages(Who::Maker).await.len(), 1);
    network.up(Who::Wholesaler).await;
    network.settle_all().await;
    assert_eq!(network.waiting_messages(Who::Maker).await, []);
    network.assert_no_cases().await;
    assert_eq!(network.item(Who::Wholesaler, &units[0]).await, None);
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::NotHere);
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.assert_clean().await;
}

/// More single packs than one holding can gather: several holdings, several messages, one receipt.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_many_single_packs_arrives_whole() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 430).await;
    let picked: Vec<_> = units.iter().step_by(2).cloned().collect();
    network.hand_over(Who::Maker, Who::Wholesaler, &picked).await;
    let mut holdings = std::collections::BTreeSet::new();
    for unit in [&picked[0], &picked[214]] {
        assert_eq!(network.verdict(Who::Wholesaler, unit).await, VerdictCode::Genuine);
        holdings.insert(network.node_proof(Who::Wholesaler, unit).await.holding);
    }
    assert_eq!(holdings.len(), 2, "the order became two holdings");
    assert_eq!(network.status(Who::Maker, &units[1]).await, Some(ItemStatus::InStock));
    network.assert_no_cases().await;
    network.assert_clean().await;
}
