//! ethers: `tools/ethers-check.mjs` on the ledger, over HTTP and WebSocket.

use std::process::Command;

use crate::served::Served;
use crate::tools::{output, project, tool};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stderr, reason = "what the script says")]
async fn ethers_works_on_the_ledger() {
    let served = Served::new().await;
    let mut command = Command::new("node");
    command.arg(project("tools/ethers-check.mjs")).args([served.http(), served.socket()]);
    command.env("ETHERS", tool("ethers"));
    let output = output(command).await;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    eprint!("{}", String::from_utf8_lossy(&output.stdout));
    assert!(served.chain.head().number >= 4);
    served.stop().await;
}
