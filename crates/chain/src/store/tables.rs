//! The tables of the ledger's file, their keys and their encodings.
//!
//! | table | key | value |
//! |---|---|---|
//! | meta | name | number: format, chain id, counters |
//! | headers | height | hash (32 bytes) ‖ RLP of the header |
//! | numbers | block hash | height |
//! | transactions | height, index | sender (20 bytes) ‖ EIP-2718 encoding |
//! | locations | transaction hash | height, index |
//! | receipts | height, index | RLP of the stored receipt |
//! | log_index | criterion, height | nothing: a log of the block meets the criterion |
//! | accounts | address | nonce (8, big-endian) ‖ balance (32) ‖ code hash (32) |
//! | codes | code hash | code |
//! | storage | address ‖ slot | value; never zero |
//! | snapshot | nothing | where the kept bodies begin: RLP of the snapshot; no row when all are kept |
//! | history | height, index | the complete subtree over block hashes (see `history`) |
//! | base_accounts | address | as in accounts, at the snapshot, where it differs from now |
//! | base_storage | address ‖ slot | as in storage, at the snapshot, where it differs from now |
//!
//! The state at the snapshot is the newest state with the rows of the base tables put over it.
//! A block writes what it changes into the base tables first, unless they have it already.
//!
//! A criterion is 8 bytes made of an address or of a topic and its position, so that
//! `eth_getLogs` visits only the blocks that may match. Two things with one criterion cost a
//! visit, never a wrong answer: the logs themselves decide.

use alloy_rlp::Decodable;
use redb::TableDefinition;
use revm::{
    primitives::{Address, B256, U256, keccak256},
    state::AccountInfo,
};

use crate::{error::StoreError, history::Node};

/// A transaction's place: height of its block, index in it.
pub(crate) type Place = (u64, u32);

pub(crate) const META: TableDefinition<&str, u64> = TableDefinition::new("meta");
pub(crate) const HEADERS: TableDefinition<u64, &[u8]> = TableDefinition::new("headers");
pub(crate) const NUMBERS: TableDefinition<[u8; 32], u64> = TableDefinition::new("numbers");
pub(crate) const TRANSACTIONS: TableDefinition<Place, &[u8]> = TableDefinition::new("transactions");
pub(crate) const LOCATIONS: TableDefinition<[u8; 32], Place> = TableDefinition::new("locations");
pub(crate) const RECEIPTS: TableDefinition<Place, &[u8]> = TableDefinition::new("receipts");
pub(crate) const LOG_INDEX: TableDefinition<(u64, u64), ()> = TableDefinition::new("log_index");
pub(crate) const ACCOUNTS: TableDefinition<[u8; 20], [u8; 72]> = TableDefinition::new("accounts");
pub(crate) const CODES: TableDefinition<[u8; 32], &[u8]> = TableDefinition::new("codes");
pub(crate) const STORAGE: TableDefinition<[u8; 52], [u8; 32]> = TableDefinition::new("storage");

pub(crate) const HISTORY: TableDefinition<Node, [u8; 32]> = TableDefinition::new("history");
pub(crate) const SNAPSHOT: TableDefinition<(), &[u8]> = TableDefinition::new("snapshot");
pub(crate) const BASE_ACCOUNTS: TableDefinition<[u8; 20], Option<[u8; 72]>> =
    TableDefinition::new("base_accounts");
pub(crate) const BASE_STORAGE: TableDefinition<[u8; 52], [u8; 32]> =
    TableDefinition::new("base_storage");

pub(crate) const META_FORMAT: &str = "format";
pub(crate) const META_CHAIN_ID: &str = "chain_id";
/// The first block whose header has the root over those before it; later than 0 only in a file of an
/// earlier format.
pub(crate) const META_HISTORY_FROM: &str = "history_from";
/// Bytes of the rows of transactions and receipts that are kept.
pub(crate) const META_BODIES_BYTES: &str = "bodies_bytes";

/// Bytes of a header's hash, and of a transaction's sender, in front of their rows.
pub(crate) const HASH_BYTES: usize = 32;
pub(crate) const SENDER_BYTES: usize = 20;

pub(crate) fn storage_key(address: Address, slot: U256) -> [u8; 52] {
    let mut key = [0; 52];
    key[..20].copy_from_slice(address.as_slice());
    key[20..].copy_from_slice(&slot.to_be_bytes::<32>());
    key
}

pub(crate) fn split_storage_key(key: &[u8; 52]) -> (Address, U256) {
    (Address::from_slice(&key[..20]), U256::from_be_slice(&key[20..]))
}

pub(crate) fn encode_account(account: &AccountInfo) -> [u8; 72] {
    let mut row = [0; 72];
    row[..8].copy_from_slice(&account.nonce.to_be_bytes());
    row[8..40].copy_from_slice(&account.balance.to_be_bytes::<32>());
    row[40..].copy_from_slice(account.code_hash.as_slice());
    row
}

pub(crate) fn decode_account(row: &[u8; 72]) -> AccountInfo {
    let mut nonce = [0; 8];
    nonce.copy_from_slice(&row[..8]);
    AccountInfo {
        nonce: u64::from_be_bytes(nonce),
        balance: U256::from_be_slice(&row[8..40]),
        code_hash: B256::from_slice(&row[40..]),
        account_id: None,
        code: None,
    }
}

/// The hash in a row of headers.
pub(crate) fn hash_of_header(row: &[u8]) -> Result<B256, StoreError> {
    let hash = row.get(..HASH_BYTES).map(B256::from_slice);
    hash.ok_or_else(|| undecodable("headers", "shorter than a hash"))
}

/// The hash of the transaction in a row of transactions.
pub(crate) fn hash_of_transaction(row: &[u8]) -> [u8; 32] {
    keccak256(row.get(SENDER_BYTES..).unwrap_or_default()).0
}

/// Decodes all of `bytes` as RLP.
pub(crate) fn decode_rlp<T: Decodable>(
    table: &'static str,
    mut bytes: &[u8],
) -> Result<T, StoreError> {
    let value =
        T::decode(&mut bytes).map_err(|source| StoreError::Undecodable { table, source })?;
    match bytes.is_empty() {
        true => Ok(value),
        false => Err(undecodable(table, "bytes after the end")),
    }
}

/// The criterion "a log of this contract".
pub(crate) fn criterion_of_address(address: Address) -> u64 {
    fold(address.into_word(), 0)
}

/// The criterion "a log with this topic at this position" (0 to 3).
pub(crate) fn criterion_of_topic(position: usize, topic: B256) -> u64 {
    fold(topic, position as u64 + 1)
}

/// The four words of `value` on top of each other, turned by what kind of criterion it is.
/// Topics are hashes, or numbers and addresses padded on one side: all keep their difference.
fn fold(value: B256, kind: u64) -> u64 {
    let words = U256::from_be_bytes(value.0).into_limbs();
    let folded = words.iter().fold(0u64, |folded, word| folded.rotate_left(16) ^ word);
    folded.rotate_left(13 * kind as u32) ^ kind
}

pub(crate) fn missing(table: &'static str, key: impl std::fmt::Display) -> StoreError {
    StoreError::MissingRow { table, key: key.to_string() }
}

pub(crate) fn undecodable(table: &'static str, why: &'static str) -> StoreError {
    StoreError::Undecodable { table, source: alloy_rlp::Error::Custom(why) }
}
