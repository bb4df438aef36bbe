//! What is kept of the state in memory: the miner's hot accounts and slots, everybody's codes.

use std::{
    hash::Hash,
    sync::{Mutex, PoisonError},
};

use revm::{
    bytecode::Bytecode,
    primitives::{Address, B256, HashMap, U256},
    state::AccountInfo,
};

use crate::{
    limits::{CODE_CACHE_ENTRIES, STATE_CACHE_ENTRIES},
    state::StateChanges,
};

/// A map of bounded size that forgets what was not used for longest, a generation at a time.
struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    /// Entries of one generation.
    capacity: usize,
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    fn new(capacity: usize) -> Self {
        Self { young: HashMap::default(), old: HashMap::default(), capacity }
    }

    fn get(&mut self, key: &K) -> Option<V> {
        if let Some(value) = self.young.get(key) {
            return Some(value.clone());
        }
        let (key, value) = self.old.remove_entry(key)?;
        self.insert(key, value.clone());
        Some(value)
    }

    fn insert(&mut self, key: K, value: V) {
        if self.young.len() >= self.capacity {
            self.old = std::mem::take(&mut self.young);
        }
        // The young generation is asked first, so an older value of the key is never seen again
        // before its generation is dropped.
        self.young.insert(key, value);
    }
}

/// The accounts and slots that recent blocks used. One owner, the miner: it is always the state
/// after the newest block.
pub(crate) struct StateCache {
    accounts: Generations<Address, Option<AccountInfo>>,
    slots: Generations<(Address, U256), U256>,
}

impl StateCache {
    pub(crate) fn new() -> Self {
        Self {
            accounts: Generations::new(STATE_CACHE_ENTRIES),
            slots: Generations::new(STATE_CACHE_ENTRIES),
        }
    }

    pub(crate) fn account(&mut self, address: Address) -> Option<Option<AccountInfo>> {
        self.accounts.get(&address)
    }

    pub(crate) fn slot(&mut self, address: Address, slot: U256) -> Option<U256> {
        self.slots.get(&(address, slot))
    }

    pub(crate) fn keep_account(&mut self, address: Address, account: Option<AccountInfo>) {
        self.accounts.insert(address, account);
    }

    pub(crate) fn keep_slot(&mut self, address: Address, slot: U256, value: U256) {
        self.slots.insert((address, slot), value);
    }

    /// Takes in what a block changed, once that block is durable.
    pub(crate) fn apply(&mut self, changes: &StateChanges) {
        for change in &changes.accounts {
            self.keep_account(change.address, change.after.clone());
            for (slot, _, value) in &change.storage {
                self.keep_slot(change.address, *slot, *value);
            }
        }
    }
}

/// Analysed contract codes by hash, shared by all readers; a code never changes.
pub(crate) struct CodeCache(Mutex<Generations<B256, Bytecode>>);

impl CodeCache {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Generations::new(CODE_CACHE_ENTRIES)))
    }

    pub(crate) fn get(&self, hash: &B256) -> Option<Bytecode> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash)
    }

    pub(crate) fn keep(&self, hash: B256, code: Bytecode) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(hash, code);
    }
}
