//! The frame of JSON-RPC 2.0: what is answered, with which code, and what is not.

use serde_json::{Value, json};
use theriac_chain::{BATCH_CALLS_MAX, REQUEST_BYTES_MAX};

use crate::fixture::{Account, Ledger};

async fn answer(ledger: &Ledger, text: &str) -> Value {
    serde_json::from_str(&ledger.chain.rpc(text).await).expect("a response is JSON")
}

#[tokio::test]
async fn errors_have_the_codes_of_the_standard() {
    let ledger = Ledger::new();
    let cases = [
        ("{", -32700),
        ("", -32700),
        ("1", -32600),
        ("[]", -32600),
        ("{}", -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":7}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":[1],"method":"eth_chainId"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":{"a":1}}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_none"}"#, -32601),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance"}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["0x1"]}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"topics":[1]}]}"#, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{},"latest",{"a":1}]}"#, -32602),
    ];
    for (text, code) in cases {
        let response = answer(&ledger, text).await;
        assert_eq!(response["error"]["code"], code, "{text}: {response}");
        assert_eq!(response["jsonrpc"], "2.0");
        assert!(response.get("id").is_some() && response.get("result").is_none());
    }
}

#[tokio::test]
async fn ids_come_back_as_they_were() {
    let ledger = Ledger::new();
    for id in [json!(1), json!("a"), json!(null), json!(-1.5)] {
        let call = json!({"jsonrpc": "2.0", "id": id, "method": "eth_chainId"});
        assert_eq!(answer(&ledger, &call.to_string()).await["id"], id);
    }
}

#[tokio::test]
async fn notifications_are_not_answered() {
    let ledger = Ledger::new();
    let notification = r#"{"jsonrpc":"2.0","method":"eth_chainId"}"#;
    assert_eq!(ledger.chain.rpc(notification).await, "");
    assert_eq!(ledger.chain.rpc(&format!("[{notification}]")).await, "");
    let raw = Account::number(1).deploys(0);
    let send = json!({"jsonrpc": "2.0", "method": "eth_sendRawTransaction", "params": [raw]});
    assert_eq!(ledger.chain.rpc(&send.to_string()).await, "");
    assert_eq!(ledger.chain.head().number, 1, "but they are done");
}

#[tokio::test]
async fn a_batch_is_answered_call_by_call() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let call = |id: u64, method: &str, params: Value| json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params});
    let batch = json!([
        call(1, "eth_blockNumber", json!([])),
        7,
        call(2, "eth_sendRawTransaction", json!([account.deploys(0)])),
        {"jsonrpc": "2.0", "method": "eth_chainId"},
        call(3, "eth_none", json!([])),
        call(4, "eth_getTransactionCount", json!([account.address(), "latest"])),
    ]);
    let responses = answer(&ledger, &batch.to_string()).await;
    let responses = responses.as_array().expect("a list");
    let ids: Vec<_> = responses.iter().map(|response| response["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(null), json!(2), json!(3), json!(4)]);
    assert_eq!(responses[0]["result"], "0x1", "the batch's transaction is mined first");
    assert_eq!(responses[1]["error"]["code"], -32600);
    assert_eq!(responses[3]["error"]["code"], -32601);
    assert_eq!(responses[4]["result"], "0x1");
}

#[tokio::test]
async fn limits_are_named() {
    let ledger = Ledger::new();
    let long = " ".repeat(REQUEST_BYTES_MAX + 1);
    let response = answer(&ledger, &long).await;
    assert_eq!(response["error"]["code"], -32600);
    let message = response["error"]["message"].as_str().expect("a message");
    assert!(message.starts_with("request too large: expected at most 5242880"), "{message}");
    let calls = json!(vec![1; BATCH_CALLS_MAX + 1]);
    let response = answer(&ledger, &calls.to_string()).await;
    assert_eq!(
        response["error"]["message"],
        "batch too long: expected at most 1000 calls, found 1001"
    );
}

#[test]
fn works_without_a_runtime() {
    let ledger = Ledger::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let raw = Account::number(1).deploys(0);
    runtime.block_on(ledger.send(&raw));
    // No reactor around this future: slow methods are answered in place.
    let mut future = Box::pin(
        ledger
            .chain
            .rpc(r#"{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"gas":"0x5208"}]}"#),
    );
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(text) = future.as_mut().poll(&mut context) else {
        panic!("expected an answer at once");
    };
    assert!(text.contains("error") || text.contains("result"), "{text}");
}
