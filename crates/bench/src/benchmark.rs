//! The benchmarks by name.

use std::error::Error;
use std::str::FromStr;

use futures::future::BoxFuture;

use crate::alarms;
use crate::gas;
use crate::ledger;
use crate::metric::Metric;
use crate::prove;
use crate::recall;

/// Why a benchmark could not be run to its end.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The seed unless another is asked for.
pub const DEFAULT_SEED: u64 = 1;

/// How a benchmark is to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The smallest scale at which everything is done once; its values say nothing about budgets of
    /// speed.
    pub smoke: bool,
    /// What the random choices follow from.
    pub seed: u64,
    /// The part of the full size at which benchmarks of a fixed size run.
    pub scale: Scale,
}

impl Default for Setting {
    fn default() -> Self {
        Self { smoke: false, seed: DEFAULT_SEED, scale: Scale::FULL }
    }
}

/// A part of the full size, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale(u32);

/// A text that is no scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a number above 0 and at most 1, found {0:?}")]
pub struct ScaleError(String);

impl Scale {
    /// The full size.
    pub const FULL: Self = Self(1_000_000);

    /// A hundredth, which is small enough for each change.
    pub const HUNDREDTH: Self = Self(10_000);

    /// What the full size is multiplied by.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

impl FromStr for Scale {
    type Err = ScaleError;

    fn from_str(text: &str) -> Result<Self, ScaleError> {
        let factor: Option<f64> = text.parse().ok();
        let millionths = factor.filter(|factor| (1e-6..=1.0).contains(factor));
        // Between 1 and a million.
        let millionths = millionths.map(|factor| (factor * 1e6).round() as u32);
        millionths.map(Self).ok_or_else(|| ScaleError(text.to_owned()))
    }
}

/// A benchmark that did not come to its end.
#[derive(Debug, thiserror::Error)]
#[error("the benchmark {benchmark} failed: {source}")]
pub struct BenchError {
    /// Which one.
    pub benchmark: &'static str,
    /// Why.
    pub source: Failure,
}

/// What runs a benchmark.
type Run = for<'a> fn(&'a Setting) -> BoxFuture<'a, Result<Vec<Metric>, Failure>>;

/// A benchmark.
#[derive(Debug, Clone, Copy)]
pub struct Benchmark {
    /// Its name, as on the command line; the names of its metrics begin with it.
    pub name: &'static str,
    /// What it measures, in half a sentence.
    pub about: &'static str,
    run: Run,
}

impl Benchmark {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self {
            name: "alarms",
            about: "false alarms among a million honest scans, and the part of 10,000 frauds that is found",
            run: |setting| Box::pin(alarms::run(setting)),
        },
        Self {
            name: "gas",
            about: "what each operation costs on the ledger, beside two patterns in use today",
            run: |setting| Box::pin(gas::run(setting)),
        },
        Self {
            name: "ledger",
            about: "packs a second on one thread of the embedded ledger, durable, and how long it takes to open",
            run: |setting| Box::pin(ledger::run(setting)),
        },
        Self {
            name: "prove",
            about: "how long it takes to check a proof bundle of a pack's life",
            run: prove::run,
        },
        Self {
            name: "recall",
            about: "how long a recall takes until every node has set its packs apart",
            run: |setting| Box::pin(recall::run(setting)),
        },
    ];

    /// The benchmark with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|benchmark| benchmark.name == name)
    }

    /// Runs it and gives what it measured.
    ///
    /// # Errors
    ///
    /// It did not come to its end; a budget that is missed is no error.
    pub async fn run(&self, setting: &Setting) -> Result<Vec<Metric>, BenchError> {
        let failed = |source| BenchError { benchmark: self.name, source };
        (self.run)(setting).await.map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_none_is_all() {
        for (at, benchmark) in Benchmark::ALL.iter().enumerate() {
            assert_ne!(benchmark.name, "all");
            assert!(!Benchmark::ALL[..at].iter().any(|other| other.name == benchmark.name));
        }
        assert!(Benchmark::named("all").is_none());
    }
}
