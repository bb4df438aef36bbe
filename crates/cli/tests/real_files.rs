//! Files of packaging lines and partners, and files that are none, through the program: nothing
//! disappears, nothing panics, and what is wrong is said.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a skipped test says so, a run tells its numbers")]

#[path = "real_files/counted.rs"]
mod counted;
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;
#[path = "real_files/wrong.rs"]
mod wrong;

use std::collections::BTreeSet;
use std::path::Path;

use counted::{Content, content, data, event_starts_at, files};
use program::{Ended, make_node, theriac};
use serde_json::Value;
use server::Server;

const FOLDERS: [&str; 2] = ["pharma-quartet", "pharma-epcistransformer"];

/// A pack of the line's file, as the file writes it.
const PACK: &str = "urn:epc:id:sgtin:0342291.034390.4259";

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_every_file_is_accounted_for() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("node");
    make_node(&node).await;
    // A node that runs: each command would open one that does not.
    let mut server = Server::start(&node);
    server.url();
    let folders = FOLDERS.map(|name| data.join(name));
    let files: Vec<_> = folders.iter().flat_map(|folder| files(folder)).collect();
    let mut sums = [0; 5];
    for file in &files {
        let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
        let ended = theriac(&node, &["capture", "--json", file.to_str().unwrap()]);
        let report: Value = serde_json::from_str(&ended.stdout).unwrap();
        match content(&text) {
            Content::Epcis { events } => {
                assert_eq!(report["events"], events, "{}", file.display());
                check_report(&text, &report);
            }
            Content::Other { word } => check_refusal(&word, &report),
        }
        assert_eq!(ended.code, Some(exit_code(&report)), "{}: {ended:?}", file.display());
        for (sum, field) in
            sums.iter_mut().zip(["events", "admitted", "held", "refused", "duplicate"])
        {
            *sum += report[field].as_u64().unwrap();
        }
    }
    let [events, admitted, held, refused, duplicate] = sums;
    eprintln!(
        "{} files, {events} events: {admitted} admitted, {held} held, {refused} refused, \
         {duplicate} captured before",
        files.len()
    );

    let words = folders.each_ref().map(|folder| folder.to_str().unwrap());
    let again = theriac(&node, &["capture", "--json", words[0], words[1]]);
    assert_eq!(again.code, Some(2), "some are no EPCIS documents: {}", again.stderr);
    let reports: Vec<Value> = lines(&again);
    assert_eq!(reports.len(), files.len());
    for report in &reports {
        let new = ["admitted", "held"].map(|field| report[field].as_u64());
        assert_eq!(new, [Some(0); 2], "captured twice: {}", report["file"]);
    }
    let (status, log) = server.stop();
    assert!(status.success(), "{status}: {log}");
    agree(&node);
}

/// Each event has its own outcome, with reason, place and what to do.
fn check_report(text: &str, report: &Value) {
    let file = &report["file"];
    let count = |field: &str| report[field].as_u64().unwrap();
    let outcomes = report["outcomes"].as_array().unwrap();
    let sum = count("admitted") + count("held") + count("refused") + count("duplicate");
    assert_eq!((count("events"), outcomes.len() as u64), (sum, sum), "{file}");
    assert_eq!(report["document_error"], Value::Null, "{file}");
    for state in ["refused", "duplicate"] {
        let found = outcomes.iter().filter(|outcome| outcome["state"] == state).count() as u64;
        assert_eq!(found, count(state), "{file}: {state}");
    }
    for (ordinal, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome["ordinal"], ordinal, "{file}");
        let place = outcome["place"].as_str().unwrap();
        assert!(event_starts_at(text, place), "{file}: no event starts at {place}");
        let told: &[&str] = match outcome["state"].as_str().unwrap() {
            "held" => &["reason", "code", "what_to_do", "hash"],
            "refused" => &["reason", "code", "what_to_do"],
            "duplicate" => &["reason", "hash"],
            "admitted" | "recorded" | "final" => &["hash"],
            state => panic!("{file}: {state}"),
        };
        for field in told {
            let text = outcome[field].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{file}: no {field} in {outcome:#}");
        }
    }
}

/// Another document is told by name.
fn check_refusal(word: &str, report: &Value) {
    assert_eq!(report["events"], 0, "{report:#}");
    let error = report["document_error"].as_str().unwrap();
    assert!(error.starts_with("expected an EPCIS document, found "), "{error}");
    assert!(error.contains(word), "expected {word} in: {error}");
}

fn exit_code(report: &Value) -> i32 {
    match (&report["document_error"], &report["held"], &report["refused"]) {
        (Value::Null, held, refused) if *held == 0 && *refused == 0 => 0,
        (Value::Null, ..) => 1,
        _ => 2,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packaging_line_is_admitted_once_its_products_are_registered() {
    let Some(data) = data() else { return };
    let file = data.join("pharma-quartet/quartet_integrations/rocit-opsm-test-epcis.xml");
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("node");
    make_node(&node).await;

    let ended = theriac(&node, &["capture", "--json", file.to_str().unwrap()]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let counts = ["events", "admitted", "held", "refused"].map(|field| report[field].as_u64());
    assert_eq!(counts, [1_609, 3, 1_606, 0].map(Some), "three pallets need no product");
    let outcomes = report["outcomes"].as_array().unwrap();
    let held: Vec<&Value> = outcomes.iter().filter(|outcome| outcome["state"] == "held").collect();
    assert_eq!(held.len(), 1_606);
    for outcome in &held {
        assert_eq!(outcome["code"], "product_unknown", "{outcome:#}");
    }
    let commands: BTreeSet<&str> =
        held.iter().map(|outcome| command_in(outcome["what_to_do"].as_str().unwrap())).collect();
    for command in &commands {
        let words: Vec<&str> = command.split(' ').collect();
        assert_eq!(words[..3], ["theriac", "product", "add"], "{command}");
        let ended = theriac(&node, &words[1..]);
        assert_eq!(ended.code, Some(0), "{command}: {ended:?}");
    }

    let listed = theriac(&node, &["events", "--json", "--limit", "10000"]);
    let events = lines(&listed);
    let left: Vec<&Value> = events.iter().filter(|event| event["state"] != "final").collect();
    assert_eq!((events.len(), left.len()), (1_609, 2), "{left:#?}");
    // The line gave 46 packs neither lot nor expiry, and destroyed them a millisecond later.
    let told = left.iter().map(|event| (&event["state"], &event["biz_step"], &event["reason"]));
    for ((state, found, reason), (step, expected)) in told.zip([
        ("commissioning", "expected the lot number of the commissioned packs"),
        ("destroying", "expected an item on record"),
    ]) {
        assert_eq!((state, found), (&Value::from("held"), &Value::from(step)));
        assert!(reason.as_str().unwrap().starts_with(expected), "{reason}");
    }
    let again = theriac(&node, &["capture", file.to_str().unwrap()]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(again.stdout.contains("1,609 captured before"), "{}", again.stdout);
    check_pack(&node);
    agree(&node);
    let admitted = held.len() - left.len();
    eprintln!("{} commands as printed admit {admitted} events", commands.len());
}

/// The command in a sentence such as `register it: theriac product add …`.
fn command_in(what_to_do: &str) -> &str {
    let start = what_to_do.find("theriac product add ");
    let start = start.unwrap_or_else(|| panic!("expected a command in: {what_to_do}"));
    what_to_do[start..].trim_end()
}

/// A pack of the line can be verified and traced; it expired in 2021.
fn check_pack(node: &Path) {
    let ended = theriac(node, &["verify", PACK]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stdout.starts_with("EXPIRED\n"), "{}", ended.stdout);
    let ended = theriac(node, &["verify", "--json", PACK]);
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &report["verdict"]), (Some(1), &"expired".into()), "{report:#}");
    assert!(report["expiry"].as_str().unwrap().starts_with("2021-"), "{report:#}");
    assert!(report["evidence"]["transaction"].is_string(), "{report:#}");

    let ended = theriac(node, &["trace", "--json", PACK]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let journey: Value = serde_json::from_str(&ended.stdout).unwrap();
    for step in ["commissioning", "packing"] {
        let steps = journey["steps"].as_array().unwrap();
        let found = steps.iter().find(|found| found["biz_step"] == step);
        let found = found.unwrap_or_else(|| panic!("expected {step} in {journey:#}"));
        assert_eq!(found["proven_by"], "ledger", "{found:#}");
        assert!(found["transaction"].is_string() && found["block"].is_u64(), "{found:#}");
    }
    let copied = theriac(node, &["verify", &format!("{PACK}0")]);
    assert_eq!(copied.code, Some(1), "{copied:?}");
    assert!(copied.stdout.starts_with("NOT GENUINE\n"), "{}", copied.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_document_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("node");
    make_node(&node).await;
    for (name, bytes) in wrong::files() {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let ended = theriac(&node, &["capture", file.to_str().unwrap()]);
        assert_eq!(ended.code, Some(2), "{name}: {ended:?}");
        let sentence = sentence(&ended);
        assert!(sentence.contains("expected "), "{name}: {ended:?}");
        assert!(sentence.len() < 1_000, "{name}: {sentence}");
        eprintln!("{name}: {sentence}");
    }
    let nothing = folder.path().join("nothing");
    std::fs::create_dir(&nothing).unwrap();
    for place in [nothing, folder.path().join("missing.xml")] {
        let ended = theriac(&node, &["capture", place.to_str().unwrap()]);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{ended:?}");
        assert!(sentence(&ended).contains(place.to_str().unwrap()), "{ended:?}");
    }
    let listed = theriac(&node, &["events", "--json"]);
    assert_eq!((listed.code, listed.stdout.as_str()), (Some(0), ""), "{listed:?}");
    agree(&node);
}

/// The sentence that says what is wrong.
fn sentence(ended: &Ended) -> String {
    let told = [&ended.stderr, &ended.stdout].into_iter().flat_map(|text| text.lines());
    told.map(str::trim)
        .find(|line| line.contains("expected ") || line.contains("cannot read"))
        .unwrap_or_default()
        .to_owned()
}

fn lines(ended: &Ended) -> Vec<Value> {
    ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Database and ledger agree, and the ledger with its execution.
fn agree(node: &Path) {
    for words in [&["reconcile"][..], &["ledger", "audit"]] {
        let ended = theriac(node, words);
        assert_eq!(ended.code, Some(0), "{words:?}: {ended:?}");
    }
}
