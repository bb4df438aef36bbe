//! What was followed from the ledger: blocks and logs as they came, and the tables derived from
//! them, which [`unwind_to`](crate::WriteTx::unwind_to) clears and the caller fills again.

mod block;
mod change;
mod gather;
mod holding;
mod lot;
mod retired;
mod retirement;
mod spread;

pub use block::{BlockRow, LogRecord, LogRow};
pub use change::{ChangeKind, ChangeRow};
pub use gather::GatherRow;
pub use holding::LedgerHolding;
pub use lot::LedgerLot;
pub use retired::RetiredRow;
pub use retirement::{Node, RetirementBatch};
pub use spread::Departures;

/// First and last leaf position below the node `index`, counted from the left, of `height`.
fn leaves_below(height: u8, index: u64) -> (u64, u64) {
    let width = 1_u64.checked_shl(u32::from(height)).unwrap_or(u64::MAX);
    let first = index.saturating_mul(width);
    (first, first.saturating_add(width - 1))
}
