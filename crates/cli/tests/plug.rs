//! Pulling the plug: a node is killed at any moment of its work, and nothing that it acknowledged is
//! lost, nothing is there twice.
//!
//! `THERIAC_SEED` repeats the documents and delays of a run, `THERIAC_KILLS` sets its length.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a run tells its seed and what it met")]

#[path = "plug/alone.rs"]
mod alone;
#[path = "plug/chance.rs"]
mod chance;
#[path = "plug/check.rs"]
mod check;
#[path = "plug/client.rs"]
mod client;
#[path = "plug/documents.rs"]
mod documents;
#[path = "plug/ledger.rs"]
mod ledger;
#[path = "support/program.rs"]
mod program;
#[path = "plug/run.rs"]
mod run;
#[path = "support/server.rs"]
mod server;
#[path = "plug/stage.rs"]
mod stage;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use chance::Chance;
use check::counts;
use client::Client;
use documents::{Document, GTIN, Supply, Totals};
use program::{PASSPHRASE, make_node, theriac};
use run::Run;
use server::Server;

/// Kills in a run, unless `THERIAC_KILLS` says otherwise.
const KILLS: u32 = 60;

/// Packs whose verdicts are asked for at the same time.
const ASKED_AT_ONCE: usize = 16;

/// Kills of a capture in a folder that is not served.
const CAPTURES_KILLED: u32 = 15;

/// After so many kills everything is checked.
const CHECK_EVERY: u32 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_serving_node_survives_every_kill() {
    let kills = std::env::var("THERIAC_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("node");
    make_node(&node).await;
    let mut run = Run::new(node.clone(), Chance::new("kills"));
    run.register().await;
    for kill in 1..=kills {
        run.live_and_die(kill % CHECK_EVERY == 0).await;
    }

    let mut server = Server::start(&node);
    let client = Client::new(server.url());
    run.settle(&client).await;
    run.check(&client).await;
    run.finish(&client).await;
    let health = run.settle(&client).await;
    run.check(&client).await;
    let states = counts(&health["events"]);
    assert_eq!(states.get("final").copied(), Some(run.summary.events as u64), "{health:#}");
    assert_eq!(health["cases_open"], 0, "{health:#}");
    for packs in run.supply.packs.chunks(ASKED_AT_ONCE) {
        let asked = packs.iter().map(|(code, _)| client.verdict(code));
        let verdicts = futures::future::join_all(asked).await;
        for (found, (code, expected)) in verdicts.iter().zip(packs) {
            assert_eq!(found, expected, "{code}");
        }
    }
    let (status, log) = server.stop();
    assert!(status.success(), "{status}: {log}");

    agree(&node, run.supply.totals).await;
    eprintln!(
        "{} documents with {} packs acknowledged in {:.0?}: {:#?}",
        run.acknowledged.len(),
        run.supply.packs.len(),
        began.elapsed(),
        run.summary
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_in_a_folder_survives_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("node");
    make_node(&node).await;
    alone::register(&node);
    let mut chance = Chance::new("captures");
    let mut supply = Supply::default();
    let documents: Vec<Document> = (0..6).flat_map(|_| supply.batch()).collect();
    let files = alone::write(&folder.path().join("inbox"), &documents);
    let mut reports = BTreeMap::new();
    for _ in 0..CAPTURES_KILLED {
        let rest: Vec<_> =
            files.iter().filter(|file| !reports.contains_key(*file)).cloned().collect();
        // The last one is captured each time, so that the process has something to do.
        let rest = if rest.is_empty() { files[files.len() - 1..].to_vec() } else { rest };
        reports.extend(alone::capture_and_kill(&node, &rest, &mut chance));
    }
    let (found, _) = alone::events(&node);
    for report in reports.values() {
        assert!(alone::hashes(report).iter().all(|hash| found.contains(hash)), "{report}");
    }

    let inbox = folder.path().join("inbox");
    let ended = theriac(&node, &["capture", inbox.to_str().unwrap()]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let (found, all_final) = alone::events(&node);
    let told: usize = documents.iter().map(|document| document.ids.len()).sum();
    // What is in stock of a recalled lot the node sets apart by itself, with an event of its own.
    let expected = told + supply.totals.lots_changed as usize;
    assert_eq!((found.len(), all_final), (expected, true));
    agree(&node, supply.totals).await;
    eprintln!("{CAPTURES_KILLED} kills, {} of {} documents told", reports.len(), documents.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_open_in_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let node = folder.path().join("node");
    make_node(&node).await;
    let document = &Supply::default().batch()[0];
    let file = &alone::write(folder.path(), std::slice::from_ref(document))[0];
    let capture = ["capture", file.to_str().unwrap()];
    let mut server = Server::start(&node);
    let url = server.url();

    let second = theriac(&node, &["serve"]);
    assert_eq!(second.code, Some(3), "{second:?}");
    let told = format!("is open in another process, which serves {url}");
    assert!(second.stderr.contains(&told), "{second:?}");
    let audit = theriac(&node, &["ledger", "audit"]);
    assert_eq!(audit.code, Some(3), "{audit:?}");
    assert!(audit.stderr.contains("stop it first"), "{audit:?}");
    // Other commands ask the process that serves.
    assert_eq!(theriac(&node, &["product", "add", GTIN]).code, Some(0));
    let asked = theriac(&node, &capture);
    assert_eq!(asked.code, Some(0), "{asked:?}");
    server.kill();

    // What a killed process leaves behind keeps nobody out.
    let after = theriac(&node, &capture);
    assert_eq!(after.code, Some(0), "{after:?}");
    assert!(after.stdout.contains("2 captured before"), "{after:?}");

    let config = theriac_node::Config::load(&node.join("theriac.toml")).unwrap();
    let clock = theriac_node::system_clock();
    let passphrase = theriac_node::Passphrase::new(PASSPHRASE);
    let open = theriac_node::Node::open(&node, config, &passphrase, clock).await.unwrap();
    for words in [&capture[..], &["serve"], &["ledger", "audit"]] {
        let ended = theriac(&node, words);
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""), "{words:?}: {ended:?}");
        assert!(ended.stderr.contains("open"), "{words:?}: {ended:?}");
        eprint!("{}", ended.stderr);
    }
    open.close().await;
}

/// The stopped node's database, its ledger and the documents must agree.
async fn agree(node: &Path, expected: Totals) {
    for words in [&["reconcile"][..], &["ledger", "audit"]] {
        let ended = theriac(node, words);
        assert_eq!(ended.code, Some(0), "{words:?}: {ended:?}");
        eprint!("{}", ended.stdout);
    }
    assert_eq!(ledger::totals(node).await, expected, "recorded on the ledger");
}
