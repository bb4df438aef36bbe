//! The program under test: a folder made for it, and its commands run to their end.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use theriac_custody::Role;
use theriac_node::{InitOptions, LedgerChoice, Passphrase, init, system_clock};

/// The passphrase of the nodes of these tests.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Makes a node of a company that may do everything, with a ledger of its own, at `dir`. Its keys
/// are cheap to unlock, which the program has no option for.
pub(crate) async fn make_node(dir: &Path) {
    let options = InitOptions {
        name: "Example Pharma".to_owned(),
        gln: "9521321000018".parse().unwrap(),
        roles: Role::ALL.into_iter().collect(),
        ledger: LedgerChoice::New { chain_id: 7 },
        listen: None,
        ledger_listen: None,
        light_keys: true,
        clock: system_clock(),
    };
    init(dir, &options, &Passphrase::new(PASSPHRASE)).await.unwrap();
}

/// The program, to be run in the node's folder, undisturbed by the environment of the tests.
pub(crate) fn command(node: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_theriac"));
    for variable in ["THERIAC_NODE", "THERIAC_LEDGER_URL", "THERIAC_PUBLIC_URL", "THERIAC_LOG"] {
        command.env_remove(variable);
    }
    command
        .env("THERIAC_PASSPHRASE", PASSPHRASE)
        .env("THERIAC_LISTEN", "127.0.0.1:0")
        .current_dir(node)
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end; it must not panic.
pub(crate) fn theriac(node: &Path, words: &[&str]) -> Ended {
    ended(words, command(node).args(words).output().unwrap())
}

/// What a command left behind; it must not have panicked.
pub(crate) fn ended(words: &[&str], output: Output) -> Ended {
    let ended = Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!ended.stderr.contains("panicked"), "theriac {words:?}: {}", ended.stderr);
    ended
}
