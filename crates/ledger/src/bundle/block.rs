//! Headers, and what the contracts logged in the transactions that headers prove.

use alloy::consensus::{Header, ReceiptEnvelope, Transaction, TxEnvelope};
use alloy::primitives::{B256, LogData, keccak256};
use alloy_eips::eip2718::Decodable2718;
use alloy_rlp::Decodable;
use theriac_custody::{Account, Hash};

use super::{BlockProof, BundleError, HexBytes, Network, TransactionProof, trie};
use crate::bindings::convert::{account, b256, hash};
use crate::call::Target;
use crate::event::LedgerEvent;
use crate::event::decode::decode;

/// A header that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct CheckedHeader {
    pub(super) number: u64,
    pub(super) hash: Hash,
    pub(super) parent: Hash,
    /// Seconds since 1970-01-01T00:00Z.
    pub(super) timestamp: u64,
    pub(super) history: Option<Hash>,
    transactions_root: B256,
    receipts_root: B256,
}

impl CheckedHeader {
    /// Reads a header.
    ///
    /// # Errors
    ///
    /// [`BundleError::HeaderUnreadable`].
    pub(super) fn of(bytes: &HexBytes) -> Result<Self, BundleError> {
        let mut rest = bytes.0.as_slice();
        let header = Header::decode(&mut rest)
            .map_err(|error| BundleError::HeaderUnreadable { found: error.to_string() })?;
        if !rest.is_empty() {
            let found = format!("{} bytes after it", rest.len());
            return Err(BundleError::HeaderUnreadable { found });
        }
        Ok(Self {
            number: header.number,
            hash: hash(keccak256(&bytes.0)),
            parent: hash(header.parent_hash),
            timestamp: header.timestamp,
            history: header.parent_beacon_block_root.map(hash).filter(|root| *root != Hash::ZERO),
            transactions_root: header.transactions_root,
            receipts_root: header.receipts_root,
        })
    }
}

/// Something that the contracts logged, and where.
#[derive(Debug, Clone)]
pub(super) struct Fact {
    pub(super) block: u64,
    /// Seconds since 1970-01-01T00:00Z.
    pub(super) timestamp: u64,
    pub(super) transaction: Hash,
    /// Number of the log in the transaction, from 0.
    pub(super) log: u64,
    pub(super) event: LedgerEvent,
}

/// Adds what the contracts logged in a block, and the hashes of its transactions.
pub(super) fn facts_of(
    proof: &BlockProof,
    header: &CheckedHeader,
    network: &Network,
    facts: &mut Vec<Fact>,
    transactions: &mut Vec<Hash>,
) -> Result<(), BundleError> {
    let mut before = None;
    for transaction in &proof.transactions {
        let (number, index) = (header.number, transaction.index);
        if before.is_some_and(|before| index <= before) {
            return Err(BundleError::TransactionsNotAscending { number, index });
        }
        before = Some(index);
        let hash = transaction_hash(transaction, header, network.chain_id)?;
        transactions.push(hash);
        for (log, (address, data)) in logs(transaction, header, hash)?.iter().enumerate() {
            let Some(event) = event_of(*address, data, network, hash)? else { continue };
            facts.push(Fact {
                block: number,
                timestamp: header.timestamp,
                transaction: hash,
                log: log as u64,
                event,
            });
        }
    }
    Ok(())
}

/// The hash of a transaction that is in the block and of this chain.
fn transaction_hash(
    proof: &TransactionProof,
    header: &CheckedHeader,
    chain_id: u64,
) -> Result<Hash, BundleError> {
    let (number, index) = (header.number, proof.index);
    let wrong = |found| BundleError::NotInBlock { what: "transaction", number, index, found };
    let raw = trie::item(header.transactions_root, index, &proof.transaction).map_err(wrong)?;
    let transaction = TxEnvelope::decode_2718_exact(&raw)
        .map_err(|error| wrong(format!("bytes that are no transaction ({error})")))?;
    let found = transaction.chain_id();
    if found != Some(chain_id) {
        return Err(BundleError::TransactionOfOtherChain { expected: chain_id, found });
    }
    Ok(hash(keccak256(&raw)))
}

/// The logs of a transaction that took effect.
fn logs(
    proof: &TransactionProof,
    header: &CheckedHeader,
    transaction: Hash,
) -> Result<Vec<(Account, LogData)>, BundleError> {
    let (number, index) = (header.number, proof.index);
    let wrong = |found| BundleError::NotInBlock { what: "receipt", number, index, found };
    let raw = trie::item(header.receipts_root, index, &proof.receipt).map_err(wrong)?;
    let receipt = ReceiptEnvelope::decode_2718_exact(&raw)
        .map_err(|error| wrong(format!("bytes that are no receipt ({error})")))?;
    if !receipt.status() {
        return Err(BundleError::Reverted { transaction });
    }
    Ok(receipt.logs().iter().map(|log| (account(log.address), log.data.clone())).collect())
}

/// A log as an event, if it is one of the two contracts'.
pub(super) fn event_of(
    address: Account,
    data: &LogData,
    network: &Network,
    transaction: Hash,
) -> Result<Option<LedgerEvent>, BundleError> {
    let target = match address {
        _ if address == network.custody => Target::Custody,
        _ if address == network.registry => Target::Registry,
        _ => return Ok(None),
    };
    let unreadable = |found| BundleError::LogUnreadable { transaction, found };
    decode(target, data).map_err(|error| unreadable(error.to_string()))
}

/// Topics and data as the client library has them.
pub(super) fn log_data(topics: &[Hash], data: &HexBytes) -> LogData {
    LogData::new_unchecked(topics.iter().map(|topic| b256(*topic)).collect(), data.0.clone().into())
}
