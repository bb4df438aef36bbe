//! Holdings whose trees this node can open, with their leaves.

use std::collections::{BTreeSet, HashMap};

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Hash;
use theriac_gs1::Gln;

use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::event::EventId;
use crate::store::{WriteTx, reads};
use crate::transaction::TransactionId;

/// A holding whose tree this node can open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHolding {
    /// Its id on the ledger.
    pub id: Hash,
    /// Root of its tree.
    pub root: Hash,
    /// Height of its tree.
    pub height: u8,
    /// Its leaves from position 0 on; the positions after the last are empty.
    pub leaves: Vec<Hash>,
    /// This node's transaction that opens it.
    pub opened_by: Option<TransactionId>,
    /// The shipment that it is.
    pub shipment: Option<Shipment>,
}

/// A holding on its way from one member to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipment {
    /// The shipping event, when it is on record here.
    pub event: Option<EventId>,
    /// The sender.
    pub from: Gln,
    /// The consignee.
    pub to: Gln,
    /// Whether goods come back with it.
    pub is_return: bool,
}

reads! {
    /// The holding `id`, when this node can open it.
    statement fn known_holding(id: &Hash) -> Option<KnownHolding>;
    /// The shipments that those of `ids` are which this node can open.
    statement fn shipments_of(ids: &[Hash]) -> HashMap<Hash, Shipment>;
    /// The holdings shipped to a member, oldest first.
    statement fn shipments_to(to: &Gln) -> Vec<KnownHolding>;
    /// The ids of all holdings that this node can open, oldest first.
    statement fn known_holdings() -> Vec<Hash>;
    /// The holdings that a transaction of this node opens.
    statement fn holdings_opened_by(transaction: TransactionId) -> Vec<KnownHolding>;
}

impl WriteTx {
    /// Forgets that this node can open a holding; items that stand in it stay there.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn forget_holding(&mut self, id: &Hash) -> Result<(), StoreError> {
        let update = Query::update()
            .table("holding")
            .value("root", Expr::val(None::<Vec<u8>>))
            .and_where(Expr::col("hash").eq(val(id)))
            .take();
        self.connection().run(&update).await.map(drop)
    }

    /// Notes a holding that this node can open, or replaces what is on record of it.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_holding(&mut self, holding: &KnownHolding) -> Result<(), StoreError> {
        const VALUES: &[&str] = &[
            "root",
            "height",
            "leaves",
            "opened_by",
            "shipment_event",
            "shipment_from",
            "shipment_to",
            "shipment_returned",
        ];
        let insert = Insert {
            table: "holding",
            columns: &[
                "hash",
                "root",
                "height",
                "leaves",
                "opened_by",
                "shipment_event",
                "shipment_from",
                "shipment_to",
                "shipment_returned",
            ],
            conflict: Conflict::Update(&["hash"], VALUES),
            returning: &[],
        };
        let shipment = holding.shipment.as_ref();
        let row = vec![
            cell(&holding.id),
            cell(&holding.root),
            cell(&holding.height),
            holding.leaves.iter().flat_map(|leaf| leaf.0).collect::<Vec<u8>>().into(),
            opt(holding.opened_by.as_ref()),
            opt(shipment.and_then(|shipment| shipment.event.as_ref())),
            opt(shipment.map(|shipment| &shipment.from)),
            opt(shipment.map(|shipment| &shipment.to)),
            opt(shipment.map(|shipment| i64::from(shipment.is_return)).as_ref()),
        ];
        self.connection().insert(&insert, vec![row]).await.map(drop)
    }
}

/// Selects holdings; those named by an item but not known are left out.
fn select() -> SelectStatement {
    Query::select()
        .column(sea_query::Asterisk)
        .from("holding")
        .and_where(Expr::col("root").is_not_null())
        .order_by("id", Order::Asc)
        .take()
}

async fn known_holding(
    connection: &mut Connection<'_>,
    id: &Hash,
) -> Result<Option<KnownHolding>, StoreError> {
    let select = select().and_where(Expr::col("hash").eq(val(id))).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn known_holdings(connection: &mut Connection<'_>) -> Result<Vec<Hash>, StoreError> {
    let select = Query::select()
        .column("hash")
        .from("holding")
        .and_where(Expr::col("root").is_not_null())
        .order_by("id", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(|row| row.get("hash")).collect()
}

async fn shipments_of(
    connection: &mut Connection<'_>,
    ids: &[Hash],
) -> Result<HashMap<Hash, Shipment>, StoreError> {
    let select = Query::select()
        .columns(["hash", "shipment_event", "shipment_from", "shipment_to", "shipment_returned"])
        .from("holding")
        .and_where(Expr::col("hash").in_subquery(dialect::hashes(ids)))
        .and_where(Expr::col("shipment_from").is_not_null())
        .take();
    let rows = connection.all(&select).await?;
    let pair = |row: &Row| Ok(shipment(row)?.zip(Some(row.get("hash")?)));
    let pairs: Result<Vec<_>, StoreError> = rows.iter().map(pair).collect();
    Ok(pairs?.into_iter().flatten().map(|(shipment, hash)| (hash, shipment)).collect())
}

async fn shipments_to(
    connection: &mut Connection<'_>,
    to: &Gln,
) -> Result<Vec<KnownHolding>, StoreError> {
    let select = select().and_where(Expr::col("shipment_to").eq(val(to))).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn holdings_opened_by(
    connection: &mut Connection<'_>,
    transaction: TransactionId,
) -> Result<Vec<KnownHolding>, StoreError> {
    let select = select().and_where(Expr::col("opened_by").eq(transaction.0)).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<KnownHolding, StoreError> {
    let leaves: Vec<u8> = row.get("leaves")?;
    Ok(KnownHolding {
        id: row.get("hash")?,
        root: row.get("root")?,
        height: row.get("height")?,
        leaves: leaves.chunks_exact(32).filter_map(Hash::from_slice).collect(),
        opened_by: row.opt("opened_by")?,
        shipment: shipment(row)?,
    })
}

fn shipment(row: &Row) -> Result<Option<Shipment>, StoreError> {
    let (Some(from), Some(to)) = (row.opt("shipment_from")?, row.opt("shipment_to")?) else {
        return Ok(None);
    };
    let is_return = row.opt::<i64>("shipment_returned")? == Some(1);
    Ok(Some(Shipment { event: row.opt("shipment_event")?, from, to, is_return }))
}

/// The rows of holdings by id; those not on record get bare ones.
pub(crate) async fn ensure(
    connection: &mut Connection<'_>,
    ids: impl Iterator<Item = &Hash>,
) -> Result<HashMap<Hash, i64>, StoreError> {
    ensure_hashes(connection, "holding", ids).await
}

/// The rows of `hashes` in a table that has a unique column `hash`; those missing get bare ones.
pub(crate) async fn ensure_hashes(
    connection: &mut Connection<'_>,
    table: &'static str,
    hashes: impl Iterator<Item = &Hash>,
) -> Result<HashMap<Hash, i64>, StoreError> {
    let mut missing: BTreeSet<Hash> = hashes.copied().collect();
    let mut rows = HashMap::with_capacity(missing.len());
    if missing.is_empty() {
        return Ok(rows);
    }
    let select = Query::select()
        .columns(["id", "hash"])
        .from(table)
        .and_where(Expr::col("hash").in_subquery(dialect::hashes(&missing)))
        .take();
    for row in connection.all(&select).await? {
        let hash = row.get("hash")?;
        missing.remove(&hash);
        rows.insert(hash, row.get("id")?);
    }
    let insert =
        Insert { table, columns: &["hash"], conflict: Conflict::Fail, returning: &["id", "hash"] };
    let bare = missing.iter().map(|hash| vec![cell(hash)]).collect();
    for row in connection.insert(&insert, bare).await? {
        rows.insert(row.get("hash")?, row.get("id")?);
    }
    Ok(rows)
}
