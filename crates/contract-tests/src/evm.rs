//! One contract call, one transaction: revm in memory under the rules of Prague.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::primitives::{Address, Bytes, Log, TxKind, U256};
use alloy::sol_types::SolCall;
use revm::context::result::{ExecutionResult, Output};
use revm::context::{Context, ContextTr, TxEnv};
use revm::database::{CacheDB, InMemoryDB};
use revm::handler::{MainnetContext, MainnetEvm};
use revm::primitives::hardfork::SpecId;
use revm::{ExecuteCommitEvm, ExecuteEvm, MainBuilder, MainContext};

/// Gas that a transaction may use; far above all that is tested.
const GAS_LIMIT: u64 = 1 << 40;

/// What is on a ledger that others start from.
pub type Ground = Arc<InMemoryDB>;

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
    inner: MainnetEvm<MainnetContext<CacheDB<Ground>>>,
}

impl Evm {
    /// A ledger whose blocks have this time, in seconds since 1970, and that has on it what is on the ground.
    pub fn new(time_s: u64, ground: Ground) -> Self {
        let context = Context::mainnet()
            .modify_cfg_chained(|cfg| {
                cfg.set_spec_and_mainnet_gas_params(SpecId::PRAGUE);
                cfg.disable_nonce_check = true;
                cfg.tx_gas_limit_cap = Some(u64::MAX);
                // The compiler's script keeps to the limit; mutants are not optimised.
                cfg.limit_contract_code_size = Some(usize::MAX);
                cfg.limit_contract_initcode_size = Some(usize::MAX);
            })
            .modify_block_chained(|block| {
                block.timestamp = U256::from(time_s);
                block.gas_limit = u64::MAX;
            })
            .with_db(CacheDB::new(ground));
        Self { inner: context.build_mainnet() }
    }

    /// What is on a ledger that was started from nothing, for others to start from.
    pub fn into_ground(self) -> Ground {
        let cache = self.inner.ctx.db().cache.clone();
        Arc::new(InMemoryDB { cache, ..InMemoryDB::default() })
    }

    /// Sets the time of the blocks to come, in seconds since 1970.
    pub fn set_time(&mut self, time_s: u64) {
        self.inner.ctx.modify_block(|block| block.timestamp = U256::from(time_s));
    }

    /// The slots of a contract that are not zero.
    pub fn slots(&self, at: Address) -> BTreeMap<U256, U256> {
        let db = self.inner.ctx.db();
        let mut slots = BTreeMap::new();
        for cache in [&db.db.cache, &db.cache] {
            let storage = cache.accounts.get(&at).map(|account| &account.storage);
            slots.extend(storage.into_iter().flatten().map(|(key, value)| (*key, *value)));
        }
        slots.retain(|_, value| !value.is_zero());
        slots
    }

    /// Writes a slot as no contract could.
    pub fn set_slot(&mut self, at: Address, key: U256, value: U256) {
        let db = self.inner.ctx.db_mut();
        db.insert_account_storage(at, key, value).expect("a database in memory never fails");
    }

    /// Deploys a contract.
    ///
    /// # Panics
    ///
    /// If its constructor reverts.
    pub fn deploy(&mut self, from: Address, code: Vec<u8>) -> Address {
        match self.commit(from, TxKind::Create, code.into()) {
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
        Self::read::<C>(self.commit(from, TxKind::Call(to), call.abi_encode().into()))
    }

    /// Runs a call and keeps nothing.
    ///
    /// # Errors
    ///
    /// The bytes of the revert.
    ///
    /// # Panics
    ///
    /// If the call halts for another reason.
    pub fn view<C: SolCall>(&mut self, to: Address, call: &C) -> Result<C::Return, Failed> {
        let transaction =
            Self::transaction(Address::ZERO, TxKind::Call(to), call.abi_encode().into());
        let found = self.inner.transact(transaction).expect("a valid transaction of a test");
        Self::read::<C>(found.result).map(|done| done.value)
    }

    /// Runs bytes as a call and keeps what it changed; gives what was returned and the logs.
    ///
    /// # Errors
    ///
    /// The bytes of the revert.
    ///
    /// # Panics
    ///
    /// If the call halts for another reason.
    pub fn call_raw(
        &mut self,
        from: Address,
        to: Address,
        data: Bytes,
    ) -> Result<Done<Bytes>, Failed> {
        match self.commit(from, TxKind::Call(to), data) {
            ExecutionResult::Success { gas, logs, output, .. } => {
                Ok(Done { value: output.into_data(), logs, gas: gas.tx_gas_used() })
            }
            ExecutionResult::Revert { output, .. } => Err(Failed(output)),
            halt @ ExecutionResult::Halt { .. } => panic!("expected an end, found {halt:?}"),
        }
    }

    fn read<C: SolCall>(result: ExecutionResult) -> Result<Done<C::Return>, Failed> {
        match result {
            ExecutionResult::Success { gas, logs, output, .. } => {
                let value = C::abi_decode_returns_validate(output.data())
                    .expect("the artefact's return type, because it is what was deployed");
                Ok(Done { value, logs, gas: gas.tx_gas_used() })
            }
            ExecutionResult::Revert { output, .. } => Err(Failed(output)),
            halt @ ExecutionResult::Halt { .. } => panic!("expected an end, found {halt:?}"),
        }
    }

    fn transaction(caller: Address, kind: TxKind, data: Bytes) -> TxEnv {
        TxEnv { caller, kind, data, gas_limit: GAS_LIMIT, chain_id: None, ..TxEnv::default() }
    }

    fn commit(&mut self, caller: Address, kind: TxKind, data: Bytes) -> ExecutionResult {
        let transaction = Self::transaction(caller, kind, data);
        self.inner.transact_commit(transaction).expect("a valid transaction of a test")
    }
}

impl Failed {
    /// The first four bytes, which name the error.
    pub fn selector(&self) -> [u8; 4] {
        let mut selector = [0; 4];
        let length = self.0.len().min(4);
        selector[..length].copy_from_slice(&self.0[..length]);
        selector
    }
}
