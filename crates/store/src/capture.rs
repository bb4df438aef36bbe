//! Captures: what a client sent, in chunks, and how far its events are admitted.
//!
//! A capture is `receiving` while its bytes come in, `captured` once it is sealed (from then on
//! it is acknowledged and never lost), `done` or `failed` when its last event was dealt with.

mod outcome;
mod write;

pub use outcome::{Outcome, OutcomeRecord, OutcomeState, RecordedState};

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, val};
use crate::connection::{Connection, Row};
use crate::error::StoreError;
use crate::store::reads;
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

    /// What an event that is refused does to the others of its capture
    /// (EPCIS 2.0 `GS1-Capture-Error-Behaviour`).
    ErrorBehaviour {
        /// No event of the capture is kept.
        Rollback = 0 "rollback",
        /// The others are kept.
        Proceed = 1 "proceed",
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
    /// What an event that is refused does to the others.
    pub error_behaviour: ErrorBehaviour,
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
    /// What an event that is refused does to the others.
    pub error_behaviour: ErrorBehaviour,
    /// When it was `done` or `failed`; not known of one that schema version 1 saw end.
    pub finished_at: Option<Millis>,
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
        error_behaviour: row.get("error_behaviour")?,
        finished_at: row.opt("finished_at")?,
    })
}
