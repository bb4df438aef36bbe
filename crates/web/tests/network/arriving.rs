//! Goods that arrive as EPCIS events: in part, before their data, from a suspended sender, as returns.

use theriac_custody::{CaseKind, HoldingState, ItemStatus, VerdictCode};
use theriac_epcis::Event;
use theriac_ledger::MemberStatus;
use theriac_node::{EventState, RegistryAction};
use theriac_store::RestState;
use theriac_web::routes::cases::CaseEntry;

use crate::events::{Lot, id};
use crate::network::{Network, Who};

/// One receiving event for packs of several senders, or of none.
fn receive_all(network: &Network, units: &[&[theriac_gs1::Sgtin]]) -> Event {
    network.receive(Who::Maker, Who::Wholesaler, &units.concat())
}

async fn open_cases(network: &Network, who: Who, kind: CaseKind) -> Vec<CaseEntry> {
    let cases = network.cases(who).await;
    cases.into_iter().filter(|case| case.matter.kind == kind).collect()
}

/// Fifty arrive, and there is data for forty-eight: these go into stock, and a case is about exactly the
/// other two. When their data comes they follow by themselves.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_without_data_waits_and_the_others_are_stock() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 50).await;
    let (known, late) = units.split_at(48);
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, known)]).await;
    network.settle_all().await;
    let event = receive_all(&network, &[known, late]);
    network.admit(Who::Wholesaler, std::slice::from_ref(&event)).await;
    network.settle_all().await;
    assert_eq!(network.status(Who::Wholesaler, &known[0]).await, Some(ItemStatus::InStock));
    assert_eq!(network.status(Who::Wholesaler, &known[47]).await, Some(ItemStatus::InStock));
    let cases = open_cases(&network, Who::Wholesaler, CaseKind::NoData).await;
    let [case] = cases.as_slice() else { panic!("expected one case, found {cases:#?}") };
    assert_eq!(case.matter.items, [id(&late[0]), id(&late[1])]);
    // The maker was asked, and knows the packs: they are no forgeries.
    let store = network.node(Who::Wholesaler).store();
    let rests = store.rests_of_item(&id(&late[0])).await.unwrap();
    assert_eq!(rests[0].report.as_ref().unwrap()["class"], "elsewhere");

    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, late)]).await;
    network.settle_all().await;
    for unit in &units {
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::InStock));
        let held = (Some(Who::Wholesaler), HoldingState::Held);
        assert_eq!(network.on_ledger(Who::Wholesaler, unit).await, held);
    }
    assert_eq!(network.event_state(Who::Wholesaler, &event).await, EventState::Final);
    assert_eq!(open_cases(&network, Who::Wholesaler, CaseKind::NoData).await, []);
    let rests = store.rests_of_item(&id(&late[0])).await.unwrap();
    assert_eq!(rests[0].state, RestState::Admitted);
    network.assert_clean().await;
}

/// Late is told apart from forged and from copied.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgery_and_a_copy_among_late_packs_become_suspects() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 4).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units[3..]).await;
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units[3..])]).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units[..1])]).await;
    network.settle_all().await;
    let forged = lot.unit(9_999);
    let event = receive_all(&network, &[&units, std::slice::from_ref(&forged)]);
    network.admit(Who::Wholesaler, &[event]).await;
    network.settle_all().await;
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::InStock));
    let no_data = open_cases(&network, Who::Wholesaler, CaseKind::NoData).await;
    assert_eq!(no_data.len(), 1);
    let suspects = open_cases(&network, Who::Wholesaler, CaseKind::Suspect).await;
    let mut packs: Vec<_> = suspects.iter().flat_map(|case| case.matter.items.clone()).collect();
    packs.sort();
    assert_eq!(packs, [id(&units[3]), id(&forged)]);
    assert!(suspects.iter().any(|case| case.matter.reason.contains("found fake")));
    assert!(suspects.iter().any(|case| case.matter.reason.contains("found copy")));
}

/// DSCSA: a wholesaler verifies saleable returns before it sells them again.
#[tokio::test(flavor = "multi_thread")]
async fn a_saleable_return_is_verified_before_it_is_stock_again() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units).await;
    network
        .admit(Who::PharmacyA, &[network.ship_back(Who::PharmacyA, Who::Wholesaler, &units)])
        .await;
    network.settle_all().await;
    // Without the maker's word nothing is restocked.
    network.down(Who::Maker).await;
    let event = network.receive(Who::PharmacyA, Who::Wholesaler, &units);
    network.admit(Who::Wholesaler, std::slice::from_ref(&event)).await;
    network.settle(Who::Wholesaler).await;
    for unit in &units {
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::Expected));
    }
    let sold = network.ship(Who::Wholesaler, Who::PharmacyA, &units[..1]);
    assert_eq!(network.held(Who::Wholesaler, &sold).await, "not_held");
    let failed = open_cases(&network, Who::Wholesaler, CaseKind::ReturnFailed).await;
    assert_eq!(failed, []);
    // After a day somebody is told, and the maker is asked on.
    network.clock.skip(25 * 3_600);
    network.settle(Who::Wholesaler).await;
    let failed = open_cases(&network, Who::Wholesaler, CaseKind::ReturnFailed).await;
    let [case] = failed.as_slice() else { panic!("expected one case, found {failed:#?}") };
    assert_eq!(case.matter.items.len(), 3);

    network.up(Who::Maker).await;
    // One question finds out that the maker answers again; the others follow.
    for _ in 0..2 {
        network.clock.skip(3_600);
        network.settle_all().await;
    }
    for unit in &units {
        // The first was sold on the books, and leaves by itself.
        let status = network.status(Who::Wholesaler, unit).await;
        assert!(matches!(status, Some(ItemStatus::InStock | ItemStatus::InTransit)), "{status:?}");
        let rests = network.node(Who::Wholesaler).store().rests_of_item(&id(unit)).await.unwrap();
        assert_eq!(rests[0].passed, Some(true));
        assert_eq!(rests[0].report.as_ref().unwrap()["answered_by"], "labeler");
    }
    assert_eq!(open_cases(&network, Who::Wholesaler, CaseKind::ReturnFailed).await, []);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_fails_its_verification_is_quarantined() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let (good, bad) = (Lot::lasting("A"), Lot::lasting("B"));
    let (first, second) = (network.stock(&good, 2).await, network.stock(&bad, 2).await);
    let all = [first.clone(), second.clone()].concat();
    network.hand_over(Who::Maker, Who::Wholesaler, &all).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &all).await;
    network
        .admit(Who::PharmacyA, &[network.ship_back(Who::PharmacyA, Who::Wholesaler, &all)])
        .await;
    network.admit(Who::Maker, &[network.recall(Who::Maker, &bad)]).await;
    network.settle_all().await;
    let event = network.receive(Who::PharmacyA, Who::Wholesaler, &all);
    network.admit(Who::Wholesaler, &[event]).await;
    network.settle_all().await;
    for unit in &first {
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::InStock));
        assert_eq!(network.verdict(Who::Wholesaler, unit).await, VerdictCode::Genuine);
    }
    for unit in &second {
        assert_eq!(network.status(Who::Wholesaler, unit).await, Some(ItemStatus::Quarantined));
        let apart = (Some(Who::Wholesaler), HoldingState::Quarantined);
        assert_eq!(network.on_ledger(Who::Wholesaler, unit).await, apart);
    }
    let failed = open_cases(&network, Who::Wholesaler, CaseKind::ReturnFailed).await;
    let [case] = failed.as_slice() else { panic!("expected one case, found {failed:#?}") };
    assert_eq!(case.matter.items, [id(&second[0]), id(&second[1])]);
    network.assert_clean().await;
}

/// A member that is suspended while its goods are on the road: they are no stock, and can be refused.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_senders_goods_are_held_with_the_reason() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units[..2])]).await;
    network.settle_all().await;
    let set = |status| RegistryAction::SetStatus { gln: Who::Maker.gln(), status };
    let regulator = network.node(Who::Regulator);
    regulator.act(&set(MemberStatus::Suspended)).await.unwrap();
    network.settle_all().await;
    let received = network.receive(Who::Maker, Who::Wholesaler, &units[..1]);
    assert_eq!(network.held(Who::Wholesaler, &received).await, "sender_not_authorised");
    let case = network.cases(Who::Wholesaler).await.pop().unwrap();
    assert!(case.matter.reason.contains("suspended"), "{}", case.matter.reason);
    // It cannot ship either, and nobody ships to it.
    let shipped = network.ship(Who::Maker, Who::PharmacyA, &units[2..]);
    assert_eq!(network.held(Who::Maker, &shipped).await, "sender_not_authorised");
    regulator.act(&set(MemberStatus::Active)).await.unwrap();
    network.settle_all().await;
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::InStock));
    assert_eq!(network.status(Who::Maker, &units[2]).await, Some(ItemStatus::InTransit));
    assert_eq!(
        network
            .cases(Who::Wholesaler)
            .await
            .iter()
            .map(|case| case.matter.kind)
            .collect::<Vec<_>>(),
        [] as [CaseKind; 0]
    );
    network.assert_clean().await;
}
