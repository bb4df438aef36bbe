//! Every stored transaction must be on the ledger as it is noted here.

use theriac_store::{TransactionRecord, TransactionState};

use super::Comparison;
use crate::error::NodeError;
use crate::report::DifferenceKind;

impl Comparison<'_> {
    /// Compares transactions with their receipts.
    pub(super) async fn transactions(&mut self) -> Result<(), NodeError> {
        for state in TransactionState::ALL {
            for noted in self.tx.transactions_in(*state).await? {
                self.report.transactions += 1;
                self.transaction(&noted).await?;
                self.attempts(&noted).await?;
            }
        }
        Ok(())
    }

    async fn transaction(&mut self, noted: &TransactionRecord) -> Result<(), NodeError> {
        let receipt = self.ledger.receipt(noted.hash).await?;
        let there = receipt.map(|receipt| (receipt.success, receipt.block));
        let here = match noted.state {
            TransactionState::Signed => None,
            // One whose nonce another took is in no block.
            state => noted.block.map(|block| (state != TransactionState::Reverted, block)),
        };
        if here == there {
            return Ok(());
        }
        let kind = match noted.state {
            TransactionState::Signed => DifferenceKind::TransactionMined,
            _ => DifferenceKind::TransactionLost,
        };
        let block = |block: u64| format!("in block {block}");
        let place = noted.block.map_or_else(|| "in no block".to_owned(), block);
        let ledger = match there {
            None => "unknown".to_owned(),
            Some((true, block)) => format!("mined in block {block}"),
            Some((false, block)) => format!("without effect in block {block}"),
        };
        let here = format!("{} {place}", noted.state.word());
        self.differ(kind, format!("transaction {}", noted.hash), here, ledger);
        Ok(())
    }

    /// Where one attempt is final no other can be mined.
    async fn attempts(&mut self, noted: &TransactionRecord) -> Result<(), NodeError> {
        if noted.state != TransactionState::Final {
            return Ok(());
        }
        for attempt in self.tx.attempts_of(noted.id).await? {
            let what = format!("attempt {}", attempt.hash);
            let ledger = format!("nonce {} is taken by {}", noted.nonce, noted.hash);
            self.differ(DifferenceKind::Attempt, what, "waits to be mined", ledger);
        }
        Ok(())
    }
}
