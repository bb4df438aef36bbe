//! A labeler's node that is down: the ledger tells what became of a pack since it last answered.

use serde_json::json;
use theriac_custody::VerdictCode;

use crate::events::Lot;
use crate::network::{Network, Who};

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_once_verified_is_verified_by_the_ledger_while_its_labeler_is_down() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 3).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[..2]).await;
    let report = network.verify(Who::PharmacyA, &units[0]).await;
    assert_eq!(
        (report.verdict.code, report.evidence.answered_by.as_str()),
        (VerdictCode::NotHere, "labeler")
    );
    network.verify(Who::PharmacyA, &units[1]).await;
    network.down(Who::Maker).await;
    network.clock.skip(3_600);
    let report = network.verify(Who::PharmacyA, &units[0]).await;
    assert_eq!(
        (report.verdict.code, report.evidence.answered_by.as_str()),
        (VerdictCode::NotHere, "cache")
    );
    assert!(report.evidence.answered_at.is_some() && report.evidence.transaction.is_some());
    // What happens meanwhile is seen: dispensed nowhere near, quarantined.
    network.admit(Who::Wholesaler, &[network.quarantine(Who::Wholesaler, &units[..1])]).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::Quarantined);
    assert_eq!(network.verdict(Who::PharmacyA, &units[1]).await, VerdictCode::NotHere);
    // Of one that was never asked about nothing is known.
    let report = network.verify(Who::PharmacyA, &units[2]).await;
    assert_eq!(report.verdict.code, VerdictCode::Unknown);
    let unanswered = report.unanswered.unwrap();
    assert_eq!(unanswered.asked[0].party.gln, Who::Maker.gln());
    // A recall by the regulator reaches the pack without its labeler.
    let order = json!({"gtin": lot.id.gtin, "lot": "A", "class": 1, "reason": "test"});
    network.up(Who::Maker).await;
    let recall = network.http.post(format!("{}/recall", network.url(Who::Maker))).json(&order);
    assert!(recall.send().await.unwrap().status().is_success());
    network.settle_all().await;
    network.down(Who::Maker).await;
    network.settle_all().await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[1]).await, VerdictCode::Recalled);
}
