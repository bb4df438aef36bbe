//! The methods that read, by name.

use super::{
    Answer, blocks, error::RpcError, fees, json, logs, params::Params, quantity, state,
    transactions,
};
use crate::{chain::Chain, store::View};

/// Methods that may take long: they are answered on a thread where blocking is allowed.
const SLOW: [&str; 5] =
    ["eth_call", "eth_estimateGas", "eth_getLogs", "eth_getBlockReceipts", "eth_getBlockByNumber"];

/// Answers a call by its method.
pub(super) async fn answer(chain: &Chain, method: String, params: Params) -> Answer {
    let runtime = tokio::runtime::Handle::try_current();
    let (Ok(runtime), true) = (runtime, SLOW.contains(&method.as_str())) else {
        return call(chain, &method, &params);
    };
    let chain = chain.clone();
    let answer = runtime.spawn_blocking(move || call(&chain, &method, &params)).await;
    answer.unwrap_or_else(|_| Err(RpcError::Panicked))
}

/// Answers one call from a snapshot.
fn call(chain: &Chain, method: &str, params: &Params) -> Answer {
    let inner = chain.inner();
    let chain_id = inner.chain_id;
    match method {
        "web3_clientVersion" => json(&concat!("theriac/v", env!("CARGO_PKG_VERSION"))),
        "web3_sha3" => json(&state::keccak(params)?),
        "net_version" => json(&chain_id.to_string()),
        "net_listening" => json(&true),
        "net_peerCount" => quantity(0),
        "eth_getProof" => Err(RpcError::NoProofs),
        "eth_chainId" => quantity(chain_id),
        "eth_blockNumber" => quantity(chain.head().number),
        "eth_syncing" | "eth_mining" => json(&false),
        "eth_accounts" => json(&[(); 0]),
        "eth_gasPrice" | "eth_maxPriorityFeePerGas" | "eth_blobBaseFee" => quantity(0),
        "txpool_status" => json(&transactions::pool_status(inner.miner.pool())),
        "eth_getTransactionCount" => {
            state::transaction_count(&inner.store.view()?, params, inner.miner.pool())
        }
        _ => call_view(&inner.store.view()?, chain_id, method, params),
    }
}

/// Answers a call that needs the snapshot only.
fn call_view(view: &View<'_>, chain_id: u64, method: &str, params: &Params) -> Answer {
    match method {
        "eth_feeHistory" => json(&fees::history(view, params)?),
        "eth_getBalance" => state::balance(view, params),
        "eth_getCode" => state::code(view, params),
        "eth_getStorageAt" => state::storage_at(view, params),
        "eth_call" => state::call(view, chain_id, params),
        "eth_estimateGas" => state::estimate_gas(view, chain_id, params),
        "eth_getBlockByNumber" => json(&blocks::by_number(view, params)?),
        "eth_getBlockByHash" => json(&blocks::by_hash(view, params)?),
        "eth_getBlockTransactionCountByNumber" => json(&blocks::count_by_number(view, params)?),
        "eth_getBlockTransactionCountByHash" => json(&blocks::count_by_hash(view, params)?),
        "eth_getBlockReceipts" => json(&transactions::block_receipts(view, params)?),
        "eth_getTransactionByHash" => json(&transactions::by_hash(view, params)?),
        "eth_getTransactionByBlockNumberAndIndex" => {
            json(&transactions::by_number_and_index(view, params)?)
        }
        "eth_getTransactionByBlockHashAndIndex" => {
            json(&transactions::by_block_hash_and_index(view, params)?)
        }
        "eth_getRawTransactionByHash" => json(&transactions::raw_by_hash(view, params)?),
        "eth_getTransactionReceipt" => json(&transactions::receipt(view, params)?),
        "theriac_getHistoryProof" => json(&blocks::history_proof(view, params)?),
        "eth_getLogs" => json(&logs::get(view, params)?),
        _ => Err(RpcError::MethodNotFound { method: method.chars().take(64).collect() }),
    }
}
