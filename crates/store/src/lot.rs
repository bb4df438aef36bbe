//! Lots: expiry, status, and the secret that blinds the tag on the ledger.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::{Hash, LotRecord, Salt};
use theriac_gs1::{Gtin, Lgtin, Lot};

use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::dialect;
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// A lot on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRow {
    /// Expiry and status.
    pub record: LotRecord,
    /// The secret that blinds its tag, when this node knows it.
    pub salt: Option<Salt>,
    /// Its tag on the ledger, when this node knows it.
    pub lot_tag: Option<Hash>,
}

reads! {
    /// Those of `lots` that are on record.
    statement fn load_lots(lots: &[Lgtin]) -> HashMap<Lgtin, LotRow>;
    /// The lot with this tag on the ledger.
    statement fn lot_by_tag(lot_tag: &Hash) -> Option<(Lgtin, LotRow)>;
    /// The lots that the books have as recalled or blocked.
    statement fn lots_not_normal() -> Vec<(Lgtin, LotRow)>;
    /// All lots on record, by GTIN and lot number.
    statement fn lots() -> Vec<(Lgtin, LotRow)>;
}

impl WriteTx {
    /// Puts lots on record, or replaces what is on record of them.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn write_lots(&mut self, lots: &[(Lgtin, LotRow)]) -> Result<(), StoreError> {
        let insert = Insert {
            table: "lot",
            columns: &["gtin", "lot", "expiry", "status", "salt", "lot_tag"],
            conflict: Conflict::Update(&["gtin", "lot"], &["expiry", "status", "salt", "lot_tag"]),
            returning: &[],
        };
        let row = |(lot, row): &(Lgtin, LotRow)| {
            vec![
                cell(&lot.gtin),
                cell(&lot.lot),
                cell(&row.record.expiry),
                cell(&row.record.status),
                opt(row.salt.as_ref()),
                opt(row.lot_tag.as_ref()),
            ]
        };
        self.connection().insert(&insert, lots.iter().map(row).collect()).await.map(drop)
    }
}

/// Selects lots; those named by an item but not on record are left out.
fn select() -> SelectStatement {
    Query::select()
        .columns(["gtin", "lot", "expiry", "status", "salt", "lot_tag"])
        .from("lot")
        .and_where(Expr::col("expiry").is_not_null())
        .take()
}

async fn load_lots(
    connection: &mut Connection<'_>,
    lots: &[Lgtin],
) -> Result<HashMap<Lgtin, LotRow>, StoreError> {
    let select = select()
        .and_where(Expr::col("gtin").in_subquery(gtins(lots.iter().map(|lot| lot.gtin))))
        .and_where(Expr::col("lot").in_subquery(numbers(lots.iter().map(|lot| &lot.lot))))
        .take();
    let asked: HashSet<&Lgtin> = lots.iter().collect();
    let mut found: HashMap<_, _> =
        connection.all(&select).await?.iter().map(record).collect::<Result<_, _>>()?;
    found.retain(|lot, _| asked.contains(lot));
    Ok(found)
}

fn gtins(gtins: impl Iterator<Item = Gtin>) -> SelectStatement {
    let gtins: BTreeSet<_> = gtins.collect();
    dialect::numbers(gtins.iter().map(|gtin| gtin.value() as i64))
}

fn numbers<'a>(lots: impl Iterator<Item = &'a Lot>) -> SelectStatement {
    let lots: BTreeSet<_> = lots.collect();
    dialect::texts(lots.into_iter().map(Lot::as_str))
}

async fn lot_by_tag(
    connection: &mut Connection<'_>,
    lot_tag: &Hash,
) -> Result<Option<(Lgtin, LotRow)>, StoreError> {
    let select = select().and_where(Expr::col("lot_tag").eq(val(lot_tag))).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn lots_not_normal(
    connection: &mut Connection<'_>,
) -> Result<Vec<(Lgtin, LotRow)>, StoreError> {
    let select = select().and_where(Expr::col("status").gt(0)).take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn lots(connection: &mut Connection<'_>) -> Result<Vec<(Lgtin, LotRow)>, StoreError> {
    let select = select().order_by("gtin", Order::Asc).order_by("lot", Order::Asc).take();
    connection.all(&select).await?.iter().map(record).collect()
}

fn record(row: &Row) -> Result<(Lgtin, LotRow), StoreError> {
    let lot = Lgtin { gtin: row.get("gtin")?, lot: row.get("lot")? };
    let record = LotRecord { expiry: row.get("expiry")?, status: row.get("status")? };
    Ok((lot, LotRow { record, salt: row.opt("salt")?, lot_tag: row.opt("lot_tag")? }))
}

/// The rows of `lots`; those not on record get bare ones.
pub(crate) async fn ensure(
    connection: &mut Connection<'_>,
    lots: impl Iterator<Item = (Gtin, Lot)>,
) -> Result<HashMap<(Gtin, Lot), i64>, StoreError> {
    let mut missing: BTreeSet<(Gtin, Lot)> = lots.collect();
    let mut rows = HashMap::with_capacity(missing.len());
    if missing.is_empty() {
        return Ok(rows);
    }
    let select = Query::select()
        .columns(["id", "gtin", "lot"])
        .from("lot")
        .and_where(Expr::col("gtin").in_subquery(gtins(missing.iter().map(|(gtin, _)| *gtin))))
        .and_where(Expr::col("lot").in_subquery(numbers(missing.iter().map(|(_, lot)| lot))))
        .take();
    for row in connection.all(&select).await? {
        let lot = (row.get("gtin")?, row.get("lot")?);
        if missing.remove(&lot) {
            rows.insert(lot, row.get("id")?);
        }
    }
    let insert = Insert {
        table: "lot",
        columns: &["gtin", "lot"],
        conflict: Conflict::Fail,
        returning: &["id", "gtin", "lot"],
    };
    let bare = missing.iter().map(|(gtin, lot)| vec![cell(gtin), cell(lot)]).collect();
    for row in connection.insert(&insert, bare).await? {
        rows.insert((row.get("gtin")?, row.get("lot")?), row.get("id")?);
    }
    Ok(rows)
}
