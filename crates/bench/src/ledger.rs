//! `ledger`: how many packs a second the embedded ledger takes in on one thread, durable, and how long a
//! long chain takes to open.
//!
//! Transactions are made and signed before the clock runs. They go in through JSON-RPC, in batches as
//! the node sends them; a batch is answered when its block is on disk, and the next one is sent then. So
//! the caller's thread and the block producer's work by turns, never at the same time: it is one thread's
//! work, with decoding, recovery of signers, execution, hashing, the log index and fsync.

mod long;
mod orders;
mod storm;

use crate::benchmark::{Failure, Setting};
use crate::metric::Metric;

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Scale {
    /// Transactions of 200 packs of each kind.
    orders: usize,
    /// Transactions of the chain that is opened.
    long: u64,
}

impl Scale {
    fn of(setting: &Setting) -> Self {
        match setting.smoke {
            true => Self { orders: 3, long: 2_000 },
            false => Self { orders: 300, long: 1_000_000 },
        }
    }
}

/// Runs all of it.
pub(crate) async fn run(setting: &Setting) -> Result<Vec<Metric>, Failure> {
    let scale = Scale::of(setting);
    let mut metrics = orders::run(setting.seed, scale.orders).await?;
    metrics.extend(long::run(setting.seed, scale.long).await?);
    Ok(metrics)
}
