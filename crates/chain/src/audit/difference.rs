//! The first thing in a ledger that execution does not confirm.

use std::fmt;

use revm::primitives::{Address, B256, U256};

use crate::error::AuditError;

/// What is stored, and what execution gives instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Height of the block; for the state, the newest one.
    pub block: u64,
    /// Index of the transaction in the block, if the difference lies in one.
    pub transaction: Option<u32>,
    /// Which part differs.
    pub part: Part,
    /// What is stored, in words.
    pub stored: String,
    /// What execution gives, in words.
    pub executed: String,
}

/// A part of the ledger that an audit compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A block is missing.
    Block,
    /// The hash of the parent in a header.
    ParentHash,
    /// The time of a block (before its parent's).
    Timestamp,
    /// The signature of a transaction gives another sender, or none.
    Sender,
    /// A transaction that cannot be executed where it stands.
    Transaction,
    /// Status of a receipt.
    Status,
    /// Gas of a receipt.
    Gas,
    /// Logs of a receipt.
    Logs,
    /// What a reverted transaction returned.
    RevertData,
    /// Transactions root, receipts root, bloom, gas or another field of a header.
    Header,
    /// The chained root of state changes in a header.
    StateRoot,
    /// The hash of a block.
    BlockHash,
    /// A row of an index (by block hash, by transaction hash, of logs).
    Index,
    /// Nonce, balance or code hash of an account.
    Account(Address),
    /// The code with a hash.
    Code(B256),
    /// The value of a slot of an account.
    Storage(Address, U256),
    /// The tree over the hashes of all blocks.
    History,
    /// The hash of the state at the snapshot.
    Snapshot,
    /// The totals, or the number of rows of a table.
    Counters,
}

impl Difference {
    /// The difference as an error, if there is one.
    pub(super) fn check<T: PartialEq + fmt::Debug>(
        block: u64,
        transaction: Option<u32>,
        part: Part,
        stored: &T,
        executed: &T,
    ) -> Result<(), AuditError> {
        if stored == executed {
            return Ok(());
        }
        let (stored, executed) = (format!("{stored:?}"), format!("{executed:?}"));
        Err(AuditError::Different(Self { block, transaction, part, stored, executed }))
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "block {}", self.block)?;
        if let Some(transaction) = self.transaction {
            write!(formatter, ", transaction {transaction}")?;
        }
        let Self { part, stored, executed, .. } = self;
        write!(formatter, ", {part}: expected {executed} by execution, found {stored}")
    }
}

impl fmt::Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Block => "block",
            Self::ParentHash => "parent hash",
            Self::Timestamp => "timestamp",
            Self::Sender => "sender",
            Self::Transaction => "transaction",
            Self::Status => "status",
            Self::Gas => "gas",
            Self::Logs => "logs",
            Self::RevertData => "revert data",
            Self::Header => "header",
            Self::StateRoot => "state root",
            Self::BlockHash => "block hash",
            Self::Index => "index",
            Self::History => "history",
            Self::Snapshot => "state at the snapshot",
            Self::Counters => "counters",
            Self::Account(address) => return write!(formatter, "account {address}"),
            Self::Code(hash) => return write!(formatter, "code {hash}"),
            Self::Storage(address, slot) => {
                return write!(formatter, "storage of {address} at slot {slot:#x}");
            }
        })
    }
}
