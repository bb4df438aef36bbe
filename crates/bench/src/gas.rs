//! `gas`: what each operation costs on the ledger, beside two patterns in use today.

mod day;
pub(crate) mod goods;
mod handover;
mod mix;
mod patterns;
mod picking;
mod raw;
pub(crate) mod shelf;

use theriac_ledger::Receipt;

use crate::benchmark::{Failure, Setting};
use crate::metric::Metric;

/// Runs all of it; the scale is the same with [`Setting::smoke`], because gas does not depend on the
/// machine.
pub(crate) async fn run(setting: &Setting) -> Result<Vec<Metric>, Failure> {
    let mut metrics = handover::run(setting.seed).await?;
    metrics.extend(picking::run(setting.seed).await?);
    metrics.extend(mix::run(setting.seed).await?);
    let patterns = patterns::run(setting.seed).await?;
    for metric in &mut metrics {
        let beside: Vec<_> = patterns.of(&metric.name).collect();
        for (pattern, value) in beside {
            *metric = metric.clone().beside(pattern, value);
        }
    }
    Ok(metrics)
}

/// The gas of one transaction.
fn gas(name: &str, receipt: &Receipt) -> Metric {
    Metric::lower(format!("gas.{name}"), receipt.gas_used as f64, "gas")
}

/// The gas of one transaction for each of `count` things.
fn gas_each(name: &str, receipt: &Receipt, count: usize, unit: &'static str) -> Metric {
    let each = receipt.gas_used as f64 / count as f64;
    Metric::lower(format!("gas.{name}"), each.round(), unit)
}
