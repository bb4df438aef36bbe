//! Ends of life undone within the window, and what is pruned from the ledger after its time.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/company.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use goods::*;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use theriac_custody::{ItemStatus, Reason, VerdictCode};
use theriac_gs1::Identifier;
use theriac_node::{Asker, Clock, EventState, Node, PruneScope};

const DAY: i64 = 86_400;

/// The maker's node, with a clock that the test moves.
async fn node(dir: &Path, prune: bool) -> (Node, Arc<AtomicI64>) {
    let (node, mut config) = maker(dir).await;
    node.close().await;
    config.ledger.prune = prune;
    let ahead: Arc<AtomicI64> = Arc::default();
    let seconds = Arc::clone(&ahead);
    let clock: Clock =
        Arc::new(move || Timestamp::now() + seconds.load(Ordering::SeqCst).seconds());
    let node = Node::open(dir, config, &support::passphrase(), clock).await.unwrap();
    (node, ahead)
}

async fn status(node: &Node, number: u32) -> ItemStatus {
    let id: Identifier = pack(number).parse().unwrap();
    let records = node.store().load_items(std::slice::from_ref(&id)).await.unwrap();
    records.into_iter().find(|record| record.item.id == id).unwrap().item.status
}

/// Packs are taken as samples.
fn sampled(numbers: &[u32], at: &str) -> Value {
    let mut event = destroyed(numbers, at);
    event["bizStep"] = json!("sampling");
    event["action"] = json!("DELETE");
    event
}

async fn agree(node: &Node) {
    node.settle().await.unwrap();
    assert_eq!(node.reconcile().await.unwrap().differences, []);
}

async fn verdict(node: &Node, number: u32) -> VerdictCode {
    node.verify(&pack(number), Asker::Here).await.unwrap().verdict.code
}

/// An event that ends lives for a reason that can be undone, as this profile knows it.
async fn retiring(node: &Node, numbers: &[u32], at: &str) -> Value {
    let mut lost = seen(numbers, at);
    lost["action"] = json!("DELETE");
    lost["bizStep"] = json!("decommissioning");
    lost["disposition"] = json!("retail_sold");
    let candidates = [sampled(numbers, at), lost];
    for event in candidates {
        let report = capture(node, std::slice::from_ref(&event)).await;
        if report.admitted == 1 {
            node.settle().await.unwrap();
            if let ItemStatus::Retired(reason) = status(node, numbers[0]).await
                && reason.is_undoable()
            {
                return event;
            }
        }
    }
    panic!("no event of this test ends lives so that it can be undone");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_of_life_is_undone_within_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = node(&folder.path().join("node"), false).await;
    recorded(&node, &[made(&[1, 2, 3, 4], "2026-01-01T10:00:00Z")]).await;
    let event = retiring(&node, &[1, 2], "2026-01-02T10:00:00Z").await;
    assert_eq!(verdict(&node, 1).await, VerdictCode::AlreadyRetired);
    recorded(&node, &[declared(&event, "2026-01-02T11:00:00Z")]).await;
    for number in [1, 2] {
        assert_eq!(status(&node, number).await, ItemStatus::InStock);
        assert_eq!(verdict(&node, number).await, VerdictCode::Genuine);
    }
    agree(&node).await;
    // It can be shipped as if nothing had been.
    recorded(&node, &[shipped(&packs(&[1]), "2026-01-03T10:00:00Z")]).await;
    assert_eq!(status(&node, 1).await, ItemStatus::InTransit);
    agree(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_window_it_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let (node, ahead) = node(&folder.path().join("node"), true).await;
    recorded(&node, &[made(&[1, 2, 3, 4], "2026-01-01T10:00:00Z")]).await;
    let event = retiring(&node, &[1, 2], "2026-01-02T10:00:00Z").await;
    ahead.fetch_add(11 * DAY, Ordering::SeqCst);
    let report = capture(&node, &[declared(&event, "2026-01-20T11:00:00Z")]).await;
    assert_eq!((report.admitted, report.held), (0, 1), "{report:#?}");
    node.settle().await.unwrap();
    assert!(matches!(status(&node, 1).await, ItemStatus::Retired(_)));
    assert_eq!(verdict(&node, 1).await, VerdictCode::AlreadyRetired);
    // The record of the retirement is of no use any more, and goes.
    assert_eq!(node.prune(PruneScope::Own).await.unwrap().retirements, 0, "it is gone already");
    agree(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_undone_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = node(&folder.path().join("node"), false).await;
    recorded(&node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    let event = destroyed(&[1], "2026-01-02T10:00:00Z");
    recorded(&node, std::slice::from_ref(&event)).await;
    let report = capture(&node, &[declared(&event, "2026-01-02T11:00:00Z")]).await;
    assert_eq!((report.admitted, report.held), (0, 1), "{report:#?}");
    assert_eq!(status(&node, 1).await, ItemStatus::Retired(Reason::Destroyed));
    agree(&node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_expired_long_ago_is_pruned_and_its_history_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (node, ahead) = node(&folder.path().join("node"), false).await;
    let expiring = |numbers: &[u32], at: &str| {
        let mut event = made(numbers, at);
        event["ilmd"]["cbvmda:itemExpirationDate"] = json!("2030-06-30");
        event
    };
    let numbers: Vec<u32> = (1..=300).collect();
    recorded(&node, &[expiring(&numbers, "2026-01-01T10:00:00Z")]).await;
    recorded(&node, &[destroyed(&[7], "2026-01-02T10:00:00Z")]).await;
    recorded(&node, &[set_apart(&[9], "2026-01-02T11:00:00Z")]).await;
    assert_eq!(node.prune(PruneScope::Own).await.unwrap(), Default::default(), "too early");
    ahead.fetch_add(6 * 365 * DAY, Ordering::SeqCst);
    let report = node.prune(PruneScope::Own).await.unwrap();
    assert_eq!((report.holdings, report.lots), (2, 1));
    assert_eq!(node.prune(PruneScope::All).await.unwrap(), Default::default(), "once");
    let reconciled = node.reconcile().await.unwrap();
    assert_eq!(reconciled.differences, []);
    assert_eq!(reconciled.pruned, 2);
    assert_eq!(verdict(&node, 1).await, VerdictCode::Expired);
    assert_eq!(verdict(&node, 7).await, VerdictCode::AlreadyRetired);
    let journey = node.trace(&pack(7), Asker::Here).await.unwrap();
    assert!(journey.steps.len() >= 2, "{journey:#?}");
    let finals = node.store().stats().await.unwrap().events;
    assert!(finals.contains(&(EventState::Final, 3)), "{finals:?}");
}
