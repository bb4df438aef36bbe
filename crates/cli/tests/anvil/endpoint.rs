//! The endpoint is down, lies about nonces, or leaves out logs; another one stands in.

use std::time::Duration;

use crate::proxy::Lies;
use crate::stage::{Setting, Stage, state};

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_is_down_for_some_seconds() {
    let Some(mut stage) = Stage::set(Setting::default()).await else { return };
    let (_server, client) = stage.serve();
    for _ in 0..3 {
        let documents = stage.batches(2);
        // Cut in the middle of the work.
        stage.capture(&client, &documents[..4]).await;
        stage.proxies[0].cut();
        stage.capture(&client, &documents[4..]).await;
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let health = client.get("/health").await;
        assert!(health["operations_waiting"].as_u64().unwrap() > 0, "{health:#}");
        stage.proxies[0].mend();
        stage.settle(&client).await;
    }
    stage.check(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_starts_while_the_endpoint_is_down() {
    let Some(mut stage) = Stage::set(Setting::default()).await else { return };
    stage.proxies[0].cut();
    let (_server, client) = stage.serve();
    let documents = stage.batches(1);
    stage.capture(&client, &documents).await;
    stage.proxies[0].mend();
    stage.check(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_lies_about_nonces() {
    for nonce in [-2, 4, -1_000, 1] {
        let Some(mut stage) = Stage::set(Setting::default()).await else { return };
        // A node that has sent transactions knows its nonces; one that has lost its database asks.
        stage.forget();
        stage.proxies[0].lie(Lies { nonce, ..Lies::default() });
        let (_server, client) = stage.serve();
        let documents = stage.batches(1);
        stage.capture(&client, &documents).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(stage.proxies[0].lied() > 0, "the node never asks for nonces");
        stage.proxies[0].lie(Lies::default());
        stage.check(&client).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_leaves_out_the_logs_of_a_block() {
    let Some(mut stage) = Stage::set(Setting::default()).await else { return };
    let (_server, client) = stage.serve();
    let documents = stage.batches(1);
    stage.capture(&client, &documents).await;
    stage.settle(&client).await;

    let documents = stage.batches(2);
    stage.proxies[0].lie(Lies { logs: true, ..Lies::default() });
    stage.capture(&client, &documents).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(stage.proxies[0].lied() > 0, "no logs were left out");
    stage.proxies[0].lie(Lies::default());
    stage.check(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_endpoint_stands_in() {
    let setting = Setting { proxies: 2, ..Setting::default() };
    let Some(mut stage) = Stage::set(setting).await else { return };
    let (_server, client) = stage.serve();
    for gone in [0, 1, 0] {
        let documents = stage.batches(2);
        stage.capture(&client, &documents[..4]).await;
        stage.proxies[gone].cut();
        let asked = stage.proxies[1 - gone].asked();
        stage.capture(&client, &documents[4..]).await;
        // With one endpoint gone, the work goes on.
        let health = stage.settle(&client).await;
        assert_eq!(state(&health, "admitted"), 0, "{health:#}");
        assert!(stage.proxies[1 - gone].asked() > asked, "nobody stood in");
        stage.proxies[gone].mend();
    }
    stage.check(&client).await;
}
