//! Where the clients are; `scripts/foundry.sh` installs them when they are not there.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file of this project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Runs a program without stopping the runtime.
pub(crate) async fn output(mut command: Command) -> Output {
    let ended = tokio::task::spawn_blocking(move || command.output()).await;
    ended.expect("no panic").expect("the program runs")
}

/// The path of `cast`, `anvil`, or the folder of ethers.
pub(crate) fn tool(name: &str) -> PathBuf {
    let output =
        Command::new("sh").arg(project("scripts/foundry.sh")).arg(name).output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "scripts/foundry.sh {name}: {said}");
    PathBuf::from(String::from_utf8(output.stdout).expect("a path").trim())
}

/// A member of the artefact of a contract, as text.
pub(crate) fn artifact(contract: &str) -> serde_json::Value {
    let path = project(&format!("contracts/artifacts/{contract}.json"));
    let text = std::fs::read_to_string(path).expect("an artefact");
    serde_json::from_str(&text).expect("JSON")
}
