//! Headers: the first block, the next block, and the chained state root.

use alloy_consensus::{
    EMPTY_OMMER_ROOT_HASH, EMPTY_ROOT_HASH, Header, Sealed, TxEnvelope,
    proofs::{calculate_receipt_root, calculate_transaction_root},
    transaction::Recovered,
};
use alloy_eips::eip7685::EMPTY_REQUESTS_HASH;
use revm::primitives::{B256, Bytes, keccak256};

use crate::{limits::BLOCK_GAS_LIMIT, receipt::StoredReceipt, state::StateChanges};

/// The newest block of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHead {
    /// Height; the first block is 0.
    pub number: u64,
    /// Hash of the header.
    pub hash: B256,
    /// Unix time in seconds at which the block was made.
    pub timestamp: u64,
}

impl From<&Sealed<Header>> for BlockHead {
    fn from(header: &Sealed<Header>) -> Self {
        Self { number: header.number, hash: header.hash(), timestamp: header.timestamp }
    }
}

/// A block with all that its execution gave, not yet stored.
#[derive(Clone, Debug)]
pub(crate) struct ExecutedBlock {
    pub(crate) header: Sealed<Header>,
    pub(crate) transactions: Vec<Recovered<TxEnvelope>>,
    pub(crate) receipts: Vec<StoredReceipt>,
    pub(crate) changes: StateChanges,
}

/// The `stateRoot` of a block: `keccak256(parent's stateRoot ‖ encoded changes of the block)`.
///
/// It is a hash chain over the ordered state changes, not the Merkle Patricia root of Ethereum's
/// yellow paper. A Patricia root would cost more writes than all the rest of a block and is only
/// needed to prove a single account or slot to somebody who trusts nothing but the header;
/// on this ledger such proofs are made of receipts. The chain still commits to every value
/// ever written, in order: whoever executes the blocks again ([`crate::Chain::audit`]) gets the
/// same hashes or knows the first block that differs. The first block's root is the hash of the
/// empty trie.
///
/// Changes are net changes of the whole block, sorted by address and slot (see
/// [`StateChanges::encode`]).
pub fn state_root(parent: B256, changes: &StateChanges) -> B256 {
    let mut bytes = parent.to_vec();
    changes.encode(&mut bytes);
    keccak256(bytes)
}

/// The first block: no transactions, empty state, the chain id in its extra data so that chains
/// of different ids have different hashes from the start.
pub(crate) fn genesis_header(chain_id: u64) -> Sealed<Header> {
    let mut extra_data = b"theriac ".to_vec();
    extra_data.extend_from_slice(&chain_id.to_be_bytes());
    Sealed::new(Header { extra_data: Bytes::from(extra_data), ..blank_header() })
}

/// The header over executed transactions, child of `parent`; `history` is the root over all blocks
/// before it.
pub(crate) fn next_header(
    parent: &Sealed<Header>,
    timestamp: u64,
    history: B256,
    transactions: &[Recovered<TxEnvelope>],
    receipts: &[StoredReceipt],
    changes: &StateChanges,
) -> Sealed<Header> {
    let envelopes: Vec<_> = transactions
        .iter()
        .zip(receipts)
        .map(|(transaction, receipt)| {
            receipt.envelope(transaction.inner().tx_type(), receipt.logs.clone())
        })
        .collect();
    Sealed::new(Header {
        parent_hash: parent.hash(),
        number: parent.number + 1,
        timestamp,
        state_root: state_root(parent.state_root, changes),
        transactions_root: calculate_transaction_root(transactions),
        receipts_root: calculate_receipt_root(&envelopes),
        logs_bloom: receipts.iter().flat_map(|receipt| &receipt.logs).collect(),
        parent_beacon_block_root: Some(history),
        gas_used: receipts.last().map_or(0, |receipt| receipt.cumulative_gas_used),
        ..blank_header()
    })
}

/// What all headers share: no ommers, no fees, no withdrawals, blobs, beacon root or requests.
fn blank_header() -> Header {
    Header {
        ommers_hash: EMPTY_OMMER_ROOT_HASH,
        state_root: EMPTY_ROOT_HASH,
        transactions_root: EMPTY_ROOT_HASH,
        receipts_root: EMPTY_ROOT_HASH,
        gas_limit: BLOCK_GAS_LIMIT,
        base_fee_per_gas: Some(0),
        withdrawals_root: Some(EMPTY_ROOT_HASH),
        blob_gas_used: Some(0),
        excess_blob_gas: Some(0),
        parent_beacon_block_root: Some(B256::ZERO),
        requests_hash: Some(EMPTY_REQUESTS_HASH),
        ..Header::default()
    }
}
