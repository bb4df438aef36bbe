//! The embedded ledger: an Ethereum chain of one process, executed by revm, kept in one redb
//! file, spoken to in Ethereum JSON-RPC.
//!
//! ```text
//!  text ──rpc──▶ request ──▶ blocks, transactions, state, logs ──▶ View (one redb snapshot)
//!                   │
//!                   └─ eth_sendRawTransaction ─▶ transaction (decoded, signer recovered)
//!                                                  ─▶ miner (queue, group commit)
//!                                                  ─▶ execute (one block in revm)
//!                                                  ─▶ store (one durable redb commit) ─▶ answer
//! ```
//!
//! # Invariants
//!
//! - An answered `eth_sendRawTransaction` is on disk: its block was committed with an fsync.
//! - Only the miner's thread adds; every reader sees the state after one whole block. The pruner takes
//!   away only what was executed once more and agreed.
//! - Blocks are final. There is one producer and no fork.
//! - Executing every block again from genesis, or from the snapshot of a pruned ledger, gives the same blocks and state
//!   ([`Chain::audit`]).
//! - revm lives in this crate only, and this crate knows nothing of medicine.
//!
//! # Rules
//!
//! Prague, with these differences, all of them because nobody sells block space here: fees are
//! waived (the price a transaction offers is a maximum, the ledger takes zero, the base fee is
//! zero), so accounts need no balance; the gas limit of a transaction is capped as by EIP-7825;
//! blob (EIP-4844) and set-code (EIP-7702) transactions are refused; there is no beacon chain, so
//! none of its system contracts, and `parentBeaconBlockRoot` is the root over
//! all earlier blocks' hashes; a block's timestamp may equal its parent's; `stateRoot` is a hash
//! chain over state changes (see [`state_root`]), not a Merkle Patricia root.

mod audit;
mod block;
mod chain;
mod error;
mod execute;
mod history;
mod limits;
mod miner;
mod pool;
mod prune;
mod receipt;
mod rpc;
mod session;
mod state;
mod store;
mod transaction;

pub use audit::{AuditReport, Difference, Part, Snapshot};
pub use block::{BlockHead, state_root};
pub use chain::{Chain, Clock, Genesis, Options};
pub use error::{AuditError, OpenError, PruneError, SessionEnd, StoreError};
pub use limits::*;
pub use prune::PruneReport;
pub use revm::primitives::{Address, B256, Bytes, U256};
pub use session::Session;
pub use state::{AccountChange, StateChanges};
pub use store::{LEDGER_FILE, LedgerStats};
pub use transaction::Refusal;
