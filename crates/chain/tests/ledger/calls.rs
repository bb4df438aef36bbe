//! `eth_call` and `eth_estimateGas`.

use alloy::primitives::{Bytes, U256};
use serde_json::json;

use crate::fixture::{Account, Ledger, NOTEBOOK, dynamic, quantity, words};

#[tokio::test]
async fn a_call_that_reverts_gives_code_3_and_the_data() {
    let ledger = Ledger::new();
    let notebook = ledger.deploy(&Account::number(1)).await;
    for method in ["eth_call", "eth_estimateGas"] {
        let response = ledger.respond(method, json!([{"to": notebook}])).await;
        assert_eq!(response["error"]["code"], 3, "{response}");
        assert_eq!(response["error"]["message"], "execution reverted");
        assert_eq!(response["error"]["data"], "0xdeadbeef");
    }
    let invalid = ledger.error("eth_call", json!([{"to": notebook, "data": "0x01"}])).await;
    assert_eq!(invalid.0, -32000);
}

#[tokio::test]
async fn a_call_changes_nothing() {
    let ledger = Ledger::new();
    let notebook = ledger.deploy(&Account::number(1)).await;
    let write = json!([{"to": notebook, "input": words(&[1, 1])}, "latest"]);
    assert_eq!(ledger.result("eth_call", write).await, "0x");
    let stored = ledger.result("eth_getStorageAt", json!([notebook, "0x1", "latest"])).await;
    assert_eq!(stored, json!(words(&[0])));
    assert_eq!(ledger.chain.head().number, 1);
}

#[tokio::test]
async fn an_estimate_suffices_and_is_close() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    let from = account.address();
    let calls = [
        json!({"from": from, "to": notebook, "data": words(&[1, 1])}),
        json!({"from": from, "to": from}),
        json!({"from": from, "data": Bytes::from_static(NOTEBOOK)}),
    ];
    for (nonce, call) in (1..).zip(calls) {
        let estimate = ledger.result("eth_estimateGas", json!([call])).await;
        let estimate: U256 = serde_json::from_value(estimate).expect("a quantity");
        let to = serde_json::from_value(call["to"].clone()).unwrap_or_default();
        let input = serde_json::from_value(call["data"].clone()).unwrap_or_default();
        let mut transaction = dynamic(nonce, to, input);
        transaction.gas_limit = estimate.to();
        let receipt = ledger.receipt(ledger.send(&account.sign(transaction)).await).await;
        assert_eq!(receipt["status"], "0x1", "{call}");
        let used: U256 = serde_json::from_value(receipt["gasUsed"].clone()).expect("gas");
        assert!(estimate - used <= used / U256::from(60), "{call}: {estimate} for {used}");
    }
}

#[tokio::test]
async fn an_estimate_beyond_the_allowance_is_an_error() {
    let ledger = Ledger::new();
    let notebook = ledger.deploy(&Account::number(1)).await;
    let call = json!({"to": notebook, "data": words(&[1, 1]), "gas": quantity(30_000)});
    let (code, message) = ledger.error("eth_estimateGas", json!([call])).await;
    assert_eq!((code, &*message), (-32000, "gas required exceeds allowance (30000)"));
}

#[tokio::test]
async fn only_the_newest_state_is_answered() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    ledger.send(&account.writes(1, notebook, 1, 1)).await;
    let head = ledger.chain.head();
    let call = json!({"to": notebook, "data": words(&[1])});
    for block in [json!("0x2"), json!("finalized"), json!({"blockHash": head.hash})] {
        let result = ledger.result("eth_call", json!([call, block])).await;
        assert_eq!(result, json!(words(&[1])));
    }
    let (code, message) = ledger.error("eth_call", json!([call, "0x1"])).await;
    assert_eq!(code, -32000);
    assert!(message.starts_with("state of block 1 is not kept"), "{message}");
    let (_, message) = ledger.error("eth_getBalance", json!([notebook, "0x9"])).await;
    assert!(message.starts_with("header not found"), "{message}");
}

#[tokio::test]
async fn fees_are_zero_in_every_way_of_asking() {
    let ledger = Ledger::new();
    ledger.deploy(&Account::number(1)).await;
    assert_eq!(ledger.result("eth_gasPrice", json!([])).await, "0x0");
    assert_eq!(ledger.result("eth_maxPriorityFeePerGas", json!([])).await, "0x0");
    let history = ledger.result("eth_feeHistory", json!(["0x5", "latest", [50.0]])).await;
    assert_eq!(history["oldestBlock"], "0x0");
    assert_eq!(history["baseFeePerGas"], json!(["0x0", "0x0", "0x0"]));
    assert_eq!(history["reward"], json!([["0x0"], ["0x0"]]));
    assert_eq!(history["gasUsedRatio"].as_array().map(Vec::len), Some(2));
}
