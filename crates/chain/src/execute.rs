//! Executing transactions in revm: a whole block, or one call that leaves no trace.

use alloy_consensus::{Header, Sealed, Transaction, TxEnvelope, transaction::Recovered};
use revm::{
    Context, Database, DatabaseCommit, ExecuteEvm, MainBuilder, MainContext,
    context::{
        BlockEnv, CfgEnv, TxEnv,
        result::{EVMError, ExecutionResult, InvalidTransaction},
    },
    context_interface::block::BlobExcessGasAndPrice,
    primitives::{
        Address, B256, Bytes, U256, eip4844::BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE, hardfork::SpecId,
    },
};

use crate::{
    block::{ExecutedBlock, next_header},
    error::StoreError,
    limits::{BLOCK_GAS_LIMIT, TRANSACTION_GAS_LIMIT},
    receipt::StoredReceipt,
    state::Overlay,
    transaction::{self, Refusal},
};

/// What became of one transaction offered to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is in the block, with status 1 or 0.
    Mined,
    /// It can not be in any block now.
    Refused(Refusal),
    /// The block's gas is used up; it belongs in the next one.
    Later,
}

/// Executes `offered` in order into one block on top of `parent`.
///
/// `history` is the root over all blocks before it. Answers the block (possibly without transactions, then it should be dropped) and what became
/// of each transaction offered.
pub(crate) fn block<B: Database<Error = StoreError>>(
    chain_id: u64,
    parent: &Sealed<Header>,
    timestamp: u64,
    history: B256,
    offered: Vec<Recovered<TxEnvelope>>,
    base: B,
) -> Result<(ExecutedBlock, Vec<Outcome>), StoreError> {
    let mut state = Overlay::new(base);
    let mut transactions = Vec::with_capacity(offered.len());
    let mut receipts: Vec<StoredReceipt> = Vec::with_capacity(offered.len());
    let mut outcomes = Vec::with_capacity(offered.len());
    let mut evm = Context::mainnet()
        .with_db(&mut state)
        .with_cfg(configuration(chain_id))
        .with_block(environment(parent.number + 1, timestamp))
        .build_mainnet();
    let mut full = false;
    for candidate in offered {
        let used = receipts.last().map_or(0, |receipt| receipt.cumulative_gas_used);
        // What comes after one that does not fit may need it (its nonce), so it waits too.
        full |= candidate.gas_limit().saturating_add(used) > BLOCK_GAS_LIMIT;
        if full {
            outcomes.push(Outcome::Later);
            continue;
        }
        match evm.transact(transaction::environment(&candidate)) {
            Ok(done) => {
                evm.ctx.journaled_state.database.commit(done.state);
                receipts.push(receipt(done.result, receipts.last()));
                transactions.push(candidate);
                outcomes.push(Outcome::Mined);
            }
            Err(error) => outcomes.push(refused(candidate.signer(), error)?),
        }
    }
    drop(evm);
    let changes = state.into_changes();
    let header = next_header(parent, timestamp, history, &transactions, &receipts, &changes);
    Ok((ExecutedBlock { header, transactions, receipts, changes }, outcomes))
}

/// Executes one call on top of `head` as if it were in a block after it; changes are dropped.
///
/// The nonce is not checked and the gas limit not capped: the caller of this function does that.
///
/// # Errors
///
/// The outer error is the store's, the inner one the call's.
pub(crate) fn call<B: Database<Error = StoreError>>(
    chain_id: u64,
    head: &Sealed<Header>,
    call: TxEnv,
    base: B,
) -> Result<Result<ExecutionResult, InvalidTransaction>, StoreError> {
    let mut configuration = configuration(chain_id);
    configuration.tx_gas_limit_cap = Some(u64::MAX);
    configuration.disable_nonce_check = true;
    let mut evm = Context::mainnet()
        .with_db(base)
        .with_cfg(configuration)
        .with_block(environment(head.number, head.timestamp))
        .build_mainnet();
    match evm.transact(call) {
        Ok(done) => Ok(Ok(done.result)),
        Err(EVMError::Transaction(error)) => Ok(Err(error)),
        Err(error) => Err(fault(error)),
    }
}

/// Prague, with the gas cap of EIP-7825.
fn configuration(chain_id: u64) -> CfgEnv {
    let mut configuration = CfgEnv::new_with_spec(SpecId::PRAGUE).with_chain_id(chain_id);
    configuration.tx_gas_limit_cap = Some(TRANSACTION_GAS_LIMIT);
    configuration
}

fn environment(number: u64, timestamp: u64) -> BlockEnv {
    BlockEnv {
        number: U256::from(number),
        beneficiary: Address::ZERO,
        timestamp: U256::from(timestamp),
        gas_limit: BLOCK_GAS_LIMIT,
        basefee: 0,
        difficulty: U256::ZERO,
        prevrandao: Some(B256::ZERO),
        blob_excess_gas_and_price: Some(BlobExcessGasAndPrice::new(
            0,
            BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE,
        )),
        slot_num: 0,
    }
}

fn receipt(result: ExecutionResult, previous: Option<&StoredReceipt>) -> StoredReceipt {
    let gas_used = result.tx_gas_used();
    let (success, logs, revert_data) = match result {
        ExecutionResult::Success { logs, .. } => (true, logs, Bytes::new()),
        ExecutionResult::Revert { output, .. } => (false, Vec::new(), output),
        ExecutionResult::Halt { .. } => (false, Vec::new(), Bytes::new()),
    };
    StoredReceipt {
        success,
        gas_used,
        cumulative_gas_used: previous.map_or(0, |before| before.cumulative_gas_used) + gas_used,
        first_log_index: previous
            .map_or(0, |before| before.first_log_index + before.logs.len() as u64),
        logs,
        revert_data,
    }
}

fn refused(sender: Address, error: EVMError<StoreError>) -> Result<Outcome, StoreError> {
    match error {
        EVMError::Transaction(error) => Ok(Outcome::Refused(Refusal::of(sender, error))),
        error => Err(fault(error)),
    }
}

/// An error of revm that no transaction can cause.
fn fault(error: EVMError<StoreError>) -> StoreError {
    match error {
        EVMError::Database(error) => error,
        error => StoreError::Execution { reason: error.to_string() },
    }
}
