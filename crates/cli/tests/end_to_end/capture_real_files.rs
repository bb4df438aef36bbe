//! Files of others go through capture: every event is admitted, held or refused with a reason and a
//! place, and the counts add up.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::program::Folder;

const FOLDERS: [&str; 2] = ["pharma-quartet", "pharma-epcistransformer"];

/// The folder with files of others; `None` where it is not.
fn data() -> Option<PathBuf> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("THERIAC_DATA").map_or(usual, PathBuf::from);
    if !data.is_dir() {
        eprintln!("skipped: set THERIAC_DATA to the folder of collected documents");
        return None;
    }
    Some(data)
}

#[test]
fn every_event_has_an_outcome() {
    let Some(data) = data() else { return };
    let folder = Folder::new();
    for name in FOLDERS {
        let files = data.join(name);
        let ran = folder.run(["capture", "--json", files.to_str().unwrap()]);
        assert!(matches!(ran.code, Some(0..=2)), "{}", ran.err);
        let reports = ran.json();
        assert!(!reports.is_empty(), "{name}: {}", ran.err);
        for report in &reports {
            check(report);
        }
    }
    folder.run(["reconcile"]).exits(0);
}

fn check(report: &Value) {
    let count = |field: &str| report[field].as_u64().unwrap();
    let sum = count("admitted") + count("held") + count("refused") + count("duplicate");
    assert_eq!(count("events"), sum, "{}", report["file"]);
    let outcomes = report["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len() as u64, sum, "{}", report["file"]);
    for (ordinal, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome["ordinal"], ordinal, "{}", report["file"]);
        let state = outcome["state"].as_str().unwrap();
        if matches!(state, "held" | "refused") {
            let told = |field: &str| outcome[field].as_str().is_some_and(|text| !text.is_empty());
            assert!(told("reason") && told("place"), "{}: {outcome:#}", report["file"]);
        }
    }
}

#[test]
fn packs_of_a_serialisation_file_are_genuine_once_their_product_is_registered() {
    let Some(data) = data() else { return };
    let Some(file) = find(&data, "rocit-opsm-test-epcis.xml") else {
        eprintln!("skipped: rocit-opsm-test-epcis.xml is not there");
        return;
    };
    let folder = Folder::new();
    let file = file.to_str().unwrap();
    let report = &folder.run(["capture", "--json", file]).json()[0];
    assert_eq!(report["events"], 1_609, "1,477 object events and 132 aggregations");
    let mut gtins: Vec<String> = outcomes_texts(report, "what_to_do")
        .filter_map(|text| {
            let word = text.split("theriac product add ").nth(1)?;
            Some(word.chars().take_while(char::is_ascii_digit).collect())
        })
        .collect();
    gtins.sort();
    gtins.dedup();
    assert!(!gtins.is_empty(), "the report names the command that registers the products");
    for gtin in &gtins {
        folder.run(["product", "add", gtin]).exits(0);
    }
    let events = folder.run(["events", "--json", "--step", "commissioning", "--limit", "3"]).json();
    assert!(events.iter().all(|event| event["state"] == "final"), "{events:#?}");
    folder.run(["reconcile"]).exits(0);
}

fn outcomes_texts<'a>(report: &'a Value, field: &'a str) -> impl Iterator<Item = &'a str> {
    let outcomes = report["outcomes"].as_array().unwrap().iter();
    outcomes.filter_map(move |outcome| outcome[field].as_str())
}

fn find(dir: &Path, name: &str) -> Option<PathBuf> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(dir).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            folders.push(path);
        } else if path.file_name().is_some_and(|found| found == name) {
            return Some(path);
        }
    }
    folders.iter().find_map(|folder| find(folder, name))
}
