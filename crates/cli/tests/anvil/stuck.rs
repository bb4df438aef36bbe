//! Transactions that are not mined as they are: too cheap, or lost.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chain::number;
use crate::stage::{Setting, Stage};

/// How long the node may take to offer more.
const BUMPED_WITHIN: Duration = Duration::from_secs(40);

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_became_too_cheap_is_offered_more() {
    let Some(mut stage) = Stage::set(Setting::default()).await else { return };
    let (_server, client) = stage.serve();
    stage.anvil.ask("evm_setAutomine", json!([false])).await;
    let documents = stage.batches(1);
    stage.capture(&client, &documents).await;
    let first = wait_for(&stage, |waiting| waiting.first().cloned()).await;
    let offered = number(&first["maxFeePerGas"]);
    // What it offered covers no block any more.
    let fee = format!("{:#x}", offered * 2);
    stage.anvil.ask("anvil_setNextBlockBaseFeePerGas", json!([fee])).await;
    stage.anvil.mine(1).await;
    let same_nonce_better = |waiting: &[Value]| {
        let mut better = waiting.iter().filter(|one| one["nonce"] == first["nonce"]);
        better.find(|one| number(&one["maxFeePerGas"]) > offered * 11 / 10).cloned()
    };
    wait_for(&stage, same_nonce_better).await;
    stage.anvil.ask("evm_setAutomine", json!([true])).await;
    stage.anvil.mine(1).await;
    stage.check(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_the_ledger_forgot_is_sent_again() {
    let Some(mut stage) = Stage::set(Setting::default()).await else { return };
    let (_server, client) = stage.serve();
    stage.anvil.ask("evm_setAutomine", json!([false])).await;
    let documents = stage.batches(1);
    stage.capture(&client, &documents).await;
    wait_for(&stage, |waiting| waiting.first().cloned()).await;
    stage.anvil.ask("anvil_dropAllTransactions", json!([])).await;
    wait_for(&stage, |waiting| waiting.first().cloned()).await;
    stage.anvil.ask("evm_setAutomine", json!([true])).await;
    stage.anvil.mine(1).await;
    stage.check(&client).await;
}

/// Looks at what waits to be mined until there is what is looked for.
async fn wait_for(stage: &Stage, find: impl Fn(&[Value]) -> Option<Value>) -> Value {
    let deadline = Instant::now() + BUMPED_WITHIN;
    loop {
        let waiting = stage.anvil.waiting().await;
        if let Some(found) = find(&waiting) {
            return found;
        }
        assert!(Instant::now() < deadline, "not among what waits: {waiting:#?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
