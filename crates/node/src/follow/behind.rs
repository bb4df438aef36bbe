//! Where following stands beside an endpoint's head: on it, ahead of an endpoint that is behind, or
//! on blocks that are not on the ledger any more.

use theriac_ledger::BlockHead;
use theriac_store::BlockRow;

use crate::error::NodeError;
use crate::health::Trouble;
use crate::node::Node;

/// How long an endpoint may know fewer blocks than this node before that counts as a reorganisation:
/// a ledger never gets shorter for long, but another endpoint of it may be behind.
const BEHIND_MAX_MILLIS: i64 = 60_000;

/// Where following stands.
pub(super) enum Followed {
    /// Logs are applied up to this block, which is on the ledger; 0 at the beginning.
    To(u64),
    /// The endpoint knows fewer blocks than this node, and none of them is another.
    Ahead,
}

impl Node {
    /// Compares the last block on record with the ledger; unwinds those that were reverted.
    pub(super) async fn followed_block(&self, head: &BlockHead) -> Result<Followed, NodeError> {
        let Some(last) = self.inner().store.last_block().await? else {
            return Ok(Followed::To(0));
        };
        if last.number > head.number {
            return self.beyond_head(&last, head).await;
        }
        self.note_behind(None);
        let on_ledger = match last.number == head.number {
            true => Some(*head),
            false => self.inner().ledger.block(last.number).await?,
        };
        match on_ledger {
            Some(block) if block.hash == last.hash => Ok(Followed::To(last.number)),
            _ => Ok(Followed::To(self.unwind(last.number).await?)),
        }
    }

    /// The endpoint knows fewer blocks. If one that both know differs, the ledger was reorganised;
    /// else the endpoint is behind, unless it stays so.
    async fn beyond_head(&self, last: &BlockRow, head: &BlockHead) -> Result<Followed, NodeError> {
        let common = self.inner().store.block_before(head.number.saturating_add(1)).await?;
        let same = match common {
            Some(common) => {
                let there = self.inner().ledger.block(common.number).await?;
                there.is_some_and(|there| there.hash == common.hash)
            }
            None => true,
        };
        let now = self.now().as_millisecond();
        let since = self.note_behind(Some(now)).unwrap_or(now);
        if same && now.saturating_sub(since) < BEHIND_MAX_MILLIS {
            let behind = last.number - head.number;
            self.tell_trouble(
                Trouble::Behind,
                Some(format!("the ledger's endpoint is {behind} blocks behind; waiting for it")),
            );
            return Ok(Followed::Ahead);
        }
        self.note_behind(None);
        Ok(Followed::To(self.unwind(last.number).await?))
    }

    /// Notes since when the endpoint is behind; `None`: it is not. What is noted then.
    fn note_behind(&self, now: Option<i64>) -> Option<i64> {
        let mut since =
            self.inner().behind_since.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *since = now.map(|now| since.unwrap_or(now));
        if since.is_none() {
            self.tell_trouble(Trouble::Behind, None);
        }
        *since
    }
}
