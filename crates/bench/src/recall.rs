//! How long a recall takes: from the order until each node has its packs set apart and who recalls knows
//! it; and how long it takes to count a lot of a million packs.

mod big;
mod network;

use std::time::{Duration, Instant};

use theriac_custody::ItemStatus;
use theriac_custody::recall::{LotsOf, RecallScope};
use theriac_custody::{RecallClass, RecallDepth};
use theriac_node::{RecallStart, RecallView};

use crate::benchmark::{Failure, Setting};
use crate::metric::Metric;
use network::{LOT, Network};

/// Packs of each holder.
const PACKS: usize = 10;

/// Of so many holders one is offline.
const OFFLINE_IN: usize = 10;

/// Milliseconds until every node knows.
const BUDGET_MS: f64 = 1_000.0;

/// Longest time that is waited for anything.
const PATIENCE: Duration = Duration::from_secs(300);

/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(2);

/// Measures a recall over many holders, each a whole node behind HTTP.
pub(crate) async fn run(setting: &Setting) -> Result<Vec<Metric>, Failure> {
    let holders = if setting.smoke { 5 } else { 100 };
    let mut network = Network::of(holders).await?;
    network.hand_out(PACKS).await?;
    let offline = (holders / OFFLINE_IN).max(1);
    let online = holders - offline;
    network.start(online);
    let order = RecallStart {
        scope: RecallScope::Lots(LotsOf { gtin: network.gtin(), lots: vec![LOT.parse()?] }),
        class: RecallClass::I,
        depth: RecallDepth::Retail,
        reason: "a benchmark".to_owned(),
        notice: String::new(),
    };
    let began = Instant::now();
    let view: RecallView = network.post("/recalls", &order).await?;
    let number = view.recall.number;
    let ordered = began.elapsed();
    network.all_recalled(online).await?;
    let effective = began.elapsed();
    let apart = (online * PACKS) as u64;
    network.until(number, |view| view.packs.get("quarantined") >= Some(&apart)).await?;
    let set_apart = began.elapsed();
    network.until(number, |view| acknowledged(view) >= online).await?;
    let answered = began.elapsed();
    network.expect_out(number, (offline * PACKS) as u64).await?;

    let back = Instant::now();
    network.start(holders);
    let view = network.until(number, |view| view.outstanding.is_empty()).await?;
    let back = back.elapsed();
    if view.packs.get("quarantined") != Some(&((holders * PACKS) as u64)) {
        return Err(format!("expected all packs set apart, found {:?}", view.packs).into());
    }
    network.expect_status(ItemStatus::Quarantined, PACKS).await?;
    let mut metrics = vec![
        Metric::lower("recall.holders", holders as f64, "nodes"),
        ms("recall.ordered", ordered),
        ms("recall.effective_at_every_node", effective).budget(BUDGET_MS),
        ms("recall.set_apart_at_every_node", set_apart).budget(BUDGET_MS),
        ms("recall.answered_by_every_node", answered),
        ms("recall.set_apart_by_those_back", back),
    ];
    metrics.extend(big::count(network.maker(), setting).await?);
    network.stop().await;
    Ok(metrics)
}

fn acknowledged(view: &RecallView) -> usize {
    let word = "acknowledged";
    view.holders.iter().filter(|holder| holder.state.word() == word).count()
}

fn ms(name: &str, time: Duration) -> Metric {
    Metric::lower(name, (time.as_secs_f64() * 1_000.0).round(), "ms")
}
