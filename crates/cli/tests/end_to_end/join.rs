//! A second organisation joins the ledger of the first.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use super::program::{Folder, PASSPHRASE, Ran, Server, program};

/// An address that was free a moment ago.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

#[test]
fn the_command_that_init_prints_admits_the_new_member() {
    let first = Folder::new();
    let mut serve = first.command(["serve"]);
    serve.env("THERIAC_LEDGER_LISTEN", free_address());
    let server = Server::start(&mut serve, &first.node());
    let dir = tempfile::tempdir().unwrap();
    let second = dir.path().join("corner");
    let init = program()
        .args(["init", "--name", "Corner Pharmacy", "--gln", "9521346000017"])
        .args(["--role", "dispenser", "--listen", "127.0.0.1:0", "--join", &server.url])
        .arg(&second)
        .output()
        .unwrap();
    let said = Ran::from(init).exits(0).out;
    let admit = said.lines().find_map(|line| Some(&line[line.find("theriac member add")?..]));
    let admit = admit.unwrap_or_else(|| panic!("no command in {said}"));

    let health = |node: &Path| {
        let mut command = program();
        command.arg("--node").arg(node).args(["health", "--json"]);
        Ran::from(command.output().unwrap()).exits(0).json().remove(0)
    };
    assert_eq!(health(&second)["roles"], serde_json::json!([]));
    let programs = Path::new(env!("CARGO_BIN_EXE_theriac")).parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let admitted = Command::new("sh")
        .args(["-c", admit])
        .current_dir(first.node())
        .env("PATH", path)
        .env("THERIAC_PASSPHRASE", PASSPHRASE)
        .env_remove("THERIAC_NODE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran::from(admitted).exits(0);
    assert_eq!(health(&second)["roles"], serde_json::json!(["dispenser"]));
    assert_eq!(health(&second)["name"], "Corner Pharmacy");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_node_that_does_not_answer_cannot_be_joined() {
    let dir = tempfile::tempdir().unwrap();
    let second = dir.path().join("corner");
    let init = program()
        .args(["init", "--name", "A", "--gln", "9521346000017", "--role", "dispenser"])
        .args(["--join", "http://127.0.0.1:9"])
        .arg(&second)
        .output()
        .unwrap();
    let ran = Ran::from(init).exits(3);
    assert!(ran.err.contains("http://127.0.0.1:9"), "{}", ran.err);
    assert!(!second.exists(), "nothing is made before the other answers");
}
