//! The node, or the ledger, dies and comes back.

use std::time::Duration;

use crate::chain::{self, Anvil};
use crate::chance::Chance;
use crate::stage::{Setting, Stage};

/// Kills of the node in a run.
const KILLS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_killed_at_any_point_of_its_work() {
    let Some(mut stage) = Stage::set(Setting::default()).await else { return };
    let mut chance = Chance::new("anvil kills");
    for _ in 0..KILLS {
        let (server, client) = stage.serve();
        let documents = stage.batches(1);
        stage.capture(&client, &documents).await;
        tokio::time::sleep(Duration::from_millis(chance.below(400))).await;
        let log = server.kill();
        assert!(!log.contains("ERROR"), "{log}");
    }
    let (_server, client) = stage.serve();
    stage.check(&client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_goes_away_and_comes_back_with_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.json");
    let state = ["--state", state.to_str().unwrap(), "--preserve-historical-states"];
    let setting = Setting { anvil: &state, ..Setting::default() };
    let Some(mut stage) = Stage::set(setting).await else { return };
    let (_server, client) = stage.serve();
    let documents = stage.batches(2);
    stage.capture(&client, &documents).await;
    stage.settle(&client).await;

    let port = stage.anvil.port().to_owned();
    let Some(program) = chain::program() else { return };
    let idle = Anvil::start(program, &[]);
    std::mem::replace(&mut stage.anvil, idle).stop();
    // Captured while nobody answers.
    let documents = stage.batches(2);
    stage.capture(&client, &documents).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let options = [&state[..], &["--port", &port]].concat();
    stage.anvil = Anvil::start(program, &options);
    stage.check(&client).await;
}
