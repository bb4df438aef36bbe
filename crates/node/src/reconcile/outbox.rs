//! Every operation in the outbox must be as far as the transaction that carries it.

use theriac_store::{OutboxRecord, OutboxState, ReadTx, TransactionState};

use super::Comparison;
use crate::error::NodeError;
use crate::report::DifferenceKind;

impl Comparison<'_> {
    /// Compares operations with their transactions.
    pub(super) async fn outbox(&mut self) -> Result<(), NodeError> {
        for state in [OutboxState::Signed, OutboxState::Mined] {
            for row in self.tx.outbox_in(state).await? {
                let Some(right) = right_state(&mut self.tx, &row).await? else { continue };
                let what = format!("operation {} of event {}", row.id, row.event_hash);
                self.differ(DifferenceKind::Outbox, what, row.state.word(), right.word());
            }
        }
        Ok(())
    }
}

/// The state that an operation should have by its transaction; `None` if it has it.
pub(super) async fn right_state(
    tx: &mut ReadTx,
    row: &OutboxRecord,
) -> Result<Option<OutboxState>, NodeError> {
    let transaction = match row.transaction {
        Some(id) => tx.transaction(id).await?,
        None => None,
    };
    let right = match transaction.map(|transaction| transaction.state) {
        Some(TransactionState::Signed) => OutboxState::Signed,
        Some(TransactionState::Mined | TransactionState::Final) => OutboxState::Mined,
        Some(TransactionState::Reverted) | None => OutboxState::Pending,
    };
    Ok((right != row.state).then_some(right))
}
