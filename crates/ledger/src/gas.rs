//! Upper bounds of the gas that calls need.
//!
//! An estimate by the endpoint says nothing about a transaction that builds on others which are not
//! mined yet, so the limit is computed from the calls. The numbers are worst cases (all storage
//! cold, all slots empty), checked against the receipts of the tests.

mod goods;

use std::fmt;

use serde::{Deserialize, Serialize};

use theriac_custody::Account;

use crate::call::{Call, JoinError, join};
use crate::connect::Deployment;

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
/// A storage slot that was empty (EIP-2200, EIP-2929).
const SLOT_SET: u64 = 22_100;
/// A storage slot that was not empty (EIP-2200, EIP-2929).
const SLOT_CHANGED: u64 = 5_000;
/// A storage slot read for the first time in a transaction (EIP-2929).
const SLOT_READ: u64 = 2_100;
/// Asking the registry what an account may do: a cold account, cold slots, the call.
const ROLES: u64 = 9_000;
/// Opening a holding: its slot, and two logs.
const HOLDING_OPENED: u64 = SLOT_SET + 8_000;
/// Changing a holding's state: its slot, and a log.
const HOLDING_CHANGED: u64 = SLOT_READ + SLOT_CHANGED + 5_000;
/// What a call needs before it does anything: dispatch, decoding, its part of a multicall.
const CALL: u64 = 5_000;

/// Addresses whose bytes cost the most, for bounds that hold wherever the contracts are.
const ANYWHERE: Deployment = {
    let address = Account([0xff; 20]);
    Deployment {
        chain_id: 0,
        registry: address,
        custody: address,
        documents: address,
        timelock: address,
    }
};

/// An upper bound of the gas that one transaction with these calls uses; can exceed
/// [`Gas::TRANSACTION_MAX`], then they must be split.
///
/// # Errors
///
/// When the calls cannot be one transaction.
pub fn gas_bound(calls: &[Call]) -> Result<Gas, JoinError> {
    Ok(bound(calls, &join(calls, &ANYWHERE)?.input))
}

/// Whether the calls fit in one transaction; if not, they must be split.
///
/// # Errors
///
/// When the calls cannot be one transaction whatever their size.
pub fn fits(calls: &[Call]) -> Result<bool, JoinError> {
    let joined = join(calls, &ANYWHERE)?;
    Ok(within_transaction(bound(calls, &joined.input), &joined.input))
}

pub(crate) fn within_transaction(gas: Gas, input: &[u8]) -> bool {
    gas <= Gas::TRANSACTION_MAX && input.len() <= INPUT_BYTES_MAX
}

pub(crate) fn bound(calls: &[Call], input: &[u8]) -> Gas {
    let execution = calls.iter().map(execution).fold(memory(input), u64::saturating_add);
    with_input(execution, input)
}

/// Memory for a copy of the input, as a multicall makes one (Yellow Paper, appendix G).
fn memory(input: &[u8]) -> u64 {
    let words = (input.len() as u64).div_ceil(32);
    6 * words + words * words / 512
}

/// Adds what the transaction and its input cost: 4 gas a token while there is execution to pay, at
/// least 10 a token in all (EIP-7623).
fn with_input(execution: u64, input: &[u8]) -> Gas {
    let tokens: u64 = input.iter().map(|byte| if *byte == 0 { 1 } else { 4 }).sum();
    Gas(TRANSACTION + execution.saturating_add(tokens * 4).max(tokens * 10))
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
    let own = goods_gas(call).or_else(|| upkeep_gas(call)).unwrap_or_else(|| registry_gas(call));
    own.saturating_add(CALL + ROLES)
}

fn goods_gas(call: &Call) -> Option<u64> {
    Some(match call {
        Call::Commission { .. } => HOLDING_OPENED + SLOT_SET + SLOT_READ + 4_000,
        Call::Ship { nodes, .. } | Call::Segregate { nodes, .. } => {
            ROLES + HOLDING_OPENED + goods::nodes(nodes)
        }
        Call::ReceiveShipment { .. } | Call::Cancel { .. } | Call::Release { .. } => {
            HOLDING_CHANGED
        }
        Call::ReceiveInPart { refused, .. } => {
            HOLDING_CHANGED + ROLES + HOLDING_OPENED + goods::nodes(refused)
        }
        Call::Retire { units, .. } => SLOT_SET + goods::units(units),
        Call::WriteOff { places, .. } => SLOT_SET + goods::places(places),
        Call::Restore { places, which, .. } => 2 * SLOT_SET + goods::restored(places, which),
        Call::Recall { .. } | Call::BlockLot { .. } | Call::Lift { .. } => {
            2 * SLOT_READ + SLOT_CHANGED + 6_000
        }
        Call::Anchor { .. } => 4_000,
        _ => return None,
    })
}

fn upkeep_gas(call: &Call) -> Option<u64> {
    let slots = match call {
        Call::Prune { keys, .. } | Call::PruneRetirements { keys } => keys.len(),
        Call::PruneLots { lot_tags } => lot_tags.len(),
        _ => return None,
    };
    Some((slots as u64).saturating_mul(SLOT_CHANGED + 3_000).saturating_add(SLOT_CHANGED + 6_000))
}

fn registry_gas(call: &Call) -> u64 {
    match call {
        Call::AddMember { name, endpoint, .. } => 8 * SLOT_SET + texts(&[name, endpoint]),
        Call::SetEndpoint { endpoint, .. } => 2 * SLOT_SET + texts(&[endpoint]),
        Call::Schedule { call, .. } => 2 * SLOT_SET + call.calldata(&ANYWHERE).len() as u64 * 20,
        Call::Execute { call, .. } => 3 * SLOT_SET + execution(call),
        // Standing, licence and window are written to every account of the member.
        Call::SetStatus { .. } | Call::SetLicence { .. } | Call::SetUndoDays { .. } => {
            2 * SLOT_SET + ACCOUNTS_MAX * (SLOT_CHANGED + SLOT_READ + 1_000)
        }
        Call::AddAccount { .. } => 3 * SLOT_SET + 10_000,
        Call::SetServiceKeys { .. } => 2 * SLOT_SET + 6_000,
        // Takes it off a list of up to 16, in order.
        Call::RevokeAccount { .. } => ACCOUNTS_MAX * (SLOT_CHANGED + 1_000),
        _ => SLOT_SET + 12_000,
    }
}

/// Most accounts of a member.
const ACCOUNTS_MAX: u64 = 16;

/// Texts in storage and in a log.
fn texts(texts: &[&String]) -> u64 {
    texts.iter().fold(0, |sum: u64, text| {
        let bytes = text.len() as u64;
        sum.saturating_add(SLOT_SET + bytes.div_ceil(32) * SLOT_SET + bytes * 12)
    })
}
