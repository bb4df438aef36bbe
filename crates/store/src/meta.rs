//! Facts about this database itself: schema version, and what the node wants to remember.

use sea_query::{Expr, ExprTrait, Query};

use crate::connection::{Conflict, Connection, Insert};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// Set when what was derived from the ledger's logs is to be derived again.
pub(crate) const REPLAY_KEY: &str = "replay_due";

reads! {
    /// The value remembered under `key`.
    statement fn get(key: &str) -> Option<String>;
    /// Whether what was derived from the ledger's logs is to be derived again, because an older
    /// program derived less; [`unwind_to`](crate::WriteTx::unwind_to) the last block clears it.
    statement fn is_replay_due() -> bool;
}

impl WriteTx {
    /// Remembers `value` under `key`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn set(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        set_meta(&mut self.connection(), key, value).await
    }

    /// Forgets what is remembered under `key`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn unset(&mut self, key: &str) -> Result<(), StoreError> {
        forget(&mut self.connection(), key).await
    }
}

async fn is_replay_due(connection: &mut Connection<'_>) -> Result<bool, StoreError> {
    Ok(get(connection, REPLAY_KEY).await?.is_some())
}

pub(crate) async fn get(
    connection: &mut Connection<'_>,
    key: &str,
) -> Result<Option<String>, StoreError> {
    let select =
        Query::select().column("value").from("meta").and_where(Expr::col("key").eq(key)).take();
    connection.first(&select).await?.map(|row| row.get("value")).transpose()
}

pub(crate) async fn set_meta(
    connection: &mut Connection<'_>,
    key: &str,
    value: &str,
) -> Result<(), StoreError> {
    let insert = Insert {
        table: "meta",
        columns: &["key", "value"],
        conflict: Conflict::Update(&["key"], &["value"]),
        returning: &[],
    };
    connection.insert(&insert, vec![vec![key.into(), value.into()]]).await.map(drop)
}

/// Forgets what is remembered under `key`.
pub(crate) async fn forget(connection: &mut Connection<'_>, key: &str) -> Result<(), StoreError> {
    let delete = Query::delete().from_table("meta").and_where(Expr::col("key").eq(key)).take();
    connection.run(&delete).await.map(drop)
}
