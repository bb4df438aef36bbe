//! A model of custody beside the contract: it keeps every unit of every holding in clear.
//!
//! # Invariants
//!
//! A unit is in exactly one unspent place, or it is retired and in none ([`Model::check`]).

mod holdings;
mod members;
mod operations;
mod retirements;

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Bytes};

pub use holdings::ModelHolding;
pub use members::{Member, Standing};
pub use retirements::Batch;

use crate::packing::Source;
use crate::words::{LotStatus, Reason, State};
use crate::world::{GRACE_DAYS, NOW_S, World};

/// A unit: its number, and the lot that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Its number, from which its hash follows.
    pub number: u64,
    /// Its lot.
    pub lot: B256,
}

/// A lot.
#[derive(Debug, Clone)]
pub struct ModelLot {
    /// Number of the member that made it.
    pub labeler: usize,
    /// Last day of use, in days since 1970.
    pub expiry: u32,
    /// Whether its units may be used.
    pub status: LotStatus,
    /// Whether a regulator decided so.
    pub by_regulator: bool,
}

/// An operation of custody, with what the caller names in clear.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "documented in ICustody.sol")]
pub enum Op {
    Commission { lot: B256, expiry: u32, count: u64 },
    Ship { sources: Vec<Source>, to: Address },
    Receive { id: B256 },
    ReceiveInPart { id: B256, refused: Source },
    Cancel { id: B256 },
    Segregate { sources: Vec<Source>, state: State },
    Release { id: B256 },
    Retire { sources: Vec<Source>, reason: Reason },
    WriteOff { sources: Vec<Source>, reason: Reason },
    Restore { batch: Batch, chosen: Vec<bool> },
    Decide { lot: B256, status: LotStatus },
}

/// What an operation leaves behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing that has an id.
    Done,
    /// A new holding.
    Opened(B256),
    /// Units were retired; the packed places of the log, and the last second at which it can be undone, or 0.
    Retired(Bytes, u64),
    /// Units came back; the packed places of the log.
    Restored(Bytes),
}

/// All members, holdings and lots. Each operation says what the contract should do: what comes of it, or why not.
#[derive(Debug, Clone)]
pub struct Model {
    /// Time of the block, in seconds since 1970.
    pub now_s: u64,
    /// Members; the number of each is its position, counted from 1.
    pub members: Vec<Member>,
    /// Holdings by id.
    pub holdings: BTreeMap<B256, ModelHolding>,
    /// Lots by tag.
    pub lots: BTreeMap<B256, ModelLot>,
    /// Retirements that can be undone, by the key of their record.
    pub batches: BTreeMap<B256, Batch>,
    /// Numbers of units whose life has ended.
    pub retired: BTreeSet<u64>,
    /// Numbers of units whose holding was pruned.
    pub pruned: BTreeSet<u64>,
    /// Number of the next unit.
    pub next_unit: u64,
}

/// Why the model refuses.
pub type Refusal = &'static str;

pub(crate) fn ensure(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}

impl Model {
    /// The members of [`World::new`], and nothing else.
    pub fn new() -> Self {
        let mut members: Vec<_> = World::MEMBERS
            .iter()
            .map(|(gln, roles, account)| Member::new(*gln, *roles, *account))
            .collect();
        members[0].accounts.push(World::FACTORY_2);
        Self {
            now_s: NOW_S,
            members,
            holdings: BTreeMap::new(),
            lots: BTreeMap::new(),
            batches: BTreeMap::new(),
            retired: BTreeSet::new(),
            pruned: BTreeSet::new(),
            next_unit: 0,
        }
    }

    /// The second from which on what expires on a day may be pruned.
    pub fn prunable_s(expiry: u32) -> u64 {
        (u64::from(expiry) + 1 + u64::from(GRACE_DAYS)) * 86_400
    }

    /// Does what an operation says, for an account, all or nothing.
    ///
    /// # Errors
    ///
    /// Why the contract should refuse.
    pub fn apply(&mut self, by: Address, op: &Op, cause: B256) -> Result<Outcome, Refusal> {
        match op {
            Op::Commission { lot, expiry, count } => {
                self.commission(by, *lot, *expiry, *count, cause)
            }
            Op::Ship { sources, to } => self.ship(by, sources, *to, cause),
            Op::Receive { id } => self.receive(by, *id),
            Op::ReceiveInPart { id, refused } => self.receive_in_part(by, *id, refused, cause),
            Op::Cancel { id } => self.cancel(by, *id),
            Op::Segregate { sources, state } => self.segregate(by, sources, *state, cause),
            Op::Release { id } => self.release(by, *id),
            Op::Retire { sources, reason } => self.retire(by, sources, *reason, cause),
            Op::WriteOff { sources, reason } => self.write_off(by, sources, *reason, cause),
            Op::Restore { batch, chosen } => self.restore(by, batch, chosen),
            Op::Decide { lot, status } => self.decide(by, *lot, *status),
        }
    }

    /// Checks that each unit is in exactly one unspent place, or retired or pruned and in none.
    ///
    /// # Panics
    ///
    /// If not.
    pub fn check(&self) {
        let mut seen = BTreeMap::new();
        for holding in self.holdings.values().filter(|h| h.state != State::Pruning) {
            for unit in holding.unspent() {
                *seen.entry(unit.number).or_insert(0) += 1;
            }
        }
        for number in 0..self.next_unit {
            let ended = self.retired.contains(&number) || self.pruned.contains(&number);
            let found = seen.get(&number).copied().unwrap_or(0);
            assert_eq!(found, usize::from(!ended), "unspent places of unit {number}");
        }
    }
}

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}
