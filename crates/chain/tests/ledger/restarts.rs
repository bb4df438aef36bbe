//! Closing and opening again, and folders that must not be opened.

use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use theriac_chain::{Chain, Clock, Genesis, LEDGER_FILE, OpenError};

use crate::fixture::{Account, CHAIN_ID, Ledger, words};

fn clock() -> Clock {
    Arc::new(|| 0)
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    let hash = ledger.send(&account.writes(1, notebook, 5, 42)).await;
    let (head, receipt) = (ledger.chain.head(), ledger.receipt(hash).await);
    let stats = ledger.chain.stats();

    let ledger = ledger.reopened();
    assert_eq!(ledger.chain.head(), head);
    assert_eq!(ledger.receipt(hash).await, receipt);
    let again = ledger.chain.stats();
    assert_eq!((again.blocks, again.gas_used), (stats.blocks, stats.gas_used));
    assert_eq!((again.storage_slots, again.accounts), (stats.storage_slots, stats.accounts));
    let call = json!([{"to": notebook, "data": words(&[5])}, "latest"]);
    assert_eq!(ledger.result("eth_call", call).await, json!(words(&[42])));
    ledger.send(&account.writes(2, notebook, 6, 1)).await;
    assert_eq!(ledger.chain.head().number, 3);
}

#[tokio::test]
async fn another_chain_id_is_refused() {
    let folder = Ledger::new().closed();
    let other = Genesis { chain_id: CHAIN_ID + 1 };
    let error = Chain::open(folder.path(), other, clock()).expect_err("another chain");
    assert!(
        matches!(error, OpenError::OtherChain { expected: 8_451, found: 8_450, .. }),
        "{error}"
    );
    assert!(error.to_string().starts_with("expected chain id 8451 in "), "{error}");
}

#[tokio::test]
async fn a_folder_in_use_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let genesis = Genesis { chain_id: 1 };
    let first = Chain::open(folder.path(), genesis, clock()).expect("open");
    let error = Chain::open(folder.path(), genesis, clock()).expect_err("in use");
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    drop(first);
    Chain::open(folder.path(), genesis, clock()).expect("free again");
}

#[test]
fn a_file_that_is_no_ledger_is_refused() {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join(LEDGER_FILE), "not a ledger").expect("written");
    let error = Chain::open(folder.path(), Genesis { chain_id: 1 }, clock()).expect_err("damaged");
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    let missing = TempDir::new().expect("a folder");
    let error = Chain::audit_dir(missing.path(), &mut |_, _| ()).expect_err("missing");
    assert!(error.to_string().starts_with("no ledger in "), "{error}");
}

#[tokio::test]
async fn clones_share_the_ledger_and_the_last_one_closes_it() {
    let ledger = Ledger::new();
    let clone = ledger.chain.clone();
    let mut heads = clone.heads();
    let folder = ledger.closed();
    heads.mark_unchanged();
    let raw = Account::number(1).deploys(0);
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [raw],
    });
    clone.rpc(&call.to_string()).await;
    assert_eq!(heads.borrow_and_update().number, 1);
    drop(clone);
    assert!(heads.changed().await.is_err(), "the producer is gone");
    let genesis = Genesis { chain_id: CHAIN_ID };
    assert_eq!(Chain::open(folder.path(), genesis, clock()).expect("open").head().number, 1);
}

#[test]
fn a_file_half_made_is_made_again() {
    let folder = TempDir::new().expect("a folder");
    let new = folder.path().join(format!("{LEDGER_FILE}.new"));
    std::fs::write(&new, [0; 100]).expect("written");
    let chain = Chain::open(folder.path(), Genesis { chain_id: 1 }, clock()).expect("open");
    assert_eq!(chain.head().number, 0);
    assert!(!new.exists());
}
