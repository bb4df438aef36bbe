//! Reading the state and calling contracts, at the newest block.

use alloy_consensus::{Header, Sealed};
use alloy_eips::BlockId;
use alloy_rpc_types_eth::TransactionRequest;
use revm::{
    Database,
    context::{
        TxEnv,
        result::{ExecutionResult, HaltReason, InvalidTransaction},
    },
    primitives::{Address, B256, Bytes, TxKind, U256, keccak256},
};

use super::{Answer, blocks, error::RpcError, json, params::Params, quantity};
use crate::{
    execute,
    limits::{CALL_GAS_MAX, TRANSACTION_GAS_LIMIT},
    pool::Pool,
    store::View,
    transaction::Refusal,
};

/// `web3_sha3`.
pub(crate) fn keccak(params: &Params) -> Result<B256, RpcError> {
    Ok(keccak256(params.required::<Bytes>(0)?))
}

/// `eth_getBalance`, in wei.
pub(crate) fn balance(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    latest(view, params, 1)?;
    let account = view.state(None)?.basic(address)?;
    json(&account.map_or(U256::ZERO, |account| account.balance))
}

/// `eth_getTransactionCount`: the nonce; with `pending`, after what is queued.
pub(crate) fn transaction_count(view: &View<'_>, params: &Params, pool: &Pool) -> Answer {
    let address: Address = params.required(0)?;
    latest(view, params, 1)?;
    let mined = view.state(None)?.basic(address)?.map_or(0, |account| account.nonce);
    match params.optional::<BlockId>(1)?.is_some_and(|id| id.is_pending()) {
        true => quantity(pool.pending(address, mined)),
        false => quantity(mined),
    }
}

/// `eth_getCode`.
pub(crate) fn code(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    latest(view, params, 1)?;
    let mut state = view.state(None)?;
    let code = match state.basic(address)? {
        Some(account) => state.code_by_hash(account.code_hash)?.original_bytes(),
        None => Bytes::new(),
    };
    json(&code)
}

/// `eth_getStorageAt`: always 32 bytes.
pub(crate) fn storage_at(view: &View<'_>, params: &Params) -> Answer {
    let address: Address = params.required(0)?;
    let slot: U256 = params.required(1)?;
    latest(view, params, 2)?;
    json(&B256::from(view.state(None)?.storage(address, slot)?))
}

/// `eth_call`.
pub(crate) fn call(view: &View<'_>, chain_id: u64, params: &Params) -> Answer {
    let (request, head) = request(view, params)?;
    let gas_limit = request.gas.unwrap_or(CALL_GAS_MAX).min(CALL_GAS_MAX);
    match run(view, chain_id, &head, &request, gas_limit)? {
        ExecutionResult::Success { output, .. } => json(output.data()),
        ExecutionResult::Revert { output, .. } => Err(RpcError::Reverted { data: output }),
        ExecutionResult::Halt { reason, .. } => Err(halted(&reason)),
    }
}

/// How far above the least sufficient gas limit an estimate may be: 1 in this many. geth uses
/// 1.5 % too.
const ESTIMATE_TOLERANCE: u64 = 66;

/// `eth_estimateGas`: a gas limit that suffices and is at most 1.5 % above the least one.
///
/// The gas used is not enough as a limit: a call keeps back 1/64 of its gas from what it calls
/// (EIP-150) and refunds come at the end. So a limit is searched that really works.
pub(crate) fn estimate_gas(view: &View<'_>, chain_id: u64, params: &Params) -> Answer {
    let (request, head) = request(view, params)?;
    let cap = request.gas.unwrap_or(TRANSACTION_GAS_LIMIT).min(TRANSACTION_GAS_LIMIT);
    let spent = match run(view, chain_id, &head, &request, cap)? {
        ExecutionResult::Success { gas, .. } => gas.total_gas_spent().max(gas.floor_gas()),
        ExecutionResult::Revert { output, .. } => {
            return Err(RpcError::Reverted { data: output });
        }
        ExecutionResult::Halt { reason: HaltReason::OutOfGas(_), .. } => {
            return Err(RpcError::GasAllowance { allowance: cap });
        }
        ExecutionResult::Halt { reason, .. } => return Err(halted(&reason)),
    };
    let works = |limit| -> Result<bool, RpcError> {
        match execute::call(chain_id, &head, environment(&request, limit), view.state(None)?)? {
            Ok(result) => Ok(result.is_success()),
            Err(_) => Ok(false),
        }
    };
    quantity(least(spent, cap, works)?)
}

/// The least limit from `low` to `high` (which works) that `works` accepts, within the tolerance.
fn least(
    low: u64,
    high: u64,
    works: impl Fn(u64) -> Result<bool, RpcError>,
) -> Result<u64, RpcError> {
    if low >= high || works(low)? {
        return Ok(low.min(high));
    }
    // EIP-150 over one level of calls, and the stipend: mostly enough, so that few tries remain.
    let guess = (low + low / 63 + 2_300).min(high);
    let (mut low, mut high) = match works(guess)? {
        true => (low, guess),
        false => (guess, high),
    };
    while high - low > 1 + high / ESTIMATE_TOLERANCE {
        let middle = low + (high - low) / 2;
        match works(middle)? {
            true => high = middle,
            false => low = middle,
        }
    }
    Ok(high)
}

/// The call of `eth_call` and `eth_estimateGas`, and the block it runs on.
fn request(
    view: &View<'_>,
    params: &Params,
) -> Result<(TransactionRequest, Sealed<Header>), RpcError> {
    let request: TransactionRequest = params.required(0)?;
    let head = latest(view, params, 1)?;
    if params.says_something(2) || params.says_something(3) {
        return Err(RpcError::InvalidParams { why: "state and block overrides are not supported" });
    }
    if let (Some(input), Some(data)) = (&request.input.input, &request.input.data)
        && input != data
    {
        return Err(RpcError::InvalidParams { why: "both data and input are given and differ" });
    }
    Ok((request, head))
}

fn run(
    view: &View<'_>,
    chain_id: u64,
    head: &Sealed<Header>,
    request: &TransactionRequest,
    gas_limit: u64,
) -> Result<ExecutionResult, RpcError> {
    let call = environment(request, gas_limit);
    let sender = call.caller;
    execute::call(chain_id, head, call, view.state(None)?)?
        .map_err(|error: InvalidTransaction| Refusal::of(sender, error).into())
}

fn environment(request: &TransactionRequest, gas_limit: u64) -> TxEnv {
    TxEnv {
        caller: request.from.unwrap_or_default(),
        gas_limit,
        gas_price: 0,
        kind: request.to.unwrap_or(TxKind::Create),
        value: request.value.unwrap_or_default(),
        data: request.input.input().cloned().unwrap_or_default(),
        nonce: request.nonce.unwrap_or_default(),
        chain_id: None,
        tx_type: u8::from(request.access_list.is_some()),
        access_list: request.access_list.clone().unwrap_or_default(),
        ..TxEnv::default()
    }
}

fn halted(reason: &HaltReason) -> RpcError {
    match reason {
        HaltReason::OutOfGas(_) => RpcError::Halted { reason: "out of gas".to_owned() },
        reason => RpcError::Halted { reason: reason.to_string() },
    }
}

/// The newest header, if the block parameter at `index` means it.
///
/// # Errors
///
/// The parameter names an older block, whose state is not kept, or one that is not there.
fn latest(view: &View<'_>, params: &Params, index: usize) -> Result<Sealed<Header>, RpcError> {
    let head = view.head()?;
    let Some(id) = params.optional::<BlockId>(index)? else { return Ok(head) };
    match blocks::header_of(view, id)? {
        Some(header) if header.number == head.number => Ok(head),
        Some(header) => Err(RpcError::StateNotKept { wanted: header.number, head: head.number }),
        None => Err(RpcError::UnknownBlock { wanted: id.to_string(), head: head.number }),
    }
}
