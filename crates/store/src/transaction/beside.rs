//! A transaction in a row of something else: without its bytes.

use sea_query::{Expr, SelectStatement};

use super::{TransactionId, TransactionSummary};
use crate::connection::Row;
use crate::error::StoreError;

const COLUMNS: [(&str, &str); 8] = [
    ("id", "transaction_id"),
    ("nonce", "transaction_nonce"),
    ("hash", "transaction_hash"),
    ("state", "transaction_state"),
    ("block", "transaction_block"),
    ("gas", "transaction_gas"),
    ("error", "transaction_error"),
    ("signed_at", "transaction_signed_at"),
];

/// Adds the columns of a transaction, but its bytes, to a select that joins transactions.
pub(crate) fn add_columns(select: &mut SelectStatement) {
    for (column, alias) in COLUMNS {
        select.expr_as(Expr::col(("transaction_out", column)), alias);
    }
}

/// The transaction in a row of such a select.
pub(crate) fn summary_beside(row: &Row) -> Result<Option<TransactionSummary>, StoreError> {
    match row.opt::<TransactionId>("transaction_id")? {
        Some(_) => summary(row).map(Some),
        None => Ok(None),
    }
}

pub(super) fn summary(row: &Row) -> Result<TransactionSummary, StoreError> {
    Ok(TransactionSummary {
        id: row.get("transaction_id")?,
        nonce: row.get("transaction_nonce")?,
        hash: row.get("transaction_hash")?,
        state: row.get("transaction_state")?,
        block: row.opt("transaction_block")?,
        gas: row.opt("transaction_gas")?,
        error: row.opt("transaction_error")?,
        signed_at: row.get("transaction_signed_at")?,
    })
}
