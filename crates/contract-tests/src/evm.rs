//! One contract call, one transaction: revm in memory under the rules of Prague.

use alloy::primitives::{Address, Bytes, Log, TxKind, U256};
use alloy::sol_types::SolCall;
use revm::context::result::{ExecutionResult, Output};
use revm::context::{Context, TxEnv};
use revm::database::InMemoryDB;
use revm::handler::{MainnetContext, MainnetEvm};
use revm::primitives::hardfork::SpecId;
use revm::{ExecuteCommitEvm, MainBuilder, MainContext};

/// Gas that a transaction may use; far above all that is tested.
const GAS_LIMIT: u64 = 1 << 40;

/// A transaction that went through.
#[derive(Debug)]
pub struct Done<T> {
    /// What the function returned.
    pub value: T,
    /// Its logs in order.
    pub logs: Vec<Log>,
    /// Gas of the whole transaction.
    pub gas: u64,
}

/// A transaction that was reverted, with what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(pub Bytes);

/// A ledger in memory.
#[derive(Debug)]
pub struct Evm {
    inner: MainnetEvm<MainnetContext<InMemoryDB>>,
}

impl Evm {
    /// An empty ledger whose blocks have this time, in seconds since 1970.
    pub fn new(time_s: u64) -> Self {
        let context = Context::mainnet()
            .modify_cfg_chained(|cfg| {
                cfg.set_spec_and_mainnet_gas_params(SpecId::PRAGUE);
                cfg.disable_nonce_check = true;
                cfg.tx_gas_limit_cap = Some(u64::MAX);
            })
            .modify_block_chained(|block| {
                block.timestamp = U256::from(time_s);
                block.gas_limit = u64::MAX;
            })
            .with_db(InMemoryDB::default());
        Self { inner: context.build_mainnet() }
    }

    /// Sets the time of the blocks to come, in seconds since 1970.
    pub fn set_time(&mut self, time_s: u64) {
        self.inner.ctx.modify_block(|block| block.timestamp = U256::from(time_s));
    }

    /// Deploys a contract.
    ///
    /// # Panics
    ///
    /// If its constructor reverts.
    pub fn deploy(&mut self, from: Address, code: Vec<u8>) -> Address {
        match self.transact(from, TxKind::Create, code.into()) {
            ExecutionResult::Success { output: Output::Create(_, Some(at)), .. } => at,
            other => panic!("expected a contract, found {other:?}"),
        }
    }

    /// Runs a call as a transaction and keeps what it changed.
    ///
    /// # Errors
    ///
    /// The bytes of the revert.
    ///
    /// # Panics
    ///
    /// If the call halts for another reason, which is a bug of a test or a contract.
    pub fn call<C: SolCall>(
        &mut self,
        from: Address,
        to: Address,
        call: &C,
    ) -> Result<Done<C::Return>, Failed> {
        match self.transact(from, TxKind::Call(to), call.abi_encode().into()) {
            ExecutionResult::Success { gas, logs, output, .. } => {
                let value = C::abi_decode_returns_validate(output.data())
                    .expect("the artefact's return type, because it is what was deployed");
                Ok(Done { value, logs, gas: gas.tx_gas_used() })
            }
            ExecutionResult::Revert { output, .. } => Err(Failed(output)),
            halt @ ExecutionResult::Halt { .. } => panic!("expected an end, found {halt:?}"),
        }
    }

    fn transact(&mut self, caller: Address, kind: TxKind, data: Bytes) -> ExecutionResult {
        let transaction =
            TxEnv { caller, kind, data, gas_limit: GAS_LIMIT, chain_id: None, ..TxEnv::default() };
        self.inner.transact_commit(transaction).expect("a valid transaction of a test")
    }
}
