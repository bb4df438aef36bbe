//! The sender survives: an endpoint that is down or wrong about nonces, transactions that are stuck,
//! and logs that are missing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/proxy.rs"]
mod proxy;
#[path = "support/stage.rs"]
mod stage;
#[path = "support/company.rs"]
mod support;

use goods::*;
use serde_json::json;
use stage::Stage;
use theriac_node::Node;
use theriac_store::{OutboxState, TransactionState};

async fn health(node: &Node) -> String {
    node.health().await.unwrap().status
}

/// Everything is on the ledger, once, and the books agree.
async fn sound(node: &Node) {
    node.settle().await.unwrap();
    for state in [OutboxState::Pending, OutboxState::Waiting, OutboxState::Signed] {
        assert!(node.store().outbox_in(state).await.unwrap().is_empty(), "{state}");
    }
    assert_eq!(node.reconcile().await.unwrap().differences, []);
    assert_eq!(health(node).await, "ok");
}

async fn nonces(node: &Node, state: TransactionState) -> Vec<u64> {
    let transactions = node.store().transactions_in(state).await.unwrap();
    transactions.iter().map(|transaction| transaction.nonce).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_down_is_waited_for() {
    let stage = Stage::set(|_| ()).await;
    stage.proxy.set(|proxy| proxy.down = true);
    captured(&stage.node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    assert!(stage.node.settle().await.is_err());
    assert!(health(&stage.node).await.starts_with("the ledger does not answer"));
    // So it is after a restart.
    let stage = stage.restart().await;
    assert!(stage.node.settle().await.is_err());
    stage.proxy.set(|proxy| proxy.down = false);
    sound(&stage.node).await;
}

/// Without contracts, transactions would be mined without effect.
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_does_not_have_the_contracts_yet_is_waited_for() {
    let stage = Stage::set(|_| ()).await;
    let (right, elsewhere) = (stage.proxy.chain(), tempfile::tempdir().unwrap());
    stage.proxy.switch(proxy::ledger(elsewhere.path()));
    let stage = stage.restart().await;
    captured(&stage.node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    assert!(stage.node.settle().await.is_err());
    assert!(stage.node.reconcile().await.is_err());
    assert!(stage.node.add_product("09521321000421".parse().unwrap(), None).await.is_err());
    let told = health(&stage.node).await;
    assert!(told.contains("found no code: the endpoint is behind"), "{told}");
    assert_eq!(stage.proxy.chain().head().number, 0, "nothing was sent");
    stage.proxy.switch(right);
    sound(&stage.node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_goes_down_after_signing_gets_the_same_bytes() {
    let stage = Stage::set(|_| ()).await;
    recorded(&stage.node, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z")]).await;
    let before = nonces(&stage.node, TransactionState::Final).await.len();
    stage.proxy.set(|proxy| proxy.swallows = true);
    captured(&stage.node, &[set_apart(&[1], "2026-01-02T10:00:00Z")]).await;
    stage.node.settle().await.unwrap();
    let waiting = stage.node.store().transactions_in(TransactionState::Signed).await.unwrap();
    assert_eq!(waiting.len(), 1);
    let stage = stage.restart().await;
    stage.proxy.set(|proxy| {
        proxy.swallows = false;
        assert_eq!(proxy.swallowed.iter().collect::<std::collections::HashSet<_>>().len(), 1);
    });
    sound(&stage.node).await;
    assert_eq!(nonces(&stage.node, TransactionState::Final).await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nonces_of_the_database_count() {
    let stage = Stage::set(|_| ()).await;
    recorded(&stage.node, &[made(&[1, 2, 3, 4], "2026-01-01T10:00:00Z")]).await;
    for (n, offset) in [(1, -3), (2, 2), (3, 40), (4, -1_000)] {
        stage.proxy.set(|proxy| proxy.nonce_offset = offset);
        recorded(&stage.node, &[destroyed(&[n], &format!("2026-01-02T10:00:0{n}Z"))]).await;
    }
    stage.proxy.set(|proxy| proxy.nonce_offset = 0);
    sound(&stage.node).await;
    let sent = nonces(&stage.node, TransactionState::Final).await;
    let first = sent[0];
    assert_eq!(sent, (first..first + sent.len() as u64).collect::<Vec<_>>(), "without gaps");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_of_nonces_is_filled() {
    let stage = Stage::set(|config| config.ledger.stuck_after_s = 30).await;
    recorded(&stage.node, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z")]).await;
    // As if a program of an older day had believed an endpoint that counted three too many.
    let last = *nonces(&stage.node, TransactionState::Final).await.last().unwrap();
    let signer = theriac_ledger::Keystore::unlock(
        &stage.dir().join("keys/account.json"),
        &support::passphrase(),
    );
    let ledger = theriac_ledger::Ledger::connect(
        theriac_ledger::Endpoint::Http(stage.proxy.url.clone()),
        stage.config.deployment(),
    );
    let call = theriac_ledger::Call::Anchor { root: theriac_custody::Hash([7; 32]), count: 1 };
    let high = ledger.await.unwrap().sign(&signer.unwrap(), last + 4, &[call]).await.unwrap();
    let mut tx = stage.node.store().write().await.unwrap();
    let signed_at = jiff::Timestamp::now().as_millisecond();
    tx.insert_transaction(&theriac_store::SignedTransaction {
        nonce: high.nonce,
        hash: high.hash,
        raw: high.raw,
        signed_at,
        max_fee: 0,
        priority_fee: 0,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    captured(&stage.node, &[destroyed(&[1], "2026-01-02T10:00:00Z")]).await;
    stage.node.settle().await.unwrap();
    assert_eq!(nonces(&stage.node, TransactionState::Signed).await, [last + 4]);
    stage.later(31);
    sound(&stage.node).await;
    let sent = nonces(&stage.node, TransactionState::Final).await;
    assert!(sent.ends_with(&[last, last + 1, last + 2, last + 3, last + 4, last + 5]), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stuck_transaction_gets_higher_fees_and_whichever_is_mined_counts() {
    for old_one_is_mined in [true, false] {
        let stage = Stage::set(|config| config.ledger.stuck_after_s = 30).await;
        recorded(&stage.node, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z")]).await;
        stage.proxy.set(|proxy| {
            proxy.tip = Some(1_000_000_000);
            proxy.swallows = true;
        });
        captured(&stage.node, &[destroyed(&[1], "2026-01-02T10:00:00Z")]).await;
        stage.node.settle().await.unwrap();
        let first = stage.node.store().transactions_in(TransactionState::Signed).await.unwrap();
        stage.later(29);
        stage.node.settle().await.unwrap();
        assert_eq!(stage.node.store().attempts_of(first[0].id).await.unwrap(), []);
        stage.later(2);
        stage.node.settle().await.unwrap();
        let bumped = stage.node.store().transaction(first[0].id).await.unwrap().unwrap();
        assert_eq!((bumped.nonce, bumped.state), (first[0].nonce, TransactionState::Signed));
        assert!(bumped.hash != first[0].hash && bumped.max_fee > first[0].max_fee);
        assert!(bumped.priority_fee >= first[0].priority_fee * 11 / 10);
        assert!(health(&stage.node).await.contains("not mined"), "{}", health(&stage.node).await);

        if old_one_is_mined {
            let raw = format!("0x{}", hex::encode(&first[0].raw));
            let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction",
                "params": [raw] });
            stage.proxy.chain().rpc(&request.to_string()).await;
        }
        stage.proxy.set(|proxy| proxy.swallows = false);
        sound(&stage.node).await;
        let mined = stage.node.store().transaction(first[0].id).await.unwrap().unwrap();
        let expected = if old_one_is_mined { first[0].hash } else { bumped.hash };
        assert_eq!((mined.hash, mined.state), (expected, TransactionState::Final));
        assert_eq!(stage.node.store().attempts_of(mined.id).await.unwrap(), [], "dropped");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_logs_stop_the_follower_and_nothing_is_skipped() {
    let stage = Stage::set(|_| ()).await;
    recorded(&stage.node, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z")]).await;
    stage.proxy.set(|proxy| proxy.swallows = true);
    captured(&stage.node, &[destroyed(&[1], "2026-01-02T10:00:00Z")]).await;
    stage.node.settle().await.unwrap();
    let waiting = stage.node.store().transactions_in(TransactionState::Signed).await.unwrap();
    let hidden = waiting[0].hash.to_string();
    stage.proxy.set(|proxy| {
        proxy.swallows = false;
        proxy.hides = Some(hidden);
    });
    let followed = stage.node.store().last_block().await.unwrap().unwrap().number;
    assert!(stage.node.settle().await.is_err());
    let status = health(&stage.node).await;
    assert!(status.contains("log"), "{status}");
    assert_eq!(stage.node.store().last_block().await.unwrap().unwrap().number, followed);
    let report = stage.node.reconcile().await.unwrap();
    assert!(!report.differences.is_empty());
    stage.proxy.set(|proxy| proxy.hides = None);
    sound(&stage.node).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_of_a_round_are_sent_at_once() {
    let stage = Stage::set(|_| ()).await;
    let numbers: Vec<u32> = (1..=8).collect();
    recorded(&stage.node, &[made(&numbers, "2026-01-01T10:00:00Z")]).await;
    stage.proxy.set(|proxy| proxy.sendings = 0);
    let events: Vec<_> =
        numbers.iter().map(|n| set_apart(&[*n], &format!("2026-01-02T10:00:0{n}Z"))).collect();
    recorded(&stage.node, &events).await;
    assert_eq!(stage.proxy.look(|proxy| proxy.sendings), 1);
    sound(&stage.node).await;
}
