//! Reconcile looks both ways: what the ledger has of a member and the member's node has not is told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/company.rs"]
mod support;

use std::sync::Arc;

use futures::future::BoxFuture;
use support::{company, passphrase};
use theriac_chain::Chain;
use theriac_custody::Hash;
use theriac_ledger::{Call, Endpoint, Keystore, Ledger, LocalRpc};

/// The embedded ledger, asked in this process.
struct InProcess(Chain);

impl LocalRpc for InProcess {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let chain = self.0.clone();
        Box::pin(async move { chain.rpc(&json).await })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_the_node_has_forgotten_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let (node, config) = company(&dir).await;
    assert_eq!(node.reconcile().await.unwrap().differences, []);

    // As a node does that sends before it stores, and dies in between.
    let signer = Keystore::unlock(&dir.join("keys/account.json"), &passphrase()).unwrap();
    let endpoint = Endpoint::Local(Arc::new(InProcess(node.chain().unwrap().clone())));
    let ledger = Ledger::connect(endpoint, config.deployment()).await.unwrap();
    let commission = Call::Commission {
        lot_tag: Hash([1; 32]),
        expiry: 40_000,
        root: Hash([2; 32]),
        height: 3,
        cause: Hash([3; 32]),
    };
    let anchor = Call::Anchor { root: Hash([4; 32]), count: 1 };
    for call in [commission, anchor] {
        let nonce = ledger.next_nonce(node.account()).await.unwrap();
        let signed = ledger.sign(&signer, nonce, &[call]).await.unwrap();
        ledger.send(&signed.raw).await.unwrap();
    }

    let differences = node.reconcile().await.unwrap().differences;
    let told: Vec<&str> =
        differences.iter().map(|found| found.what.split(' ').next().unwrap()).collect();
    assert_eq!(told, ["holding", "transaction"], "{differences:#?}");
}
