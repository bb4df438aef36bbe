//! Foundry's anvil on a free port, with the rules of the embedded ledger as far as it can have them.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use alloy::{
    primitives::{Address, Bytes, U256, keccak256},
    rpc::client::RpcClient,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use theriac_chain::BLOCK_GAS_LIMIT;

use crate::{embedded::Account, workload::CHAIN_ID};

pub(crate) struct Anvil {
    process: Child,
    client: RpcClient,
    folder: TempDir,
}

/// The file that anvil writes its state into when it is interrupted.
const STATE: &str = "state.json";

/// The path of anvil; the script installs it when it is not there.
fn program() -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/foundry.sh");
    let output = Command::new("sh").arg(script).arg("anvil").output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "scripts/foundry.sh anvil: {said}");
    String::from_utf8(output.stdout).expect("a path").trim().to_owned()
}

impl Anvil {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut process = Command::new(program())
            .arg("--dump-state")
            .arg(folder.path().join(STATE))
            .args(["--port", "0", "--hardfork", "prague", "--no-mining", "--order", "fifo"])
            .args(["--chain-id", &CHAIN_ID.to_string(), "--timestamp", "0", "--accounts", "0"])
            .args(["--block-base-fee-per-gas", "0", "--gas-price", "0"])
            .args(["--gas-limit", &BLOCK_GAS_LIMIT.to_string()])
            .args(["--disable-min-priority-fee", "--disable-pool-balance-checks"])
            .args(["--disable-default-create2-deployer", "--no-request-size-limit"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("anvil starts");
        let output = process.stdout.take().expect("a pipe");
        let mut lines = BufReader::new(output).lines();
        let address = loop {
            let line = lines.next().expect("anvil says where it listens").expect("text");
            if let Some(address) = line.strip_prefix("Listening on ") {
                break address.trim().to_owned();
            }
        };
        // What it prints from here on must go somewhere, or it would wait.
        std::thread::spawn(move || lines.for_each(drop));
        // Where another crate of the workspace brings TLS, the HTTP client wants to know whose.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = format!("http://{address}").parse().expect("a URL");
        Self { process, client: RpcClient::new_http(url), folder }
    }

    pub(crate) async fn ask(&self, method: &'static str, params: Value) -> Value {
        let answer = self.client.request::<_, Value>(method, &params).await;
        answer.unwrap_or_else(|error| panic!("anvil, {method} {params}: {error}"))
    }

    /// The result, or the data of the revert.
    pub(crate) async fn call(&self, params: Value) -> Result<Value, Value> {
        let answer = self.client.request::<_, Value>("eth_call", &params).await;
        answer.map_err(|error| {
            let data = error.as_error_resp().and_then(|payload| payload.data.as_ref());
            data.and_then(|data| serde_json::from_str(data.get()).ok()).unwrap_or_default()
        })
    }

    /// Several questions at once.
    pub(crate) async fn ask_all(&self, method: &'static str, list: Vec<Value>) -> Vec<Value> {
        let mut answers = Vec::new();
        for part in list.chunks(200) {
            let mut batch = self.client.new_batch();
            let waiting: Vec<_> = part
                .iter()
                .map(|params| batch.add_call::<_, Value>(method, params).expect("a call"))
                .collect();
            batch.send().await.expect("sent");
            for one in waiting {
                answers.push(one.await.expect("an answer"));
            }
        }
        answers
    }

    /// Makes one block of these transactions.
    pub(crate) async fn mine(&self, time: u64, transactions: &[Bytes]) {
        let list = transactions.iter().map(|raw| json!([raw])).collect();
        self.ask_all("eth_sendRawTransaction", list).await;
        self.ask("evm_setNextBlockTimestamp", json!([time])).await;
        self.ask("anvil_setNextBlockBaseFeePerGas", json!(["0x0"])).await;
        self.ask("evm_mine", json!([])).await;
    }
}

impl Anvil {
    /// Ends anvil; answers every account that is not empty, with its slots that are not zero.
    pub(crate) fn closed(mut self) -> BTreeMap<Address, Account> {
        let id = self.process.id().to_string();
        let told = Command::new("kill").args(["-INT", &id]).status().expect("kill runs");
        assert!(told.success());
        self.process.wait().expect("anvil ends");
        let text = std::fs::read_to_string(self.folder.path().join(STATE)).expect("a state");
        let state: Value = serde_json::from_str(&text).expect("JSON");
        let accounts = state["accounts"].as_object().expect("accounts");
        let read = |(address, account): (&String, &Value)| {
            (address.parse().expect("an address"), account_of(account))
        };
        accounts.iter().map(read).filter(|(_, account)| !account.is_empty()).collect()
    }
}

fn account_of(value: &Value) -> Account {
    let code: Bytes = serde_json::from_value(value["code"].clone()).unwrap_or_default();
    let slots: BTreeMap<U256, U256> =
        serde_json::from_value(value["storage"].clone()).expect("slots");
    Account {
        nonce: value["nonce"].as_u64().expect("a nonce"),
        balance: serde_json::from_value(value["balance"].clone()).expect("a balance"),
        code_hash: keccak256(code),
        slots: slots.into_iter().filter(|(_, value)| !value.is_zero()).collect(),
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
