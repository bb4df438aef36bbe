//! Named queries (EPCIS 2.0 `/queries`): queries that clients keep here under a name.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};

use crate::column::{Millis, cell};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};
use crate::word::row_id;

row_id! {
    /// Row id of a named query.
    NamedQueryId,
}

/// A named query on record.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedQueryRecord {
    /// Its row.
    pub id: NamedQueryId,
    /// Its name; no two have the same.
    pub name: String,
    /// Its `query` object, as the client gave it or the node writes it.
    pub query: serde_json::Value,
    /// When it was kept.
    pub created_at: Millis,
}

reads! {
    /// The query of this name.
    statement fn named_query(name: &str) -> Option<NamedQueryRecord>;
    /// The first `limit` queries whose names come after `after`, by name.
    statement fn named_queries(after: Option<&str>, limit: u64) -> Vec<NamedQueryRecord>;
}

impl WriteTx {
    /// Keeps a query; `None` when the name is taken.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_named_query(
        &mut self,
        name: &str,
        query: &serde_json::Value,
        created_at: Millis,
    ) -> Result<Option<NamedQueryId>, StoreError> {
        let insert = Insert {
            table: "named_query",
            columns: &["name", "query", "created_at"],
            conflict: Conflict::Skip(&["name"]),
            returning: &["id"],
        };
        let row = vec![name.into(), cell(query), cell(&created_at)];
        let returned = self.connection().insert(&insert, vec![row]).await?;
        returned.first().map(|row| row.get("id")).transpose()
    }

    /// Forgets a query with its subscriptions; whether there was one.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn delete_named_query(&mut self, name: &str) -> Result<bool, StoreError> {
        let mut connection = self.connection();
        let id = Query::select()
            .column("id")
            .from("named_query")
            .and_where(Expr::col("name").eq(name))
            .take();
        let subscriptions = Query::delete()
            .from_table("subscription")
            .and_where(Expr::col("query").in_subquery(id))
            .take();
        connection.run(&subscriptions).await?;
        let query =
            Query::delete().from_table("named_query").and_where(Expr::col("name").eq(name)).take();
        Ok(connection.run(&query).await? > 0)
    }
}

fn select() -> SelectStatement {
    Query::select()
        .columns(["id", "name", "query", "created_at"])
        .from("named_query")
        .order_by("name", Order::Asc)
        .take()
}

fn record(row: &Row) -> Result<NamedQueryRecord, StoreError> {
    Ok(NamedQueryRecord {
        id: row.get("id")?,
        name: row.get("name")?,
        query: row.get("query")?,
        created_at: row.get("created_at")?,
    })
}

async fn named_query(
    connection: &mut Connection<'_>,
    name: &str,
) -> Result<Option<NamedQueryRecord>, StoreError> {
    let select = select().and_where(Expr::col("name").eq(name)).take();
    connection.first(&select).await?.map(|row| record(&row)).transpose()
}

async fn named_queries(
    connection: &mut Connection<'_>,
    after: Option<&str>,
    limit: u64,
) -> Result<Vec<NamedQueryRecord>, StoreError> {
    let select = select()
        .and_where_option(after.map(|after| Expr::col("name").gt(after)))
        .limit(limit)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}
