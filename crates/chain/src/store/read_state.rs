//! The stored world state as revm reads it.

use redb::{ReadOnlyTable, ReadTransaction};
use revm::{
    Database,
    bytecode::Bytecode,
    primitives::{Address, B256, Bytes, KECCAK_EMPTY, U256},
    state::AccountInfo,
};

use super::tables::{self, ACCOUNTS, CODES, HASH_BYTES, HEADERS, STORAGE};
use crate::{
    error::StoreError,
    state::{CodeCache, StateCache},
};

/// The state after the newest block of a view.
pub(crate) struct StoredState<'a> {
    accounts: ReadOnlyTable<[u8; 20], [u8; 72]>,
    storage: ReadOnlyTable<[u8; 52], [u8; 32]>,
    stored_codes: ReadOnlyTable<[u8; 32], &'static [u8]>,
    headers: ReadOnlyTable<u64, &'static [u8]>,
    codes: &'a CodeCache,
    cache: Option<&'a mut StateCache>,
}

impl<'a> StoredState<'a> {
    pub(super) fn open(
        transaction: &ReadTransaction,
        codes: &'a CodeCache,
        cache: Option<&'a mut StateCache>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            accounts: transaction.open_table(ACCOUNTS)?,
            storage: transaction.open_table(STORAGE)?,
            stored_codes: transaction.open_table(CODES)?,
            headers: transaction.open_table(HEADERS)?,
            codes,
            cache,
        })
    }
}

impl Database for StoredState<'_> {
    type Error = StoreError;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, StoreError> {
        if let Some(account) = self.cache.as_mut().and_then(|cache| cache.account(address)) {
            return Ok(account);
        }
        let row = self.accounts.get(address.0.0)?;
        let account = row.map(|row| tables::decode_account(&row.value()));
        if let Some(cache) = &mut self.cache {
            cache.keep_account(address, account.clone());
        }
        Ok(account)
    }

    fn code_by_hash(&mut self, hash: B256) -> Result<Bytecode, StoreError> {
        if hash == KECCAK_EMPTY {
            return Ok(Bytecode::default());
        }
        if let Some(code) = self.codes.get(&hash) {
            return Ok(code);
        }
        let row = self.stored_codes.get(hash.0)?;
        let row = row.ok_or_else(|| tables::missing("codes", hash))?;
        let code = Bytecode::new_legacy(Bytes::copy_from_slice(row.value()));
        self.codes.keep(hash, code.clone());
        Ok(code)
    }

    fn storage(&mut self, address: Address, slot: U256) -> Result<U256, StoreError> {
        if let Some(value) = self.cache.as_mut().and_then(|cache| cache.slot(address, slot)) {
            return Ok(value);
        }
        let row = self.storage.get(tables::storage_key(address, slot))?;
        let value = row.map_or(U256::ZERO, |row| U256::from_be_bytes(row.value()));
        if let Some(cache) = &mut self.cache {
            cache.keep_slot(address, slot, value);
        }
        Ok(value)
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, StoreError> {
        let row = self.headers.get(number)?;
        let hash = row.and_then(|row| row.value().get(..HASH_BYTES).map(B256::from_slice));
        Ok(hash.unwrap_or_default())
    }
}
