//! The other way round: what the ledger tells of this member must be on record here.

use std::collections::HashSet;

use theriac_custody::{Account, Hash, HoldingState};
use theriac_ledger::LedgerEvent;
use theriac_store::{LogRecord, ReadTx};

use crate::error::NodeError;
use crate::node::Node;
use crate::report::{Difference, ReconcileReport};

/// Blocks whose logs are compared at once.
const BATCH_BLOCKS: usize = 500;

impl Node {
    /// Compares the logs that this node has followed with its own transactions and holdings.
    pub(super) async fn reconcile_logs(
        &self,
        tx: &mut ReadTx,
        report: &mut ReconcileReport,
    ) -> Result<(), NodeError> {
        let known: HashSet<Hash> = tx.known_holdings().await?.into_iter().collect();
        let last = tx.last_block().await?.map_or(0, |block| block.number);
        for from in (0..=last).step_by(BATCH_BLOCKS) {
            for log in tx.logs_in(from..from + BATCH_BLOCKS as u64).await? {
                self.reconcile_log(tx, &known, &log, report).await?;
            }
        }
        Ok(())
    }

    /// A transaction of this account must be on record; a holding opened for this member must be
    /// known.
    async fn reconcile_log(
        &self,
        tx: &mut ReadTx,
        known: &HashSet<Hash>,
        log: &LogRecord,
        report: &mut ReconcileReport,
    ) -> Result<(), NodeError> {
        let event = serde_json::from_value(log.body["event"].clone()).map_err(|error| {
            NodeError::Inconsistent {
                expected: "logs as this program writes them",
                found: error.to_string(),
            }
        })?;
        let missing = |what: String| Difference {
            what,
            here: "unknown".to_owned(),
            ledger: format!("in block {}", log.block),
        };
        if author_of(&event) == Some(self.account())
            && tx.transaction_by_hash(&log.transaction).await?.is_none()
        {
            report.differences.push(missing(format!("transaction {}", log.transaction)));
        }
        if let LedgerEvent::HoldingOpened { id, holder, .. } = &event
            && !known.contains(id)
            && self.is_mine(tx, *holder).await?
        {
            report.differences.push(missing(format!("holding {id}")));
        }
        Ok(())
    }
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
