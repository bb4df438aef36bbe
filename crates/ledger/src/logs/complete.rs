//! Whether an endpoint told all logs of a range of blocks.
//!
//! A header has a bloom filter over the addresses and topics of all logs of its block (Yellow Paper,
//! 4.4.1). Where it says more than the logs that the endpoint gave explain, and may name one of the
//! contracts, the receipts of the block are read, which must explain all of it.

use std::collections::BTreeMap;

use alloy::primitives::{Bloom, BloomInput, U64};

use super::{FOLLOWED, LogsError, RawLog, receipts};
use crate::bindings::convert::b256;
use crate::block::RawBlock;
use crate::connect::Ledger;
use crate::request::ask_all;

/// Headers asked for at once; endpoints limit a batch.
const HEADERS_PER_REQUEST: u64 = 100;

impl Ledger {
    /// The contracts' logs of the blocks `from` to `to`, of which `found` is what the endpoint told.
    pub(super) async fn complete(
        &self,
        from: u64,
        to: u64,
        found: Vec<RawLog>,
    ) -> Result<Vec<RawLog>, LogsError> {
        let mut of_block: BTreeMap<u64, Vec<RawLog>> = BTreeMap::new();
        for log in found {
            of_block.entry(log.block()).or_default().push(log);
        }
        let mut complete = Vec::new();
        let mut before: Option<RawBlock> = None;
        let mut first = from;
        while first <= to {
            let last = to.min(first.saturating_add(HEADERS_PER_REQUEST - 1));
            for header in self.headers(first, last).await? {
                follows(&header, before.as_ref())?;
                let logs = of_block.remove(&header.head().number).unwrap_or_default();
                complete.extend(self.complete_block(&header, logs).await?);
                before = Some(header);
            }
            let Some(next) = last.checked_add(1) else { break };
            first = next;
        }
        match of_block.into_keys().next() {
            None => Ok(complete),
            Some(block) => Err(LogsError::Gap {
                block,
                found: "logs of a block that was not asked for".into(),
            }),
        }
    }

    async fn headers(&self, from: u64, to: u64) -> Result<Vec<RawBlock>, LogsError> {
        let params = (from..=to).map(|number| (U64::from(number), false));
        let answers =
            ask_all::<_, Option<RawBlock>>(self.client(), "eth_getBlockByNumber", params).await;
        let mut headers = Vec::with_capacity(answers.len());
        for (block, answer) in (from..=to).zip(answers) {
            let found = || "there is no such block".into();
            let header = answer?.ok_or_else(|| LogsError::Gap { block, found: found() })?;
            if header.head().number != block {
                let found = format!("the block that was given for it is {}", header.head().number);
                return Err(LogsError::Gap { block, found });
            }
            headers.push(header);
        }
        Ok(headers)
    }

    async fn complete_block(
        &self,
        header: &RawBlock,
        logs: Vec<RawLog>,
    ) -> Result<Vec<RawLog>, LogsError> {
        let head = header.head();
        let gap = |found: &str| LogsError::Gap { block: head.number, found: found.into() };
        let is_of = |log: &RawLog| log.block_hash == b256(head.hash);
        if !logs.iter().all(is_of) {
            return Err(gap("its logs are of another block of this number"));
        }
        let Some(expected) = header.logs_bloom else { return Ok(logs) };
        let names = |of| expected.contains_input(BloomInput::Raw(self.contract(of).as_slice()));
        if !FOLLOWED.into_iter().any(names) || bloom(&logs).contains(&expected) {
            return Ok(logs);
        }
        let all = receipts::logs_of_block(self.client(), head.number).await?;
        let Some(all) = all else { return Err(gap("its receipts are missing")) };
        if !all.iter().all(is_of) {
            return Err(gap("its receipts are of another block of this number"));
        }
        if !bloom(&all).contains(&expected) {
            return Err(gap("its receipts lack logs that its header tells of"));
        }
        let ours: Vec<RawLog> = all.into_iter().filter(|log| self.is_followed(log)).collect();
        if ours.len() != logs.len() {
            let (told, found) = (logs.len(), ours.len());
            tracing::warn!(
                block = head.number,
                told,
                found,
                "logs that the endpoint left out are found"
            );
        }
        Ok(ours)
    }
}

/// The filter over logs.
fn bloom(logs: &[RawLog]) -> Bloom {
    let mut bloom = Bloom::ZERO;
    for log in logs {
        bloom.accrue_raw_log(log.address, &log.topics);
    }
    bloom
}

/// Whether a block is the child of the one before.
fn follows(header: &RawBlock, before: Option<&RawBlock>) -> Result<(), LogsError> {
    let (head, Some(before)) = (header.head(), before) else { return Ok(()) };
    if head.parent_hash == before.head().hash {
        return Ok(());
    }
    let found =
        "it does not follow the block before, as when blocks were reverted meanwhile".into();
    Err(LogsError::Gap { block: head.number, found })
}
