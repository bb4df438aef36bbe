//! Logs that an endpoint leaves out are noticed and found.

use serde_json::Value;
use theriac_ledger::{Call, Endpoint, Ledger, LedgerEvent, LedgerLog, LogsError};

use crate::http::Server;
use crate::network::*;

const EXPIRY: u32 = TODAY + 365;

/// A network with blocks of one log and of several, and what happened there.
async fn history() -> (Network, u64, Vec<LedgerLog>) {
    let network = Network::new().await;
    let goods = network.make(&network.maker, 1, 16, EXPIRY).await;
    network.hand_over(&network.maker, &network.pharmacy, &goods, 2).await;
    for number in 0..5 {
        network.run(&network.maker, &[Call::Anchor { root: cause(number), count: 1 }]).await;
    }
    let head = network.ledger.head().await.unwrap().number;
    let all = network.ledger.logs(0, head).await.unwrap();
    (network, head, all)
}

async fn over_http(network: &Network, alter: fn(&str, String) -> String) -> (Server, Ledger) {
    let server = Server::start(&altered(&network.endpoint, alter)).await;
    let endpoint = Endpoint::Http(server.url.clone());
    let ledger = Ledger::connect(endpoint, network.deployment()).await.unwrap();
    (server, ledger)
}

/// Changes the list that an answer is.
fn list(answer: &str, change: impl FnOnce(&mut Vec<Value>)) -> String {
    let mut answer: Value = serde_json::from_str(answer).unwrap();
    if let Some(list) = answer["result"].as_array_mut() {
        change(list);
    }
    answer.to_string()
}

fn no_such_method(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    let error = r#"{"code":-32601,"message":"method not found"}"#;
    format!(r#"{{"jsonrpc":"2.0","id":{},"error":{error}}}"#, answer["id"])
}

fn first_left_out(method: &str, answer: String) -> String {
    match method {
        "eth_getLogs" => list(&answer, |logs| logs.truncate(logs.len() / 2)),
        _ => answer,
    }
}

/// Of every block but the first log, and all of every third.
fn parts_left_out(method: &str, answer: String) -> String {
    if method != "eth_getLogs" {
        return answer;
    }
    list(&answer, |logs| {
        let mut seen = std::collections::HashSet::new();
        logs.retain(|log| {
            let number = log["blockNumber"].as_str().unwrap().to_owned();
            !number.ends_with(['3', '6', '9', 'c']) && seen.insert(number)
        });
    })
}

fn parts_left_out_without_block_receipts(method: &str, answer: String) -> String {
    match method {
        "eth_getBlockReceipts" => no_such_method(&answer),
        _ => parts_left_out(method, answer),
    }
}

#[tokio::test]
async fn logs_that_were_left_out_are_found_in_receipts() {
    let (network, head, all) = history().await;
    let alterations: [fn(&str, String) -> String; 4] =
        [|_, answer| answer, first_left_out, parts_left_out, parts_left_out_without_block_receipts];
    for (number, alter) in alterations.into_iter().enumerate() {
        let (_server, ledger) = over_http(&network, alter).await;
        assert_eq!(ledger.logs(0, head).await.unwrap(), all, "alteration {number}");
        let mut pieces = Vec::new();
        for block in 0..=head {
            pieces.extend(ledger.logs(block, block).await.unwrap());
        }
        assert_eq!(pieces, all, "alteration {number}");
    }
    assert!(all.iter().any(|log| matches!(log.event, LedgerEvent::Received { .. })));
}

/// The receipts lack logs too: nothing is skipped.
fn gap(method: &str, answer: String) -> String {
    match method {
        "eth_getBlockReceipts" => list(&answer, |receipts| {
            receipts.iter_mut().for_each(|receipt| receipt["logs"] = Value::Array(vec![]));
        }),
        _ => parts_left_out(method, answer),
    }
}

#[tokio::test]
async fn a_gap_that_persists_is_an_error_or_is_closed_by_another_endpoint() {
    let (network, head, all) = history().await;
    let (server, ledger) = over_http(&network, gap).await;
    let error = ledger.logs(0, head).await.unwrap_err();
    assert!(matches!(error, LogsError::Gap { .. }) && error.is_retryable(), "{error}");
    let whole = Server::start(&network.endpoint).await;
    let endpoint = Endpoint::http(&[&server.url, &whole.url]);
    let ledger = Ledger::connect(endpoint, network.deployment()).await.unwrap();
    assert_eq!(ledger.logs(0, head).await.unwrap(), all);
    server.asked();
    assert_eq!(ledger.logs(0, head).await.unwrap(), all);
    assert_eq!(server.asked(), 0, "the endpoint with the gap is left alone");
}

#[tokio::test]
async fn blocks_that_are_missing_or_do_not_follow_each_other_are_a_gap() {
    let (network, head, _) = history().await;
    let (_server, ledger) = over_http(&network, |_, answer| answer).await;
    let error = ledger.logs(0, head + 1).await.unwrap_err();
    assert!(matches!(error, LogsError::Gap { block, .. } if block == head + 1), "{error}");
    let cut: fn(&str, String) -> String = |method, answer| match method {
        "eth_getBlockByNumber" => {
            let mut answers: Value = serde_json::from_str(&answer).unwrap();
            for one in answers.as_array_mut().into_iter().flatten().skip(3).take(1) {
                let hash = one["result"]["parentHash"].as_str().unwrap();
                let other: String = hash.chars().rev().take(64).collect();
                one["result"]["parentHash"] = Value::String(format!("0x{other}"));
            }
            answers.to_string()
        }
        _ => answer,
    };
    let (_server, ledger) = over_http(&network, cut).await;
    let error = ledger.logs(0, head).await.unwrap_err();
    assert!(matches!(error, LogsError::Gap { block: 3, .. }), "{error}");
    let strange_block: fn(&str, String) -> String = |method, answer| match method {
        "eth_getLogs" => list(&answer, |logs| {
            logs[0]["blockHash"] = Value::String(format!("0x{}", "5".repeat(64)));
        }),
        _ => answer,
    };
    let (_server, ledger) = over_http(&network, strange_block).await;
    let error = ledger.logs(0, head).await.unwrap_err();
    assert!(error.to_string().contains("its logs are of another block"), "{error}");
}

#[tokio::test]
async fn headers_without_a_filter_are_taken_as_they_are() {
    let (network, head, all) = history().await;
    let none: fn(&str, String) -> String = |method, answer| match method {
        "eth_getBlockByNumber" => answer.replace("logsBloom", "other"),
        _ => answer,
    };
    let (_server, ledger) = over_http(&network, none).await;
    assert_eq!(ledger.logs(0, head).await.unwrap(), all);
}
