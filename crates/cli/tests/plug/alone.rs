//! `theriac capture` in a folder that no process serves, killed while it works.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::chance::Chance;
use crate::documents::{Document, GTIN, PARTNER_GLN};
use crate::program::{command, theriac};

/// Registers the product and the partner.
pub(crate) fn register(node: &Path) {
    let account = format!("0x{}", "11".repeat(20));
    let member = [
        "member",
        "add",
        "--gln",
        PARTNER_GLN,
        "--name",
        "Corner Pharmacy",
        "--role",
        "dispenser",
        "--endpoint",
        "http://127.0.0.1:9",
        "--account",
        &account,
    ];
    for words in [&member[..], &["product", "add", GTIN]] {
        let ended = theriac(node, words);
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}

/// Writes the documents into a folder: their files, in the order in which they are captured.
pub(crate) fn write(folder: &Path, documents: &[Document]) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).unwrap();
    let file = |(n, document): (usize, &Document)| {
        let file = folder.join(format!("{n:04}.jsonld"));
        std::fs::write(&file, &document.bytes).unwrap();
        file
    };
    documents.iter().enumerate().map(file).collect()
}

/// Captures files and kills the process after a while: the reports that it gave until then, by file.
pub(crate) fn capture_and_kill(
    node: &Path,
    files: &[PathBuf],
    chance: &mut Chance,
) -> BTreeMap<PathBuf, Value> {
    let mut child = command(node)
        .args(["capture", "--json"])
        .args(files)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(chance.below(2_000)));
    // It may have come to its end before.
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    let told = String::from_utf8_lossy(&output.stdout);
    // A line that breaks off tells nothing.
    let reports = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    reports.map(|report| (report["file"].as_str().unwrap().into(), report)).collect()
}

/// The hashes of all events on record, each once, and whether all are final.
pub(crate) fn events(node: &Path) -> (HashSet<String>, bool) {
    let ended = theriac(node, &["events", "--json", "--limit", "1000000"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let mut hashes = HashSet::new();
    let mut all_final = true;
    for line in ended.stdout.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        all_final &= event["state"] == "final";
        assert!(hashes.insert(event["hash"].as_str().unwrap().to_owned()), "twice: {event}");
    }
    (hashes, all_final)
}

/// The hashes of the events of a report.
pub(crate) fn hashes(report: &Value) -> Vec<String> {
    let outcomes = report["outcomes"].as_array().unwrap();
    outcomes.iter().map(|outcome| outcome["hash"].as_str().unwrap().to_owned()).collect()
}
