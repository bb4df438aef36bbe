//! Bytes of the client library's types as the domain's types and back.

use alloy::primitives::{Address, B256};
use theriac_custody::{Account, Hash};

pub(crate) fn account(address: Address) -> Account {
    Account(address.into_array())
}

pub(crate) fn address(account: Account) -> Address {
    Address::from(account.0)
}

pub(crate) fn hash(bytes: B256) -> Hash {
    Hash(bytes.0)
}

pub(crate) fn b256(hash: Hash) -> B256 {
    B256::from(hash.0)
}
