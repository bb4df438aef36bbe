//! What was said and done in a case.

use sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use theriac_custody::Uuid;
use theriac_gs1::Gln;

use super::CaseId;
use crate::column::{Millis, cell};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::store::{WriteTx, reads};

/// An entry of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEntryRow {
    /// Its name, which the other party knows too if it is shared.
    pub uuid: Uuid,
    /// Its place among the entries of both parties.
    pub number: u64,
    /// Who made it.
    pub author: Gln,
    /// When, by the author's clock.
    pub at: Millis,
    /// Whether the other party has it too.
    pub shared: bool,
    /// What it says.
    pub body: serde_json::Value,
}

reads! {
    /// The entries of a case, in the order of number, author, name.
    statement fn case_entries(case: CaseId) -> Vec<CaseEntryRow>;
    /// How many entries a case has.
    statement fn count_case_entries(case: CaseId) -> u64;
}

impl WriteTx {
    /// Adds an entry to a case; false if the case has one of this name.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the case is not on record or the database does not take it.
    pub async fn add_case_entry(
        &mut self,
        case: CaseId,
        entry: &CaseEntryRow,
    ) -> Result<bool, StoreError> {
        let statement = Insert {
            table: "case_entry",
            columns: &["case_file", "uuid", "number", "author", "at", "shared", "body"],
            conflict: Conflict::Skip(&["case_file", "uuid"]),
            returning: &["id"],
        };
        let row = vec![
            cell(&case),
            cell(&entry.uuid),
            cell(&entry.number),
            cell(&entry.author),
            cell(&entry.at),
            cell(&entry.shared),
            cell(&entry.body),
        ];
        Ok(!self.connection().insert(&statement, vec![row]).await?.is_empty())
    }
}

fn of(case: CaseId) -> SelectStatement {
    Query::select().from("case_entry").and_where(Expr::col("case_file").eq(case.0)).take()
}

async fn case_entries(
    connection: &mut Connection<'_>,
    case: CaseId,
) -> Result<Vec<CaseEntryRow>, StoreError> {
    let select = of(case)
        .columns(["uuid", "number", "author", "at", "shared", "body"])
        .order_by("number", Order::Asc)
        .order_by("author", Order::Asc)
        .order_by("uuid", Order::Asc)
        .take();
    connection.all(&select).await?.iter().map(record).collect()
}

async fn count_case_entries(
    connection: &mut Connection<'_>,
    case: CaseId,
) -> Result<u64, StoreError> {
    let select = of(case).expr_as(Expr::col("id").count(), "entries").take();
    connection.first(&select).await?.map_or(Ok(0), |row| row.get("entries"))
}

fn record(row: &Row) -> Result<CaseEntryRow, StoreError> {
    Ok(CaseEntryRow {
        uuid: row.get("uuid")?,
        number: row.get("number")?,
        author: row.get("author")?,
        at: row.get("at")?,
        shared: row.get("shared")?,
        body: row.get("body")?,
    })
}
