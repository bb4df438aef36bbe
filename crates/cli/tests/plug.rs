//! Pulling the plug: a node is killed at any moment of its work, and nothing that it acknowledged is
//! lost, nothing is there twice.
//!
//! `THERIAC_SEED` repeats the documents and delays of a run, `THERIAC_KILLS` sets its length.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "a run tells its seed and what it met")]

#[path = "plug/chance.rs"]
mod chance;
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
#[path = "plug/server.rs"]
mod server;
#[path = "plug/stage.rs"]
mod stage;

use std::time::Instant;

use chance::Chance;
use client::Client;
use program::{make_node, theriac};
use run::{Run, counts};
use server::Server;

/// Kills in a run, unless `THERIAC_KILLS` says otherwise.
const KILLS: u32 = 60;

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
    for (code, expected) in &run.supply.packs {
        assert_eq!(client.verdict(code).await, *expected, "{code}");
    }
    let (status, log) = server.stop();
    assert!(status.success(), "{status}: {log}");

    for words in [&["reconcile"][..], &["ledger", "audit"]] {
        let ended = theriac(&node, words);
        assert_eq!(ended.code, Some(0), "{words:?}: {ended:?}");
        eprint!("{}", ended.stdout);
    }
    assert_eq!(ledger::totals(&node).await, run.supply.totals, "recorded on the ledger");
    eprintln!(
        "{} documents with {} packs acknowledged in {:.0?}: {:#?}",
        run.acknowledged.len(),
        run.supply.packs.len(),
        began.elapsed(),
        run.summary
    );
}
