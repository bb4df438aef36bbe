//! A process killed while it sends and prunes: what was answered is there, and the chain is whole.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use alloy::primitives::{B256, Bytes, keccak256};
use serde_json::{Value, json};
use tempfile::TempDir;
use theriac_chain::{Chain, Genesis, Options};

use crate::fixture::{Account, CHAIN_ID, START, open};

/// Names the folder for the child; without it the child's part of the test does nothing.
const FOLDER: &str = "THERIAC_CRASH_FOLDER";
/// Bytes of bodies that the child keeps; without it, all.
const LIMIT: &str = "THERIAC_CRASH_LIMIT";
/// Accounts that send at the same time in the child.
const SENDERS: u8 = 4;

fn answered(folder: &Path, sender: u8) -> PathBuf {
    folder.join(format!("answered-{sender}"))
}

/// The child: sends until it is killed, and notes each answer after it came.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "runs as the child of the test below"]
async fn sends_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let limit = std::env::var(LIMIT).ok().and_then(|text| text.parse().ok());
    let options = Options { bodies_bytes_max: limit };
    let (folder_of_ledger, genesis) = (folder.join("ledger"), Genesis { chain_id: CHAIN_ID });
    let chain =
        Chain::open_with(&folder_of_ledger, genesis, options, Arc::new(|| START)).expect("opens");
    let tasks: Vec<_> = (1..=SENDERS)
        .map(|sender| tokio::spawn(sends(chain.clone(), folder.clone(), sender)))
        .collect();
    for task in tasks {
        task.await.expect("never ends");
    }
}

async fn sends(chain: Chain, folder: PathBuf, sender: u8) {
    let account = Account::number(sender);
    let path = answered(&folder, sender);
    let mut nonce = fs::read_to_string(&path).map_or(0, |text| text.lines().count() as u64);
    let mut notes = File::options().append(true).create(true).open(path).expect("notes");
    loop {
        let raw = transaction(&account, nonce);
        let hash = send(&chain, &raw).await;
        assert_eq!(hash, json!(keccak256(&raw)));
        writeln!(notes, "{}", keccak256(&raw)).expect("noted");
        nonce += 1;
    }
}

/// The first transaction deploys the notebook, each other one writes into it.
fn transaction(account: &Account, nonce: u64) -> Bytes {
    match nonce {
        0 => account.deploys(0),
        nonce => account.writes(nonce, account.address().create(0), nonce, nonce),
    }
}

async fn send(chain: &Chain, raw: &Bytes) -> Value {
    let call = json!({
        "jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [raw],
    });
    let text = chain.rpc(&call.to_string()).await;
    let mut response: Value = serde_json::from_str(&text).expect("JSON");
    response["result"].take()
}

fn child(folder: &Path, limit: Option<u64>) -> Child {
    let limit = limit.map(|bytes| (LIMIT, bytes.to_string()));
    Command::new(std::env::current_exe().expect("this program"))
        .args(["crashes::sends_until_killed", "--exact", "--ignored"])
        .env(FOLDER, folder)
        .envs(limit)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the child starts")
}

/// All hashes noted so far, by sender.
fn notes(folder: &Path) -> Vec<Vec<B256>> {
    (1..=SENDERS)
        .map(|sender| {
            let text = fs::read_to_string(answered(folder, sender)).unwrap_or_default();
            text.lines().filter_map(|line| line.parse().ok()).collect()
        })
        .collect()
}

/// Lets a child send until `wanted` answers are noted in all, then kills it (SIGKILL).
fn kill_after(folder: &Path, limit: Option<u64>, wanted: usize) {
    let mut child = child(folder, limit);
    while notes(folder).iter().map(Vec::len).sum::<usize>() < wanted {
        assert!(child.try_wait().expect("a child").is_none(), "the child ended by itself");
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().expect("killed");
    child.wait().expect("dead");
}

#[tokio::test]
async fn what_was_answered_survives_a_kill() {
    let folder = TempDir::new().expect("a folder");
    for wanted in [1, 40, 100, 161] {
        kill_after(folder.path(), None, wanted);
        let chain = open(&folder.path().join("ledger"), Arc::new(AtomicU64::new(START)));
        for (sender, hashes) in (1..).zip(notes(folder.path())) {
            let account = Account::number(sender);
            for (nonce, hash) in (0..).zip(&hashes) {
                assert_eq!(*hash, keccak256(transaction(&account, nonce)), "no answer is lost");
                let call = json!({
                    "jsonrpc": "2.0", "id": 1, "method": "eth_getTransactionReceipt",
                    "params": [hash],
                });
                let receipt: Value =
                    serde_json::from_str(&chain.rpc(&call.to_string()).await).expect("JSON");
                assert_eq!(receipt["result"]["status"], "0x1", "sender {sender}, nonce {nonce}");
            }
            // The one that was on its way may be there or not; sending it again settles it.
            let raw = transaction(&account, hashes.len() as u64);
            assert_eq!(send(&chain, &raw).await, json!(keccak256(&raw)));
        }
        let report = chain.audit(&mut |_, _| ()).expect("the ledger agrees with itself");
        assert!(report.transactions as usize >= wanted);
    }
}

#[tokio::test]
async fn a_kill_while_bodies_are_pruned_leaves_a_whole_chain() {
    let folder = TempDir::new().expect("a folder");
    let mut pruned = 0;
    for wanted in [60, 150, 271, 400, 523, 700] {
        kill_after(folder.path(), Some(8_192), wanted);
        let chain = open(&folder.path().join("ledger"), Arc::new(AtomicU64::new(START)));
        for (sender, hashes) in (1..).zip(notes(folder.path())) {
            let address = Account::number(sender).address();
            let call = json!({
                "jsonrpc": "2.0", "id": 1, "method": "eth_getTransactionCount",
                "params": [address, "latest"],
            });
            let answer: Value =
                serde_json::from_str(&chain.rpc(&call.to_string()).await).expect("JSON");
            let nonce: alloy::primitives::U64 =
                serde_json::from_value(answer["result"].clone()).expect("a number");
            assert!(nonce.to::<usize>() >= hashes.len(), "no answer of sender {sender} is lost");
        }
        let report = chain.audit(&mut |_, _| ()).expect("the ledger agrees with itself");
        let from = chain.stats().bodies_from;
        assert_eq!(report.snapshot.map_or(0, |snapshot| snapshot.block + 1), from);
        assert!(report.transactions as usize >= wanted && from >= pruned);
        pruned = from;
    }
    assert!(pruned > 0, "something was pruned");
}
