//! Writes of captures, from their first byte to their last event.

use sea_query::{Expr, ExprTrait, Query, UpdateStatement};
use theriac_custody::Hash;

use super::{CaptureId, CaptureState, Counts, NewCapture};
use crate::column::{Millis, cell, opt, val};
use crate::error::StoreError;
use crate::store::WriteTx;

impl WriteTx {
    /// Begins a capture, `receiving`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn begin_capture(&mut self, new: &NewCapture) -> Result<CaptureId, StoreError> {
        const COLUMNS: &[&str] = &[
            "received_at",
            "source",
            "content_type",
            "sender",
            "error_behaviour",
            "bytes",
            "state",
            "next_ordinal",
            "admitted",
            "held",
            "refused",
            "duplicate",
        ];
        let mut row = vec![
            cell(&new.received_at),
            cell(&new.source),
            opt(new.content_type.as_ref()),
            opt(new.sender.as_ref()),
            cell(&new.error_behaviour),
            cell(&0_i64),
            cell(&CaptureState::Receiving),
        ];
        row.resize(COLUMNS.len(), cell(&0_i64));
        self.connection().insert_one("capture", COLUMNS, row).await
    }

    /// Stores chunk `n`, counted from 0, of a capture's bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the chunk is there already or the database does not take it.
    pub async fn append_chunk(
        &mut self,
        id: CaptureId,
        n: u32,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let insert = Query::insert()
            .into_table("capture_chunk")
            .columns(["capture", "n", "bytes"])
            .values_panic([val(&id), val(&n), Expr::val(bytes)])
            .take();
        self.connection().run(&insert).await.map(drop)
    }

    /// All bytes are there: once this is committed the capture is acknowledged, `captured`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such capture.
    pub async fn seal_capture(
        &mut self,
        id: CaptureId,
        sha256: Hash,
        bytes: u64,
    ) -> Result<(), StoreError> {
        let update = update(id)
            .value("sha256", val(&sha256))
            .value("bytes", val(&bytes))
            .value("state", val(&CaptureState::Captured))
            .take();
        self.connection().change(&update, "capture", id.0).await
    }

    /// Notes how far the capture's events are dealt with: `counts` are the totals since its
    /// first event.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such capture.
    pub async fn advance_capture(
        &mut self,
        id: CaptureId,
        next_ordinal: u64,
        counts: &Counts,
    ) -> Result<(), StoreError> {
        let update = update(id)
            .value("next_ordinal", val(&next_ordinal))
            .value("admitted", val(&counts.admitted))
            .value("held", val(&counts.held))
            .value("refused", val(&counts.refused))
            .value("duplicate", val(&counts.duplicate))
            .take();
        self.connection().change(&update, "capture", id.0).await
    }

    /// Ends a capture at a time: `failed` with an error, else `done`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such capture.
    pub async fn finish_capture(
        &mut self,
        id: CaptureId,
        error: Option<&str>,
        at: Millis,
    ) -> Result<(), StoreError> {
        let state = if error.is_some() { CaptureState::Failed } else { CaptureState::Done };
        let update = update(id)
            .value("state", val(&state))
            .value("error", Expr::val(error.map(str::to_owned)))
            .value("finished_at", val(&at))
            .take();
        self.connection().change(&update, "capture", id.0).await
    }

    /// Deletes captures that are still `receiving`, with their chunks.
    pub(crate) async fn delete_unsealed_captures(&mut self) -> Result<(), StoreError> {
        let unsealed = || {
            Query::select()
                .column("id")
                .from("capture")
                .and_where(Expr::col("state").eq(val(&CaptureState::Receiving)))
                .take()
        };
        let mut connection = self.connection();
        for (table, column) in
            [("capture_chunk", "capture"), ("outcome", "capture"), ("capture", "id")]
        {
            let delete = Query::delete()
                .from_table(table)
                .and_where(Expr::col(column).in_subquery(unsealed()))
                .take();
            connection.run(&delete).await?;
        }
        Ok(())
    }
}

fn update(id: CaptureId) -> UpdateStatement {
    Query::update().table("capture").and_where(Expr::col("id").eq(id.0)).take()
}
