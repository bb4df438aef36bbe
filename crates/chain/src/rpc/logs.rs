//! `eth_getLogs`: the index names the blocks that may hold matches, the logs decide.

use alloy_eips::BlockNumberOrTag;
use alloy_rpc_types_eth::{Filter, FilterBlockOption, Log};

use super::{
    blocks::{body_kept, number_of_tag},
    error::RpcError,
    params::Params,
    transactions,
};
use crate::{
    error::StoreError,
    limits::{LOG_CRITERIA_MAX, LOG_RANGE_BLOCKS_MAX, LOGS_RETURNED_MAX},
    store::{View, criterion_of_address, criterion_of_topic},
};

/// `eth_getLogs`.
pub(crate) fn get(view: &View<'_>, params: &Params) -> Result<Vec<Log>, RpcError> {
    let filter = filter(params, 0)?.ok_or(RpcError::MissingParam { index: 0 })?;
    let Some((first, last)) = range(view, &filter.block_option)? else { return Ok(Vec::new()) };
    body_kept(view, first.max(1).min(last))?;
    let mut logs = Vec::new();
    for number in candidates(view, &filter, first, last)? {
        matches_in(view, &filter, number, &mut logs)?;
        if logs.len() > LOGS_RETURNED_MAX {
            return Err(RpcError::TooManyLogs);
        }
    }
    Ok(logs)
}

/// The filter at `index`, if there is one, with a bounded number of criteria.
pub(crate) fn filter(params: &Params, index: usize) -> Result<Option<Filter>, RpcError> {
    let Some(filter): Option<Filter> = params.optional(index)? else { return Ok(None) };
    let found = filter.address.len() + filter.topics.iter().map(|topic| topic.len()).sum::<usize>();
    match found > LOG_CRITERIA_MAX {
        true => Err(RpcError::TooManyCriteria { found }),
        false => Ok(Some(filter)),
    }
}

/// The heights to search, first and last; `None` when the range lies beyond the head.
fn range(view: &View<'_>, option: &FilterBlockOption) -> Result<Option<(u64, u64)>, RpcError> {
    let head = view.head()?.number;
    let (first, last) = match *option {
        FilterBlockOption::AtBlockHash(hash) => {
            let unknown = || RpcError::UnknownBlock { wanted: hash.to_string(), head };
            let number = view.number_of(hash)?.ok_or_else(unknown)?;
            return Ok(Some((number, number)));
        }
        FilterBlockOption::Range { from_block, to_block } => (
            number_of_tag(from_block.unwrap_or(BlockNumberOrTag::Latest), head),
            number_of_tag(to_block.unwrap_or(BlockNumberOrTag::Latest), head),
        ),
    };
    clamp(first, last, head)
}

/// A range as asked for, cut at the head, if it is allowed.
fn clamp(first: u64, last: u64, head: u64) -> Result<Option<(u64, u64)>, RpcError> {
    if first > last {
        return Err(RpcError::InvalidParams { why: "invalid block range: fromBlock > toBlock" });
    }
    if first > head {
        return Ok(None);
    }
    let last = last.min(head);
    let found = last - first + 1;
    match found > LOG_RANGE_BLOCKS_MAX {
        true => Err(RpcError::LogRange { found }),
        false => Ok(Some((first, last))),
    }
}

/// Heights of blocks that may hold a match: those that the index names for the addresses and
/// for each topic position that the filter constrains.
fn candidates(
    view: &View<'_>,
    filter: &Filter,
    first: u64,
    last: u64,
) -> Result<Vec<u64>, StoreError> {
    let mut groups: Vec<Vec<u64>> =
        vec![filter.address.iter().map(|address| criterion_of_address(*address)).collect()];
    for (position, topics) in filter.topics.iter().enumerate() {
        groups.push(topics.iter().map(|topic| criterion_of_topic(position, *topic)).collect());
    }
    let mut found: Option<Vec<u64>> = None;
    for group in groups.iter().filter(|group| !group.is_empty()) {
        let mut blocks = Vec::new();
        for criterion in group {
            blocks.extend(view.blocks_with(*criterion, first, last)?);
        }
        blocks.sort_unstable();
        blocks.dedup();
        if let Some(before) = &found {
            blocks.retain(|block| before.binary_search(block).is_ok());
        }
        found = Some(blocks);
    }
    Ok(found.unwrap_or_else(|| (first..=last).collect()))
}

/// Adds the logs of one block that `filter` lets through.
pub(crate) fn matches_in(
    view: &View<'_>,
    filter: &Filter,
    number: u64,
    logs: &mut Vec<Log>,
) -> Result<(), StoreError> {
    let Some(header) = view.header(number)? else { return Ok(()) };
    for (index, receipt) in (0u32..).zip(view.receipts(number)?) {
        if !receipt.logs.iter().any(|log| filter.matches(log)) {
            continue;
        }
        let Some(transaction) = view.transaction((number, index))? else { continue };
        let placed = transactions::logs_with_place(&header, &transaction, &receipt);
        logs.extend(placed.into_iter().filter(|log| filter.matches(&log.inner)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_at_the_head_then_limited() {
        let allowed = |first, last, head| clamp(first, last, head).ok();
        assert_eq!(allowed(3, 5, 9), Some(Some((3, 5))));
        assert_eq!(allowed(3, u64::MAX, 9), Some(Some((3, 9))));
        assert_eq!(allowed(10, 12, 9), Some(None));
        assert_eq!(allowed(5, 4, 9), None);
        assert_eq!(allowed(0, 9_999, 20_000), Some(Some((0, 9_999))));
        let error = clamp(0, 10_000, 20_000).expect_err("one too many");
        assert_eq!(
            error.to_string(),
            "block range too large: expected at most 10000 blocks, found 10001"
        );
    }
}
