//! Arrivals: sessions in which goods are received by scanning, and their scans.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::{Gln, Identifier};

use crate::column::{Millis, cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::item;
use crate::store::{WriteTx, reads};
use crate::word::{row_id, words};

row_id! {
    /// Row id of an arrival.
    ArrivalId,
}

words! {
    /// What arrives.
    ArrivalKind {
        /// Goods that somebody sends.
        Delivery = 0 "delivery",
        /// Goods that come back.
        Return = 1 "return",
    }
    /// How far an arrival is.
    ArrivalState {
        /// It is being scanned.
        Open = 0 "open",
        /// It has become events.
        Closed = 1 "closed",
        /// Nothing came of it.
        Cancelled = 2 "cancelled",
    }
    /// What a scan in an arrival is answered.
    ScanAnswer {
        /// It is announced, and here.
        Expected = 0 "expected",
        /// It is on record, and not announced to be here.
        Extra = 1 "extra",
        /// There is no data about it.
        Unknown = 2 "unknown",
        /// It was scanned before.
        Duplicate = 3 "duplicate",
        /// Its label does not say what the data says.
        Mismatch = 4 "mismatch",
        /// It is announced, and must not be sold: recalled, blocked, expired.
        NotFit = 5 "not_fit",
        /// It is announced, and who scanned it says that it is damaged.
        Damaged = 6 "damaged",
        /// The code cannot be read.
        Unreadable = 7 "unreadable",
    }
}

/// What an arrival is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArrival<'a> {
    /// What arrives.
    pub kind: ArrivalKind,
    /// The shipment, if it is one.
    pub holding: Option<Hash>,
    /// Who sent it, if it is all of one sender's shipments.
    pub sender: Option<Gln>,
    /// The logistic unit, if it is one.
    pub container: Option<&'a Identifier>,
    /// Where it arrives, as the identifier of a site.
    pub place: Option<&'a str>,
    /// The request that opens it; one with the same key opens none.
    pub request_key: Option<&'a str>,
    /// When.
    pub opened_at: Millis,
}

/// An arrival on record.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrivalRecord {
    /// Its row.
    pub id: ArrivalId,
    /// What arrives.
    pub kind: ArrivalKind,
    /// How far it is.
    pub state: ArrivalState,
    /// The shipment, if it is one.
    pub holding: Option<Hash>,
    /// Who sent it, if it is all of one sender's shipments.
    pub sender: Option<Gln>,
    /// The logistic unit, if it is one.
    pub container: Option<Identifier>,
    /// Where it arrives.
    pub place: Option<String>,
    /// When it was opened.
    pub opened_at: Millis,
    /// When it was closed or cancelled.
    pub ended_at: Option<Millis>,
    /// What came of it.
    pub outcome: Option<serde_json::Value>,
}

/// An item that was scanned in an arrival, as the last scan of it left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivalScan {
    /// The item.
    pub item: Identifier,
    /// The code as it was scanned.
    pub code: String,
    /// The answer.
    pub answer: ScanAnswer,
    /// Why, in a sentence.
    pub reason: String,
    /// When.
    pub scanned_at: Millis,
}

reads! {
    /// The arrival `id`.
    statement fn arrival(id: ArrivalId) -> Option<ArrivalRecord>;
    /// The arrival that a request has opened.
    statement fn arrival_of_request(key: &str) -> Option<ArrivalRecord>;
    /// The last `limit` arrivals, newest first; only open ones when `open_only`.
    statement fn arrivals(open_only: bool, limit: u64) -> Vec<ArrivalRecord>;
    /// What was scanned in an arrival, in the order of the first scans.
    statement fn arrival_scans(id: ArrivalId) -> Vec<ArrivalScan>;
    /// The answer that a request in an arrival was given.
    statement fn arrival_answer(id: ArrivalId, key: &str) -> Option<String>;
}

impl WriteTx {
    /// Opens an arrival; `None` when the request has opened one already.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn open_arrival(
        &mut self,
        new: &NewArrival<'_>,
    ) -> Result<Option<ArrivalId>, StoreError> {
        let mut connection = self.connection();
        let rows = item::ensure(&mut connection, new.container.into_iter()).await?;
        let container = new.container.and_then(|id| rows.get(&id.key()));
        let insert = Insert {
            table: "arrival",
            columns: &[
                "kind",
                "state",
                "holding",
                "sender",
                "container",
                "place",
                "request_key",
                "opened_at",
            ],
            conflict: Conflict::Skip(&["request_key"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&new.kind),
            cell(&ArrivalState::Open),
            opt(new.holding.as_ref()),
            opt(new.sender.as_ref()),
            opt(container),
            new.place.into(),
            new.request_key.into(),
            cell(&new.opened_at),
        ];
        let rows = connection.insert(&insert, vec![row]).await?;
        rows.first().map(|row| row.get("id")).transpose()
    }

    /// Notes a scan, or replaces what the last one of this item said.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn put_arrival_scan(
        &mut self,
        arrival: ArrivalId,
        scan: &ArrivalScan,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let rows = item::ensure(&mut connection, std::iter::once(&scan.item)).await?;
        let insert = Insert {
            table: "arrival_scan",
            columns: &["arrival", "item", "code", "answer", "reason", "scanned_at"],
            conflict: Conflict::Update(&["arrival", "item"], &["code", "answer", "reason"]),
            returning: &[],
        };
        let row = vec![
            cell(&arrival),
            opt(rows.get(&scan.item.key())),
            scan.code.as_str().into(),
            cell(&scan.answer),
            scan.reason.as_str().into(),
            cell(&scan.scanned_at),
        ];
        connection.insert(&insert, vec![row]).await.map(drop)
    }

    /// Keeps the answer to a request in an arrival.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn keep_arrival_answer(
        &mut self,
        arrival: ArrivalId,
        key: &str,
        answer: &str,
    ) -> Result<(), StoreError> {
        let insert = Insert {
            table: "arrival_request",
            columns: &["arrival", "request_key", "answer"],
            conflict: Conflict::Skip(&["arrival", "request_key"]),
            returning: &[],
        };
        let row = vec![cell(&arrival), key.into(), answer.into()];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }

    /// Ends an arrival.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] when there is no such arrival.
    pub async fn end_arrival(
        &mut self,
        id: ArrivalId,
        state: ArrivalState,
        outcome: &serde_json::Value,
        at: Millis,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("arrival")
            .value("state", val(&state))
            .value("outcome", val(outcome))
            .value("ended_at", val(&at))
            .and_where(Expr::col("id").eq(id.0))
            .take();
        self.connection().change(&update, "arrival", id.0).await
    }
}

fn select() -> SelectStatement {
    Query::select()
        .column(("arrival", sea_query::Asterisk))
        .expr_as(Expr::col(("item", "key")), "container_key")
        .from("arrival")
        .left_join("item", Expr::col(("item", "id")).equals(("arrival", "container")))
        .order_by(("arrival", "id"), Order::Desc)
        .take()
}

async fn arrival(
    connection: &mut Connection<'_>,
    id: ArrivalId,
) -> Result<Option<ArrivalRecord>, StoreError> {
    let select = select().and_where(Expr::col(("arrival", "id")).eq(id.0)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn arrival_of_request(
    connection: &mut Connection<'_>,
    key: &str,
) -> Result<Option<ArrivalRecord>, StoreError> {
    let select = select().and_where(Expr::col("request_key").eq(key)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn arrivals(
    connection: &mut Connection<'_>,
    open_only: bool,
    limit: u64,
) -> Result<Vec<ArrivalRecord>, StoreError> {
    let open = open_only.then(|| Expr::col("state").eq(val(&ArrivalState::Open)));
    let select = select().and_where_option(open).limit(limit).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn arrival_scans(
    connection: &mut Connection<'_>,
    id: ArrivalId,
) -> Result<Vec<ArrivalScan>, StoreError> {
    let select = Query::select()
        .column(("arrival_scan", sea_query::Asterisk))
        .expr_as(Expr::col(("item", "key")), "item_key")
        .from("arrival_scan")
        .inner_join("item", Expr::col(("item", "id")).equals(("arrival_scan", "item")))
        .and_where(Expr::col(("arrival_scan", "arrival")).eq(id.0))
        .order_by(("arrival_scan", "id"), Order::Asc)
        .take();
    let scan = |row: &Row| {
        Ok(ArrivalScan {
            item: row.get("item_key")?,
            code: row.get("code")?,
            answer: row.get("answer")?,
            reason: row.get("reason")?,
            scanned_at: row.get("scanned_at")?,
        })
    };
    connection.all(&select).await?.iter().map(scan).collect()
}

async fn arrival_answer(
    connection: &mut Connection<'_>,
    id: ArrivalId,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let select = Query::select()
        .column("answer")
        .from("arrival_request")
        .and_where(Expr::col("arrival").eq(id.0))
        .and_where(Expr::col("request_key").eq(key))
        .take();
    connection.first(&select).await?.map(|row| row.get("answer")).transpose()
}

fn record(row: &Row) -> Result<ArrivalRecord, StoreError> {
    Ok(ArrivalRecord {
        id: row.get("id")?,
        kind: row.get("kind")?,
        state: row.get("state")?,
        holding: row.opt("holding")?,
        sender: row.opt("sender")?,
        container: row.opt("container_key")?,
        place: row.opt("place")?,
        opened_at: row.get("opened_at")?,
        ended_at: row.opt("ended_at")?,
        outcome: row.opt("outcome")?,
    })
}
