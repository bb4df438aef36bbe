//! The net changes of one block to the world state, in one order that every executor finds.

use revm::{
    primitives::{Address, B256, Bytes, U256},
    state::AccountInfo,
};

/// Net changes of one block, sorted by address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateChanges {
    /// Changed accounts, ascending by address, each once.
    pub accounts: Vec<AccountChange>,
    /// Contract codes seen for the first time, ascending by hash.
    pub codes: Vec<(B256, Bytes)>,
}

/// What happened to one account in a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountChange {
    /// The account.
    pub address: Address,
    /// Its record before the block; `None` when it did not exist.
    pub before: Option<AccountInfo>,
    /// Its record after the block; `None` when it does not exist any more.
    pub after: Option<AccountInfo>,
    /// Changed slots, ascending by slot: slot, value before, value after.
    pub storage: Vec<(U256, U256, U256)>,
}

impl AccountChange {
    /// Whether nonce, balance or code changed, or the account came or went.
    pub fn record_changed(&self) -> bool {
        self.before != self.after
    }
}

/// Tags of an account's record in the encoding.
const RECORD_SAME: u8 = 0;
const RECORD_SET: u8 = 1;
const RECORD_REMOVED: u8 = 2;

impl StateChanges {
    /// Appends the bytes that the chained state root is a hash of.
    ///
    /// For each account: address (20 bytes), tag (0 record unchanged, 1 set, 2 removed), if set
    /// nonce (8, big-endian), balance (32) and code hash (32); then the number of changed slots
    /// (4) and for each its slot and new value (32 and 32). Code needs no bytes of its own: its
    /// hash is in the record.
    pub fn encode(&self, out: &mut Vec<u8>) {
        for change in &self.accounts {
            out.extend_from_slice(change.address.as_slice());
            encode_record(change, out);
            let slots = u32::try_from(change.storage.len()).unwrap_or(u32::MAX);
            out.extend_from_slice(&slots.to_be_bytes());
            for (slot, _, value) in &change.storage {
                out.extend_from_slice(&slot.to_be_bytes::<32>());
                out.extend_from_slice(&value.to_be_bytes::<32>());
            }
        }
    }
}

fn encode_record(change: &AccountChange, out: &mut Vec<u8>) {
    match &change.after {
        _ if !change.record_changed() => out.push(RECORD_SAME),
        None => out.push(RECORD_REMOVED),
        Some(account) => {
            out.push(RECORD_SET);
            out.extend_from_slice(&account.nonce.to_be_bytes());
            out.extend_from_slice(&account.balance.to_be_bytes::<32>());
            out.extend_from_slice(account.code_hash.as_slice());
        }
    }
}
