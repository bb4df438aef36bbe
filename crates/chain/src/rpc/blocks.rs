//! Blocks, and which block a number, tag or hash means.

use alloy_consensus::{Header as ConsensusHeader, Sealed, TxEnvelope};
use alloy_eips::{BlockId, BlockNumberOrTag, Encodable2718, eip4895::Withdrawals};
use alloy_rlp::{Encodable, length_of_length};
use alloy_rpc_types_eth::{Block, BlockTransactions, Header, Transaction};
use revm::primitives::{B256, U256};

use super::{error::RpcError, params::Params, transactions};
use crate::{
    error::StoreError,
    store::{StoredTransaction, View},
};

type RpcBlock = Block<Transaction<TxEnvelope>>;

/// `eth_getBlockByNumber`: number or tag, whole transactions or hashes.
pub(crate) fn by_number(view: &View<'_>, params: &Params) -> Result<Option<RpcBlock>, RpcError> {
    let tag: BlockNumberOrTag = params.required(0)?;
    let number = number_of_tag(tag, view.head()?.number);
    block(view, number, params.optional(1)?.unwrap_or(false))
}

/// `eth_getBlockByHash`: hash, whole transactions or hashes.
pub(crate) fn by_hash(view: &View<'_>, params: &Params) -> Result<Option<RpcBlock>, RpcError> {
    let hash: B256 = params.required(0)?;
    match view.number_of(hash)? {
        Some(number) => block(view, number, params.optional(1)?.unwrap_or(false)),
        None => Ok(None),
    }
}

/// `eth_getBlockTransactionCountByNumber`.
pub(crate) fn count_by_number(view: &View<'_>, params: &Params) -> Result<Option<U256>, RpcError> {
    let number = number_of_tag(params.required(0)?, view.head()?.number);
    count(view, number)
}

/// `eth_getBlockTransactionCountByHash`.
pub(crate) fn count_by_hash(view: &View<'_>, params: &Params) -> Result<Option<U256>, RpcError> {
    match view.number_of(params.required(0)?)? {
        Some(number) => count(view, number),
        None => Ok(None),
    }
}

/// `theriac_getHistoryProof`: a block's number and that of a later one; the hashes that lead from the hash
/// of the first to `parentBeaconBlockRoot` of the second, the lowest first.
pub(crate) fn history_proof(view: &View<'_>, params: &Params) -> Result<Vec<B256>, RpcError> {
    let (number, head): (U256, U256) = (params.required(0)?, params.required(1)?);
    let from = view.history_from()?;
    if number >= head || head > U256::from(view.head()?.number) || head < U256::from(from) {
        let why = "expected a block and a later one up to the newest that commits to it";
        return Err(RpcError::InvalidParams { why });
    }
    Ok(view.history_path(number.saturating_to(), head.saturating_to())?)
}

fn count(view: &View<'_>, number: u64) -> Result<Option<U256>, RpcError> {
    if view.header(number)?.is_none() {
        return Ok(None);
    }
    body_kept(view, number)?;
    Ok(Some(U256::from(view.transactions(number)?.len())))
}

/// The height that a tag means. Every block is final, and nothing is pending in a block.
pub(crate) fn number_of_tag(tag: BlockNumberOrTag, head: u64) -> u64 {
    match tag {
        BlockNumberOrTag::Number(number) => number,
        BlockNumberOrTag::Earliest => 0,
        BlockNumberOrTag::Latest
        | BlockNumberOrTag::Pending
        | BlockNumberOrTag::Safe
        | BlockNumberOrTag::Finalized => head,
    }
}

/// The header that a block parameter means; `None` when there is none.
pub(crate) fn header_of(
    view: &View<'_>,
    id: BlockId,
) -> Result<Option<Sealed<ConsensusHeader>>, StoreError> {
    match id {
        BlockId::Number(tag) => view.header(number_of_tag(tag, view.head()?.number)),
        BlockId::Hash(hash) => match view.number_of(hash.block_hash)? {
            Some(number) => view.header(number),
            None => Ok(None),
        },
    }
}

/// The body of block `number` is kept.
///
/// # Errors
///
/// It is pruned. The first block has an empty body, which is never pruned.
pub(crate) fn body_kept(view: &View<'_>, number: u64) -> Result<(), RpcError> {
    let from = view.bodies_from()?;
    match number == 0 || number >= from {
        true => Ok(()),
        false => Err(RpcError::Pruned { wanted: number, from }),
    }
}

fn block(view: &View<'_>, number: u64, full: bool) -> Result<Option<RpcBlock>, RpcError> {
    let Some(header) = view.header(number)? else { return Ok(None) };
    body_kept(view, number)?;
    let mined = view.transactions(number)?;
    let size = U256::from(size_bytes(&header, &mined));
    let transactions = match full {
        true => BlockTransactions::Full(
            mined.into_iter().map(|one| transactions::with_place(one, &header)).collect(),
        ),
        false => BlockTransactions::Hashes(mined.iter().map(|one| *one.body.tx_hash()).collect()),
    };
    Ok(Some(Block {
        header: Header::from_sealed(header).with_size(Some(size)),
        uncles: Vec::new(),
        transactions,
        withdrawals: Some(Withdrawals::default()),
    }))
}

/// Length of the block's RLP: header, transactions, no ommers, no withdrawals.
fn size_bytes(header: &ConsensusHeader, mined: &[StoredTransaction]) -> usize {
    let list = |payload: usize| length_of_length(payload) + payload;
    let bodies: usize = mined.iter().map(|one| one.body.network_len()).sum();
    list(header.length() + list(bodies) + list(0) + list(0))
}
