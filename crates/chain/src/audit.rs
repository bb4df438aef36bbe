//! Executing the whole chain again and comparing it with what is stored.
//!
//! ```text
//!  stored bodies and times ─▶ signers recovered ─▶ executed into a fresh state ─▶ compared:
//!  each block: receipts (status, gas, logs, revert data), header, hash, indexes
//!  at the end: accounts, codes, storage, counters, number of rows of every table
//! ```

mod blocks;
mod difference;
mod world;

pub use difference::{Difference, Part};

use crate::{error::AuditError, state::MemoryState, store::Counters, store::View};

/// A ledger that agrees with its own execution, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditReport {
    /// Blocks executed, the first one (height 0) included.
    pub blocks: u64,
    /// Transactions executed.
    pub transactions: u64,
    /// Gas they used.
    pub gas_used: u64,
    /// Accounts compared.
    pub accounts: u64,
    /// Non-zero storage slots compared.
    pub storage_slots: u64,
    /// Hash of the newest block.
    pub head: revm::primitives::B256,
}

/// What the executed part of the chain amounts to.
#[derive(Default)]
struct Executed {
    state: MemoryState,
    counters: Counters,
    log_index_rows: u64,
}

/// Audits all of `view`.
///
/// # Errors
///
/// The first difference, or a store that cannot be read.
pub(crate) fn run(
    view: &View<'_>,
    chain_id: u64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<AuditReport, AuditError> {
    let head = view.head()?;
    let of = head.number + 1;
    let mut executed = Executed::default();
    let mut parent = blocks::genesis(view, chain_id, &mut executed)?;
    progress(1, of);
    for number in 1..of {
        parent = blocks::next(view, chain_id, &parent, number, &mut executed)?;
        progress(number + 1, of);
    }
    world::compare(view, head.number, &executed)?;
    let Counters { blocks, transactions, gas_used, storage_slots, accounts } = executed.counters;
    let head = head.hash();
    Ok(AuditReport { blocks, transactions, gas_used, accounts, storage_slots, head })
}
