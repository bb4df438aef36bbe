//! A whole world state in memory: what an audit executes into.

use revm::{
    Database,
    bytecode::Bytecode,
    primitives::{Address, AddressMap, B256, B256Map, HashMap, U256, alloy_primitives::Keccak256},
    state::AccountInfo,
};

use crate::{error::StoreError, state::StateChanges};

/// Accounts, codes, non-zero slots and block hashes.
#[derive(Default)]
pub(crate) struct MemoryState {
    pub(crate) accounts: AddressMap<AccountInfo>,
    pub(crate) slots: HashMap<(Address, U256), U256>,
    pub(crate) codes: B256Map<Bytecode>,
    pub(crate) block_hashes: HashMap<u64, B256>,
}

impl MemoryState {
    /// Takes in the changes of a block.
    pub(crate) fn apply(&mut self, changes: &StateChanges) {
        for change in &changes.accounts {
            match &change.after {
                Some(account) => self.accounts.insert(change.address, account.clone()),
                None => self.accounts.remove(&change.address),
            };
            for (slot, _, value) in &change.storage {
                match value.is_zero() {
                    true => self.slots.remove(&(change.address, *slot)),
                    false => self.slots.insert((change.address, *slot), *value),
                };
            }
        }
        for (hash, code) in &changes.codes {
            self.codes.insert(*hash, Bytecode::new_legacy(code.clone()));
        }
    }
}

impl MemoryState {
    /// The hash that a snapshot is known by: keccak256 over the number of accounts (8 bytes,
    /// big-endian), each account ascending by address (address, nonce 8, balance 32, code hash),
    /// the number of slots (8), and each slot ascending by address and slot (address, slot 32,
    /// value 32).
    pub(crate) fn hash(&self) -> B256 {
        let mut hasher = Keccak256::new();
        let mut accounts: Vec<_> = self.accounts.iter().collect();
        accounts.sort_unstable_by_key(|(address, _)| **address);
        hasher.update((accounts.len() as u64).to_be_bytes());
        for (address, account) in accounts {
            hasher.update(address);
            hasher.update(account.nonce.to_be_bytes());
            hasher.update(account.balance.to_be_bytes::<32>());
            hasher.update(account.code_hash);
        }
        let mut slots: Vec<_> = self.slots.iter().collect();
        slots.sort_unstable_by_key(|(key, _)| **key);
        hasher.update((slots.len() as u64).to_be_bytes());
        for ((address, slot), value) in slots {
            hasher.update(address);
            hasher.update(slot.to_be_bytes::<32>());
            hasher.update(value.to_be_bytes::<32>());
        }
        hasher.finalize()
    }
}

impl Database for &mut MemoryState {
    type Error = StoreError;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, StoreError> {
        Ok(self.accounts.get(&address).cloned())
    }

    fn code_by_hash(&mut self, hash: B256) -> Result<Bytecode, StoreError> {
        Ok(self.codes.get(&hash).cloned().unwrap_or_default())
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, StoreError> {
        Ok(self.slots.get(&(address, slot)).copied().unwrap_or_default())
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, StoreError> {
        Ok(self.block_hashes.get(&number).copied().unwrap_or_default())
    }
}
