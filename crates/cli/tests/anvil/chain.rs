//! An anvil process, and what only a test may ask of a ledger.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

/// The program, installed if it is not there; `None`, and why on standard error, where that cannot be done.
pub(crate) fn program() -> Option<&'static str> {
    static PROGRAM: OnceLock<Option<String>> = OnceLock::new();
    PROGRAM.get_or_init(install).as_deref()
}

fn install() -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/foundry.sh");
    let output = Command::new("sh").arg(script).arg("anvil").output().unwrap();
    if output.status.success() {
        return Some(String::from_utf8(output.stdout).unwrap().trim().to_owned());
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "anvil is needed where CI is set");
    eprintln!("skipped: no anvil: {}", String::from_utf8_lossy(&output.stderr).trim());
    None
}

/// A running anvil; it dies with this value.
pub(crate) struct Anvil {
    child: Child,
    /// Where it serves.
    pub(crate) url: String,
    http: reqwest::Client,
}

impl Anvil {
    /// Starts it on a free port, or on the one that is among the options.
    pub(crate) fn start(program: &str, options: &[&str]) -> Self {
        let port = ["--port", "0"];
        let port = if options.contains(&"--port") { &[][..] } else { &port[..] };
        let mut child = Command::new(program)
            .args(port)
            .args(options)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Listening on ").map(str::to_owned))
            .expect("anvil tells where it listens");
        // What it tells later is of no interest, but it must be read.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { child, url: format!("http://{address}"), http }
    }

    /// The port that it listens on.
    pub(crate) fn port(&self) -> &str {
        self.url.rsplit(':').next().unwrap()
    }

    /// Asks it something; it must not refuse.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let response = self.http.post(&self.url).json(&request).send().await.unwrap();
        let answer: Value = response.json().await.unwrap();
        assert_eq!(answer["error"], Value::Null, "{method} {params}");
        answer["result"].clone()
    }

    /// Makes the account rich.
    pub(crate) async fn fund(&self, account: &str) {
        self.ask("anvil_setBalance", json!([account, "0x56bc75e2d63100000"])).await;
    }

    /// Makes empty blocks.
    pub(crate) async fn mine(&self, blocks: u64) {
        self.ask("anvil_mine", json!([format!("{blocks:#x}")])).await;
    }

    /// The number of the latest block.
    pub(crate) async fn head(&self) -> u64 {
        number(&self.ask("eth_blockNumber", json!([])).await)
    }

    /// The transactions that wait to be mined.
    pub(crate) async fn waiting(&self) -> Vec<Value> {
        let content = self.ask("txpool_content", json!([])).await;
        let of_accounts =
            ["pending", "queued"].map(|list| content[list].as_object().unwrap().clone());
        let of_nonces = of_accounts.into_iter().flat_map(|accounts| accounts.into_iter());
        of_nonces
            .flat_map(|(_, list)| list.as_object().unwrap().clone())
            .map(|(_, one)| one)
            .collect()
    }

    /// Ends it as an operator does: it writes its state.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap();
    }
}

impl Drop for Anvil {
    fn drop(&mut self) {
        // It has ended already if it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A number as JSON-RPC writes it.
pub(crate) fn number(quantity: &Value) -> u64 {
    u64::from_str_radix(quantity.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}
