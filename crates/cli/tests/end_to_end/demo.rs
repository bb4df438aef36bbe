//! The demo, small.

use std::process::Command;

use serde_json::Value;

use super::program::{Ran, program};

const PACKS: &str = "400";

#[test]
fn every_verdict_is_the_expected_one() {
    let dir = tempfile::tempdir().unwrap();
    let (data, json) = (dir.path().join("data"), dir.path().join("result.json"));
    let mut demo = program();
    demo.args(["demo", "--packs", PACKS, "--exit", "--json"]).arg(&json).arg("--data").arg(&data);
    let ran = Ran::from(demo.output().unwrap()).exits(0);
    assert!(ran.out.contains("all as expected"), "{}", ran.out);

    let result: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(result["packs"], 400);
    assert!(result["ledger"]["gas"].as_u64().unwrap() > 0);
    assert_eq!(result["deviations"], serde_json::json!([]));
    let verdicts = result["verdicts"].as_array().unwrap();
    assert!(verdicts.iter().all(|verdict| verdict["got"] == verdict["expected"]));
    for word in [
        "not_genuine",
        "unknown",
        "recalled",
        "blocked",
        "stolen",
        "quarantined",
        "already_retired",
        "expired",
        "not_here",
        "genuine",
    ] {
        assert!(verdicts.iter().any(|verdict| verdict["got"] == word), "no verdict {word}");
    }

    let full: Ran = program().arg("demo").arg("--data").arg(&data).output().unwrap().into();
    assert!(full.exits(2).err.contains("expected an empty folder"));
    let regulator = data.join("regulator");
    let mut audit = program();
    audit.arg("--node").arg(&regulator).args(["ledger", "audit"]);
    Ran::from(audit.output().unwrap()).exits(0);
}

#[test]
fn it_stays_up_until_it_is_stopped_and_its_commands_work() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("table");
    let mut demo = program()
        .args(["demo", "--packs", PACKS, "--data"])
        .arg(dir.path().join("data"))
        .stdout(std::fs::File::create(&file).unwrap())
        .spawn()
        .unwrap();
    let said = loop {
        assert_eq!(demo.try_wait().unwrap(), None, "the demo ended");
        let said = std::fs::read_to_string(&file).unwrap();
        if said.contains("Ctrl-C ends.") {
            break said;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    };
    let commands: Vec<&str> = said.lines().filter(|line| line.contains(" verify ")).collect();
    assert_eq!(commands.len(), 3, "{said}");
    let codes = commands.iter().map(|command| {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).env_remove("THERIAC_NODE").output().unwrap().status.code()
    });
    assert_eq!(codes.collect::<Vec<_>>(), [Some(0), Some(1), Some(1)]);
    let pid = demo.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(demo.wait().unwrap().code(), Some(0));
}

#[test]
fn a_plan_out_of_range_is_2() {
    let ran: Ran = program().args(["demo", "--packs", "3", "--exit"]).output().unwrap().into();
    assert!(ran.exits(2).err.contains("expected 400 to"));
}

/// Six companies trade; every step of it is as it should be, whatever happens to nodes and links.
#[test]
fn the_story_of_trade_is_told_as_expected() {
    let dir = tempfile::tempdir().unwrap();
    let (data, json) = (dir.path().join("data"), dir.path().join("story.json"));
    let mut story = program();
    story.args(["demo", "--story", "--exit", "--json"]).arg(&json).arg("--data").arg(&data);
    let ran = Ran::from(story.output().unwrap()).exits(0);
    let result: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    let steps = result["steps"].as_array().unwrap();
    assert!(steps.len() >= 22, "{}", ran.out);
    assert!(steps.iter().all(|step| step["ok"] == true), "{}", ran.out);
}
