//! Foundry's `cast`: deploys a contract, sends both kinds of transactions, reads everything back.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::served::{CHAIN_ID, Served};
use crate::tools::{artifact, output, tool};

/// A key of the tests, and its address.
const KEY: &str = "0x0101010101010101010101010101010101010101010101010101010101010101";
const ADDRESS: &str = "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1";

struct Cast {
    program: PathBuf,
    url: String,
}

impl Cast {
    /// What a command prints; it must succeed.
    async fn run(&self, arguments: &[&str]) -> String {
        let (success, out, error) = self.end(arguments).await;
        assert!(success, "cast {arguments:?}: {error}");
        out
    }

    /// Whether a command succeeded, what it printed, and what it complained of.
    async fn end(&self, arguments: &[&str]) -> (bool, String, String) {
        let mut command = Command::new(&self.program);
        command.args(arguments).env("ETH_RPC_URL", &self.url).env("NO_PROXY", "*");
        let output = output(command).await;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// What a command prints as JSON.
    async fn json(&self, arguments: &[&str]) -> Value {
        let text = self.run(arguments).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cast_works_on_the_ledger() {
    let served = Served::new().await;
    let cast = Cast { program: tool("cast"), url: served.http() };

    assert_eq!(cast.run(&["chain-id"]).await, CHAIN_ID.to_string());
    assert_eq!(cast.run(&["block-number"]).await, "0");
    assert_eq!(cast.run(&["gas-price"]).await, "0");
    assert_eq!(cast.run(&["balance", ADDRESS]).await, "0");
    assert_eq!(cast.run(&["client"]).await, concat!("theriac/v", env!("CARGO_PKG_VERSION")));
    assert_eq!(cast.run(&["base-fee"]).await, "0");

    let code = artifact("Registry")["bytecode"].as_str().expect("byte code").to_owned();
    let constructor = ["constructor(address,address)", ADDRESS, ADDRESS];
    let mut deploy = vec!["send", "--json", "--private-key", KEY, "--create", &code];
    deploy.extend(constructor);
    let deployed = cast.json(&deploy).await;
    assert_eq!(deployed["status"], "0x1", "{deployed}");
    let registry = deployed["contractAddress"].as_str().expect("a contract").to_owned();
    assert_eq!(cast.run(&["nonce", ADDRESS]).await, "1");
    assert!(cast.run(&["code", &registry]).await.len() > 1_000);

    let member = |gln| ["4", "0", gln, "https://member.example", ADDRESS];
    let add = "addMember(uint64,uint32,uint32,string,string,address)";
    let mut send =
        vec!["send", "--json", "--legacy", "--private-key", KEY, &registry, add, "9521321000018"];
    send.extend(member("a member"));
    let receipt = cast.json(&send).await;
    assert_eq!((&receipt["status"], &receipt["type"]), (&"0x1".into(), &"0x0".into()));
    let hash = receipt["transactionHash"].as_str().expect("a hash").to_owned();

    let mut estimate = vec!["estimate", "--from", ADDRESS, &registry, add, "9521321000025"];
    let fresh = [
        "4",
        "0",
        "another",
        "https://other.example",
        "0x0000000000000000000000000000000000000077",
    ];
    estimate.extend(fresh);
    let gas: u64 = cast.run(&estimate).await.parse().expect("a number");
    let gas_text = gas.to_string();
    let mut send = vec![
        "send",
        "--json",
        "--gas-limit",
        &gas_text,
        "--private-key",
        KEY,
        &registry,
        add,
        "9521321000025",
    ];
    send.extend(fresh);
    let receipt = cast.json(&send).await;
    assert_eq!((&receipt["status"], &receipt["type"]), (&"0x1".into(), &"0x2".into()));

    // The same member again: refused before it is sent, with the contract's error.
    let mut again = vec!["send", "--private-key", KEY, &registry, add, "9521321000025"];
    again.extend(fresh);
    let (success, _, error) = cast.end(&again).await;
    assert!(!success && error.contains("revert"), "{error}");

    reads(&cast, &registry, &hash).await;
    served.stop().await;
}

async fn reads(cast: &Cast, registry: &str, hash: &str) {
    let number = ["call", registry, "numberOf(uint64)(uint40)", "9521321000018"];
    assert_eq!(cast.run(&number).await, "1");
    let receipt = cast.json(&["receipt", hash, "--json"]).await;
    assert_eq!(receipt["blockNumber"], "0x2");
    assert_eq!(cast.run(&["receipt", hash, "status"]).await, "true");
    let transaction = cast.json(&["tx", hash, "--json"]).await;
    assert_eq!(transaction["from"].as_str().map(str::to_lowercase), Some(ADDRESS.to_lowercase()));
    let block = cast.json(&["block", "2", "--json"]).await;
    assert_eq!(block["transactions"][0], hash);
    for tag in ["latest", "finalized", "safe"] {
        assert_eq!(cast.json(&["block", tag, "--json"]).await["number"], "0x3", "{tag}");
    }
    assert_eq!(cast.json(&["block", "earliest", "--json"]).await["number"], "0x0");
    let logs = cast.json(&["logs", "--json", "--from-block", "0", "--address", registry]).await;
    let logs = logs.as_array().expect("a list");
    assert!(logs.iter().any(|log| log["transactionHash"] == hash), "{logs:?}");
    assert_eq!(cast.run(&["storage", registry, "0x1234"]).await, format!("0x{}", "0".repeat(64)));
    let pool = cast.json(&["rpc", "txpool_status"]).await;
    assert_eq!(pool["pending"], "0x0");
    let history = cast.json(&["rpc", "eth_feeHistory", "0x2", "latest", "[50]"]).await;
    assert_eq!(history["reward"], serde_json::json!([["0x0"], ["0x0"]]));
    let (success, _, error) = cast.end(&["proof", registry, "0x0"]).await;
    assert!(!success && error.contains("eth_getProof is not supported"), "{error}");
    let (success, _, error) = cast.end(&["balance", "--block", "1", ADDRESS]).await;
    assert!(!success && error.contains("is not kept"), "{error}");
}
