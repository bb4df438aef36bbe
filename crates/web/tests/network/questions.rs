//! Verify and trace across nodes.

use theriac_custody::{Hash, VerdictCode};
use theriac_node::JourneyStep;

use crate::events::Lot;
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_comes_from_the_labeler_or_says_that_it_does_not_answer() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 2).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[..1]).await;
    let forged = lot.unit(4711);

    let report = network.verify(Who::PharmacyA, &units[0]).await;
    assert_eq!(report.verdict.code, VerdictCode::NotHere);
    assert_eq!(report.evidence.answered_by, "labeler");
    assert_eq!(report.lot.as_deref(), Some("A"));
    let report = network.verify(Who::PharmacyA, &forged).await;
    assert_eq!(report.verdict.code, VerdictCode::NotGenuine);

    network.down(Who::Maker).await;
    // Where the labeler placed the pack on the ledger, the ledger goes on to tell.
    let report = network.verify(Who::PharmacyA, &units[0]).await;
    assert_eq!(report.verdict.code, VerdictCode::NotHere);
    assert_eq!(report.evidence.answered_by, "cache");
    for unit in [&units[1], &forged] {
        let report = network.verify(Who::PharmacyA, unit).await;
        assert_eq!(report.verdict.code, VerdictCode::Unknown);
        let maker = Who::Maker.gln();
        let reason =
            format!("nothing is on record here, and the labeler's node ({maker}) does not answer");
        assert_eq!(report.verdict.reason, reason);
        assert_eq!(report.evidence.answered_by, "nobody");
        assert_eq!(report.labeler.unwrap().gln, maker);
    }
    // Who has the pack on record needs nobody.
    assert_eq!(network.verdict(Who::Wholesaler, &units[0]).await, VerdictCode::Genuine);
    network.up(Who::Maker).await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::NotHere);

    // Nor does anybody know a GTIN that is not registered.
    let unregistered = Lot::new(Who::PharmacyB.gtin(1), "X", "2028-12-31").unit(1);
    let report = network.verify(Who::PharmacyA, &unregistered).await;
    assert_eq!(report.verdict.code, VerdictCode::Unknown);
    assert_eq!(report.verdict.reason, "no labeler has registered this GTIN");
}

/// What a step says, who did it, and that the ledger has it.
fn told(step: &JourneyStep) -> (String, String) {
    assert_eq!(step.proven_by, "ledger", "{step:?}");
    assert!(step.transaction.is_some_and(|hash| hash != Hash::ZERO), "{step:?}");
    (step.what.clone(), step.party.as_ref().unwrap().name.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_is_the_same_wherever_it_is_told() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 4).await;
    network.clock.skip(3_600);
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.clock.skip(3_600);
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units[..2]).await;
    network.clock.skip(3_600);
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units[..1])]).await;
    network.settle_all().await;

    let expected = [
        ("commissioned", "Maker"),
        ("shipped to Wholesaler", "Maker"),
        ("received", "Wholesaler"),
        ("shipped to PharmacyA", "Wholesaler"),
        ("received", "PharmacyA"),
        ("dispensed", "PharmacyA"),
    ]
    .map(|(what, party)| (what.to_owned(), party.to_owned()));
    let mut transactions: Vec<Vec<Option<Hash>>> = Vec::new();
    for who in [Who::Wholesaler, Who::Maker, Who::PharmacyA, Who::Regulator] {
        let journey = network.trace(who, &units[0]).await;
        let steps: Vec<_> = journey.steps.iter().map(told).collect();
        assert_eq!(steps, expected, "{who:?}");
        let blocks: Vec<_> = journey.steps.iter().map(|step| step.block).collect();
        assert!(blocks.is_sorted(), "{who:?}: {blocks:?}");
        transactions.push(journey.steps.iter().map(|step| step.transaction).collect());
    }
    assert!(transactions.iter().all(|list| *list == transactions[0]), "{transactions:#?}");
    // A pack that went another way has another journey.
    let journey = network.trace(Who::Regulator, &units[3]).await;
    assert_eq!(journey.steps.iter().map(told).collect::<Vec<_>>(), expected[..3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journey_of_a_refused_pack_says_so() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let refused = network.refuse(Who::Maker, Who::Wholesaler, &units[..1]);
    let received = network.receive(Who::Maker, Who::Wholesaler, &units[1..]);
    network.admit(Who::Wholesaler, &[refused, received]).await;
    network.settle_all().await;
    let journey = network.trace(Who::Maker, &units[0]).await;
    let steps: Vec<String> = journey.steps.iter().map(|step| step.what.clone()).collect();
    let expected =
        ["commissioned", "shipped to Wholesaler", "refused by the consignee, back with the sender"];
    assert_eq!(steps, expected);
}
