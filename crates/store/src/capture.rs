//! Captures: what a client sent, in chunks, and how far its events are admitted.
//!
//! A capture is `receiving` while its bytes come in, `captured` once it is sealed (from then on
//! it is acknowledged and never lost), `done` or `failed` when its last event was dealt with.

mod outcome;

pub use outcome::{Outcome, OutcomeRecord, OutcomeState, RecordedState};

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UpdateStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, cell, opt, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a capture; never given twice.
    CaptureId,
}

words! {
    /// Where a capture came from.
    CaptureSource {
        /// A request to the HTTP interface.
        Api = 0 "api",
        /// The command line.
        Cli = 1 "cli",
        /// Another node.
        Exchange = 2 "exchange",
        /// The simulator.
        Sim = 3 "sim",
    }

    /// How far a capture is.
    CaptureState {
        /// Its bytes are coming in; not acknowledged.
        Receiving = 0 "receiving",
        /// All its bytes are durable; acknowledged.
        Captured = 1 "captured",
        /// All its events are dealt with.
        Done = 2 "done",
        /// It cannot be read any further.
        Failed = 3 "failed",
    }
}

/// A capture that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCapture {
    /// When its first byte came.
    pub received_at: Millis,
    /// Where it comes from.
    pub source: CaptureSource,
    /// Its media type, as the client says.
    pub content_type: Option<String>,
    /// The member whose node sent it.
    pub sender: Option<Gln>,
}

/// How many events of a capture were dealt with, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Obey the standard and the rules of custody.
    pub admitted: u64,
    /// Break a rule of custody; each is in a case.
    pub held: u64,
    /// Break the standard.
    pub refused: u64,
    /// Were on record already.
    pub duplicate: u64,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.admitted += more.admitted;
        self.held += more.held;
        self.refused += more.refused;
        self.duplicate += more.duplicate;
    }
}

/// A capture on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureRecord {
    /// Its row.
    pub id: CaptureId,
    /// When its first byte came.
    pub received_at: Millis,
    /// Where it comes from.
    pub source: CaptureSource,
    /// Its media type, as the client says.
    pub content_type: Option<String>,
    /// The member whose node sent it.
    pub sender: Option<Gln>,
    /// SHA-256 of its bytes, once sealed.
    pub sha256: Option<Hash>,
    /// Number of its bytes, once sealed.
    pub bytes: u64,
    /// How far it is.
    pub state: CaptureState,
    /// The first event, from 0, that is not dealt with.
    pub next_ordinal: u64,
    /// The events dealt with.
    pub counts: Counts,
    /// Why it failed.
    pub error: Option<String>,
}

reads! {
    /// The capture `id`.
    statement fn capture(id: CaptureId) -> Option<CaptureRecord>;
    /// The last `limit` captures, newest first.
    statement fn captures(limit: u64) -> Vec<CaptureRecord>;
    /// Captures acknowledged and not finished, oldest first.
    statement fn unfinished_captures() -> Vec<CaptureRecord>;
    /// Chunk `n`, from 0, of a capture's bytes.
    statement fn chunk(id: CaptureId, n: u32) -> Option<Vec<u8>>;
}

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

    /// Ends a capture: `failed` with an error, else `done`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such capture.
    pub async fn finish_capture(
        &mut self,
        id: CaptureId,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        let state = if error.is_some() { CaptureState::Failed } else { CaptureState::Done };
        let update = update(id)
            .value("state", val(&state))
            .value("error", Expr::val(error.map(str::to_owned)))
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

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("capture").take()
}

async fn capture(
    connection: &mut Connection<'_>,
    id: CaptureId,
) -> Result<Option<CaptureRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn captures(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<CaptureRecord>, StoreError> {
    let select = select().order_by("id", Order::Desc).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn unfinished_captures(
    connection: &mut Connection<'_>,
) -> Result<Vec<CaptureRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("state").eq(val(&CaptureState::Captured)))
        .order_by("id", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn chunk(
    connection: &mut Connection<'_>,
    id: CaptureId,
    n: u32,
) -> Result<Option<Vec<u8>>, StoreError> {
    let select = Query::select()
        .column("bytes")
        .from("capture_chunk")
        .and_where(Expr::col("capture").eq(id.0))
        .and_where(Expr::col("n").eq(n))
        .take();
    connection.first(&select).await?.map(|row| row.get("bytes")).transpose()
}

fn record(row: &Row) -> Result<CaptureRecord, StoreError> {
    Ok(CaptureRecord {
        id: row.get("id")?,
        received_at: row.get("received_at")?,
        source: row.get("source")?,
        content_type: row.opt("content_type")?,
        sender: row.opt("sender")?,
        sha256: row.opt("sha256")?,
        bytes: row.get("bytes")?,
        state: row.get("state")?,
        next_ordinal: row.get("next_ordinal")?,
        counts: Counts {
            admitted: row.get("admitted")?,
            held: row.get("held")?,
            refused: row.get("refused")?,
            duplicate: row.get("duplicate")?,
        },
        error: row.opt("error")?,
    })
}
