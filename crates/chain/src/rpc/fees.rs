//! `eth_feeHistory`: there are no fees, so zeros and how full the blocks were.

use alloy_eips::BlockNumberOrTag;
use alloy_rpc_types_eth::FeeHistory;
use revm::primitives::U256;

use super::{blocks, error::RpcError, params::Params};
use crate::{
    limits::{BLOCK_GAS_LIMIT, FEE_HISTORY_BLOCKS_MAX, FEE_HISTORY_PERCENTILES_MAX},
    store::View,
};

/// Fee history of up to [`FEE_HISTORY_BLOCKS_MAX`] blocks.
pub(crate) fn history(view: &View<'_>, params: &Params) -> Result<FeeHistory, RpcError> {
    let wanted: U256 = params.required(0)?;
    let newest: BlockNumberOrTag = params.required(1)?;
    let percentiles: Vec<f64> = params.optional(2)?.unwrap_or_default();
    if percentiles.len() > FEE_HISTORY_PERCENTILES_MAX {
        return Err(RpcError::InvalidParams { why: "too many reward percentiles" });
    }
    let head = view.head()?;
    let newest = blocks::number_of_tag(newest, head.number);
    if newest > head.number {
        return Err(RpcError::UnknownBlock { wanted: newest.to_string(), head: head.number });
    }
    let wanted = wanted.saturating_to::<u64>().min(FEE_HISTORY_BLOCKS_MAX).min(newest + 1);
    let oldest_block = newest + 1 - wanted;
    let mut gas_used_ratio = Vec::new();
    for number in oldest_block..oldest_block + wanted {
        let header = view.header(number)?;
        let gas_used = header.map_or(0, |header| header.gas_used);
        gas_used_ratio.push(gas_used as f64 / BLOCK_GAS_LIMIT as f64);
    }
    let blocks = gas_used_ratio.len();
    Ok(FeeHistory {
        base_fee_per_gas: vec![0; blocks + 1],
        gas_used_ratio,
        base_fee_per_blob_gas: vec![0; blocks + 1],
        blob_gas_used_ratio: vec![0.0; blocks],
        oldest_block,
        reward: (!percentiles.is_empty()).then(|| vec![vec![0; percentiles.len()]; blocks]),
    })
}
