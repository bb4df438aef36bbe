//! Brings the schema of a database up to date.

mod from_1;
mod from_2;
mod from_3;

use crate::error::{OpenError, StoreError};
use crate::meta::set_meta;
use crate::store::{Store, WriteTx};
use crate::{dialect, schema};

/// The version that this program writes. Version n + 1 needs a step of its own in [`run`].
const VERSION: u32 = 4;

const VERSION_KEY: &str = "schema_version";

/// Creates the schema in an empty database, migrates an older one, and refuses one of a newer
/// version or another program.
pub(crate) async fn run(store: &Store) -> Result<(), OpenError> {
    let mut tx = store.write().await?;
    match version(&mut tx, store).await? {
        Some(VERSION) => return Ok(()),
        Some(1) => {
            drop(tx);
            from_1::run(store).await?;
            from_2::run(store).await?;
            return Ok(from_3::run(store).await?);
        }
        Some(2) => {
            drop(tx);
            from_2::run(store).await?;
            return Ok(from_3::run(store).await?);
        }
        Some(3) => {
            drop(tx);
            return Ok(from_3::run(store).await?);
        }
        Some(found) => return Err(OpenError::Newer { expected: VERSION, found }),
        None => {}
    }
    let mut connection = tx.connection();
    for sql in schema::statements() {
        connection.run_schema(sql).await?;
    }
    set_meta(&mut connection, VERSION_KEY, &VERSION.to_string()).await?;
    Ok(tx.commit().await?)
}

/// The version of the schema; `None` for an empty database.
async fn version(tx: &mut WriteTx, store: &Store) -> Result<Option<u32>, OpenError> {
    let tables = tables(tx).await?;
    if tables.is_empty() {
        return Ok(None);
    }
    let foreign = || OpenError::Foreign { path: store.path().to_owned() };
    if !tables.iter().any(|table| table == "meta") {
        return Err(foreign());
    }
    let version = tx.get(VERSION_KEY).await?.and_then(|version| version.parse().ok());
    version.map(Some).ok_or_else(foreign)
}

async fn tables(tx: &mut WriteTx) -> Result<Vec<String>, StoreError> {
    let rows = tx.connection().all(&dialect::tables()).await?;
    rows.iter().map(|row| row.get("name")).collect()
}
