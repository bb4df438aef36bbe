//! Upper bounds of the gas that calls need.
//!
//! An estimate by the endpoint says nothing about a transaction that builds on others which are not
//! mined yet, so the limit is computed from the calls. The numbers are worst cases (all storage
//! cold, every mark in a word of its own), checked against the receipts of the tests.

use std::fmt;

use serde::{Deserialize, Serialize};
use theriac_custody::NodeProof;

use crate::call::{Call, JoinError, join};

/// An amount of gas.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Gas(pub u64);

impl Gas {
    /// The most that one transaction may use (EIP-7825).
    pub const TRANSACTION_MAX: Self = Self(16_777_216);
}

impl fmt::Display for Gas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} gas", self.0)
    }
}

/// Bytes of input that one transaction may have: nodes take transactions of up to 128 KiB, of which
/// the rest of a transaction has less than 256 bytes.
pub const INPUT_BYTES_MAX: usize = 128 * 1024 - 256;

/// Every transaction.
const TRANSACTION: u64 = 21_000;
/// A storage slot from zero to something, read before (EIP-2929, EIP-2200).
const SLOT_SET: u64 = 22_100;
/// A storage slot read for the first time in a transaction (EIP-2929).
const SLOT_READ: u64 = 2_100;
/// Asking the registry for the caller's roles: a cold account, four cold slots, the call.
const ROLES: u64 = 16_000;
/// Opening a holding: four slots and its logs.
const HOLDING_OPENED: u64 = 4 * SLOT_SET + 12_000;
/// What a call needs before it does anything: dispatch, memory, multicall.
const CALL: u64 = 8_000;
/// One step of a Merkle path, or one empty subtree that fills a new tree up.
const STEP: u64 = 600;
/// Reading a listed node, leaf or place, and logging it.
const LISTED: u64 = 4 * SLOT_READ + 4_000;
/// Leaves marked by one word of the bitmap, as a height.
const WORD_HEIGHT: u8 = 8;

/// An upper bound of the gas that one transaction with these calls uses; can exceed
/// [`Gas::TRANSACTION_MAX`], then they must be split.
///
/// # Errors
///
/// When the calls cannot be one transaction.
pub fn gas_bound(calls: &[Call]) -> Result<Gas, JoinError> {
    Ok(bound(calls, &join(calls)?.input))
}

/// Whether the calls fit in one transaction; if not, they must be split.
///
/// # Errors
///
/// When the calls cannot be one transaction whatever their size.
pub fn fits(calls: &[Call]) -> Result<bool, JoinError> {
    let joined = join(calls)?;
    Ok(within_transaction(bound(calls, &joined.input), &joined.input))
}

pub(crate) fn within_transaction(gas: Gas, input: &[u8]) -> bool {
    gas <= Gas::TRANSACTION_MAX && input.len() <= INPUT_BYTES_MAX
}

pub(crate) fn bound(calls: &[Call], input: &[u8]) -> Gas {
    let execution = calls.iter().map(execution).fold(0, u64::saturating_add);
    with_input(execution, input)
}

/// Adds what the transaction and its input cost: 4 gas a token while there is execution to pay, at
/// least 10 a token in all (EIP-7623).
fn with_input(execution: u64, input: &[u8]) -> Gas {
    let tokens: u64 = input.iter().map(|byte| if *byte == 0 { 1 } else { 4 }).sum();
    let input_gas = tokens * 4 + input.len() as u64;
    Gas(TRANSACTION + input_gas.saturating_add(execution).max(tokens * 10))
}

/// Gas to deploy `code` with a constructor that sets a few slots.
pub(crate) fn deployment_bound(code: &[u8]) -> Gas {
    const CREATE: u64 = 32_000;
    const CODE_BYTE: u64 = 200;
    const CONSTRUCTOR: u64 = 300_000;
    let bytes = code.len() as u64;
    with_input(CREATE + CODE_BYTE * bytes + bytes.div_ceil(32) * 2 + CONSTRUCTOR, code)
}

fn execution(call: &Call) -> u64 {
    let own = match call {
        Call::Commission { .. } => HOLDING_OPENED + SLOT_SET + SLOT_READ,
        Call::Ship { nodes, .. } | Call::Segregate { nodes, .. } => HOLDING_OPENED + gather(nodes),
        Call::ReceiveShipment { refused, .. } if refused.is_empty() => 3 * SLOT_SET,
        Call::ReceiveShipment { refused, .. } => 3 * SLOT_SET + HOLDING_OPENED + gather(refused),
        Call::Cancel { .. } | Call::Release { .. } => 3 * SLOT_SET,
        Call::Retire { units, .. } => units.iter().fold(0, |sum: u64, unit| {
            let path = unit.path.len() as u64 * STEP;
            sum.saturating_add(LISTED + 2 * SLOT_READ + SLOT_SET + path)
        }),
        Call::WriteOff { places, .. } => {
            places.iter().fold(0, |sum: u64, place| sum.saturating_add(LISTED + marks(place.1)))
        }
        Call::Recall { .. } | Call::BlockLot { .. } | Call::Lift { .. } => {
            2 * SLOT_SET + ROLES + SLOT_READ
        }
        Call::Anchor { .. } => 4_000,
        Call::AddMember { name, endpoint, .. } => 8 * SLOT_SET + texts(&[name, endpoint]),
        Call::SetEndpoint { endpoint, .. } => 2 * SLOT_SET + texts(&[endpoint]),
        Call::SetStatus { .. }
        | Call::SetLicence { .. }
        | Call::AddAccount { .. }
        | Call::RevokeAccount { .. }
        | Call::AddProduct { .. }
        | Call::OfferProduct { .. }
        | Call::AcceptProduct { .. } => 5 * SLOT_SET,
    };
    own.saturating_add(CALL + 2 * ROLES)
}

fn gather(nodes: &[NodeProof]) -> u64 {
    nodes.iter().fold(40 * STEP, |sum: u64, node| {
        let path = (node.path.len() as u64 + 2) * STEP;
        sum.saturating_add(LISTED + path).saturating_add(marks(node.height))
    })
}

/// Marks of a subtree: one word, or all words that it covers.
fn marks(height: u8) -> u64 {
    let words = 1u64.checked_shl(u32::from(height.saturating_sub(WORD_HEIGHT)));
    words.unwrap_or(u64::MAX).saturating_mul(SLOT_SET + 300)
}

/// Texts in storage and in a log.
fn texts(texts: &[&String]) -> u64 {
    texts.iter().fold(0, |sum: u64, text| {
        let bytes = text.len() as u64;
        sum.saturating_add(SLOT_SET + bytes.div_ceil(32) * SLOT_SET + bytes * 12)
    })
}
