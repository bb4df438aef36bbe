//! What runs side by side in a node, and what it answers before its work is done.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/company.rs"]
mod support;

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use support::company;
use theriac_custody::{Hash, Role, Roles, VerdictCode};
use theriac_gs1::{Gln, Gtin};
use theriac_ledger::{Call, Endpoint, Keystore, Ledger, LocalRpc, Signer};
use theriac_node::{Asker, CaptureSource, EventState, NewMember, Node, NodeFolder, Passphrase};
use theriac_query::EventQuery;
use theriac_store::SignedTransaction;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

const PRODUCT: &str = "09521321000117";
const PARTNER: &str = "9521322000017";

async fn maker(dir: &std::path::Path) -> Node {
    let (node, _) = company(dir).await;
    node.add_product(PRODUCT.parse::<Gtin>().unwrap(), None).await.unwrap();
    node
}

fn pack(number: u32) -> String {
    format!("https://id.gs1.org/01/{PRODUCT}/21/S{number}")
}

fn document(events: &[Value]) -> Vec<u8> {
    let document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": { "eventList": events },
    });
    serde_json::to_vec(&document).unwrap()
}

fn made(packs: &[u32], at: &str) -> Value {
    json!({
        "type": "ObjectEvent",
        "action": "ADD",
        "bizStep": "commissioning",
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "epcList": packs.iter().map(|n| pack(*n)).collect::<Vec<_>>(),
        "ilmd": { "cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2099-12-31" },
    })
}

fn shipped(packs: &[u32], at: &str) -> Value {
    let destination = format!("https://id.gs1.org/417/{PARTNER}");
    json!({
        "type": "ObjectEvent",
        "action": "OBSERVE",
        "bizStep": "shipping",
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "epcList": packs.iter().map(|n| pack(*n)).collect::<Vec<_>>(),
        "destinationList": [{ "type": "owning_party", "destination": destination }],
    })
}

async fn captured(node: &Node, event: Value) {
    let report = node.capture(CaptureSource::Api, &document(&[event])).await.unwrap();
    assert_eq!(report.admitted, 1, "{report:#?}");
}

/// Registers a partner, which publishes the keys of a node.
async fn add_partner(node: &Node, endpoint: String) {
    let signer = Signer::random();
    let partner = NewMember {
        gln: PARTNER.parse::<Gln>().unwrap(),
        name: "Silent Wholesale".to_owned(),
        roles: [Role::Wholesaler].into_iter().collect::<Roles>(),
        licence_expiry: None,
        endpoint,
        account: signer.account(),
    };
    node.add_member(&partner).await.unwrap();
    let ledger = Endpoint::Local(Arc::new(SameLedger(node.chain().unwrap().clone())));
    let ledger = Ledger::connect(ledger, node.config().deployment()).await.unwrap();
    // The base point of the curve is as good a key as any other: nobody opens what is sealed.
    let mut sealing = Hash([0; 32]);
    sealing.0[0] = 9;
    let gln = PARTNER.parse().unwrap();
    let keys = Call::SetServiceKeys { gln, signing: Hash([1; 32]), sealing };
    let signed = ledger.sign(&signer, 0, &[keys]).await.unwrap();
    ledger.send(&signed.raw).await.unwrap();
    node.settle().await.unwrap();
}

/// The states of all events, in the order of their capture.
async fn states(node: &Node) -> Vec<EventState> {
    let events = node.query_all_events(&EventQuery::default()).await.unwrap();
    events.into_iter().map(|found| found.record.state).collect()
}

/// Whether the other side still has the connection open.
fn is_open(stream: &TcpStream) -> bool {
    let mut buffer = [0; 4096];
    loop {
        match stream.try_read(&mut buffer) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_never_answers_does_not_keep_events_from_the_ledger() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let node = maker(&folder.path().join("node")).await;
    add_partner(&node, format!("http://{}", listener.local_addr().unwrap())).await;
    captured(&node, made(&[1, 2], "2026-01-01T10:00:00Z")).await;
    captured(&node, shipped(&[1], "2026-01-01T11:00:00Z")).await;

    let (stop, stopped) = oneshot::channel::<()>();
    let running = node.clone();
    let run = tokio::spawn(async move { running.run(async { drop(stopped.await) }).await });
    // The message about the shipment is on its way from here on, and is never answered.
    let (stream, _) = listener.accept().await.unwrap();
    captured(&node, made(&[3], "2026-01-01T12:00:00Z")).await;
    while states(&node).await != [EventState::Final; 3] {
        assert!(is_open(&stream), "the node has given the partner up before it went on");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.send(()).unwrap();
    run.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_that_cannot_be_reached_is_tried_once_for_all_its_messages() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let node = maker(&folder.path().join("node")).await;
    add_partner(&node, format!("http://{gone}/?x=")).await;
    captured(&node, made(&[1, 2], "2026-01-01T10:00:00Z")).await;
    captured(&node, shipped(&[1], "2026-01-01T11:00:00Z")).await;
    captured(&node, shipped(&[2], "2026-01-01T12:00:00Z")).await;
    node.settle().await.unwrap();
    let waiting = node.store().deliveries(theriac_store::DeliveryState::Due).await.unwrap();
    let tries: Vec<_> = waiting.iter().map(|delivery| delivery.attempts).collect();
    assert_eq!(tries, [1, 1]);
    let why = waiting[0].error.clone().unwrap();
    assert!(why.contains("no usable endpoint"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn held_events_are_admitted_once_however_many_look_at_them() {
    let folder = tempfile::tempdir().unwrap();
    let node = maker(&folder.path().join("node")).await;
    // Observations of packs that are made afterwards, more than are looked at together.
    let seen: Vec<Value> = (0..1_100)
        .map(|n| {
            let at = format!("2026-01-02T{:02}:{:02}:{:02}Z", n / 3600, n / 60 % 60, n % 60);
            json!({
                "type": "ObjectEvent",
                "action": "OBSERVE",
                "bizStep": "storing",
                "eventTime": at,
                "eventTimeZoneOffset": "+00:00",
                "epcList": [pack(1)],
            })
        })
        .collect();
    let report = node.capture(CaptureSource::Api, &document(&seen)).await.unwrap();
    assert_eq!(report.held, 1_100);
    captured(&node, made(&[1], "2026-01-01T10:00:00Z")).await;
    let settled = futures::future::join_all((0..4).map(|_| node.settle())).await;
    for result in settled {
        result.unwrap();
    }
    node.settle().await.unwrap();
    let health = node.health().await.unwrap();
    assert_eq!(health.cases_open, 0);
    let mut operations = 0;
    for state in theriac_store::OutboxState::ALL {
        operations += node.store().outbox_in(*state).await.unwrap().len();
    }
    assert_eq!(operations, 1_101);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_that_was_shipped_is_not_here_before_the_ledger_knows() {
    let folder = tempfile::tempdir().unwrap();
    let node = maker(&folder.path().join("node")).await;
    add_partner(&node, String::new()).await;
    captured(&node, made(&[1, 2], "2026-01-01T10:00:00Z")).await;
    let verdict = async |n| node.verify(&pack(n), Asker::Here).await.unwrap().verdict.code;
    assert_eq!(verdict(1).await, VerdictCode::Genuine);
    captured(&node, shipped(&[1], "2026-01-01T11:00:00Z")).await;
    assert_eq!(verdict(1).await, VerdictCode::NotHere);
    node.settle().await.unwrap();
    assert_eq!(verdict(1).await, VerdictCode::NotHere);
    captured(&node, shipped(&[2], "2026-01-01T12:00:00Z")).await;
    assert_eq!(verdict(2).await, VerdictCode::NotHere);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_box_contains_is_not_for_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let node = maker(&folder.path().join("node")).await;
    captured(&node, made(&[1, 2], "2026-01-01T10:00:00Z")).await;
    let sscc = "https://id.gs1.org/00/095213210000000018";
    let packed = json!({
        "type": "AggregationEvent",
        "action": "ADD",
        "bizStep": "packing",
        "eventTime": "2026-01-01T11:00:00Z",
        "eventTimeZoneOffset": "+00:00",
        "parentID": sscc,
        "childEPCs": [pack(1), pack(2)],
    });
    captured(&node, packed).await;
    let here = node.verify(sscc, Asker::Here).await.unwrap();
    assert_eq!(here.verdict.code, VerdictCode::Genuine, "{here:#?}");
    let public = node.verify(sscc, Asker::Public).await.unwrap();
    assert_eq!(public.verdict.code, VerdictCode::Unknown);
    assert!(!format!("{public:?}").contains("2 packs"), "{public:#?}");
}

/// The embedded ledger of a node, for a second client.
struct SameLedger(theriac_chain::Chain);

impl LocalRpc for SameLedger {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let chain = self.0.clone();
        Box::pin(async move { chain.rpc(&json).await })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_whose_nonce_is_taken_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let node = maker(&dir).await;
    let passphrase = Passphrase::new("correct horse battery staple");
    let key = NodeFolder::at(&dir).account_key();
    let signer = Keystore::unlock(&key, &passphrase).unwrap();
    let endpoint = Endpoint::Local(Arc::new(SameLedger(node.chain().unwrap().clone())));
    let ledger = Ledger::connect(endpoint, node.config().deployment()).await.unwrap();
    // As if a copy of this node, restored from a backup, had used the account meanwhile.
    let call = Call::Anchor { root: Hash([7; 32]), count: 1 };
    let late = ledger.sign(&signer, 0, &[call]).await.unwrap();
    let mut tx = node.store().write().await.unwrap();
    let stored = SignedTransaction {
        nonce: late.nonce,
        hash: late.hash,
        raw: late.raw,
        signed_at: Timestamp::now().as_millisecond(),
        max_fee: 0,
        priority_fee: 0,
    };
    tx.insert_transaction(&stored).await.unwrap();
    tx.commit().await.unwrap();

    captured(&node, made(&[1], "2026-01-01T10:00:00Z")).await;
    node.settle().await.unwrap();
    assert_eq!(states(&node).await, [EventState::Final]);
    assert_eq!(node.reconcile().await.unwrap().differences, []);
}
