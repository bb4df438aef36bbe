//! Webhooks: a subscription that was asked for over HTTP is delivered by the node at work.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::served::{PATIENCE, Served, serials};

const SUBSCRIPTIONS: &str = "/epcis/queries/all/subscriptions";

/// A receiver that refuses every other message with 503, and hands on all it gets.
async fn receiver() -> (String, mpsc::UnboundedReceiver<(StatusCode, HeaderMap, Bytes)>) {
    let (send, got) = mpsc::unbounded_channel();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/callback", listener.local_addr().unwrap());
    let count = std::sync::atomic::AtomicU32::new(0);
    let count = std::sync::Arc::new(count);
    let router = Router::new().fallback(move |headers: HeaderMap, body: Bytes| {
        let even = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst).is_multiple_of(2);
        let status = if even { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT };
        let _ = send.send((status, headers, body));
        async move { status }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, got)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_streamed_subscription_is_delivered_signed_and_retried() {
    let served = Served::start().await;
    let (dest, mut got) = receiver().await;
    let body = json!({"dest": dest, "signatureToken": "13df38d8", "stream": true});
    let (status, made) = served.post(SUBSCRIPTIONS, &body).await;
    assert_eq!(status, 201, "{made}");
    let mut taken = Vec::new();
    for serial in ["one", "two"] {
        served.observe(serial).await;
        loop {
            let (status, headers, body) = timeout(PATIENCE, got.recv()).await.unwrap().unwrap();
            let hex = headers["gs1-signature"].to_str().unwrap().strip_prefix("sha256=").unwrap();
            let mut mac = Hmac::<Sha256>::new_from_slice(b"13df38d8").unwrap();
            mac.update(&body);
            mac.verify_slice(&hex::decode(hex).unwrap()).unwrap();
            let document: Value = serde_json::from_slice(&body).unwrap();
            let results = &document["epcisBody"]["queryResults"];
            assert_eq!(results["subscriptionID"], made["subscriptionID"]);
            if status == StatusCode::NO_CONTENT {
                taken.extend(serials(&document));
                break;
            }
        }
    }
    assert_eq!(taken, ["one", "two"]);
    let id = made["subscriptionID"].as_str().unwrap();
    let shown = async {
        // The answer of the receiver is on record a moment after it was given.
        loop {
            let (_, shown) = served.get(&format!("{SUBSCRIPTIONS}/{id}")).await;
            if shown["lastNotifiedAt"].is_string() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, shown).await.unwrap();
    assert_eq!(served.delete(&format!("{SUBSCRIPTIONS}/{id}")).await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_subscription_is_delivered() {
    let served = Served::start().await;
    let (dest, mut got) = receiver().await;
    let body = json!({"dest": dest, "schedule": {"second": "*"}, "reportIfEmpty": true});
    let (status, made) = served.post(SUBSCRIPTIONS, &body).await;
    assert_eq!(status, 201, "{made}");
    let (_, headers, body) = timeout(PATIENCE, got.recv()).await.unwrap().unwrap();
    assert!(headers.get("gs1-signature").is_none());
    assert_eq!(serials(&serde_json::from_slice(&body).unwrap()), [""; 0]);
}
