//! Pruning of old bodies: what stays, what an audit says of it, and that the disk stays bounded.

use std::{fs, path::Path, sync::Arc};

use alloy::primitives::{Address, U256};
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};
use serde_json::json;
use theriac_chain::{AuditError, Chain, Genesis, LEDGER_FILE, Options, Part, PruneError};

use crate::file::{LOCATIONS, META, RECEIPTS, STORAGE, TRANSACTIONS, key, write};
use crate::fixture::{Account, CHAIN_ID, Ledger, dynamic, quantity, words};

const BASE_STORAGE: TableDefinition<[u8; 52], [u8; 32]> = TableDefinition::new("base_storage");
const LOG_INDEX: TableDefinition<(u64, u64), ()> = TableDefinition::new("log_index");
const SNAPSHOT: &str = "snapshot";
const BASE_ACCOUNTS: &str = "base_accounts";

/// A ledger of 20 blocks after the first: a notebook, then slots 1 to 4 written by turns, slot 4 to
/// zero. Answers the notebook's address.
async fn written() -> (Ledger, Address) {
    let ledger = Ledger::new();
    let account = Account::number(1);
    let notebook = ledger.deploy(&account).await;
    for nonce in 1..20 {
        let slot = nonce % 4 + 1;
        let value = if slot == 4 && nonce > 10 { 0 } else { 100 + nonce };
        ledger.send(&account.writes(nonce, notebook, slot, value)).await;
    }
    (ledger, notebook)
}

fn prune(folder: &Path, keep: u64) -> Result<theriac_chain::PruneReport, PruneError> {
    Chain::prune_dir(folder, keep, &mut |_, _| ())
}

#[tokio::test]
async fn headers_state_and_the_newest_bodies_stay() {
    let (ledger, notebook) = written().await;
    let head = ledger.chain.head();
    let filter = |from| json!([{"fromBlock": quantity(from), "address": notebook}]);
    let newest = ledger.result("eth_getLogs", filter(16)).await;
    let old = ledger.result("eth_getBlockByNumber", json!(["0x5", false])).await;
    let folder = ledger.closed();
    let report = prune(folder.path(), 5).expect("pruned");
    assert_eq!((report.blocks, report.snapshot.map(|snapshot| snapshot.block)), (15, Some(15)));
    assert!(report.bytes_after <= report.bytes_before, "{report:?}");

    let ledger = Ledger::in_folder(folder);
    assert_eq!(ledger.chain.head(), head);
    assert_eq!(ledger.chain.stats().bodies_from, 16);
    assert_eq!(ledger.result("eth_getLogs", filter(16)).await, newest);
    let slot = ledger.result("eth_getStorageAt", json!([notebook, "0x2", "latest"])).await;
    assert_eq!(slot, json!(words(&[117])));
    for (method, params) in [
        ("eth_getLogs", filter(15)),
        ("eth_getLogs", filter(0)),
        ("eth_getBlockByNumber", json!(["0x5", false])),
        ("eth_getBlockByHash", json!([old["hash"], true])),
        ("eth_getBlockReceipts", json!(["0xf"])),
        ("eth_getBlockTransactionCountByNumber", json!(["0xf"])),
        ("eth_getTransactionByBlockNumberAndIndex", json!(["0xf", "0x0"])),
    ] {
        let (code, message) = ledger.error(method, params).await;
        assert_eq!(code, 4444, "{method}: {message}");
        assert!(message.contains("expected a block from 16 on"), "{method}: {message}");
    }
    assert_eq!(
        ledger.result("eth_getBlockByNumber", json!(["earliest", true])).await["number"],
        "0x0"
    );
    assert_eq!(ledger.result("eth_getBlockReceipts", json!(["0x10"])).await[0]["status"], "0x1");
    let gone = old["transactions"][0].clone();
    assert!(ledger.result("eth_getTransactionReceipt", json!([gone])).await.is_null());
}

#[tokio::test]
async fn an_audit_begins_at_the_snapshot_and_goes_on_from_there() {
    let (ledger, notebook) = written().await;
    let whole = ledger.chain.audit(&mut |_, _| ()).expect("agrees");
    let mut folder = ledger.closed();
    let account = Account::number(1);
    let mut nonce = 20;
    for keep in [12, 7, 3, 1] {
        let report = prune(folder.path(), keep).expect("pruned");
        let ledger = Ledger::in_folder(folder);
        let audit = ledger.chain.audit(&mut |_, _| ()).expect("agrees");
        assert_eq!(audit.snapshot, report.snapshot);
        assert_eq!(audit.snapshot.map(|snapshot| snapshot.block), Some(nonce - keep));
        assert_eq!((audit.blocks, audit.transactions), (nonce + 1, nonce));
        if nonce == 20 {
            assert_eq!((audit.head, audit.gas_used), (whole.head, whole.gas_used));
            assert_eq!(audit.storage_slots, whole.storage_slots);
        }
        // Slots and accounts that the snapshot knows change, go and come back.
        for value in [0, 5, 0] {
            ledger.send(&account.writes(nonce, notebook, nonce % 3 + 1, value)).await;
            nonce += 1;
        }
        ledger.chain.audit(&mut |_, _| ()).expect("agrees after more blocks");
        folder = ledger.closed();
    }
    let nothing = prune(folder.path(), 100).expect("nothing to prune");
    assert_eq!((nothing.blocks, nothing.snapshot.map(|snapshot| snapshot.block)), (0, Some(28)));
}

#[tokio::test]
async fn a_false_snapshot_is_found() {
    for table in [STORAGE, BASE_STORAGE] {
        let (ledger, notebook) = written().await;
        let folder = ledger.closed();
        prune(folder.path(), 2).expect("pruned");
        write(folder.path(), |transaction| {
            let mut table = transaction.open_table(table).unwrap();
            table.insert(key(notebook, 9), U256::from(3).to_be_bytes::<32>()).unwrap();
        });
        match Chain::audit_dir(folder.path(), &mut |_, _| ()) {
            Err(AuditError::Different(difference)) => {
                assert_eq!((difference.block, difference.part), (18, Part::Snapshot));
            }
            other => panic!("expected a difference, found {other:?}"),
        }
    }
}

#[tokio::test]
async fn nothing_is_deleted_that_does_not_agree() {
    let (ledger, _) = written().await;
    let folder = ledger.closed();
    write(folder.path(), |transaction| {
        let mut table = transaction.open_table(RECEIPTS).unwrap();
        let lie = table.get((4, 0)).unwrap().unwrap().value().to_vec();
        table.insert((5, 0), lie.as_slice()).unwrap();
    });
    let error = prune(folder.path(), 2).expect_err("a difference");
    assert!(matches!(error, PruneError::Audit(AuditError::Different(_))), "{error}");
    assert!(error.to_string().starts_with("nothing was pruned: block 5"), "{error}");
    let ledger = Ledger::in_folder(folder);
    assert_eq!(ledger.chain.stats().bodies_from, 0);
    assert_eq!(ledger.result("eth_getBlockReceipts", json!(["0x1"])).await[0]["status"], "0x1");
}

#[tokio::test]
async fn a_pruning_cut_off_after_the_snapshot_moved_is_no_harm_and_is_ended_later() {
    let (ledger, _) = written().await;
    let folder = ledger.closed();
    let rows = read_bodies(folder.path());
    prune(folder.path(), 5).expect("pruned");
    // What a kill leaves: the snapshot has moved, some bodies up to it are still there.
    write(folder.path(), |transaction| {
        rows.put_back(transaction, 9..=15);
    });
    let ledger = Ledger::in_folder(folder);
    ledger.chain.audit(&mut |_, _| ()).expect("agrees");
    assert_eq!(ledger.error("eth_getBlockReceipts", json!(["0xc"])).await.0, 4444);
    let folder = ledger.closed();
    prune(folder.path(), 5).expect("pruned");
    let database = Database::open(folder.path().join(LEDGER_FILE)).expect("open");
    let view = database.begin_read().expect("begin");
    assert_eq!(view.open_table(TRANSACTIONS).unwrap().len().unwrap(), 5);
    assert_eq!(view.open_table(LOCATIONS).unwrap().len().unwrap(), 5);
}

/// The rows of all bodies.
struct Bodies {
    transactions: Vec<((u64, u32), Vec<u8>)>,
    receipts: Vec<((u64, u32), Vec<u8>)>,
    locations: Vec<([u8; 32], (u64, u32))>,
    log_index: Vec<(u64, u64)>,
}

fn read_bodies(folder: &Path) -> Bodies {
    let database = Database::open(folder.join(LEDGER_FILE)).expect("open");
    let view = database.begin_read().expect("begin");
    let bytes = |table: TableDefinition<(u64, u32), &[u8]>| {
        let table = view.open_table(table).expect("readable");
        let rows = table.iter().expect("readable").map(|row| row.expect("readable"));
        rows.map(|(key, value)| (key.value(), value.value().to_vec())).collect()
    };
    let locations = view.open_table(LOCATIONS).expect("readable");
    let log_index = view.open_table(LOG_INDEX).expect("readable");
    Bodies {
        transactions: bytes(TRANSACTIONS),
        receipts: bytes(RECEIPTS),
        locations: locations
            .iter()
            .expect("readable")
            .map(|row| row.expect("readable"))
            .map(|(key, value)| (key.value(), value.value()))
            .collect(),
        log_index: log_index
            .iter()
            .expect("readable")
            .map(|row| row.expect("readable").0.value())
            .collect(),
    }
}

impl Bodies {
    fn put_back(
        &self,
        transaction: &redb::WriteTransaction,
        blocks: std::ops::RangeInclusive<u64>,
    ) {
        for (table, rows) in [(TRANSACTIONS, &self.transactions), (RECEIPTS, &self.receipts)] {
            let mut table = transaction.open_table(table).expect("readable");
            for (place, row) in rows.iter().filter(|(place, _)| blocks.contains(&place.0)) {
                table.insert(place, row.as_slice()).expect("readable");
            }
        }
        let mut locations = transaction.open_table(LOCATIONS).expect("readable");
        for (hash, place) in self.locations.iter().filter(|(_, place)| blocks.contains(&place.0)) {
            locations.insert(hash, place).expect("readable");
        }
        let mut log_index = transaction.open_table(LOG_INDEX).expect("readable");
        for row in self.log_index.iter().filter(|row| blocks.contains(&row.1)) {
            log_index.insert(row, ()).expect("readable");
        }
    }
}

/// Bytes of bodies that the ledger below keeps.
const LIMIT: u64 = 256 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stderr, reason = "a figure to read")]
async fn with_a_limit_the_disk_stays_bounded() {
    const BLOCKS: u64 = 2_000;
    let folder = tempfile::TempDir::new().expect("a folder");
    let options = Options { bodies_bytes_max: Some(LIMIT) };
    let genesis = Genesis { chain_id: CHAIN_ID };
    let chain = Chain::open_with(folder.path(), genesis, options, Arc::new(|| 7)).expect("open");
    let account = Account::number(1);
    for nonce in 0..BLOCKS {
        let mut transaction = dynamic(nonce, account.address().into(), vec![1; 8_000].into());
        transaction.gas_limit = 1_000_000;
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction",
            "params": [account.sign(transaction)],
        });
        let answer = chain.rpc(&call.to_string()).await;
        assert!(answer.contains("result"), "{answer}");
        let stats = chain.stats();
        assert!(stats.bodies_bytes <= 2 * LIMIT + 10_000, "{stats:?}");
        // 16 MB of bodies pass. Headers and their index stay, some 700 bytes a block; the file is
        // extended in steps and has room for the changes of a few commits.
        assert!(stats.bytes_on_disk <= BLOCKS * 1_500 + 16 * LIMIT, "{stats:?}");
    }
    let stats = chain.stats();
    assert!(stats.bodies_from > BLOCKS * 9 / 10, "{stats:?}");
    let audit = chain.audit(&mut |_, _| ()).expect("agrees");
    assert_eq!(audit.transactions, BLOCKS);
    drop(chain);
    let report = prune(folder.path(), u64::MAX).expect("compacted");
    assert_eq!(report.blocks, 0);
    let size = fs::metadata(folder.path().join(LEDGER_FILE)).expect("a file").len();
    eprintln!("{BLOCKS} blocks: {} bytes on disk, {size} compacted", stats.bytes_on_disk);
    assert_eq!(size, report.bytes_after);
}

#[tokio::test]
async fn a_file_of_format_1_is_brought_up_to_date() {
    let (ledger, _) = written().await;
    let stats = ledger.chain.stats();
    let folder = ledger.closed();
    write(folder.path(), |transaction| {
        let mut meta = transaction.open_table(META).unwrap();
        meta.insert("format", 1).unwrap();
        meta.remove("bodies_bytes").unwrap();
        drop(meta);
        for name in [SNAPSHOT, BASE_ACCOUNTS, "base_storage", "history"] {
            let tables: Vec<_> = transaction.list_tables().unwrap().collect();
            for table in tables {
                if redb::TableHandle::name(&table) == name {
                    transaction.delete_table(table).unwrap();
                }
            }
        }
    });
    let ledger = Ledger::in_folder(folder);
    assert_eq!(ledger.chain.stats().bodies_bytes, stats.bodies_bytes);
    let account = Account::number(1);
    ledger.send(&account.writes(20, account.address().create(0), 1, 1)).await;
}
