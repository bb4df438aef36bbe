//! Error declarations: what an event did is undone, here and on the ledger; what cannot be undone is
//! held and explained.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/company.rs"]
mod support;

use goods::*;
use serde_json::json;
use theriac_custody::VerdictCode;
use theriac_gs1::Gtin;
use theriac_node::{Asker, EventRecord, EventState, Node};
use theriac_query::EventQuery;
use theriac_store::OutboxState;

async fn node() -> (tempfile::TempDir, Node) {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = maker(&folder.path().join("node")).await;
    (folder, node)
}

async fn verdict(node: &Node, number: u32) -> VerdictCode {
    node.verify(&pack(number), Asker::Here).await.unwrap().verdict.code
}

async fn events(node: &Node) -> Vec<EventRecord> {
    let found = node.query_all_events(&EventQuery::default()).await.unwrap();
    found.into_iter().map(|found| found.record).collect()
}

async fn what(node: &Node, number: u32) -> Vec<String> {
    let journey = node.trace(&pack(number), Asker::Here).await.unwrap();
    journey.steps.into_iter().map(|step| step.what).collect()
}

/// Database and ledger agree, and nothing waits.
async fn sound(node: &Node) {
    node.settle().await.unwrap();
    assert_eq!(node.reconcile().await.unwrap().differences, []);
    for state in [OutboxState::Pending, OutboxState::Waiting, OutboxState::Signed] {
        assert!(node.store().outbox_in(state).await.unwrap().is_empty(), "{state}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_that_the_ledger_does_not_know_never_was() {
    let (_folder, node) = node().await;
    recorded(&node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    let shipment = shipped(&packs(&[1]), "2026-01-02T10:00:00Z");
    captured(&node, std::slice::from_ref(&shipment)).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::NotHere);
    captured(&node, &[declared(&shipment, "2026-01-02T11:00:00Z")]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Genuine);
    sound(&node).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Genuine);

    let [_, original, declaration] = events(&node).await.try_into().unwrap();
    assert_eq!(
        (original.declared_by, declaration.declares),
        (Some(declaration.id), Some(original.id))
    );
    assert_eq!(original.event_id, declaration.event_id);
    assert_eq!((original.state, declaration.state), (EventState::Admitted, EventState::Final));
    assert!(original.transaction.is_none());
    // Shipped after all.
    recorded(&node, &[shipped(&packs(&[1]), "2026-01-03T10:00:00Z")]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::NotHere);
    sound(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_on_the_ledger_is_cancelled_there() {
    let (_folder, node) = node().await;
    let shipment = shipped(&[BOX.to_owned(), pack(4)], "2026-01-03T10:00:00Z");
    let packing = packed("ADD", &[1, 2], "2026-01-02T10:00:00Z");
    recorded(&node, &[made(&[1, 2, 3, 4], "2026-01-01T10:00:00Z"), packing]).await;
    recorded(&node, std::slice::from_ref(&shipment)).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::NotHere);
    let declaration = declared(&shipment, "2026-01-03T11:00:00Z");
    recorded(&node, std::slice::from_ref(&declaration)).await;
    for number in [1, 2, 3, 4] {
        assert_eq!(verdict(&node, number).await, VerdictCode::Genuine, "{number}");
    }
    sound(&node).await;
    let journey = node.trace(&pack(1), Asker::Here).await.unwrap();
    let step = journey.steps.iter().find(|step| step.declared_erroneous).unwrap();
    assert_eq!(step.what, "shipped (declared erroneous)");
    assert_eq!(step.corrected_by, ["urn:uuid:0195d7f4-0000-7000-8000-000000000001"]);
    let last = journey.steps.last().unwrap();
    assert!(last.what.ends_with("shipping was declared erroneous"), "{}", last.what);
    assert_eq!((last.at.as_str(), last.proven_by.as_str()), ("2026-01-03T11:00:00Z", "ledger"));

    // The same declaration again is harmless, and so is another one.
    assert_eq!(capture(&node, &[declaration]).await.duplicate, 1);
    recorded(&node, &[declared(&shipment, "2026-01-04T11:00:00Z")]).await;
    recorded(&node, &[shipped(&[BOX.to_owned()], "2026-01-05T10:00:00Z")]).await;
    assert_eq!(verdict(&node, 2).await, VerdictCode::NotHere);
    sound(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_that_were_never_made_are_made_anew() {
    let (_folder, node) = node().await;
    let wrong = made(&[1, 2], "2026-01-01T10:00:00Z");
    let mut right = made(&[2], "2026-01-01T10:00:01Z");
    right["ilmd"]["cbvmda:itemExpirationDate"] = json!("2098-12-31");
    // In one document.
    captured(&node, &[wrong.clone(), declared(&wrong, "2026-01-01T11:00:00Z"), right]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::NotGenuine);
    sound(&node).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::NotGenuine);
    let second = node.verify(&pack(2), Asker::Here).await.unwrap();
    assert_eq!(second.verdict.code, VerdictCode::Genuine);
    // A lot that the ledger does not know has no expiry date yet that could not be corrected.
    assert_eq!(second.expiry.as_deref(), Some("2098-12-31"));
    let report = capture(&node, &[made(&[3], "2026-01-01T10:00:02Z")]).await;
    assert_eq!(report.outcomes[0].code.as_deref(), Some("lot_mismatch"));
}

#[tokio::test(flavor = "multi_thread")]
async fn packs_on_the_ledger_that_were_never_made_end() {
    let (_folder, node) = node().await;
    let wrong = made(&[1, 2], "2026-01-01T10:00:00Z");
    recorded(&node, std::slice::from_ref(&wrong)).await;
    recorded(&node, &[declared(&wrong, "2026-01-01T11:00:00Z")]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::AlreadyRetired);
    sound(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarantine_is_released_and_a_packing_taken_back() {
    let (_folder, node) = node().await;
    let packing = packed("ADD", &[1, 2], "2026-01-02T10:00:00Z");
    recorded(&node, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z"), packing.clone()]).await;
    let apart = set_apart(&[1], "2026-01-03T10:00:00Z");
    recorded(&node, std::slice::from_ref(&apart)).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Quarantined);
    // The quarantine took pack 1 out of the box: the packing is not as it was left.
    let report = capture(&node, &[declared(&packing, "2026-01-04T10:00:00Z")]).await;
    let held = &report.outcomes[0];
    assert_eq!((report.held, held.code.as_deref()), (1, Some("error_declared")));
    assert!(held.what_to_do.as_ref().unwrap().contains("declare the later"), "{held:?}");
    assert_eq!(what(&node, 2).await[1], "packing (declared erroneous, and not undone)");

    recorded(&node, &[declared(&apart, "2026-01-05T10:00:00Z")]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Genuine);
    // In this order it goes.
    recorded(&node, &[declared(&packing, "2026-01-06T10:00:00Z")]).await;
    sound(&node).await;
    let contents = node.verify(BOX, Asker::Here).await.unwrap();
    assert_eq!(contents.verdict.code, VerdictCode::Unknown);
    recorded(&node, &[packed("ADD", &[3], "2026-01-07T10:00:00Z")]).await;
    sound(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_ledger_cannot_take_back_is_held_and_explained() {
    let (_folder, node) = node().await;
    recorded(&node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    let end = destroyed(&[1], "2026-01-02T10:00:00Z");
    recorded(&node, std::slice::from_ref(&end)).await;
    let report = capture(&node, &[declared(&end, "2026-01-02T11:00:00Z")]).await;
    assert_eq!((report.held, report.outcomes[0].code.as_deref()), (1, Some("error_declared")));
    let reason = report.outcomes[0].reason.as_ref().unwrap();
    assert!(reason.contains("the ends of life (destroyed) of its packs are on the ledger"));
    assert_eq!(verdict(&node, 1).await, VerdictCode::AlreadyRetired);
    assert_eq!(what(&node, 1).await[1], "destroyed (declared erroneous, and not undone)");
    // On its way to the ledger it would have gone.
    let end = destroyed(&[2], "2026-01-03T10:00:00Z");
    captured(&node, &[end.clone(), declared(&end, "2026-01-03T11:00:00Z")]).await;
    assert_eq!(verdict(&node, 2).await, VerdictCode::Genuine);
    sound(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recall_that_was_a_mistake_is_lifted() {
    let (_folder, node) = node().await;
    recorded(&node, &[made(&[1], "2026-01-01T10:00:00Z")]).await;
    let recall = json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "holding",
        "disposition": "recalled",
        "eventTime": "2026-01-02T10:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "quantityList": [{ "epcClass": format!("https://id.gs1.org/01/{PRODUCT}/10/L1") }],
    });
    recorded(&node, std::slice::from_ref(&recall)).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Recalled);
    recorded(&node, &[declared(&recall, "2026-01-02T11:00:00Z")]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Genuine);
    sound(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_was_declared_before_it_came_has_no_effect() {
    let (_folder, node) = node().await;
    recorded(&node, &[made(&[1], "2026-01-01T10:00:00Z")]).await;
    let mut shipment = shipped(&packs(&[1]), "2026-01-02T10:00:00Z");
    shipment["eventID"] = json!("urn:uuid:0195d7f4-0000-7000-8000-0000000000aa");
    recorded(&node, &[declared(&shipment, "2026-01-02T11:00:00Z")]).await;
    recorded(&node, &[shipment]).await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::Genuine);
    sound(&node).await;
    let told = what(&node, 1).await;
    assert_eq!(told[1..], ["shipping (declared erroneous)", "shipping was declared erroneous"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_event_that_is_declared_erroneous_is_not_missed() {
    let (_folder, node) = node().await;
    let other: Gtin = "09521321000223".parse().unwrap();
    let mut early = made(&[1], "2026-01-01T10:00:00Z");
    early["epcList"] = json!([format!("https://id.gs1.org/01/{other}/21/X1")]);
    let report = capture(&node, std::slice::from_ref(&early)).await;
    assert_eq!((report.held, report.outcomes[0].code.as_deref()), (1, Some("product_unknown")));
    recorded(&node, &[declared(&early, "2026-01-01T11:00:00Z")]).await;
    let cases = node.cases(false, 10).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].outcome.as_deref(), Some("declared erroneous"));
    node.add_product(other, None).await.unwrap();
    sound(&node).await;
    assert_eq!(events(&node).await[0].state, EventState::Held);
    assert_eq!(node.health().await.unwrap().units, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_must_repeat_what_it_declares() {
    let (_folder, node) = node().await;
    let mut event = made(&[1], "2026-01-01T10:00:00Z");
    event["eventID"] = json!("urn:uuid:0195d7f4-0000-7000-8000-0000000000aa");
    recorded(&node, std::slice::from_ref(&event)).await;
    let mut other = declared(&event, "2026-01-01T11:00:00Z");
    other["eventTime"] = json!("2026-01-01T10:00:01Z");
    let report = capture(&node, &[other]).await;
    assert_eq!(report.outcomes[0].code.as_deref(), Some("declaration-differs"));
    assert_eq!(verdict(&node, 1).await, VerdictCode::Genuine);
}
