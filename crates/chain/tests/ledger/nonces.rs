//! Which transactions are refused and how, and that sending twice is harmless.

use std::sync::Arc;

use alloy::primitives::{Bytes, keccak256};
use alloy_consensus::TxEip7702;
use serde_json::{Value, json};
use theriac_chain::{TRANSACTION_BYTES_MAX, TRANSACTION_GAS_LIMIT};

use crate::fixture::{Account, CHAIN_ID, Ledger, dynamic, legacy, quantity};

async fn refusal(ledger: &Ledger, raw: &Bytes) -> String {
    let (code, message) = ledger.error("eth_sendRawTransaction", json!([raw])).await;
    assert_eq!(code, -32000, "{message}");
    message
}

#[tokio::test]
async fn nonces_have_no_gap_and_no_repetition() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    let address = account.address();
    let low = refusal(&ledger, &account.writes(0, notebook, 1, 1)).await;
    assert_eq!(low, format!("nonce too low: address {address}, tx: 0 state: 1"));
    let high = refusal(&ledger, &account.writes(2, notebook, 1, 1)).await;
    assert_eq!(high, format!("nonce too high: address {address}, tx: 2 state: 1"));
    assert_eq!(ledger.chain.head().number, 1, "refused transactions make no block");
    for tag in ["latest", "pending"] {
        let count = ledger.result("eth_getTransactionCount", json!([address, tag])).await;
        assert_eq!(count, "0x1");
    }
}

#[tokio::test]
async fn sending_again_answers_the_same_hash() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let raw = account.deploys(0);
    let hash = ledger.send(&raw).await;
    assert_eq!(ledger.send(&raw).await, hash);
    let ledger = ledger.reopened();
    assert_eq!(ledger.send(&raw).await, hash);
    assert_eq!(ledger.chain.head().number, 1);
    assert_eq!(ledger.chain.stats().transactions, 1);
}

#[tokio::test]
async fn a_batch_is_one_block_in_any_order_and_with_twins() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    // Nonce 6 comes with 5 missing; nonce 1 comes twice.
    let raws = [3, 1, 2, 1, 6, 4].map(|nonce| account.writes(nonce, notebook, nonce, 7));
    let calls: Vec<_> = (0..)
        .zip(&raws)
        .map(|(id, raw)| {
            json!({"jsonrpc": "2.0", "id": id, "method": "eth_sendRawTransaction", "params": [raw]})
        })
        .collect();
    let text = ledger.chain.rpc(&Value::from(calls).to_string()).await;
    let responses: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    for (response, raw) in responses.iter().zip(&raws) {
        match response["id"].as_u64() {
            Some(4) => assert_eq!(
                response["error"]["message"],
                format!("nonce too high: address {}, tx: 6 state: 5", account.address())
            ),
            _ => assert_eq!(response["result"], json!(keccak256(raw))),
        }
    }
    assert_eq!(ledger.chain.head().number, 2);
    assert_eq!(ledger.chain.stats().transactions, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_senders_at_once_share_blocks_and_lose_nothing() {
    let ledger = Arc::new(Ledger::new());
    let notebook = ledger.deploy(&Account::number(1)).await;
    let senders: Vec<_> = (10..26u8)
        .map(|number| {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                let account = Account::number(number);
                for nonce in 0..10 {
                    let slot = u64::from(number) * 100 + nonce;
                    let hash = ledger.send(&account.writes(nonce, notebook, slot, slot)).await;
                    let receipt = ledger.receipt(hash).await;
                    assert_eq!(receipt["status"], "0x1", "answered means mined");
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.expect("a sender ends well");
    }
    let stats = ledger.chain.stats();
    assert_eq!((stats.transactions, stats.storage_slots), (161, 160));
    let report = ledger.chain.audit(&mut |_, _| ()).expect("the ledger agrees with itself");
    assert_eq!(report.transactions, 161);
}

#[tokio::test]
async fn transactions_that_break_a_rule_are_refused_in_words() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let to = account.address();
    let mut other_chain = dynamic(0, to.into(), Bytes::new());
    other_chain.chain_id = 1;
    let mut unprotected = legacy(0, to.into(), Bytes::new());
    unprotected.chain_id = None;
    let mut hungry = dynamic(0, to.into(), Bytes::new());
    hungry.gas_limit = TRANSACTION_GAS_LIMIT + 1;
    let mut starved = dynamic(0, to.into(), Bytes::new());
    starved.gas_limit = 20_999;
    let mut generous = dynamic(0, to.into(), Bytes::new());
    generous.value = "1".parse().unwrap();
    let mut tip = dynamic(0, to.into(), Bytes::new());
    tip.max_priority_fee_per_gas = 1;
    let huge = dynamic(0, to.into(), vec![0; TRANSACTION_BYTES_MAX].into());
    let delegating = TxEip7702 { chain_id: CHAIN_ID, gas_limit: 100_000, ..Default::default() };
    let cases = [
        (account.sign(other_chain), "invalid chain id for signer: have 1 want 8450"),
        (account.sign(unprotected), "only replay-protected (EIP-155) transactions allowed"),
        (account.sign(hungry), "transaction gas limit too high (cap: 16777216, tx: 16777217)"),
        (account.sign(starved), "intrinsic gas too low: have 20999, want 21000"),
        (account.sign(generous), "insufficient funds for transfer"),
        (account.sign(tip), "max priority fee per gas higher than max fee per gas: 1 > 0"),
        (account.sign(huge), "oversized data: transaction size"),
        (
            account.sign(delegating),
            "transaction type not supported: expected legacy, 1 or 2, found 4",
        ),
        (Bytes::from_static(&[0x7f, 1]), "transaction type not supported"),
        (Bytes::from_static(&[0xc0]), "rlp: "),
        (Bytes::new(), "rlp: "),
    ];
    for (raw, expected) in cases {
        let message = refusal(&ledger, &raw).await;
        assert!(message.starts_with(expected), "expected {expected}, found {message}");
    }
    assert_eq!(ledger.chain.head().number, 0);
}

#[tokio::test]
async fn a_block_takes_no_more_gas_than_it_may() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    // Each of these uses up its whole gas limit, so 64 of them fill a block.
    let calls: Vec<_> = (1..=80u64)
        .map(|nonce| {
            let mut transaction = dynamic(nonce, notebook.into(), Bytes::from_static(&[1]));
            transaction.gas_limit = TRANSACTION_GAS_LIMIT;
            let params = [account.sign(transaction)];
            let method = "eth_sendRawTransaction";
            json!({"jsonrpc": "2.0", "id": nonce, "method": method, "params": params})
        })
        .collect();
    ledger.chain.rpc(&Value::from(calls).to_string()).await;
    assert_eq!(ledger.chain.stats().transactions, 81);
    for (number, expected) in [(2, 64), (3, 16)] {
        let block = ledger.result("eth_getBlockByNumber", json!([quantity(number), false])).await;
        assert_eq!(block["transactions"].as_array().map(Vec::len), Some(expected));
        assert_eq!(block["gasUsed"], quantity(expected as u64 * TRANSACTION_GAS_LIMIT));
    }
}
