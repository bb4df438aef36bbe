//! Writes of items.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sea_query::{Expr, ExprTrait, OnConflict, Query};
use theriac_custody::item::is_unit;
use theriac_custody::{Item, ItemStatus, Place, Salt};
use theriac_gs1::{Gtin, Identifier, Lot};

use crate::column::{cell, opt, val};
use crate::connection::{Conflict, Connection, Insert};
use crate::error::StoreError;
use crate::store::WriteTx;
use crate::{dialect, holding, lot};

impl WriteTx {
    /// Puts items on record, or replaces what is on record of them but their salts.
    ///
    /// Lots, holdings and parents that are not on record get bare rows.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn write_items(&mut self, items: &[Item]) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let parents = ensure(&mut connection, items.iter().filter_map(|item| item.parent.as_ref()));
        let parents = parents.await?;
        let lots = lot::ensure(&mut connection, items.iter().filter_map(lot_of)).await?;
        let holdings = items.iter().filter_map(|item| item.place.as_ref());
        let holdings =
            holding::ensure(&mut connection, holdings.map(|place| &place.holding)).await?;
        let row = |item: &Item| {
            vec![
                cell(&item.id),
                cell(&is_unit(&item.id)),
                cell(&item.status),
                opt(lot_of(item).and_then(|lot| lots.get(&lot))),
                opt(item.parent.as_ref().and_then(|parent| parents.get(&parent.key()))),
                opt(item.place.and_then(|place| holdings.get(&place.holding).copied()).as_ref()),
                opt(item.place.map(|place| place.position).as_ref()),
                opt(item.owner.as_ref()),
            ]
        };
        const VALUES: &[&str] =
            &["unit", "status", "lot", "parent", "holding", "position", "owner"];
        let statement = Insert {
            table: "item",
            columns: &["key", "unit", "status", "lot", "parent", "holding", "position", "owner"],
            conflict: Conflict::Update(&["key"], VALUES),
            returning: &[],
        };
        connection.insert(&statement, items.iter().map(row).collect()).await.map(drop)
    }

    /// Notes the secrets that blind the hashes of units.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn set_salts(&mut self, salts: &[(Identifier, Salt)]) -> Result<(), StoreError> {
        let statement = Insert {
            table: "item",
            columns: &["key", "unit", "salt"],
            conflict: Conflict::Update(&["key"], &["salt"]),
            returning: &[],
        };
        let row = |(id, salt): &_| vec![cell(id), cell(&is_unit(id)), cell::<Salt>(salt)];
        let rows = salts.iter().map(row).collect();
        self.connection().insert(&statement, rows).await.map(drop)
    }

    /// Notes where the leaves of units stand now; `None`: nowhere.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take them.
    pub async fn place_items(
        &mut self,
        places: &[(Identifier, Option<Place>)],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let holdings = places.iter().filter_map(|(_, place)| place.as_ref());
        let holdings =
            holding::ensure(&mut connection, holdings.map(|place| &place.holding)).await?;
        let row = |(id, place): &(Identifier, Option<Place>)| {
            vec![
                cell(id),
                cell(&is_unit(id)),
                opt(place.and_then(|place| holdings.get(&place.holding).copied()).as_ref()),
                opt(place.map(|place| place.position).as_ref()),
            ]
        };
        let statement = Insert {
            table: "item",
            columns: &["key", "unit", "holding", "position"],
            conflict: Conflict::Update(&["key"], &["holding", "position"]),
            returning: &[],
        };
        connection.insert(&statement, places.iter().map(row).collect()).await.map(drop)
    }

    /// Sets the status of items on record; others are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set_item_status(
        &mut self,
        ids: &[Identifier],
        status: ItemStatus,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table("item")
            .value("status", val(&status))
            .and_where(Expr::col("key").in_subquery(dialect::keys(ids)))
            .and_where(Expr::col("status").is_not_null())
            .take();
        self.connection().run(&update).await.map(drop)
    }
}

/// A unit's lot with its GTIN.
fn lot_of(item: &Item) -> Option<(Gtin, Lot)> {
    match (&item.id, &item.lot) {
        (Identifier::Sgtin(unit), Some(lot)) => Some((unit.gtin, lot.clone())),
        _ => None,
    }
}

/// Gives bare rows to those of `ids` that have none.
pub(crate) async fn name(
    connection: &mut Connection<'_>,
    ids: impl Iterator<Item = &Identifier>,
) -> Result<(), StoreError> {
    // In the order of the keys, so that neighbours in the index are written together.
    let ids: BTreeMap<String, bool> = ids.map(|id| (id.key(), is_unit(id))).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let insert = Query::insert()
        .into_table("item")
        .columns(["key", "unit"])
        .select_from(dialect::pairs(ids))
        .expect("two columns because a pair has two values")
        .on_conflict(OnConflict::column("key").do_nothing().to_owned())
        .take();
    connection.run(&insert).await.map(drop)
}

/// The rows of `ids` by key; those not on record get bare ones.
pub(crate) async fn ensure(
    connection: &mut Connection<'_>,
    ids: impl Iterator<Item = &Identifier> + Clone,
) -> Result<HashMap<String, i64>, StoreError> {
    name(connection, ids.clone()).await?;
    let keys: BTreeSet<String> = ids.map(Identifier::key).collect();
    let select = Query::select()
        .columns(["id", "key"])
        .from("item")
        .and_where(Expr::col("key").in_subquery(dialect::texts(keys.iter().map(String::as_str))))
        .take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("key")?, row.get("id")?))).collect()
}
