//! Files to and from partners, with their bytes as they went out or came in.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::capture::CaptureId;
use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::consignment::Direction;
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a file.
    TradeFileId,
}

words! {
    /// How far a file is.
    TradeFileState {
        /// It is to be written.
        Due = 0 "due",
        /// It was written.
        Written = 1 "written",
        /// It cannot be written.
        Failed = 2 "failed",
        /// Its bytes are durable; what is in it was not looked at yet.
        Received = 3 "received",
        /// What is in it was taken.
        Processed = 4 "processed",
        /// It cannot be used.
        Rejected = 5 "rejected",
        /// It came before.
        Duplicate = 6 "duplicate",
    }
}

/// A file on record, without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeFileRecord {
    /// Its row.
    pub id: TradeFileId,
    /// Whether it goes out or came in.
    pub direction: Direction,
    /// To whom it goes, or from whom it came, if that is known.
    pub partner: Option<Gln>,
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, once it has any.
    pub sha256: Option<Hash>,
    /// Number of its bytes.
    pub bytes: u64,
    /// When it was asked for, or came.
    pub at: Millis,
    /// How far it is.
    pub state: TradeFileState,
    /// What became of it, as JSON.
    pub report: serde_json::Value,
    /// Hash of the shipping event that it tells of.
    pub cause: Option<Hash>,
    /// The capture that its events went into.
    pub capture: Option<CaptureId>,
}

/// What is known of a file before it is on record.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTradeFile {
    /// Whether it goes out or came in.
    pub direction: Direction,
    /// To whom it goes, or from whom it came, if that is known.
    pub partner: Option<Gln>,
    /// Its name.
    pub name: String,
    /// When it was asked for, or came.
    pub at: Millis,
    /// How far it is.
    pub state: TradeFileState,
    /// Hash of the shipping event that it tells of.
    pub cause: Option<Hash>,
}

reads! {
    /// The file `id`.
    statement fn trade_file(id: TradeFileId) -> Option<TradeFileRecord>;
    /// The last `limit` files, the newest first.
    statement fn trade_files(limit: u64) -> Vec<TradeFileRecord>;
    /// The first `limit` files in a state, the oldest first.
    statement fn trade_files_in(state: TradeFileState, limit: u64) -> Vec<TradeFileRecord>;
    /// The files that tell of a shipment, the oldest first.
    statement fn trade_files_about(cause: &Hash) -> Vec<TradeFileRecord>;
    /// The files with these bytes, the oldest first.
    statement fn trade_files_with(sha256: &Hash) -> Vec<TradeFileRecord>;
    /// The bytes of a file.
    snapshot fn trade_file_bytes(id: TradeFileId) -> Vec<u8>;
}

/// Bytes of one row.
const CHUNK_BYTES: usize = 256 * 1024;

impl WriteTx {
    /// Puts a file on record, without its bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_trade_file(
        &mut self,
        new: &NewTradeFile,
    ) -> Result<TradeFileId, StoreError> {
        const COLUMNS: &[&str] =
            &["direction", "partner", "name", "bytes", "at", "state", "report", "cause"];
        let row = vec![
            cell(&new.direction),
            opt(new.partner.as_ref()),
            cell(&new.name),
            cell(&0_i64),
            cell(&new.at),
            cell(&new.state),
            cell(&serde_json::Value::Null),
            opt(new.cause.as_ref()),
        ];
        self.connection().insert_one("trade_file", COLUMNS, row).await
    }

    /// Stores the bytes of a file, in place of those that it had.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the file is not on record or the database does not take them.
    pub async fn set_trade_file_bytes(
        &mut self,
        id: TradeFileId,
        sha256: Hash,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        let of_file = Expr::col("trade_file").eq(id.0);
        let delete = Query::delete().from_table("trade_file_chunk").and_where(of_file).take();
        self.connection().run(&delete).await?;
        let insert = Insert {
            table: "trade_file_chunk",
            columns: &["trade_file", "n", "bytes"],
            conflict: Conflict::Fail,
            returning: &[],
        };
        for (n, chunk) in (0_u64..).zip(bytes.chunks(CHUNK_BYTES)) {
            let row = vec![cell(&id), cell(&n), chunk.to_vec().into()];
            self.connection().insert(&insert, vec![row]).await?;
        }
        let update = Query::update()
            .table("trade_file")
            .value("sha256", val(&sha256))
            .value("bytes", val(&(bytes.len() as u64)))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "trade_file", id.0).await
    }

    /// Notes how far a file is, and what is known of it now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the file is not on record or the database does not take it.
    pub async fn set_trade_file(&mut self, file: &TradeFileRecord) -> Result<(), StoreError> {
        let update = Query::update()
            .table("trade_file")
            .value("partner", Expr::val(opt(file.partner.as_ref())))
            .value("state", val(&file.state))
            .value("report", val(&file.report))
            .value("cause", Expr::val(opt(file.cause.as_ref())))
            .value("capture", Expr::val(opt(file.capture.as_ref())))
            .and_where(Expr::col("id").eq(file.id.0))
            .take();
        self.connection().change(&update, "trade_file", file.id.0).await
    }
}

fn select() -> SelectStatement {
    Query::select().column(sea_query::Asterisk).from("trade_file").take()
}

fn record(row: &Row) -> Result<TradeFileRecord, StoreError> {
    Ok(TradeFileRecord {
        id: row.get("id")?,
        direction: row.get("direction")?,
        partner: row.opt("partner")?,
        name: row.get("name")?,
        sha256: row.opt("sha256")?,
        bytes: row.get("bytes")?,
        at: row.get("at")?,
        state: row.get("state")?,
        report: row.get("report")?,
        cause: row.opt("cause")?,
        capture: row.opt("capture")?,
    })
}

async fn trade_file(
    connection: &mut Connection<'_>,
    id: TradeFileId,
) -> Result<Option<TradeFileRecord>, StoreError> {
    let select = select().and_where(Expr::col("id").eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn trade_files(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<TradeFileRecord>, StoreError> {
    let select = select().order_by("id", Order::Desc).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn trade_files_in(
    connection: &mut Connection<'_>,
    state: TradeFileState,
    limit: u64,
) -> Result<Vec<TradeFileRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("state").eq(val(&state)))
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn trade_files_about(
    connection: &mut Connection<'_>,
    cause: &Hash,
) -> Result<Vec<TradeFileRecord>, StoreError> {
    let about = Expr::col("cause").eq(val(cause));
    let select = select().and_where(about).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn trade_files_with(
    connection: &mut Connection<'_>,
    sha256: &Hash,
) -> Result<Vec<TradeFileRecord>, StoreError> {
    let same = Expr::col("sha256").eq(val(sha256));
    let select = select().and_where(same).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn trade_file_bytes(
    connection: &mut Connection<'_>,
    id: TradeFileId,
) -> Result<Vec<u8>, StoreError> {
    let select = Query::select()
        .column("bytes")
        .from("trade_file_chunk")
        .and_where(Expr::col("trade_file").eq(id.0))
        .order_by("n", Order::Asc)
        .take();
    let mut bytes = Vec::new();
    for row in connection.all(&select).await? {
        bytes.extend(row.get::<Vec<u8>>("bytes")?);
    }
    Ok(bytes)
}
