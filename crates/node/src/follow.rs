//! Stage 6, follow: the ledger's logs become facts in the database, and facts move this node's
//! items.
//!
//! # Invariants
//!
//! - Logs are applied once each, in the order of the ledger, with the cursor in the same database
//!   transaction.
//! - Facts can be rebuilt from the logs alone: after a reorganisation later blocks are unwound and
//!   the rest is replayed.
//! - Nothing is skipped: where logs or blocks do not fit together, following stops and health says
//!   why.

mod behind;
mod books;
mod facts;
mod unwind;

pub(crate) use facts::span;
pub(crate) use unwind::{parsed, status_on_the_way};

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use theriac_ledger::{BlockHead, LedgerLog};
use theriac_store::{BlockRow, EventState, LogRow, TransactionState, WriteTx};

use crate::error::NodeError;
use crate::health::Trouble;
use crate::node::Node;
use crate::record::complete_events;
use crate::standing::OnTheWay;
use behind::Followed;

/// Blocks that are followed in one database transaction.
const BATCH_BLOCKS: u64 = 500;

impl Node {
    /// Follows the ledger to its head; true if there was a new block.
    ///
    /// # Errors
    ///
    /// [`NodeError`] of ledger or database; health tells it until following goes on.
    pub async fn follow(&self) -> Result<bool, NodeError> {
        let _guard = self.inner().following.lock().await;
        self.follow_on().await
    }

    /// As [`follow`](Self::follow), while nobody else follows: the caller holds the lock.
    pub(crate) async fn follow_on(&self) -> Result<bool, NodeError> {
        let followed = self.follow_to_head().await;
        self.note_trouble(Trouble::Following, followed.as_ref().err());
        followed
    }

    async fn follow_to_head(&self) -> Result<bool, NodeError> {
        self.see_contracts().await?;
        self.replay_if_due().await?;
        let head = self.inner().ledger.head().await?;
        let mut followed = match self.followed_block(&head).await? {
            Followed::To(block) => block,
            Followed::Ahead => return Ok(false),
        };
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

    /// Derives from the logs on record what an older program did not derive.
    async fn replay_if_due(&self) -> Result<(), NodeError> {
        let store = &self.inner().store;
        if store.is_replay_due().await? {
            let last = store.last_block().await?.map_or(0, |block| block.number);
            match self.unwind_to(last).await {
                Err(NodeError::Inconsistent { expected, found }) => {
                    tracing::warn!(expected, found, "facts stay as an older program derived them");
                    let mut tx = store.write().await?;
                    tx.unset("replay_due").await?;
                    tx.commit().await?;
                }
                done => _ = done?,
            }
        }
        Ok(())
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
                let block = self.block(log.block).await?;
                if block.hash != log.block_hash {
                    // The ledger was reorganised between two requests; the next round sees it whole.
                    return Err(NodeError::Inconsistent {
                        expected: "logs of the block that the ledger has",
                        found: format!("logs of another block {}", log.block),
                    });
                }
                missing.insert(block);
            }
        }
        let mut tx = self.inner().store.write().await?;
        let followed: HashSet<_> = logs.iter().map(|log| log.transaction).collect();
        let on_the_way = OnTheWay::load_beside(&mut tx, &followed).await?;
        for block_logs in logs.chunk_by(|a, b| a.block == b.block) {
            let block = &blocks[&block_logs[0].block];
            tx.append_logs(&block_row(block), &rows(block_logs)?).await?;
            self.apply_logs(&mut tx, &on_the_way, block, block_logs).await?;
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
        on_the_way: &OnTheWay,
        block: &BlockHead,
        logs: &[LedgerLog],
    ) -> Result<(), NodeError> {
        let commissioned = facts::commissioned(logs);
        for log in logs {
            self.apply_fact(tx, block, log, &commissioned).await?;
            self.apply_to_books(tx, on_the_way, log).await?;
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
            for attempt in tx.attempts_of(transaction.id).await? {
                tx.remove_attempt(&attempt.hash).await?;
            }
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
