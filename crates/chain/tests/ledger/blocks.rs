//! Blocks, transactions and receipts: what was sent comes back, in Ethereum's shapes.

use std::sync::atomic::Ordering;

use alloy::primitives::{B256, Bytes, keccak256};
use alloy::rpc::types::{Block, TransactionReceipt};
use alloy_consensus::{
    TxEnvelope,
    proofs::{calculate_receipt_root, calculate_transaction_root},
};
use serde_json::{Value, json};

use crate::fixture::{
    Account, CHAIN_ID, Ledger, NOTEBOOK, START, dynamic, legacy, listed, quantity, words,
};

#[tokio::test]
async fn a_new_ledger_has_a_first_block_only() {
    let ledger = Ledger::new();
    assert_eq!(ledger.result("eth_blockNumber", json!([])).await, "0x0");
    assert_eq!(ledger.result("eth_chainId", json!([])).await, quantity(CHAIN_ID));
    assert_eq!(ledger.result("net_version", json!([])).await, CHAIN_ID.to_string());
    assert_eq!(ledger.result("eth_accounts", json!([])).await, json!([]));
    assert_eq!(ledger.result("eth_syncing", json!([])).await, false);
    let block = ledger.result("eth_getBlockByNumber", json!(["earliest", true])).await;
    assert_eq!(block["number"], "0x0");
    assert_eq!(block["transactions"], json!([]));
    let stats = ledger.chain.stats();
    assert_eq!((stats.blocks, stats.transactions, stats.accounts), (1, 0, 0));
    assert!(stats.bytes_on_disk > 0);
}

#[tokio::test]
async fn deploy_write_and_read_back() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    assert_eq!(notebook, account.address().create(0));
    let code = ledger.result("eth_getCode", json!([notebook, "latest"])).await;
    assert_eq!(code, json!(Bytes::from_static(&NOTEBOOK[9..])));

    let hash = ledger.send(&account.writes(1, notebook, 5, 42)).await;
    let receipt = ledger.receipt(hash).await;
    assert_eq!(receipt["status"], "0x1");
    assert_eq!(receipt["type"], "0x2");
    assert_eq!(receipt["logs"][0]["topics"][1], json!(B256::with_last_byte(5)));
    assert_eq!(receipt["logs"][0]["data"], json!(words(&[42])));
    assert_eq!(receipt["effectiveGasPrice"], "0x0");
    assert!(receipt.get("revertReason").is_none());

    let call = json!({"to": notebook, "data": words(&[5])});
    assert_eq!(ledger.result("eth_call", json!([call, "latest"])).await, json!(words(&[42])));
    let stored = ledger.result("eth_getStorageAt", json!([notebook, "0x5", "latest"])).await;
    assert_eq!(stored, json!(words(&[42])));
    let stats = ledger.chain.stats();
    assert_eq!((stats.storage_slots, stats.accounts, stats.transactions), (1, 2, 2));

    ledger.send(&account.writes(2, notebook, 5, 0)).await;
    assert_eq!(ledger.chain.stats().storage_slots, 0, "a slot set to zero is freed");
}

#[tokio::test]
async fn blocks_are_real_headers_over_what_they_hold() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    ledger.time.store(START + 60, Ordering::SeqCst);
    ledger.send(&account.writes(1, notebook, 1, 1)).await;
    ledger.time.store(START - 60, Ordering::SeqCst);
    ledger.send(&account.writes(2, notebook, 1, 2)).await;

    let mut parent = B256::ZERO;
    for (number, timestamp) in [(0, 0), (1, START), (2, START + 60), (3, START + 60)] {
        let params = json!([quantity(number), true]);
        let shown = ledger.result("eth_getBlockByNumber", params).await;
        let block: Block = serde_json::from_value(shown.clone()).expect("alloy reads the block");
        assert_eq!(block.header.inner.hash_slow(), block.header.hash, "block {number}");
        assert_eq!(block.header.parent_hash, parent);
        assert_eq!(block.header.timestamp, timestamp, "time never runs back");
        let bodies: Vec<TxEnvelope> =
            block.transactions.txns().map(|body| body.inner.inner().clone()).collect();
        assert_eq!(calculate_transaction_root(&bodies), block.header.transactions_root);
        let receipts = ledger.result("eth_getBlockReceipts", json!([quantity(number)])).await;
        let receipts: Vec<TransactionReceipt> =
            serde_json::from_value(receipts).expect("alloy reads the receipts");
        let plain: Vec<_> = receipts
            .into_iter()
            .map(|receipt| receipt.inner.map_logs(|log| log.into_inner()))
            .collect();
        assert_eq!(calculate_receipt_root(&plain), block.header.receipts_root);
        let by_hash = ledger.result("eth_getBlockByHash", json!([block.header.hash, true])).await;
        assert_eq!(by_hash, shown);
        parent = block.header.hash;
    }
    let head = ledger.chain.head();
    assert_eq!((head.number, head.hash, head.timestamp), (3, parent, START + 60));
}

#[tokio::test]
async fn all_tags_of_the_newest_block_mean_the_same() {
    let ledger = Ledger::new();
    ledger.deploy(&Account::number(1)).await;
    let latest = ledger.result("eth_getBlockByNumber", json!(["latest", false])).await;
    assert_eq!(latest["number"], "0x1");
    assert_eq!(latest["transactions"][0].as_str().map(str::len), Some(66));
    for tag in ["safe", "finalized", "pending", "0x1"] {
        assert_eq!(ledger.result("eth_getBlockByNumber", json!([tag, false])).await, latest);
    }
    let beyond = ledger.result("eth_getBlockByNumber", json!(["0x2", false])).await;
    assert_eq!(beyond, Value::Null);
}

#[tokio::test]
async fn every_type_of_transaction_keeps_its_type_and_bytes() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    let raws = [
        account.sign(legacy(1, notebook.into(), words(&[1, 1]))),
        account.sign(listed(2, notebook.into(), words(&[2, 2]))),
        account.sign(dynamic(3, notebook.into(), words(&[3, 3]))),
    ];
    for (kind, raw) in raws.iter().enumerate() {
        let hash = ledger.send(raw).await;
        assert_eq!(hash, keccak256(raw));
        let shown = ledger.result("eth_getTransactionByHash", json!([hash])).await;
        assert_eq!(shown["type"], quantity(kind as u64));
        assert_eq!(shown["from"], json!(account.address().to_string().to_lowercase()));
        let again = ledger.result("eth_getRawTransactionByHash", json!([hash])).await;
        assert_eq!(again, json!(raw));
        assert_eq!(ledger.receipt(hash).await["type"], quantity(kind as u64));
    }
}

#[tokio::test]
async fn a_price_is_a_maximum_and_nothing_is_charged() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let mut offer = dynamic(0, account.address().into(), Bytes::new());
    offer.max_fee_per_gas = 1_000_000_000;
    offer.max_priority_fee_per_gas = 1;
    let hash = ledger.send(&account.sign(offer)).await;
    assert_eq!(ledger.receipt(hash).await["status"], "0x1");
    let balance = ledger.result("eth_getBalance", json!([account.address(), "latest"])).await;
    assert_eq!(balance, "0x0");
}

#[tokio::test]
async fn a_reverted_transaction_is_mined_and_says_why() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    let hash = ledger.send(&account.calls(1, notebook.into(), Bytes::new())).await;
    let receipt = ledger.receipt(hash).await;
    assert_eq!(receipt["status"], "0x0");
    assert_eq!(receipt["revertReason"], "0xdeadbeef");
    assert_eq!(receipt["logs"], json!([]));

    let hash = ledger.send(&account.calls(2, notebook.into(), Bytes::from_static(&[1]))).await;
    let receipt = ledger.receipt(hash).await;
    assert_eq!(receipt["status"], "0x0");
    assert_eq!(receipt["gasUsed"], quantity(200_000), "an invalid opcode uses up all gas");
    assert!(receipt.get("revertReason").is_none());
}

#[tokio::test]
async fn what_is_not_there_is_null() {
    let ledger = Ledger::new();
    let nothing = json!([B256::repeat_byte(9)]);
    for method in [
        "eth_getBlockByHash",
        "eth_getTransactionByHash",
        "eth_getTransactionReceipt",
        "eth_getRawTransactionByHash",
    ] {
        assert_eq!(ledger.result(method, nothing.clone()).await, Value::Null, "{method}");
    }
}
