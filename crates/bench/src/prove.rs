//! Checking a proof bundle: a pack's life on the embedded ledger, as `theriac prove` wrote it.

use std::hint::black_box;
use std::time::Instant;

use futures::future::BoxFuture;
use theriac_ledger::bundle::{Blocks, Bundle, Trust, check};

use crate::benchmark::{Failure, Setting};
use crate::metric::Metric;

/// The bundle of one pack of the demo.
const LIFE: &str = include_str!("prove/life.json");

/// The longest that a check may take, in microseconds.
const CHECK_BUDGET_US: f64 = 1_000.0;

/// How often it is checked; the middle of all times counts.
const ROUNDS: usize = 2_001;

/// Measures the check of one bundle.
pub(crate) fn run(setting: &Setting) -> BoxFuture<'_, Result<Vec<Metric>, Failure>> {
    Box::pin(async move { measure(if setting.smoke { 3 } else { ROUNDS }) })
}

fn measure(rounds: usize) -> Result<Vec<Metric>, Failure> {
    let bundle = Bundle::read(LIFE)?;
    let report = check(&bundle, &Trust::default())?;
    let trust = Trust { blocks: Blocks::Hash(report.until.hash), ..Trust::default() };
    let check_us = middle(rounds, || check(black_box(&bundle), &trust).is_ok());
    let read_us = middle(rounds, || Bundle::read(black_box(LIFE)).is_ok());
    Ok(vec![
        Metric::lower("prove.check", check_us, "µs").budget(CHECK_BUDGET_US),
        Metric::lower("prove.read", read_us, "µs"),
        Metric::lower("prove.size", LIFE.len() as f64, "bytes"),
        Metric::higher("prove.steps", report.steps.len() as f64, "steps"),
    ])
}

/// The middle of the times that something took, in microseconds.
fn middle(rounds: usize, what: impl Fn() -> bool) -> f64 {
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            black_box(what());
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.get(rounds / 2).copied().unwrap_or_default()
}
