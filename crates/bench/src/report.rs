//! What benchmarks measured, for people and for programs.

use std::fmt::Write;

use serde::Serialize;

use crate::benchmark::Setting;
use crate::machine::Machine;
use crate::metric::{Better, Metric};

/// The result of one run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Where it was measured, and with which program.
    pub machine: Machine,
    /// What the random choices followed from.
    pub seed: u64,
    /// Whether it was the smallest scale.
    pub smoke: bool,
    /// What was measured, in order.
    pub metrics: Vec<Metric>,
}

impl Report {
    /// A report without metrics.
    pub fn new(machine: Machine, setting: &Setting) -> Self {
        Self { machine, seed: setting.seed, smoke: setting.smoke, metrics: Vec::new() }
    }

    /// The metrics whose budget is missed.
    pub fn missed(&self) -> impl Iterator<Item = &Metric> {
        self.metrics.iter().filter(|metric| metric.is_met() == Some(false))
    }

    /// The result for people: the machine, the table, and how many budgets are kept.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.machine.line());
        let smoke = if self.smoke { ", smoke: speeds are of the smallest scale" } else { "" };
        // Writing to a text cannot fail.
        let _ = writeln!(text, "seed {}{smoke}\n", self.seed);
        text.push_str(&self.table());
        let budgets = self.metrics.iter().filter(|metric| metric.budget.is_some()).count();
        let missed = self.missed().count();
        let _ = writeln!(text, "\n{} of {budgets} budgets kept", budgets - missed);
        text
    }

    /// The metrics as a table, without anything of the machine.
    pub fn table(&self) -> String {
        table(&self.metrics)
    }

    /// The result for programs, as JSON over several lines.
    ///
    /// # Errors
    ///
    /// A value is no number.
    pub fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|json| json + "\n")
    }
}

fn table(metrics: &[Metric]) -> String {
    let mut rows = vec![["metric", "measured", "budget", "unit", ""].map(str::to_owned).to_vec()];
    let patterns = patterns(metrics);
    for pattern in &patterns {
        rows[0].extend([(*pattern).to_owned(), "ratio".to_owned()]);
    }
    rows.extend(metrics.iter().map(|metric| row(metric, &patterns)));
    aligned(&rows)
}

/// The other ways to do the work, in order of appearance.
fn patterns(metrics: &[Metric]) -> Vec<&'static str> {
    let mut patterns = Vec::new();
    for beside in metrics.iter().flat_map(|metric| &metric.beside) {
        if !patterns.contains(&beside.pattern) {
            patterns.push(beside.pattern);
        }
    }
    patterns
}

fn row(metric: &Metric, patterns: &[&str]) -> Vec<String> {
    let limit = if metric.better == Better::Lower { "≤" } else { "≥" };
    let mark = match metric.is_met() {
        None => "",
        Some(true) => "kept",
        Some(false) => "MISSED",
    };
    let mut cells = vec![
        metric.name.clone(),
        shown(metric.value),
        metric.budget.map_or(String::new(), |budget| format!("{limit} {}", shown(budget))),
        metric.unit.to_owned(),
        mark.to_owned(),
    ];
    for pattern in patterns {
        let beside = metric.beside.iter().find(|beside| beside.pattern == *pattern);
        cells.push(beside.map_or(String::new(), |beside| shown(beside.value)));
        let ratio = beside.and_then(|beside| beside.ratio);
        cells.push(ratio.map_or(String::new(), |ratio| format!("{} ×", shown(ratio))));
    }
    cells
}

/// A number for people: commas between thousands, at most three digits after the point and only
/// below 1,000.
fn shown(value: f64) -> String {
    let digits = if value.fract() == 0.0 || value.abs() >= 1_000.0 { 0 } else { 3 };
    let text = format!("{value:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let whole = text.split('.').next().unwrap_or(text);
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        if index > 0 && left.is_multiple_of(3) && grouped != "-" {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + &text[whole.len()..]
}

/// Columns of their widest cell; numbers stand at the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
    };
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let _ = match column {
                0 | 3 | 4 => write!(line, "{cell:<width$}  "),
                _ => write!(line, "{cell:>width$}  "),
            };
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Profile;

    fn report() -> Report {
        let machine = Machine {
            cpu: "AMD EPYC".to_owned(),
            cores: 2,
            memory_gib: 24.0,
            os: "Debian x86_64".to_owned(),
            profile: Profile::Release,
            commit: "0123456789ab".to_owned(),
        };
        let mut report = Report::new(machine, &Setting::default());
        report.metrics.push(
            Metric::lower("gas.receive", 31_234.0, "gas")
                .budget(30_000.0)
                .beside("a slot per pack", 1_500_000.0),
        );
        let metric = Metric::higher("ledger.dispense", 61_000.4, "units/s").budget(60_000.0);
        report.metrics.push(metric);
        report.metrics.push(Metric::lower("prove.check", 0.25, "ms"));
        report
    }

    #[test]
    fn people_see_what_is_missed() {
        let expected = "\
2 × AMD EPYC, 24 GiB, Debian x86_64; release build, commit 0123456789ab
seed 1

metric           measured    budget  unit             a slot per pack    ratio
gas.receive        31,234  ≤ 30,000  gas      MISSED        1,500,000  48.02 ×
ledger.dispense    61,000  ≥ 60,000  units/s  kept
prove.check          0.25            ms

1 of 2 budgets kept
";
        assert_eq!(report().text(), expected);
        assert_eq!(
            report().missed().map(|metric| metric.name.as_str()).collect::<Vec<_>>(),
            ["gas.receive"]
        );
    }

    #[test]
    fn programs_read_machine_seed_and_metrics() {
        let json: serde_json::Value = serde_json::from_str(&report().json().unwrap()).unwrap();
        assert_eq!(json["machine"]["profile"], "release");
        assert_eq!(json["machine"]["cores"], 2);
        assert_eq!((&json["seed"], &json["smoke"]), (&1.into(), &false.into()));
        assert_eq!(json["metrics"][0]["better"], "lower");
        assert_eq!(json["metrics"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn numbers_are_read_by_people() {
        for (value, expected) in [
            (0.0, "0"),
            (0.1234, "0.123"),
            (999.5, "999.5"),
            (1_000.4, "1,000"),
            (-123_456.0, "-123,456"),
            (16_777_216.0, "16,777,216"),
        ] {
            assert_eq!(shown(value), expected);
        }
    }
}
