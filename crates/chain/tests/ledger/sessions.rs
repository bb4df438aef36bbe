//! Subscriptions: every head and every log once, in order, and limits.

use alloy::primitives::{Address, B256};
use futures::FutureExt;
use serde_json::{Value, json};
use theriac_chain::{SUBSCRIPTION_LAG_BLOCKS_MAX, SUBSCRIPTIONS_MAX, Session, SessionEnd};

use crate::fixture::{Account, Ledger, quantity};

async fn ask(session: &mut Session, method: &str, params: Value) -> Value {
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let text = session.rpc(&call.to_string()).await.expect("open");
    serde_json::from_str(&text).expect("JSON")
}

async fn subscribe(session: &mut Session, params: Value) -> Value {
    ask(session, "eth_subscribe", params).await["result"].take()
}

/// Subscription and result of the next notification.
async fn next(session: &mut Session) -> (Value, Value) {
    let text = session.next().await.expect("a notification");
    let mut whole: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&whole["jsonrpc"], &whole["method"]), (&json!("2.0"), &json!("eth_subscription")));
    assert!(whole.get("id").is_none());
    (whole["params"]["subscription"].take(), whole["params"]["result"].take())
}

/// Nothing is to be told now.
fn is_quiet(session: &mut Session) -> bool {
    session.next().now_or_never().is_none()
}

/// A ledger with a notebook, and two blocks after it with a log each, of slots 1 and 2.
async fn write(
    ledger: &Ledger,
    account: &Account,
    notebook: Address,
    nonces: std::ops::Range<u64>,
) {
    for nonce in nonces {
        ledger.send(&account.writes(nonce, notebook, nonce, nonce)).await;
    }
}

#[tokio::test]
async fn heads_come_once_each_in_order() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let mut session = ledger.chain.session();
    let id = subscribe(&mut session, json!(["newHeads"])).await;
    assert!(is_quiet(&mut session), "the newest block was there before");
    let notebook = ledger.deploy(&account).await;
    write(&ledger, &account, notebook, 1..40).await;
    for number in 1..=40 {
        let (subscription, head) = next(&mut session).await;
        assert_eq!((&subscription, &head["number"]), (&id, &json!(quantity(number))));
        let block = ledger.result("eth_getBlockByNumber", json!([quantity(number), false])).await;
        assert_eq!(head["hash"], block["hash"]);
        assert_eq!(head["logsBloom"], block["logsBloom"]);
        assert!(head.get("transactions").is_none(), "a head only");
    }
    assert!(is_quiet(&mut session));
    assert_eq!(ask(&mut session, "eth_unsubscribe", json!([id])).await["result"], true);
    assert_eq!(ask(&mut session, "eth_unsubscribe", json!([id])).await["result"], false);
    write(&ledger, &account, notebook, 40..41).await;
    assert!(is_quiet(&mut session));
}

#[tokio::test]
async fn logs_are_those_that_the_filter_lets_through() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    let mut session = ledger.chain.session();
    let all = subscribe(&mut session, json!(["logs"])).await;
    let topic = B256::with_last_byte(3);
    let filter = json!(["logs", {"address": [notebook], "topics": [null, [topic]]}]);
    let third = subscribe(&mut session, filter).await;
    let other = json!(["logs", {"address": Address::repeat_byte(9)}]);
    let none = subscribe(&mut session, other).await;
    assert!(all != third && third != none);
    write(&ledger, &account, notebook, 1..6).await;
    let mut found = Vec::new();
    for _ in 0..6 {
        let (subscription, log) = next(&mut session).await;
        found.push((subscription, log));
    }
    assert!(is_quiet(&mut session));
    let of = |id: &Value| -> Vec<Value> {
        found.iter().filter(|(one, _)| one == id).map(|(_, log)| log.clone()).collect()
    };
    let logs = ledger.result("eth_getLogs", json!([{"fromBlock": "0x2"}])).await;
    assert_eq!(json!(of(&all)), logs);
    assert_eq!(of(&third), [logs[2].clone()]);
    assert!(of(&none).is_empty());
}

#[tokio::test]
async fn a_batch_may_subscribe_and_send() {
    let ledger = Ledger::new();
    let mut session = ledger.chain.session();
    let call = |id, method, params| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
    let raw = Account::number(1).deploys(0);
    let batch = json!([
        call(1, "eth_sendRawTransaction", json!([raw])),
        call(2, "eth_subscribe", json!(["newHeads"])),
        call(3, "eth_blockNumber", json!([])),
    ]);
    let answers: Value =
        serde_json::from_str(&session.rpc(&batch.to_string()).await.expect("open")).expect("JSON");
    assert_eq!(answers[2]["result"], "0x1");
    let (subscription, head) = next(&mut session).await;
    assert_eq!((subscription, &head["number"]), (answers[1]["result"].clone(), &json!("0x1")));
}

#[tokio::test]
async fn without_a_connection_there_are_no_notifications() {
    let ledger = Ledger::new();
    let (code, message) = ledger.error("eth_subscribe", json!(["newHeads"])).await;
    assert_eq!(code, -32004, "{message}");
    let mut session = ledger.chain.session();
    for (params, code) in [(json!(["newPendingTransactions"]), -32602), (json!([]), -32602)] {
        assert_eq!(ask(&mut session, "eth_subscribe", params).await["error"]["code"], code);
    }
    for _ in 0..SUBSCRIPTIONS_MAX {
        assert!(subscribe(&mut session, json!(["newHeads"])).await.is_string());
    }
    let refused = ask(&mut session, "eth_subscribe", json!(["logs"])).await;
    assert_eq!(refused["error"]["code"], -32005);
}

#[tokio::test]
async fn who_falls_too_far_behind_is_dropped() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let mut session = ledger.chain.session();
    subscribe(&mut session, json!(["newHeads"])).await;
    let notebook = ledger.deploy(&account).await;
    write(&ledger, &account, notebook, 1..SUBSCRIPTION_LAG_BLOCKS_MAX + 1).await;
    let end = session.next().await.expect_err("too slow");
    assert!(matches!(end, SessionEnd::TooSlow { blocks: 1_025 }), "{end}");
}

#[tokio::test]
async fn a_session_ends_with_its_ledger() {
    let ledger = Ledger::new();
    let mut session = ledger.chain.session();
    subscribe(&mut session, json!(["newHeads"])).await;
    let folder = ledger.closed();
    assert!(matches!(session.next().await, Err(SessionEnd::Stopped)));
    assert!(matches!(session.rpc("{}").await, Err(SessionEnd::Stopped)));
    Ledger::in_folder(folder);
}
