//! From version 2 to 3: accounts and products with their history, attempts of transactions,
//! retirements that can be undone.
//!
//! # Invariants
//!
//! - All is done in one transaction: a migration that was cut off begins anew.
//! - The history itself is in the ledger's logs. Until the node has read them again
//!   ([`REPLAY_KEY`]), accounts and products count as having been so from block 0 on.

use sea_query::{Query, Table};
use theriac_gs1::{Gln, Gtin};

use super::VERSION_KEY;
use crate::column::cell;
use crate::connection::{Conflict, Connection, Insert};
use crate::dialect::BUILDER;
use crate::error::StoreError;
use crate::meta::{REPLAY_KEY, set_meta};
use crate::schema;
use crate::store::Store;

/// Migrates a database of version 2.
pub(super) async fn run(store: &Store) -> Result<(), StoreError> {
    tracing::info!(path = %store.path().display(), "the database is brought to schema version 3");
    let mut tx = store.write().await?;
    let mut connection = tx.connection();
    let products = products(&mut connection).await?;
    connection.run_schema(Table::drop().table("product").build(BUILDER)).await?;
    for sql in schema::statements_from_2() {
        connection.run_schema(sql).await?;
    }
    let insert = Insert {
        table: "product",
        columns: &["gtin", "since", "gln"],
        conflict: Conflict::Fail,
        returning: &[],
    };
    let row = |(gtin, gln): &(Gtin, Gln)| vec![cell(gtin), cell(&0_u64), cell(gln)];
    connection.insert(&insert, products.iter().map(row).collect()).await?;
    set_meta(&mut connection, REPLAY_KEY, "from version 2").await?;
    set_meta(&mut connection, VERSION_KEY, "3").await?;
    tx.commit().await
}

async fn products(connection: &mut Connection<'_>) -> Result<Vec<(Gtin, Gln)>, StoreError> {
    let select = Query::select().columns(["gtin", "gln"]).from("product").take();
    let rows = connection.all(&select).await?;
    rows.iter().map(|row| Ok((row.get("gtin")?, row.get("gln")?))).collect()
}
