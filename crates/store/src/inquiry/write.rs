//! Writes of inquiries.

use sea_query::{Expr, ExprTrait, Query};

use super::{InquiryId, InquiryState, NewInquiry};
use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Insert};
use crate::error::StoreError;
use crate::store::WriteTx;

impl WriteTx {
    /// Puts an inquiry on record; `None`, and nothing changes, when its asker's number is there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_inquiry(
        &mut self,
        new: &NewInquiry,
    ) -> Result<Option<InquiryId>, StoreError> {
        let insert = Insert {
            table: "inquiry",
            columns: &[
                "number",
                "asked_by",
                "kind",
                "state",
                "subject",
                "reason",
                "legal_basis",
                "statement",
                "signature",
                "asked_at",
                "due_at",
            ],
            conflict: Conflict::Skip(&["number", "asked_by"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&new.number),
            cell(&new.asked_by),
            cell(&new.kind),
            cell(&new.state),
            cell(&new.subject),
            cell(&new.reason),
            cell(&new.legal_basis),
            cell(&new.statement),
            cell(&new.signature),
            cell(&new.asked_at),
            opt(new.due_at.as_ref()),
        ];
        let returned = self.connection().insert(&insert, vec![row]).await?;
        returned.first().map(|row| row.get("id")).transpose()
    }

    /// Notes how far an inquiry is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when it is not on record; [`StoreError`] when the database does not
    /// take it.
    pub async fn set_inquiry_state(
        &mut self,
        id: InquiryId,
        state: InquiryState,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("inquiry")
            .value("state", val(&state))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "inquiry", id.0).await
    }

    /// Notes how an inquiry was decided.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when it is not on record; [`StoreError`] when the database does not
    /// take it.
    pub async fn decide_inquiry(
        &mut self,
        id: InquiryId,
        state: InquiryState,
        decision: &str,
        at: Millis,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("inquiry")
            .value("state", val(&state))
            .value("decision", decision)
            .value("decided_at", at)
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "inquiry", id.0).await
    }
}
