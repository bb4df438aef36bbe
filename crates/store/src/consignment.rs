//! What was shipped and received, as it was then: what the law wants kept of each shipment.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{Millis, cell, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of a consignment.
    ConsignmentId,
}

words! {
    /// Whether something goes out or comes in.
    Direction {
        /// From this member.
        Out = 0 "out",
        /// To this member.
        In = 1 "in",
    }
}

/// A consignment of which it is noted that it was shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConsignment {
    /// Whether it was sent or received.
    pub direction: Direction,
    /// Hash of the shipping event.
    pub cause: Hash,
    /// Which part of the shipment: the cause itself for all of it, a holding, or a file.
    pub part: Hash,
    /// To whom it was sent, or from whom it came.
    pub partner: Gln,
    /// When it was shipped, or noted as long as that is not known.
    pub shipped_at: Millis,
}

/// A consignment on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsignmentRecord {
    /// Its row.
    pub id: ConsignmentId,
    /// Whether it was sent or received.
    pub direction: Direction,
    /// Hash of the shipping event.
    pub cause: Hash,
    /// Which part of the shipment.
    pub part: Hash,
    /// To whom it was sent, or from whom it came.
    pub partner: Gln,
    /// When it was shipped.
    pub shipped_at: Millis,
    /// Number of packs; `None` until its content is on record.
    pub packs: Option<u64>,
}

reads! {
    /// The first `limit` consignments whose content is not on record yet, the oldest first.
    statement fn consignments_noted(limit: u64) -> Vec<ConsignmentRecord>;
    /// The last `limit` consignments shipped, the latest first.
    statement fn consignments(limit: u64) -> Vec<ConsignmentRecord>;
    /// The parts of a shipment, in the order in which they came on record.
    statement fn consignments_of(cause: &Hash) -> Vec<ConsignmentRecord>;
    /// The content of a consignment, as it was put on record.
    statement fn consignment_body(id: ConsignmentId) -> Option<Vec<u8>>;
}

const COLUMNS: [&str; 7] = ["id", "direction", "cause", "part", "partner", "shipped_at", "packs"];

impl WriteTx {
    /// Notes a consignment; false, and nothing changes, when it is on record.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn note_consignment(&mut self, new: &NewConsignment) -> Result<bool, StoreError> {
        let insert = Insert {
            table: "consignment",
            columns: &["direction", "cause", "part", "partner", "shipped_at"],
            conflict: Conflict::Skip(&["cause", "direction", "part"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&new.direction),
            cell(&new.cause),
            cell(&new.part),
            cell(&new.partner),
            cell(&new.shipped_at),
        ];
        Ok(!self.connection().insert(&insert, vec![row]).await?.is_empty())
    }

    /// Puts the content of a consignment on record.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it was not noted, or the database does not take it.
    pub async fn fill_consignment(
        &mut self,
        id: ConsignmentId,
        shipped_at: Millis,
        packs: u64,
        body: Vec<u8>,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("consignment")
            .value("shipped_at", val(&shipped_at))
            .value("packs", val(&packs))
            .value("body", val(&body))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "consignment", id.0).await
    }
}

fn select() -> SelectStatement {
    Query::select().columns(COLUMNS).from("consignment").take()
}

fn record(row: &Row) -> Result<ConsignmentRecord, StoreError> {
    Ok(ConsignmentRecord {
        id: row.get("id")?,
        direction: row.get("direction")?,
        cause: row.get("cause")?,
        part: row.get("part")?,
        partner: row.get("partner")?,
        shipped_at: row.get("shipped_at")?,
        packs: row.opt("packs")?,
    })
}

async fn consignments_noted(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<ConsignmentRecord>, StoreError> {
    let select = select()
        .and_where(Expr::col("body").is_null())
        .order_by("id", Order::Asc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn consignments(
    connection: &mut Connection<'_>,
    limit: u64,
) -> Result<Vec<ConsignmentRecord>, StoreError> {
    let select = select()
        .order_by("shipped_at", Order::Desc)
        .order_by("id", Order::Desc)
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn consignments_of(
    connection: &mut Connection<'_>,
    cause: &Hash,
) -> Result<Vec<ConsignmentRecord>, StoreError> {
    let select =
        select().and_where(Expr::col("cause").eq(val(cause))).order_by("id", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn consignment_body(
    connection: &mut Connection<'_>,
    id: ConsignmentId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let select = Query::select()
        .column("body")
        .from("consignment")
        .and_where(Expr::col("id").eq(id.0))
        .take();
    match connection.first(&select).await? {
        Some(row) => row.opt("body"),
        None => Ok(None),
    }
}
