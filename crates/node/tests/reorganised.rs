//! Reorganisations: what was followed from reverted blocks is undone on the books, transactions are
//! sent again, and in the end everything is as it was.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/snapshot.rs"]
mod snapshot;
#[path = "support/stage.rs"]
mod stage;
#[path = "support/company.rs"]
mod support;

use std::path::Path;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use goods::*;
use serde_json::Value;
use snapshot::snapshot;
use stage::{Stage, clock};
use theriac_custody::{ItemStatus, Role};
use theriac_gs1::{Gln, Identifier};
use theriac_node::exchange::{MESSAGES_PATH, SignedHeaders};
use theriac_node::{InitOptions, LedgerChoice, NewMember, Node, init, system_clock};
use theriac_store::TransactionState;
use tokio::net::TcpListener;

/// Events of which each goes into a block of its own.
fn story() -> Vec<Value> {
    let apart = set_apart(&[3], "2026-01-02T10:00:00Z");
    let shipment = shipped(&packs(&[5]), "2026-01-04T10:00:00Z");
    vec![
        made(&[1, 2, 3, 4, 5, 6], "2026-01-01T10:00:00Z"),
        apart.clone(),
        destroyed(&[4], "2026-01-02T11:00:00Z"),
        packed("ADD", &[1, 2], "2026-01-02T12:00:00Z"),
        shipped(&[BOX.to_owned()], "2026-01-03T10:00:00Z"),
        shipment.clone(),
        seen(&[6], "2026-01-04T11:00:00Z"),
        declared(&shipment, "2026-01-04T12:00:00Z"),
        declared(&apart, "2026-01-04T13:00:00Z"),
        destroyed(&[5], "2026-01-05T10:00:00Z"),
        made(&[7, 8, 9], "2026-01-06T10:00:00Z"),
        destroyed(&[7], "2026-01-07T10:00:00Z"),
    ]
}

async fn head(node: &Node) -> u64 {
    node.store().last_block().await.unwrap().unwrap().number
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_as_before_whatever_the_depth() {
    for events in [1, 2, 3, 5, 6, 8, 9, 12] {
        let stage = Stage::set(|config| config.ledger.confirmations = 20).await;
        stage.node.follow().await.unwrap();
        let start = head(&stage.node).await;
        for event in story().into_iter().take(events) {
            recorded(&stage.node, &[event]).await;
        }
        let depth = head(&stage.node).await - start;
        assert_eq!(depth, events as u64, "one block an event");
        let before = snapshot(&stage.node).await;
        let branch = stage.branch("branch");
        proxy::mine(&branch, depth).await;
        stage.proxy.switch(branch);
        stage.node.settle().await.unwrap();
        assert_eq!(snapshot(&stage.node).await, before, "depth {depth}");
        assert_eq!(stage.node.reconcile().await.unwrap().differences, [], "depth {depth}");
        assert!(head(&stage.node).await > start + depth);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_behind_is_no_reorganisation_for_a_minute() {
    let stage = Stage::set(|config| config.ledger.confirmations = 20).await;
    recorded(&stage.node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    let (before, reached) = (snapshot(&stage.node).await, head(&stage.node).await);
    stage.proxy.switch(stage.branch("behind"));
    stage.node.settle().await.unwrap();
    assert_eq!(head(&stage.node).await, reached);
    let status = stage.node.health().await.unwrap().status;
    assert!(status.contains("blocks behind"), "{status}");
    stage.later(61);
    stage.node.settle().await.unwrap();
    assert_eq!(stage.node.health().await.unwrap().status, "ok");
    assert_eq!(snapshot(&stage.node).await, before);
    assert_eq!(stage.node.reconcile().await.unwrap().differences, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_deep_enough_is_not_final() {
    let stage = Stage::set(|config| config.ledger.confirmations = 3).await;
    recorded(&stage.node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    let mined = async |state| stage.node.store().transactions_in(state).await.unwrap().len();
    let recent = mined(TransactionState::Mined).await;
    assert!(recent >= 1, "{recent}");
    proxy::mine(&stage.proxy.chain(), 3).await;
    stage.node.settle().await.unwrap();
    assert_eq!(mined(TransactionState::Mined).await, 0);
}

/// Takes shipments for a node, as its service does.
async fn exchange(
    State(node): State<Node>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, String) {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let signed = SignedHeaders {
        member: text("theriac-member"),
        time: text("theriac-time"),
        digest: text("theriac-digest"),
        signature: text("theriac-signature"),
    };
    match node.accept_message(&signed, "POST", MESSAGES_PATH, body).await {
        Ok(_) => (StatusCode::OK, String::new()),
        Err(error) => (StatusCode::CONFLICT, error.to_string()),
    }
}

/// A wholesaler on the maker's ledger, whose node answers.
async fn wholesaler(stage: &Stage, dir: &Path) -> Node {
    let gln = Gln::from_body(952_132_400_001).unwrap();
    let options = InitOptions {
        name: "Next Wholesale".to_owned(),
        gln,
        roles: [Role::Wholesaler].into_iter().collect(),
        ledger: LedgerChoice::New { chain_id: 7 },
        listen: None,
        ledger_listen: None,
        light_keys: true,
        clock: system_clock(),
    };
    let mut config = init(dir, &options, &support::passphrase()).await.unwrap().config;
    // Another ledger than that of the others, of which nothing is kept.
    for file in ["theriac.db", "theriac.db-wal", "theriac.db-shm"] {
        let _ = std::fs::remove_file(dir.join(file));
    }
    config.ledger = stage.config.ledger.clone();
    let node = Node::open(dir, config, &support::passphrase(), clock(&stage.ahead)).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route(MESSAGES_PATH, post(exchange)).with_state(node.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let member = NewMember {
        gln,
        name: options.name,
        roles: options.roles,
        licence_expiry: None,
        endpoint,
        account: node.account(),
    };
    stage.node.add_member(&member).await.unwrap();
    node.follow().await.unwrap();
    node
}

async fn settle(nodes: [&Node; 2]) {
    for _ in 0..6 {
        for node in nodes {
            node.settle().await.unwrap();
        }
    }
}

async fn status(node: &Node, number: u32) -> ItemStatus {
    let id: Identifier = pack(number).parse().unwrap();
    let records = node.store().load_items(std::slice::from_ref(&id)).await.unwrap();
    records.into_iter().find(|record| record.item.id == id).unwrap().item.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipment_between_two_members_is_sent_and_received_again() {
    let stage = Stage::set(|config| config.ledger.confirmations = 50).await;
    let folder = tempfile::tempdir().unwrap();
    let next = wholesaler(&stage, &folder.path().join("next")).await;
    let to_next = |event: Value| -> Value {
        serde_json::from_str(&event.to_string().replace(PARTNER, &next.gln().to_string())).unwrap()
    };
    let maker = &stage.node;
    recorded(maker, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z")]).await;
    recorded(maker, &[to_next(shipped(&packs(&[1, 2]), "2026-01-02T10:00:00Z"))]).await;
    settle([maker, &next]).await;
    let late = maker.store().deliveries(theriac_store::DeliveryState::Due).await.unwrap();
    let late: Vec<_> = late.into_iter().map(|delivery| delivery.error).collect();
    assert_eq!(late, [], "not delivered");
    assert_eq!(status(&next, 1).await, ItemStatus::Expected);
    let mut received = seen(&[1, 2], "2026-01-03T10:00:00Z");
    received["bizStep"] = "receiving".into();
    recorded(&next, &[received]).await;
    recorded(&next, &[set_apart(&[2], "2026-01-04T10:00:00Z")]).await;
    settle([maker, &next]).await;
    let numbers = [(1, ItemStatus::InStock), (2, ItemStatus::Quarantined)];
    for (number, expected) in numbers {
        assert_eq!(status(&next, number).await, expected);
        assert_eq!(status(maker, number).await, ItemStatus::HandedOver);
    }
    let before = [snapshot(maker).await, snapshot(&next).await];

    let branch = stage.branch("branch");
    proxy::mine(&branch, 40).await;
    stage.proxy.switch(branch);
    // The ledger has nothing of it yet: the shipment is on its way as far as the maker knows.
    maker.follow().await.unwrap();
    assert_eq!(status(maker, 1).await, ItemStatus::InTransit);
    next.follow().await.unwrap();
    assert_eq!(status(&next, 1).await, ItemStatus::InStock, "its own receipt is on its way");
    settle([maker, &next]).await;
    for (node, before) in [maker, &next].into_iter().zip(before) {
        assert_eq!(snapshot(node).await, before);
        assert_eq!(node.reconcile().await.unwrap().differences, []);
    }
}
