//! Whether honest trade raises alarms, and whether frauds do: five nodes, packs that go from a maker by
//! a wholesaler to two pharmacies, scanned all the way with everything that goes wrong in the field,
//! and frauds of seven kinds beside them.

mod document;
mod fraud;
mod honest;
mod mangle;
mod tally;
mod town;

use std::time::Instant;

use crate::benchmark::{Failure, Scale, Setting};
use crate::metric::Metric;
use fraud::Fraud;
use tally::Tally;
use town::Town;

/// Honest scans at the full scale.
const SCANS: f64 = 1_000_000.0;

/// Frauds at the full scale.
const FRAUDS: f64 = 10_000.0;

/// Hours after which no data may be late any more, with a margin.
const LATE_H: i64 = 80;

/// Measures false alarms among honest scans, and frauds that are found.
pub(crate) async fn run(setting: &Setting) -> Result<Vec<Metric>, Failure> {
    let scale = match setting.smoke {
        true => Scale::HUNDREDTH.factor(),
        false => setting.scale.factor(),
    };
    let scans = (SCANS * scale).max(1_000.0) as u64;
    let each = ((FRAUDS * scale / Fraud::ALL.len() as f64).ceil() as u32).max(1);
    let mut town = Town::new(setting.seed).await?;
    let mut tally = Tally::default();
    let began = Instant::now();
    honest::trade(&mut town, scans, &mut tally).await?;
    let taken = began.elapsed().as_secs_f64();
    let planted = fraud::plant(&mut town, each, &mut tally).await?;
    town.pass(LATE_H);
    town.settle().await?;
    planted.found(&town, &mut tally).await?;
    tally.cases(&town, &planted).await?;
    town.stop().await;
    let mut metrics = vec![
        Metric::higher("alarms.honest_scans", tally.scans as f64, "scans"),
        Metric::lower("alarms.false_alarms", tally.false_alarms() as f64, "alarms").budget(0.0),
        Metric::higher("alarms.mangled_and_repaired", tally.repaired as f64, "scans"),
        Metric::lower("alarms.mangled_and_explained", tally.unreadable as f64, "scans"),
        Metric::higher("alarms.scan_rate", (tally.scans as f64 / taken).round(), "scans/s"),
        Metric::higher("alarms.frauds", tally.planted() as f64, "frauds"),
        Metric::higher("alarms.found", tally.percent_found(), "%").budget(100.0),
    ];
    for fraud in Fraud::ALL {
        let name = format!("alarms.found.{}", fraud.word());
        metrics.push(Metric::higher(name, tally.percent_of(fraud), "%").budget(100.0));
    }
    if let Some(first) = &tally.first_false {
        return Err(format!(
            "expected no false alarm, found {}, first: {first}",
            tally.false_alarms()
        )
        .into());
    }
    Ok(metrics)
}
