//! The ledger takes blocks back, with and without the transactions in the blocks that replace them.

use serde_json::{Value, json};

use crate::stage::{Setting, Stage};

/// Blocks after which a transaction is final: more than are ever taken back here.
const CONFIRMATIONS: u64 = 16;

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_taken_back_and_their_transactions_with_them() {
    let setting = Setting { confirmations: CONFIRMATIONS, ..Setting::default() };
    let Some(mut stage) = Stage::set(setting).await else { return };
    let (_server, client) = stage.serve();
    stage.anvil.mine(CONFIRMATIONS).await;
    for depth in [1, 2, 3, 5, 8, 12] {
        let documents = stage.batches(1);
        stage.capture(&client, &documents).await;
        stage.settle_recorded(&client).await;
        let depth = depth.min(stage.anvil.head().await - 1);
        stage.anvil.ask("anvil_reorg", json!([depth, []])).await;
        stage.settle_recorded(&client).await;
    }
    stage.anvil.mine(CONFIRMATIONS).await;
    stage.check(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_replaced_by_others_with_the_same_transactions() {
    let setting = Setting { confirmations: CONFIRMATIONS, ..Setting::default() };
    let Some(mut stage) = Stage::set(setting).await else { return };
    let (_server, client) = stage.serve();
    stage.anvil.mine(CONFIRMATIONS).await;
    for depth in [1, 4, 7, 12] {
        let documents = stage.batches(1);
        stage.capture(&client, &documents).await;
        stage.settle_recorded(&client).await;
        let again = transactions(&stage, depth).await;
        stage.anvil.ask("anvil_reorg", json!([depth, again])).await;
        stage.settle_recorded(&client).await;
    }
    stage.anvil.mine(CONFIRMATIONS).await;
    stage.check(&client).await;
}

/// Every transaction of the last blocks, to be put one block later than it was where there is one.
async fn transactions(stage: &Stage, depth: u64) -> Vec<Value> {
    let head = stage.anvil.head().await;
    let mut found = Vec::new();
    for place in 0..depth {
        let number = format!("{:#x}", head - depth + 1 + place);
        let block = stage.anvil.ask("eth_getBlockByNumber", json!([number, false])).await;
        for hash in block["transactions"].as_array().unwrap() {
            let raw = stage.anvil.ask("eth_getRawTransactionByHash", json!([hash])).await;
            found.push(json!([raw, (place + 1).min(depth - 1)]));
        }
    }
    found
}
