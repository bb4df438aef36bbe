//! Headers commit to all blocks before them, and the ledger proves it.

use alloy::primitives::{B256, keccak256};
use redb::{Database, TableDefinition};
use serde_json::{Value, json};
use theriac_chain::{AuditError, Chain, LEDGER_FILE, Part};

use crate::fixture::{Account, Ledger, quantity};

const HISTORY: TableDefinition<(u8, u64), [u8; 32]> = TableDefinition::new("history");

/// A ledger with 21 blocks after the first.
async fn written() -> Ledger {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    for nonce in 1..21 {
        ledger.send(&account.writes(nonce, notebook, nonce, nonce)).await;
    }
    ledger
}

fn join(left: B256, right: B256) -> B256 {
    keccak256([left.0, right.0].concat())
}

/// RFC 9162, section 2.1.3.2.
fn climb(number: u64, count: u64, mut hash: B256, path: &[B256]) -> B256 {
    let (mut at, mut last) = (number, count - 1);
    for sibling in path {
        if at & 1 == 1 || at == last {
            hash = join(*sibling, hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = join(hash, *sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    hash
}

async fn header(ledger: &Ledger, number: u64) -> Value {
    ledger.result("eth_getBlockByNumber", json!([quantity(number), false])).await
}

#[tokio::test]
async fn every_block_is_proven_against_every_later_one() {
    let ledger = written().await;
    assert_eq!(header(&ledger, 0).await["parentBeaconBlockRoot"], json!(B256::ZERO));
    for head in 1..=21 {
        let root = header(&ledger, head).await["parentBeaconBlockRoot"].clone();
        for number in 0..head {
            let params = json!([quantity(number), quantity(head)]);
            let path = ledger.result("theriac_getHistoryProof", params).await;
            let path: Vec<B256> = serde_json::from_value(path).expect("hashes");
            let hash = serde_json::from_value(header(&ledger, number).await["hash"].clone());
            let found = climb(number, head, hash.expect("a hash"), &path);
            assert_eq!(json!(found), root, "{number} in {head}");
        }
    }
    for (number, head) in [(3, 3), (4, 3), (0, 22), (0, 0)] {
        let params = json!([quantity(number), quantity(head)]);
        assert_eq!(ledger.error("theriac_getHistoryProof", params).await.0, -32602);
    }
}

#[tokio::test]
async fn it_stays_when_bodies_are_pruned_and_an_audit_checks_it() {
    let ledger = written().await;
    let params = json!([quantity(2), quantity(21)]);
    let path = ledger.result("theriac_getHistoryProof", params.clone()).await;
    let folder = ledger.closed();
    Chain::prune_dir(folder.path(), 3, &mut |_, _| ()).expect("pruned");
    let ledger = Ledger::in_folder(folder);
    assert_eq!(ledger.result("theriac_getHistoryProof", params).await, path);
    let folder = ledger.closed();
    Chain::audit_dir(folder.path(), &mut |_, _| ()).expect("agrees");
    let database = Database::open(folder.path().join(LEDGER_FILE)).expect("open");
    let transaction = database.begin_write().expect("begin");
    transaction.open_table(HISTORY).expect("a table").insert((2, 1), [7; 32]).expect("changed");
    transaction.commit().expect("commit");
    drop(database);
    match Chain::audit_dir(folder.path(), &mut |_, _| ()) {
        Err(AuditError::Different(found)) => {
            assert_eq!((found.block, found.part), (7, Part::History))
        }
        other => panic!("expected a difference, found {other:?}"),
    }
}
