//! Benchmarks: each measures one part of the program on this machine, beside its budget.
//!
//! ```no_run
//! use theriac_bench::{Benchmark, Machine, Report, Setting};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let setting = Setting::default();
//! let mut report = Report::new(Machine::here(), &setting);
//! for benchmark in Benchmark::ALL {
//!     report.metrics.extend(benchmark.run(&setting).await?);
//! }
//! println!("{}", report.text());
//! # Ok(())
//! # }
//! ```
//!
//! To add one: a file with a function `run(&Setting) -> Result<Vec<Metric>, Failure>`, and its line
//! in [`Benchmark::ALL`].
//!
//! # Invariants
//!
//! - A metric is measured, never computed from a budget.
//! - A benchmark leaves nothing behind: it works in a temporary folder.
//! - With [`Setting::smoke`] each benchmark ends within seconds, so that it cannot rot unseen.

mod alarms;
mod benchmark;
mod gas;
mod ledger;
mod machine;
mod metric;
mod prove;
mod recall;
mod report;
mod world;

pub use benchmark::{BenchError, Benchmark, DEFAULT_SEED, Failure, Scale, Setting};
pub use machine::{Machine, Profile};
pub use metric::{Beside, Better, Metric};
pub use report::Report;
