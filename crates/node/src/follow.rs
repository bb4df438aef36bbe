//! Stage 6, follow: the ledger's logs become facts in the database, and facts move this node's
//! items.
//!
//! # Invariants
//!
//! - Logs are applied once each, in the order of the ledger, with the cursor in the same database
//!   transaction.
//! - Facts can be rebuilt from the logs alone: after a reorganisation later blocks are unwound and
//!   the rest is replayed.

mod books;
mod facts;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use theriac_custody::Hash;
use theriac_ledger::{BlockHead, LedgerLog};
use theriac_store::{
    BlockRow, EventState, LogRecord, LogRow, OutboxState, TransactionRecord, TransactionState,
    WriteTx,
};

use crate::error::NodeError;
use crate::node::Node;
use crate::record::complete_events;

/// Blocks that are followed in one database transaction.
const BATCH_BLOCKS: u64 = 500;

/// Blocks whose logs are replayed from memory at a time.
const REPLAY_BLOCKS: u64 = 5_000;

impl Node {
    /// Follows the ledger to its head; true if there was a new block.
    ///
    /// # Errors
    ///
    /// [`NodeError`] of ledger or database.
    pub async fn follow(&self) -> Result<bool, NodeError> {
        let _guard = self.inner().following.lock().await;
        self.follow_on().await
    }

    /// As [`follow`](Self::follow), while nobody else follows: the caller holds the lock.
    pub(crate) async fn follow_on(&self) -> Result<bool, NodeError> {
        let head = self.inner().ledger.head().await?;
        let mut followed = self.followed_block(&head).await?;
        let any = followed < head.number;
        while followed < head.number {
            let to = head.number.min(followed + BATCH_BLOCKS);
            let logs = self.inner().ledger.logs(followed + 1, to).await?;
            let last = if to == head.number { head } else { self.block(to).await? };
            self.apply_blocks(&logs, last).await?;
            followed = to;
        }
        self.finalise(&head).await?;
        Ok(any)
    }

    /// The block up to which logs are applied and still stand on the ledger; 0 at the beginning.
    async fn followed_block(&self, head: &BlockHead) -> Result<u64, NodeError> {
        let Some(last) = self.inner().store.last_block().await? else { return Ok(0) };
        if last.number <= head.number {
            let on_ledger = self.inner().ledger.block(last.number).await?;
            if on_ledger.is_some_and(|block| block.hash == last.hash) {
                return Ok(last.number);
            }
        }
        self.unwind(last.number).await
    }

    /// Goes back to the latest followed block that is still on the ledger, and replays the logs up
    /// to it.
    async fn unwind(&self, mut number: u64) -> Result<u64, NodeError> {
        while let Some(block) = self.inner().store.block_before(number).await? {
            number = block.number;
            let on_ledger = self.inner().ledger.block(number).await?;
            if on_ledger.is_some_and(|there| there.hash == block.hash) {
                return self.unwind_to(number).await;
            }
        }
        self.unwind_to(0).await
    }

    /// Forgets what was followed after block `number`, and puts this node's transactions of those
    /// blocks back on their way.
    async fn unwind_to(&self, number: u64) -> Result<u64, NodeError> {
        tracing::warn!(block = number, "the ledger was reorganised; replaying from this block");
        let mut tx = self.inner().store.write().await?;
        for sent in tx.transactions_in(TransactionState::Mined).await? {
            if sent.block.is_none_or(|block| block > number) {
                self.unmine(&mut tx, &sent).await?;
            }
        }
        tx.unwind_to(number).await?;
        self.replay(&mut tx, number).await?;
        tx.commit().await?;
        Ok(number)
    }

    async fn block(&self, number: u64) -> Result<BlockHead, NodeError> {
        let block = self.inner().ledger.block(number).await?;
        block.ok_or_else(|| NodeError::Inconsistent {
            expected: "a block that the ledger has",
            found: format!("no block {number}"),
        })
    }

    async fn apply_blocks(&self, logs: &[LedgerLog], last: BlockHead) -> Result<(), NodeError> {
        let mut blocks: HashMap<u64, BlockHead> = HashMap::from([(last.number, last)]);
        for log in logs {
            if let Entry::Vacant(missing) = blocks.entry(log.block) {
                missing.insert(self.block(log.block).await?);
            }
        }
        let mut tx = self.inner().store.write().await?;
        for block_logs in logs.chunk_by(|a, b| a.block == b.block) {
            let block = &blocks[&block_logs[0].block];
            tx.append_logs(&block_row(block), &rows(block_logs)?).await?;
            self.apply_logs(&mut tx, block, block_logs).await?;
        }
        if logs.last().is_none_or(|log| log.block != last.number) {
            tx.append_logs(&block_row(&last), &[]).await?;
        }
        tx.commit().await?;
        self.inner().post.notify_one();
        Ok(())
    }

    /// Facts first, then what they mean for this node's own items.
    async fn apply_logs(
        &self,
        tx: &mut WriteTx,
        block: &BlockHead,
        logs: &[LedgerLog],
    ) -> Result<(), NodeError> {
        let commissioned = facts::commissioned(logs);
        for log in logs {
            self.apply_fact(tx, block, log, &commissioned).await?;
            self.apply_to_books(tx, log).await?;
        }
        Ok(())
    }

    /// Marks what can no longer be reverted.
    async fn finalise(&self, head: &BlockHead) -> Result<(), NodeError> {
        let finality = self.inner().config.finality();
        let final_block = match finality {
            theriac_ledger::Finality::Immediate => head.number,
            finality => self.inner().ledger.finalized_head(finality).await?.number,
        };
        let mined = self.inner().store.transactions_in(TransactionState::Mined).await?;
        let ripe: Vec<_> =
            mined.iter().filter(|tx| tx.block.is_some_and(|b| b <= final_block)).collect();
        if ripe.is_empty() {
            return Ok(());
        }
        let mut tx = self.inner().store.write().await?;
        for transaction in ripe {
            let events = complete_events(&mut tx, transaction.id).await?;
            tx.set_event_state(&events, EventState::Final, Some(transaction.id)).await?;
            tx.set_transaction(
                transaction.id,
                TransactionState::Final,
                transaction.block,
                transaction.gas,
                None,
            )
            .await?;
        }
        Ok(tx.commit().await?)
    }
}

fn block_row(block: &BlockHead) -> BlockRow {
    BlockRow {
        number: block.number,
        hash: block.hash,
        parent_hash: block.parent_hash,
        timestamp: block.timestamp,
    }
}

fn rows(logs: &[LedgerLog]) -> Result<Vec<LogRow>, NodeError> {
    logs.iter().map(row).collect()
}

fn row(log: &LedgerLog) -> Result<LogRow, NodeError> {
    let body = serde_json::to_value(log).map_err(|error| NodeError::Inconsistent {
        expected: "a log that can be written as JSON",
        found: error.to_string(),
    })?;
    Ok(LogRow { index: log.index, transaction: log.transaction, body })
}

impl Node {
    /// A transaction whose block was reverted is signed, and not mined any more.
    async fn unmine(&self, tx: &mut WriteTx, sent: &TransactionRecord) -> Result<(), NodeError> {
        tracing::warn!(transaction = %sent.hash, "its block was reverted; it is sent again");
        tx.set_transaction(sent.id, TransactionState::Signed, None, None, None).await?;
        let rows = tx.outbox_of_transaction(sent.id).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        tx.set_outbox(&ids, OutboxState::Signed, Some(sent.id)).await?;
        let mut events: Vec<_> = rows.iter().map(|row| row.event).collect();
        events.dedup();
        Ok(tx.set_event_state(&events, EventState::Admitted, None).await?)
    }

    /// Applies the logs in the database up to block `last` again, after the derived facts were
    /// cleared.
    async fn replay(&self, tx: &mut WriteTx, last: u64) -> Result<(), NodeError> {
        let mut from = 0;
        while from <= last {
            let to = from.saturating_add(REPLAY_BLOCKS);
            let records = tx.logs_in(from..to).await?;
            self.replay_logs(tx, &records).await?;
            from = to;
        }
        Ok(())
    }

    async fn replay_logs(&self, tx: &mut WriteTx, records: &[LogRecord]) -> Result<(), NodeError> {
        for block in records.chunk_by(|a, b| a.block == b.block) {
            let head = BlockHead {
                number: block[0].block,
                hash: block[0].block_hash,
                parent_hash: Hash::ZERO,
                timestamp: block[0].timestamp,
            };
            let logs: Vec<LedgerLog> = block
                .iter()
                .map(|record| serde_json::from_value(record.body.clone()))
                .collect::<Result<_, _>>()
                .map_err(|error| NodeError::Inconsistent {
                    expected: "logs as this program writes them",
                    found: error.to_string(),
                })?;
            let commissioned: HashMap<Hash, Hash> = facts::commissioned(&logs);
            for log in &logs {
                self.apply_fact(tx, &head, log, &commissioned).await?;
            }
        }
        Ok(())
    }
}
