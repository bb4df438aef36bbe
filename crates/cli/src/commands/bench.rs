//! `theriac bench`: what the program can do on this machine, beside its budgets.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap::builder::PossibleValuesParser;
use theriac_bench::{Benchmark, DEFAULT_SEED, Machine, Report, Scale, Setting};

use crate::exit::Outcome;
use crate::output;

/// The name that stands for all benchmarks.
const ALL: &str = "all";

/// Measure what the program can do on this machine, beside its budgets
///
/// Works in a temporary folder and needs no node. Exit code 0 once all is measured; a budget that is
/// missed is marked.
#[derive(Debug, Args)]
#[command(after_help = about_all())]
pub struct BenchArgs {
    /// What to measure
    #[arg(value_name = "NAME|all", value_parser = PossibleValuesParser::new(names()), hide_possible_values = true)]
    name: String,
    /// At the smallest scale, within seconds: shows that it works, not how fast it is
    #[arg(long)]
    smoke: bool,
    /// Write machine, seed and metrics to this file as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What the random choices follow from
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// The part of the full size at which `alarms` runs, above 0 and at most 1
    #[arg(long, value_name = "FACTOR", default_value = "1")]
    scale: Scale,
    /// Exit code 1 if a budget is missed
    #[arg(long)]
    strict: bool,
}

fn names() -> impl Iterator<Item = &'static str> {
    Benchmark::ALL.iter().map(|benchmark| benchmark.name).chain([ALL])
}

fn about_all() -> String {
    let line = |benchmark: &Benchmark| format!("\n  {:8} {}", benchmark.name, benchmark.about);
    let lines: String = Benchmark::ALL.iter().map(line).collect();
    format!("Benchmarks:{lines}\n  {ALL:8} each of them")
}

/// Runs one benchmark or all; yes unless a budget is missed and `--strict` asks for that.
///
/// # Errors
///
/// A benchmark does not come to its end, or the file cannot be written.
pub async fn run(args: BenchArgs) -> anyhow::Result<Outcome> {
    let setting = Setting { smoke: args.smoke, seed: args.seed, scale: args.scale };
    let mut report = Report::new(Machine::here(), &setting);
    for benchmark in Benchmark::ALL.iter().filter(|one| args.name == ALL || args.name == one.name) {
        output::note(&format!("{}: {} …", benchmark.name, benchmark.about));
        report.metrics.extend(benchmark.run(&setting).await?);
    }
    if let Some(file) = &args.json {
        fs::write(file, report.json()?)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    output::print(&report.text())?;
    let missed = args.strict && report.missed().next().is_some();
    Ok(if missed { Outcome::No } else { Outcome::Yes })
}
