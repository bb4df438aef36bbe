//! The logs on record must be the ledger's, and what they tell of this member must be on record.

use std::collections::HashSet;

use theriac_custody::{Account, Hash, HoldingState};
use theriac_ledger::LedgerEvent;
use theriac_store::LogRecord;

use super::Comparison;
use crate::error::NodeError;
use crate::follow::parsed;
use crate::report::DifferenceKind;

/// Blocks whose logs are compared at once.
const BATCH_BLOCKS: u64 = 500;

impl Comparison<'_> {
    /// The cursor must be at the head of the ledger.
    pub(super) async fn cursor(&mut self, stuck: Option<NodeError>) -> Result<(), NodeError> {
        let Some(why) = stuck else { return Ok(()) };
        let head = self.ledger.head().await?.number;
        let followed = self.tx.last_block().await?.map_or(0, |block| block.number);
        let here = format!("followed to block {followed}: {why}");
        self.differ(DifferenceKind::Cursor, "cursor", here, format!("at block {head}"));
        Ok(())
    }

    /// Compares the logs on record with those of the ledger, and with what else is on record.
    pub(super) async fn logs(&mut self) -> Result<(), NodeError> {
        let known: HashSet<Hash> = self.tx.known_holdings().await?.into_iter().collect();
        let last = self.tx.last_block().await?.map_or(0, |block| block.number);
        // Block 0 has no transactions, and cosmos/evm has no block 0.
        let mut from = 1;
        while from <= last {
            let to = from + BATCH_BLOCKS;
            let here = self.tx.logs_in(from..to).await?;
            let there = self.ledger.logs(from, last.min(to - 1)).await?;
            let place = |block, index, transaction| (block, index, transaction);
            let ours = here.iter().map(|log| place(log.block, log.index, log.transaction));
            let theirs = there.iter().map(|log| place(log.block, log.index, log.transaction));
            let (ours, theirs): (Vec<_>, Vec<_>) = (ours.collect(), theirs.collect());
            if let Some((block, here, ledger)) = first_difference(&ours, &theirs) {
                self.differ(DifferenceKind::Logs, format!("logs from block {block}"), here, ledger);
            }
            for log in here {
                self.log(&known, &log).await?;
            }
            from = to;
        }
        Ok(())
    }

    /// A transaction of this account must be on record; a holding opened for this member must be
    /// known.
    async fn log(&mut self, known: &HashSet<Hash>, log: &LogRecord) -> Result<(), NodeError> {
        let event = parsed(log)?.event;
        let there = format!("in block {}", log.block);
        if author_of(&event) == Some(self.node.account())
            && self.tx.transaction_by_hash(&log.transaction).await?.is_none()
        {
            let what = format!("transaction {}", log.transaction);
            self.differ(DifferenceKind::TransactionUnknown, what, "unknown", there.clone());
        }
        if let LedgerEvent::HoldingOpened { id, holder, .. } = &event
            && !known.contains(id)
            && self.node.is_mine(&mut self.tx, *holder).await?
        {
            let what = format!("holding {id}");
            self.differ(DifferenceKind::HoldingUnknown, what, "unknown", there);
        }
        Ok(())
    }
}

/// A log's block, index and transaction.
type LogPlace = (u64, u64, Hash);

/// The block of the first log that only one side has, and what both say of it.
fn first_difference(here: &[LogPlace], there: &[LogPlace]) -> Option<(u64, String, String)> {
    let same = here.iter().zip(there).take_while(|(a, b)| a == b).count();
    let say = |log: Option<&LogPlace>| match log {
        Some((block, index, transaction)) => format!("log {index} of block {block}, {transaction}"),
        None => "nothing".to_owned(),
    };
    let (ours, theirs) = (here.get(same), there.get(same));
    let block = ours.into_iter().chain(theirs).map(|(block, ..)| *block).min()?;
    Some((block, say(ours), say(theirs)))
}

/// The account that has sent the transaction of a log, where the log tells: a holding that is in
/// stock at once may be what a consignee has refused.
fn author_of(event: &LedgerEvent) -> Option<Account> {
    match event {
        LedgerEvent::HoldingOpened { state: HoldingState::Held, .. } => None,
        LedgerEvent::HoldingOpened { holder, .. }
        | LedgerEvent::Received { holder, .. }
        | LedgerEvent::Retired { holder, .. } => Some(*holder),
        LedgerEvent::LotStatusChanged { by, .. } => Some(*by),
        LedgerEvent::Anchored { member, .. } => Some(*member),
        _ => None,
    }
}
