//! Transactions and receipts: sending and reading them.

use alloy_consensus::{
    Header, ReceiptEnvelope, Sealed, Transaction as _, TxEnvelope, transaction::Recovered,
};
use alloy_eips::{BlockId, BlockNumberOrTag, Encodable2718};
use alloy_rpc_types_eth::{Log, Transaction, TransactionReceipt};
use revm::primitives::{B256, Bytes, U256};
use serde::Serialize;

use super::{blocks, error::RpcError, params::Params};
use crate::{
    miner::{Queued, SendError},
    pool::Pool,
    receipt::StoredReceipt,
    store::{StoredTransaction, View},
    transaction,
};

/// The transaction that a call of `eth_sendRawTransaction` carries.
pub(crate) fn decode(chain_id: u64, params: &Params) -> Result<Recovered<TxEnvelope>, RpcError> {
    let raw: Bytes = params.required(0)?;
    Ok(transaction::decode(chain_id, &raw)?)
}

/// The answer to `eth_sendRawTransaction`: the hash, once the transaction is durable.
pub(crate) async fn sent(queued: Queued) -> Result<B256, RpcError> {
    queued.await.unwrap_or(Err(SendError::Stopped)).map_err(RpcError::Send)
}

/// `txpool_status`.
#[derive(Serialize)]
pub(crate) struct PoolStatus {
    pending: String,
    queued: &'static str,
}

/// Transactions on their way into a block; none ever waits for an earlier nonce.
pub(crate) fn pool_status(pool: &Pool) -> PoolStatus {
    PoolStatus { pending: format!("{:#x}", pool.len()), queued: "0x0" }
}

/// `eth_getTransactionByHash`.
pub(crate) fn by_hash(view: &View<'_>, params: &Params) -> Result<Option<Transaction>, RpcError> {
    match view.place_of(params.required(0)?)? {
        Some((number, index)) => at(view, number, index),
        None => Ok(None),
    }
}

/// `eth_getTransactionByBlockNumberAndIndex`.
pub(crate) fn by_number_and_index(
    view: &View<'_>,
    params: &Params,
) -> Result<Option<Transaction>, RpcError> {
    let tag: BlockNumberOrTag = params.required(0)?;
    at(view, blocks::number_of_tag(tag, view.head()?.number), index(params)?)
}

/// `eth_getTransactionByBlockHashAndIndex`.
pub(crate) fn by_block_hash_and_index(
    view: &View<'_>,
    params: &Params,
) -> Result<Option<Transaction>, RpcError> {
    match view.number_of(params.required(0)?)? {
        Some(number) => at(view, number, index(params)?),
        None => Ok(None),
    }
}

/// `eth_getRawTransactionByHash`: the bytes as they were sent.
pub(crate) fn raw_by_hash(view: &View<'_>, params: &Params) -> Result<Option<Bytes>, RpcError> {
    let Some(place) = view.place_of(params.required(0)?)? else { return Ok(None) };
    Ok(view.transaction(place)?.map(|one| one.body.encoded_2718().into()))
}

fn index(params: &Params) -> Result<u32, RpcError> {
    Ok(params.required::<U256>(1)?.saturating_to())
}

fn at(view: &View<'_>, number: u64, index: u32) -> Result<Option<Transaction>, RpcError> {
    let Some(header) = view.header(number)? else { return Ok(None) };
    blocks::body_kept(view, number)?;
    let found = view.transaction((number, index))?;
    Ok(found.map(|found| with_place(found, &header)))
}

/// A mined transaction as JSON-RPC shows it.
pub(crate) fn with_place(found: StoredTransaction, header: &Sealed<Header>) -> Transaction {
    Transaction {
        block_hash: Some(header.hash()),
        block_number: Some(header.number),
        transaction_index: Some(found.place.1.into()),
        effective_gas_price: Some(0),
        block_timestamp: Some(header.timestamp),
        inner: found.body,
    }
}

/// A receipt as JSON-RPC shows it, with what a reverted transaction returned.
#[derive(Serialize)]
pub(crate) struct RpcReceipt {
    #[serde(flatten)]
    receipt: TransactionReceipt<ReceiptEnvelope<Log>>,
    #[serde(rename = "revertReason", skip_serializing_if = "Option::is_none")]
    revert_reason: Option<Bytes>,
}

/// `eth_getTransactionReceipt`.
pub(crate) fn receipt(view: &View<'_>, params: &Params) -> Result<Option<RpcReceipt>, RpcError> {
    let Some(place) = view.place_of(params.required(0)?)? else { return Ok(None) };
    let parts = (view.header(place.0)?, view.transaction(place)?, view.receipt(place)?);
    let (Some(header), Some(transaction), Some(receipt)) = parts else { return Ok(None) };
    Ok(Some(shown(&header, &transaction, receipt)))
}

/// `eth_getBlockReceipts`: number, tag or hash.
pub(crate) fn block_receipts(
    view: &View<'_>,
    params: &Params,
) -> Result<Option<Vec<RpcReceipt>>, RpcError> {
    let id: BlockId = params.required(0)?;
    let Some(header) = blocks::header_of(view, id)? else { return Ok(None) };
    blocks::body_kept(view, header.number)?;
    let transactions = view.transactions(header.number)?;
    let receipts = view.receipts(header.number)?;
    let both = transactions.iter().zip(receipts);
    Ok(Some(both.map(|(transaction, receipt)| shown(&header, transaction, receipt)).collect()))
}

fn shown(
    header: &Sealed<Header>,
    transaction: &StoredTransaction,
    receipt: StoredReceipt,
) -> RpcReceipt {
    let body: &TxEnvelope = transaction.body.inner();
    let from = transaction.body.signer();
    let logs = logs_with_place(header, transaction, &receipt);
    let shown = TransactionReceipt {
        inner: receipt.envelope(body.tx_type(), logs),
        transaction_hash: *body.tx_hash(),
        transaction_index: Some(transaction.place.1.into()),
        block_hash: Some(header.hash()),
        block_number: Some(header.number),
        gas_used: receipt.gas_used,
        effective_gas_price: 0,
        blob_gas_used: None,
        blob_gas_price: None,
        from,
        to: body.to(),
        contract_address: body.to().is_none().then(|| from.create(body.nonce())),
    };
    let reverted = !receipt.success && !receipt.revert_data.is_empty();
    RpcReceipt { receipt: shown, revert_reason: reverted.then_some(receipt.revert_data) }
}

/// The logs of a transaction with the place of each.
pub(crate) fn logs_with_place(
    header: &Sealed<Header>,
    transaction: &StoredTransaction,
    receipt: &StoredReceipt,
) -> Vec<Log> {
    let indices = receipt.first_log_index..;
    let logs = receipt.logs.iter().zip(indices);
    logs.map(|(log, index)| Log {
        inner: log.clone(),
        block_hash: Some(header.hash()),
        block_number: Some(header.number),
        block_timestamp: Some(header.timestamp),
        transaction_hash: Some(*transaction.body.tx_hash()),
        transaction_index: Some(transaction.place.1.into()),
        log_index: Some(index),
        removed: false,
    })
    .collect()
}
