//! `eth_getLogs`: filters, ranges, limits.

use alloy::primitives::{Address, B256, TxKind, U256, hex};
use serde_json::{Value, json};
use theriac_chain::LOGS_RETURNED_MAX;

use crate::fixture::{Account, Ledger, dynamic, quantity};

/// Slot topics of the logs that a filter finds.
async fn slots(ledger: &Ledger, filter: Value) -> Vec<u8> {
    let logs = ledger.result("eth_getLogs", json!([filter])).await;
    let logs = logs.as_array().expect("a list").clone();
    logs.iter()
        .map(|log| serde_json::from_value::<B256>(log["topics"][1].clone()).expect("a topic")[31])
        .collect()
}

/// Two notebooks; blocks 3 to 8 each write slots 1, 2, 3, 1, 2, 3, by turns of the notebooks.
async fn written() -> (Ledger, [Address; 2]) {
    let ledger = Ledger::new();
    let accounts = [Account::number(1), Account::number(2)];
    let notebooks = [ledger.deploy(&accounts[0]).await, ledger.deploy(&accounts[1]).await];
    for index in 0..6 {
        let (who, slot) = (index as usize % 2, index % 3 + 1);
        let raw = accounts[who].writes(1 + index / 2, notebooks[who], slot, index + 100);
        ledger.send(&raw).await;
    }
    (ledger, notebooks)
}

#[tokio::test]
async fn filters_by_address_and_topics() {
    let (ledger, [first, second]) = written().await;
    let topic = B256::with_last_byte;
    let range = |mut filter: Value| {
        filter["fromBlock"] = json!("earliest");
        filter
    };
    let cases = [
        (json!({}), vec![1, 2, 3, 1, 2, 3]),
        (json!({"address": first}), vec![1, 3, 2]),
        (json!({"address": [first, second]}), vec![1, 2, 3, 1, 2, 3]),
        (json!({"address": Address::repeat_byte(1)}), vec![]),
        (json!({"topics": [topic(0x77)]}), vec![1, 2, 3, 1, 2, 3]),
        (json!({"topics": [null, topic(2)]}), vec![2, 2]),
        (json!({"topics": [null, [topic(1), topic(3)]]}), vec![1, 3, 1, 3]),
        (json!({"topics": [topic(0x77), topic(2)], "address": second}), vec![2]),
        (json!({"topics": [topic(2)]}), vec![]),
        (json!({"topics": [null, null, topic(2)]}), vec![]),
        (json!({"topics": [[], topic(3)]}), vec![3, 3]),
    ];
    for (filter, expected) in cases {
        assert_eq!(slots(&ledger, range(filter.clone())).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn filters_by_range_and_block_hash() {
    let (ledger, _) = written().await;
    let range = |from: u64, to: u64| json!({"fromBlock": quantity(from), "toBlock": quantity(to)});
    assert_eq!(slots(&ledger, range(4, 6)).await, [2, 3, 1]);
    assert_eq!(slots(&ledger, range(8, 100)).await, [3]);
    assert_eq!(slots(&ledger, range(9, 100)).await, [0; 0]);
    assert_eq!(slots(&ledger, json!({})).await, [3], "no range means the newest block");
    let block = ledger.result("eth_getBlockByNumber", json!(["0x5", false])).await;
    assert_eq!(slots(&ledger, json!({"blockHash": block["hash"]})).await, [3]);
    let unknown = json!([{"blockHash": B256::repeat_byte(1)}]);
    assert_eq!(ledger.error("eth_getLogs", unknown).await.0, -32000);
    assert_eq!(ledger.error("eth_getLogs", json!([range(6, 4)])).await.0, -32602);
}

#[tokio::test]
async fn a_log_knows_its_place() {
    let (ledger, [first, _]) = written().await;
    let filter = json!([{"fromBlock": "0x5", "toBlock": "0x5"}]);
    let log = ledger.result("eth_getLogs", filter).await[0].take();
    let receipt = ledger.receipt(serde_json::from_value(log["transactionHash"].clone()).unwrap());
    assert_eq!(receipt.await["logs"][0], log);
    assert_eq!(log["address"], json!(first.to_string().to_lowercase()));
    assert_eq!((&log["blockNumber"], &log["logIndex"]), (&json!("0x5"), &json!("0x0")));
    assert_eq!(log["removed"], false);
}

#[tokio::test]
async fn too_many_criteria_are_refused() {
    let (ledger, _) = written().await;
    let many: Vec<_> = (0..=1_000u64).map(|number| B256::from(U256::from(number))).collect();
    let (code, message) = ledger.error("eth_getLogs", json!([{"topics": [many]}])).await;
    assert_eq!(code, -32005);
    assert!(message.contains("expected at most 1000, found 1001"), "{message}");
}

#[tokio::test]
async fn the_most_logs_are_returned_and_one_more_is_an_error() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    for (nonce, logs) in [(0, 10_000u16), (1, 1)] {
        // push2 logs, jumpdest push0 push0 log0, push1 1 swap1 sub, dup1 push1 3 jumpi, stop
        let [high, low] = logs.to_be_bytes();
        let mut code = vec![0x61, high, low];
        code.extend(hex!("5b5f5fa0" "60019003" "80600357" "00"));
        let mut deploy = dynamic(nonce, TxKind::Create, code.into());
        deploy.gas_limit = 8_000_000;
        let receipt = ledger.receipt(ledger.send(&account.sign(deploy)).await).await;
        assert_eq!(receipt["logs"].as_array().map(Vec::len), Some(logs.into()));
    }
    let most = json!([{"fromBlock": "0x0", "toBlock": "0x1"}]);
    let found = ledger.result("eth_getLogs", most).await;
    assert_eq!(found.as_array().map(Vec::len), Some(LOGS_RETURNED_MAX));
    assert_eq!(found[9_999]["logIndex"], quantity(9_999));
    let (code, message) = ledger.error("eth_getLogs", json!([{"fromBlock": "0x0"}])).await;
    assert_eq!(code, -32005);
    assert!(message.starts_with("query returned more than 10000 results"), "{message}");
}
