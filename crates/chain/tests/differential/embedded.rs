//! The embedded ledger with a clock, and its whole state once it is closed.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use alloy::primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde_json::{Value, json};
use tempfile::TempDir;
use theriac_chain::{Chain, Genesis, LEDGER_FILE};

use crate::workload::CHAIN_ID;

const STORAGE: TableDefinition<[u8; 52], [u8; 32]> = TableDefinition::new("storage");
const ACCOUNTS: TableDefinition<[u8; 20], [u8; 72]> = TableDefinition::new("accounts");

pub(crate) struct Embedded {
    chain: Chain,
    time: Arc<AtomicU64>,
    folder: TempDir,
}

/// An account with its slots that are not zero.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) nonce: u64,
    pub(crate) balance: U256,
    pub(crate) code_hash: B256,
    pub(crate) slots: BTreeMap<U256, U256>,
}

impl Account {
    /// An account that does not exist (EIP-161).
    pub(crate) fn is_empty(&self) -> bool {
        self.nonce == 0 && self.balance.is_zero() && self.code_hash == KECCAK256_EMPTY
    }
}

impl Embedded {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let time = Arc::new(AtomicU64::new(0));
        let clock = {
            let time = time.clone();
            Arc::new(move || time.load(Ordering::SeqCst))
        };
        let genesis = Genesis { chain_id: CHAIN_ID };
        let chain = Chain::open(folder.path(), genesis, clock).expect("a ledger");
        Self { chain, time, folder }
    }

    async fn text(&self, request: Value) -> Value {
        serde_json::from_str(&self.chain.rpc(&request.to_string()).await).expect("JSON")
    }

    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let mut answer = self.text(call).await;
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    /// The result, or the data of the revert.
    pub(crate) async fn call(&self, params: Value) -> Result<Value, Value> {
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": params});
        let mut answer = self.text(call).await;
        match answer.get("error") {
            None => Ok(answer["result"].take()),
            Some(error) => Err(error["data"].clone()),
        }
    }

    /// Makes one block of these transactions.
    pub(crate) async fn mine(&self, time: u64, transactions: &[Bytes]) {
        self.time.store(time, Ordering::SeqCst);
        let before = self.chain.head().number;
        let batch: Vec<_> = transactions
            .iter()
            .enumerate()
            .map(|(id, raw)| {
                json!({"jsonrpc": "2.0", "id": id, "method": "eth_sendRawTransaction", "params": [raw]})
            })
            .collect();
        let answers = self.text(Value::from(batch)).await;
        for answer in answers.as_array().expect("a list") {
            assert!(answer.get("error").is_none(), "{answer}");
        }
        assert_eq!(self.chain.head().number, before + 1, "one block of one batch");
    }

    /// Closes the ledger and reads all accounts and slots from its file.
    pub(crate) fn closed(self) -> BTreeMap<Address, Account> {
        drop(self.chain);
        let database = Database::open(self.folder.path().join(LEDGER_FILE)).expect("open");
        let view = database.begin_read().expect("begin");
        let mut world = BTreeMap::new();
        for row in view.open_table(ACCOUNTS).expect("a table").iter().expect("rows") {
            let (address, row) = row.expect("a row");
            let row = row.value();
            let account = Account {
                nonce: u64::from_be_bytes(row[..8].try_into().expect("8 bytes")),
                balance: U256::from_be_slice(&row[8..40]),
                code_hash: B256::from_slice(&row[40..]),
                slots: BTreeMap::new(),
            };
            world.insert(Address::from(address.value()), account);
        }
        for row in view.open_table(STORAGE).expect("a table").iter().expect("rows") {
            let (key, value) = row.expect("a row");
            let (address, slot) = key.value().split_at(20).to_owned_parts();
            let account = world.get_mut(&address).expect("slots belong to accounts");
            account.slots.insert(slot, U256::from_be_bytes(value.value()));
        }
        world
    }
}

/// The parts of a row's key.
trait Parts {
    fn to_owned_parts(self) -> (Address, U256);
}

impl Parts for (&[u8], &[u8]) {
    fn to_owned_parts(self) -> (Address, U256) {
        (Address::from_slice(self.0), U256::from_be_slice(self.1))
    }
}
