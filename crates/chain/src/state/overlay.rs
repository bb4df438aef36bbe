//! The state inside a block: what its transactions changed so far, over the state before it.

use revm::{
    Database, DatabaseCommit,
    bytecode::Bytecode,
    primitives::{Address, AddressMap, B256, B256Map, HashMap, U256},
    state::{Account, AccountInfo},
};

use crate::state::{AccountChange, StateChanges};

/// Changes over a base state `B`; reads fall through to the base once and are kept.
pub(crate) struct Overlay<B> {
    base: B,
    accounts: AddressMap<Entry>,
    codes: B256Map<Bytecode>,
}

/// One account: its record before the block and now, its slots before the block and now.
#[derive(Default)]
struct Entry {
    before: Option<AccountInfo>,
    now: Option<AccountInfo>,
    slots: HashMap<U256, (U256, U256)>,
}

impl<B: Database> Overlay<B> {
    /// An overlay without changes.
    pub(crate) fn new(base: B) -> Self {
        Self { base, accounts: AddressMap::default(), codes: B256Map::default() }
    }

    /// The net changes, sorted; what was changed and changed back is left out.
    pub(crate) fn into_changes(self) -> StateChanges {
        let mut accounts: Vec<_> = self
            .accounts
            .into_iter()
            .map(|(address, entry)| entry.into_change(address))
            .filter(|change| change.record_changed() || !change.storage.is_empty())
            .collect();
        accounts.sort_unstable_by_key(|change| change.address);
        let mut codes: Vec<_> =
            self.codes.into_iter().map(|(hash, code)| (hash, code.original_bytes())).collect();
        codes.sort_unstable_by_key(|(hash, _)| *hash);
        StateChanges { accounts, codes }
    }

    fn entry(&mut self, address: Address) -> Result<&mut Entry, B::Error> {
        if !self.accounts.contains_key(&address) {
            let before = self.base.basic(address)?.map(AccountInfo::without_code);
            let entry = Entry { now: before.clone(), before, slots: HashMap::default() };
            self.accounts.insert(address, entry);
        }
        Ok(self.accounts.entry(address).or_default())
    }

    fn commit_account(&mut self, address: Address, mut account: Account) {
        if !account.is_touched() {
            return;
        }
        if let Some(code) = account.info.code.take()
            && account.is_created()
            && !code.is_empty()
        {
            self.codes.insert(account.info.code_hash, code);
        }
        // Execution read the account first, so its entry is there with the record before.
        let entry = self.accounts.entry(address).or_default();
        if account.is_selfdestructed() {
            // EIP-6780: only an account made in this same transaction, so nothing is below it.
            entry.now = None;
            entry.slots.values_mut().for_each(|slot| slot.1 = U256::ZERO);
            return;
        }
        // EIP-161: a touched account that is empty does not exist.
        entry.now = (!account.info.is_empty()).then_some(account.info);
        for (slot, value) in account.storage {
            let kept = entry.slots.entry(slot).or_insert((value.original_value, U256::ZERO));
            kept.1 = value.present_value;
        }
    }
}

impl Entry {
    fn into_change(self, address: Address) -> AccountChange {
        let mut storage: Vec<_> = self
            .slots
            .into_iter()
            .filter(|(_, (before, now))| before != now)
            .map(|(slot, (before, now))| (slot, before, now))
            .collect();
        storage.sort_unstable_by_key(|(slot, ..)| *slot);
        AccountChange { address, before: self.before, after: self.now, storage }
    }
}

impl<B: Database> Database for Overlay<B> {
    type Error = B::Error;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Self::Error> {
        Ok(self.entry(address)?.now.clone())
    }

    fn code_by_hash(&mut self, hash: B256) -> Result<Bytecode, Self::Error> {
        match self.codes.get(&hash) {
            Some(code) => Ok(code.clone()),
            None => self.base.code_by_hash(hash),
        }
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, Self::Error> {
        if let Some((_, now)) = self.entry(address)?.slots.get(&slot) {
            return Ok(*now);
        }
        let value = self.base.storage(address, slot)?;
        self.entry(address)?.slots.insert(slot, (value, value));
        Ok(value)
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Self::Error> {
        self.base.block_hash(number)
    }
}

impl<B: Database> DatabaseCommit for Overlay<B> {
    fn commit(&mut self, changes: AddressMap<Account>) {
        for (address, account) in changes {
            self.commit_account(address, account);
        }
    }
}

#[cfg(test)]
mod tests;
