//! Blocks over an overlay leave the state that revm's own database has after the same
//! transactions one by one.

use alloy_consensus::{
    Header, Sealed, SignableTransaction, TxEip1559, TxEnvelope, transaction::Recovered,
};
use proptest::prelude::*;
use revm::{
    Context, ExecuteCommitEvm, MainBuilder, MainContext,
    bytecode::Bytecode,
    database::{CacheDB, EmptyDB},
    primitives::{Address, Bytes, U256, alloy_primitives::Signature, hardfork::SpecId, hex},
    state::AccountInfo,
};

use crate::{block::genesis_header, execute, state::MemoryState, transaction};

/// sstore(first word, second word)
const NOTEBOOK: (Address, &[u8]) = (Address::repeat_byte(0xaa), &hex!("6020355f355500"));
/// create2(0, call data, salt 0)
const FACTORY: (Address, &[u8]) = (Address::repeat_byte(0xbb), &hex!("365f5f375f365f5ff500"));

/// What the factory is asked to make.
const MADE: [&[u8]; 4] = [
    // sstore(1, 1), selfdestruct(0): gone in the transaction that made it (EIP-6780)
    &hex!("60016001555fff"),
    // sstore(2, 5), no code
    &hex!("600560025500"),
    // sstore(3, 7), the code 00
    &hex!("600760035560015ff3"),
    // revert
    &hex!("5f5ffd"),
];

const CHAIN_ID: u64 = 1;

/// Call data and receiver of one transaction.
fn input() -> impl Strategy<Value = (Address, Bytes)> {
    let write = (0..4u64, 0..3u64).prop_map(|(slot, value)| {
        let words = [slot, value].map(|word| U256::from(word).to_be_bytes::<32>());
        (NOTEBOOK.0, words.concat().into())
    });
    let make =
        prop::sample::select(MADE.to_vec()).prop_map(|code| (FACTORY.0, Bytes::from_static(code)));
    // Touches an account that does not exist, which leaves nothing (EIP-161).
    let touch = any::<u8>().prop_map(|byte| (Address::repeat_byte(byte | 1), Bytes::new()));
    prop_oneof![4 => write, 4 => make, 1 => touch]
}

fn transactions(inputs: &[(Address, Bytes)]) -> Vec<Recovered<TxEnvelope>> {
    let sender = Address::repeat_byte(0xcc);
    (0..)
        .zip(inputs)
        .map(|(nonce, (to, input))| {
            let (to, input) = ((*to).into(), input.clone());
            let body = TxEip1559 {
                chain_id: CHAIN_ID,
                nonce,
                gas_limit: 200_000,
                to,
                input,
                ..Default::default()
            };
            let signed = body.into_signed(Signature::test_signature());
            Recovered::new_unchecked(signed.into(), sender)
        })
        .collect()
}

fn contracts() -> impl Iterator<Item = (Address, AccountInfo)> {
    [NOTEBOOK, FACTORY].into_iter().map(|(address, code)| {
        (address, AccountInfo::from_bytecode(Bytecode::new_legacy(Bytes::from_static(code))))
    })
}

/// Through blocks of `size` transactions.
fn in_blocks(all: &[Recovered<TxEnvelope>], size: usize) -> (MemoryState, Sealed<Header>) {
    let mut state = MemoryState::default();
    for (address, mut account) in contracts() {
        state.codes.insert(account.code_hash, account.code.take().expect("a code"));
        state.accounts.insert(address, account);
    }
    let mut parent = genesis_header(CHAIN_ID);
    for offered in all.chunks(size) {
        let (block, _) = execute::block(
            CHAIN_ID,
            &parent,
            0,
            revm::primitives::B256::ZERO,
            offered.to_vec(),
            &mut state,
        )
        .expect("memory does not fail");
        assert_eq!(block.transactions.len(), offered.len());
        state.apply(&block.changes);
        parent = block.header;
    }
    (state, parent)
}

/// Through revm alone.
fn one_by_one(all: &[Recovered<TxEnvelope>]) -> CacheDB<EmptyDB> {
    let mut database = CacheDB::new(EmptyDB::new());
    for (address, account) in contracts() {
        database.insert_account_info(address, account);
    }
    let mut evm = Context::mainnet()
        .with_db(database)
        .modify_cfg_chained(|cfg| cfg.set_spec_and_mainnet_gas_params(SpecId::PRAGUE))
        .build_mainnet();
    for one in all {
        evm.transact_commit(transaction::environment(one)).expect("a valid transaction");
    }
    evm.ctx.journaled_state.database
}

proptest! {
    #[test]
    fn blocks_leave_what_revm_leaves(
        inputs in prop::collection::vec(input(), 1..40),
        size in 1..10usize,
    ) {
        let all = transactions(&inputs);
        let (state, _) = in_blocks(&all, size);
        let expected = one_by_one(&all);
        let mut slots = 0;
        for (address, account) in &expected.cache.accounts {
            let info = account.info().filter(|info| !info.is_empty());
            let found = state.accounts.get(address).cloned();
            prop_assert_eq!(found, info, "{}", address);
            for (slot, value) in account.storage.iter().filter(|(_, value)| !value.is_zero()) {
                prop_assert_eq!(state.slots.get(&(*address, *slot)), Some(value));
                slots += 1;
            }
        }
        prop_assert_eq!(state.slots.len(), slots, "and nothing besides");
    }

    #[test]
    fn the_same_blocks_have_the_same_hashes(
        inputs in prop::collection::vec(input(), 1..40),
        size in 1..10usize,
    ) {
        let all = transactions(&inputs);
        prop_assert_eq!(in_blocks(&all, size).1, in_blocks(&all, size).1);
    }
}
