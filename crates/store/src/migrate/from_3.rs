//! From version 3 to 4: what companies do with each other: arrivals, cases, inquiries, partners, recalls,
//! scans, verifications.
//!
//! # Invariants
//!
//! - All is done in one transaction: a migration that was cut off begins anew.

use super::VERSION_KEY;
use crate::case_file;
use crate::error::StoreError;
use crate::meta::set_meta;
use crate::schema;
use crate::store::Store;

/// Migrates a database of version 3.
pub(super) async fn run(store: &Store) -> Result<(), StoreError> {
    tracing::info!(path = %store.path().display(), "the database is brought to schema version 4");
    let mut tx = store.write().await?;
    let mut connection = tx.connection();
    for sql in schema::statements_from_3() {
        connection.run_schema(sql).await?;
    }
    case_file::name_cases(&mut connection).await?;
    set_meta(&mut connection, VERSION_KEY, "4").await?;
    tx.commit().await
}
