//! An audit agrees with an honest ledger and names the first lie of another.

use alloy::primitives::{Address, Bytes, U256};
use redb::{ReadableTable, TableDefinition};
use theriac_chain::{AuditError, Chain, Difference, Part};

use crate::file::{LOCATIONS, META, RECEIPTS, STORAGE, TRANSACTIONS, key, write};
use crate::fixture::{Account, Ledger};

const ACCOUNTS: TableDefinition<[u8; 20], [u8; 72]> = TableDefinition::new("accounts");
const HEADERS: TableDefinition<u64, &[u8]> = TableDefinition::new("headers");

/// A ledger of four transactions: deploy, two writes, a revert. Answers the notebook's address.
async fn written() -> (Ledger, Address) {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    ledger.send(&account.writes(1, notebook, 1, 11)).await;
    ledger.send(&account.writes(2, notebook, 2, 22)).await;
    ledger.send(&account.calls(3, notebook.into(), Bytes::new())).await;
    (ledger, notebook)
}

#[tokio::test]
async fn an_honest_ledger_passes_open_and_closed() {
    let (ledger, _) = written().await;
    let mut steps = Vec::new();
    let report = ledger.chain.audit(&mut |done, of| steps.push((done, of))).expect("agrees");
    assert_eq!(steps, [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]);
    assert_eq!((report.blocks, report.transactions), (5, 4));
    assert_eq!((report.accounts, report.storage_slots), (2, 2));
    assert_eq!(report.head, ledger.chain.head().hash);
    assert_eq!(report.gas_used, ledger.chain.stats().gas_used);
    let folder = ledger.closed();
    assert_eq!(Chain::audit_dir(folder.path(), &mut |_, _| ()).expect("agrees"), report);
}

/// Changes a closed ledger's file, then audits it.
async fn tampered(change: impl FnOnce(&redb::WriteTransaction, Address)) -> Difference {
    let (ledger, notebook) = written().await;
    let folder = ledger.closed();
    write(folder.path(), |transaction| change(transaction, notebook));
    match Chain::audit_dir(folder.path(), &mut |_, _| ()) {
        Err(AuditError::Different(difference)) => difference,
        other => panic!("expected a difference, found {other:?}"),
    }
}

#[tokio::test]
async fn a_changed_slot_is_found() {
    let found = tampered(|transaction, notebook| {
        let mut table = transaction.open_table(STORAGE).unwrap();
        table.insert(key(notebook, 1), U256::from(12).to_be_bytes::<32>()).unwrap();
    })
    .await;
    assert!(matches!(found.part, Part::Storage(_, slot) if slot == U256::from(1)), "{found}");
    assert_eq!((&*found.stored, &*found.executed), ("12", "11"));
    assert!(found.to_string().contains("at slot 0x1: expected 11 by execution, found 12"));
}

#[tokio::test]
async fn a_slot_too_many_or_too_few_is_found() {
    let found = tampered(|transaction, notebook| {
        let mut table = transaction.open_table(STORAGE).unwrap();
        table.insert(key(notebook, 9), U256::from(1).to_be_bytes::<32>()).unwrap();
    })
    .await;
    assert_eq!((&*found.stored, &*found.executed), ("1", "0"));
    let found = tampered(|transaction, notebook| {
        transaction.open_table(STORAGE).unwrap().remove(key(notebook, 2)).unwrap();
    })
    .await;
    assert!(matches!(found.part, Part::Storage(_, slot) if slot == U256::from(2)), "{found}");
}

#[tokio::test]
async fn a_changed_account_is_found() {
    let found = tampered(|transaction, notebook| {
        transaction.open_table(ACCOUNTS).unwrap().remove(notebook.0.0).unwrap();
    })
    .await;
    assert!(matches!(found.part, Part::Account(_)), "{found}");
}

#[tokio::test]
async fn a_changed_receipt_is_found_in_its_block() {
    let found = tampered(|transaction, _| {
        let mut table = transaction.open_table(RECEIPTS).unwrap();
        let honest = table.get((4, 0)).unwrap().unwrap().value().to_vec();
        let mut lie = honest.clone();
        let last = lie.len() - 1;
        lie[last] ^= 1;
        table.insert((4, 0), lie.as_slice()).unwrap();
    })
    .await;
    assert_eq!((found.block, found.transaction, found.part), (4, Some(0), Part::RevertData));
}

#[tokio::test]
async fn another_sender_is_found() {
    let found = tampered(|transaction, _| {
        let mut table = transaction.open_table(TRANSACTIONS).unwrap();
        let mut lie = table.get((2, 0)).unwrap().unwrap().value().to_vec();
        lie[0] ^= 1;
        table.insert((2, 0), lie.as_slice()).unwrap();
    })
    .await;
    assert_eq!((found.block, found.transaction, found.part), (2, Some(0), Part::Sender));
}

#[tokio::test]
async fn a_changed_block_hash_is_found() {
    let found = tampered(|transaction, _| {
        let mut table = transaction.open_table(HEADERS).unwrap();
        let mut lie = table.get(3).unwrap().unwrap().value().to_vec();
        lie[0] ^= 1;
        table.insert(3, lie.as_slice()).unwrap();
    })
    .await;
    assert_eq!((found.block, found.part), (3, Part::BlockHash));
}

#[tokio::test]
async fn a_lost_block_and_a_false_index_are_found() {
    let found = tampered(|transaction, _| {
        transaction.open_table(HEADERS).unwrap().remove(2).unwrap();
    })
    .await;
    assert_eq!((found.block, found.part), (2, Part::Block));
    let found = tampered(|transaction, _| {
        transaction.open_table(LOCATIONS).unwrap().insert([7; 32], (1, 0)).unwrap();
    })
    .await;
    assert_eq!(found.part, Part::Counters, "{found}");
    let found = tampered(|transaction, _| {
        transaction.open_table(META).unwrap().insert("gas_used", 1).unwrap();
    })
    .await;
    assert_eq!(found.part, Part::Counters, "{found}");
}
