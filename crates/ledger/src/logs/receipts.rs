//! All logs of a block, from the receipts of its transactions.

use alloy::primitives::{B256, U64};
use alloy::rpc::client::RpcClient;
use serde::Deserialize;

use super::RawLog;
use crate::request::{RequestError, ask, ask_all};

/// The logs in a receipt as JSON-RPC gives it.
#[derive(Debug, Clone, Deserialize)]
struct ReceiptLogs {
    logs: Vec<RawLog>,
}

/// The transactions of a block as JSON-RPC gives it.
#[derive(Debug, Clone, Deserialize)]
struct BlockTransactions {
    transactions: Vec<B256>,
}

/// Receipts asked for at once.
const RECEIPTS_PER_REQUEST: usize = 100;

/// All logs of a block; `None` if there is no such block, or not all receipts of it.
pub(super) async fn logs_of_block(
    client: &RpcClient,
    block: u64,
) -> Result<Option<Vec<RawLog>>, RequestError> {
    let receipts: Result<Option<Vec<ReceiptLogs>>, _> =
        ask(client, "eth_getBlockReceipts", (U64::from(block),)).await;
    match receipts {
        Ok(receipts) => {
            Ok(receipts.map(|receipts| receipts.into_iter().flat_map(|one| one.logs).collect()))
        }
        // Not every endpoint has the method.
        Err(RequestError::Refused { .. }) => logs_of_transactions(client, block).await,
        Err(error) => Err(error),
    }
}

async fn logs_of_transactions(
    client: &RpcClient,
    block: u64,
) -> Result<Option<Vec<RawLog>>, RequestError> {
    let found: Option<BlockTransactions> =
        ask(client, "eth_getBlockByNumber", (U64::from(block), false)).await?;
    let Some(found) = found else { return Ok(None) };
    let mut logs = Vec::new();
    for part in found.transactions.chunks(RECEIPTS_PER_REQUEST) {
        let params = part.iter().map(|hash| (*hash,));
        let receipts =
            ask_all::<_, Option<ReceiptLogs>>(client, "eth_getTransactionReceipt", params).await;
        for receipt in receipts {
            let Some(receipt) = receipt? else { return Ok(None) };
            logs.extend(receipt.logs);
        }
    }
    Ok(Some(logs))
}
