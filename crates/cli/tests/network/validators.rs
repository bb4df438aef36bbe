//! The validators, each a process of its own that a test kills and starts again.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a validator may take to serve blocks.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `scripts/network.sh init` says of a network.
#[derive(Debug, Deserialize)]
struct Network {
    validators: Vec<Validator>,
}

/// What it says of a validator.
#[derive(Debug, Deserialize)]
struct Validator {
    command: Vec<String>,
    log: String,
    rpc: String,
}

/// Four validators; they die with this value.
pub(crate) struct Validators {
    folder: TempDir,
    network: Network,
    running: Vec<Option<Child>>,
    http: reqwest::Client,
}

impl Validators {
    /// Builds the engine if it is not there, makes a network, starts it and waits for its first blocks.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let init = script(&["init", folder.path().to_str().unwrap()]);
        assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
        let text = std::fs::read(folder.path().join("network.json")).unwrap();
        let network: Network = serde_json::from_slice(&text).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let running = network.validators.iter().map(|_| None).collect();
        let mut validators = Self { folder, network, running, http };
        for n in 0..validators.network.validators.len() {
            validators.revive(n);
        }
        for n in 0..validators.network.validators.len() {
            validators.reach(n, 1).await;
        }
        validators
    }

    /// The URL of a validator's JSON-RPC service.
    pub(crate) fn rpc(&self, n: usize) -> &str {
        &self.network.validators[n].rpc
    }

    /// Pulls the plug of a validator: SIGKILL.
    pub(crate) fn kill(&mut self, n: usize) {
        let mut child = self.running[n].take().expect("it runs");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Starts a validator that does not run.
    pub(crate) fn revive(&mut self, n: usize) {
        let Validator { command, log, .. } = &self.network.validators[n];
        let log = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let child = Command::new(&command[0])
            .args(&command[1..])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.running[n] = Some(child);
    }

    /// Waits until a validator serves the block `height`.
    pub(crate) async fn reach(&self, n: usize, height: u64) {
        let deadline = Instant::now() + PATIENCE;
        while self.head(n).await.is_none_or(|head| head < height) {
            let log = &self.network.validators[n].log;
            assert!(Instant::now() < deadline, "no block {height}: {}", end_of(Path::new(log)));
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The latest block of a validator that answers.
    pub(crate) async fn head(&self, n: usize) -> Option<u64> {
        let request =
            json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": [] });
        let response = self.http.post(self.rpc(n)).json(&request).send().await.ok()?;
        let answer: Value = response.json().await.ok()?;
        u64::from_str_radix(answer["result"].as_str()?.trim_start_matches("0x"), 16).ok()
    }

    /// A folder for what else a test needs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Validators {
    fn drop(&mut self) {
        for child in self.running.iter_mut().flatten() {
            // It may have ended by itself, which the test has noticed.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn script(words: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/network.sh");
    Command::new("sh").arg(script).args(words).output().unwrap()
}

fn end_of(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
