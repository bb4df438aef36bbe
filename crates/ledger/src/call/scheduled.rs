//! Calls that wait in the timelock before they take effect.

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};
use alloy::sol_types::{SolCall, SolValue};
use theriac_custody::Hash;

use super::Call;
use crate::bindings::convert::{address, b256, hash};
use crate::bindings::timelock::Timelock as T;
use crate::connect::Deployment;

/// The id under which the timelock keeps a scheduled call.
pub fn operation_id(call: &Call, salt: Hash, at: &Deployment) -> Hash {
    let (target, data) = destination(call, at);
    let fields = (target, U256::ZERO, data, B256::ZERO, b256(salt));
    hash(keccak256(fields.abi_encode_params()))
}

pub(super) fn schedule(call: &Call, delay_s: u64, salt: Hash, at: &Deployment) -> Vec<u8> {
    let (target, data) = destination(call, at);
    T::scheduleCall {
        target,
        value: U256::ZERO,
        data,
        predecessor: B256::ZERO,
        salt: b256(salt),
        delay: U256::from(delay_s),
    }
    .abi_encode()
}

pub(super) fn execute(call: &Call, salt: Hash, at: &Deployment) -> Vec<u8> {
    let (target, payload) = destination(call, at);
    T::executeCall { target, value: U256::ZERO, payload, predecessor: B256::ZERO, salt: b256(salt) }
        .abi_encode()
}

fn destination(call: &Call, at: &Deployment) -> (Address, Bytes) {
    (address(at.of(call.target())), call.calldata(at).into())
}
