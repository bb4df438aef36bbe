//! Whatever text comes in, JSON comes out (or nothing, for notifications), and nothing panics.
//!
//! A failure is kept by proptest in `proptest-regressions`; commit it with the repair.

use std::sync::OnceLock;

use alloy::primitives::{Address, B256, Bytes};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::fixture::{Account, Ledger};

/// One ledger for all cases, with a little in it.
fn ledger() -> &'static (Runtime, Ledger) {
    static LEDGER: OnceLock<(Runtime, Ledger)> = OnceLock::new();
    LEDGER.get_or_init(|| {
        let runtime = Runtime::new().expect("a runtime");
        let ledger = Ledger::new();
        runtime.block_on(ledger.deploy(&Account::number(1)));
        (runtime, ledger)
    })
}

fn answer(text: &str) -> String {
    let (runtime, ledger) = ledger();
    runtime.block_on(ledger.chain.rpc(text))
}

const METHODS: [&str; 31] = [
    "web3_clientVersion",
    "web3_sha3",
    "net_version",
    "net_listening",
    "eth_chainId",
    "eth_blockNumber",
    "eth_syncing",
    "eth_accounts",
    "eth_gasPrice",
    "eth_maxPriorityFeePerGas",
    "eth_blobBaseFee",
    "txpool_status",
    "eth_getTransactionCount",
    "eth_feeHistory",
    "eth_getBalance",
    "eth_getCode",
    "eth_getStorageAt",
    "eth_call",
    "eth_estimateGas",
    "eth_getBlockByNumber",
    "eth_getBlockByHash",
    "eth_getBlockTransactionCountByNumber",
    "eth_getBlockTransactionCountByHash",
    "eth_getBlockReceipts",
    "eth_getTransactionByHash",
    "eth_getTransactionByBlockNumberAndIndex",
    "eth_getTransactionByBlockHashAndIndex",
    "eth_getTransactionReceipt",
    "eth_getRawTransactionByHash",
    "eth_getLogs",
    "eth_sendRawTransaction",
];

/// Values that some method may take, and some that none takes.
fn param() -> impl Strategy<Value = Value> {
    let notebook = Account::number(1).address().create(0);
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        any::<u64>().prop_map(|number| json!(format!("{number:#x}"))),
        (0..3u64).prop_map(|number| json!(format!("{number:#x}"))),
        any::<[u8; 20]>().prop_map(|bytes| json!(Address::from(bytes))),
        Just(json!(notebook)),
        any::<[u8; 32]>().prop_map(|bytes| json!(B256::from(bytes))),
        any::<Vec<u8>>().prop_map(|bytes| json!(Bytes::from(bytes))),
        prop::sample::select(vec!["latest", "earliest", "pending", "safe"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let key = prop::sample::select(vec![
            "from",
            "to",
            "data",
            "input",
            "gas",
            "value",
            "nonce",
            "address",
            "topics",
            "fromBlock",
            "toBlock",
            "blockHash",
            "accessList",
            "type",
            "gasPrice",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|fields| fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_gives_json(text in ".*") {
        let answer = answer(&text);
        prop_assert!(serde_json::from_str::<Value>(&answer).is_ok(), "{answer}");
    }

    #[test]
    fn any_json_gives_json_or_nothing(value in param()) {
        let answer = answer(&value.to_string());
        prop_assert!(serde_json::from_str::<Value>(&answer).is_ok(), "{answer}");
    }

    #[test]
    fn any_params_of_any_method_give_a_response(
        method in prop::sample::select(METHODS.to_vec()),
        params in prop::collection::vec(param(), 0..4),
    ) {
        let call = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        let response: Value = serde_json::from_str(&answer(&call.to_string())).expect("JSON");
        prop_assert_eq!(&response["id"], 7);
        let code = response["error"]["code"].as_i64();
        prop_assert!(code != Some(-32603), "an internal error: {}", response);
        prop_assert!(code != Some(-32601), "not a method: {}", response);
        prop_assert!(code.is_some() != response.get("result").is_some(), "{}", response);
    }
}
