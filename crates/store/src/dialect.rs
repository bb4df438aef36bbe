//! What differs between databases: the query builder, lists as parameters, row ids, limits.

use sea_query::{
    ColumnDef, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SqliteQueryBuilder,
    TableCreateStatement,
};
use theriac_custody::Hash;
use theriac_gs1::Identifier;

/// Writes statements for the database in use.
pub(crate) const BUILDER: SqliteQueryBuilder = SqliteQueryBuilder;

/// Most parameters that one statement may have (SQLite allows 32,766).
pub(crate) const PARAMETERS_MAX: usize = 16_000;

/// A list of texts as a subquery of one column: one parameter, whatever the length of the list,
/// so the statement stays the same and is prepared once.
pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> SelectStatement {
    let json = serde_json::Value::from_iter(texts);
    list(Expr::col("value"), json.to_string())
}

/// The keys of identifiers as a subquery of one column.
pub(crate) fn keys<'a>(ids: impl IntoIterator<Item = &'a Identifier>) -> SelectStatement {
    let json: serde_json::Value = ids.into_iter().map(Identifier::key).collect();
    list(Expr::col("value"), json.to_string())
}

/// A list of numbers as a subquery of one column.
pub(crate) fn numbers(numbers: impl IntoIterator<Item = i64>) -> SelectStatement {
    let json = serde_json::Value::from_iter(numbers);
    list(Expr::col("value"), json.to_string())
}

/// A list of hashes as a subquery of one column.
pub(crate) fn hashes<'a>(hashes: impl IntoIterator<Item = &'a Hash>) -> SelectStatement {
    let json: serde_json::Value = hashes.into_iter().map(|hash| hex::encode(hash.0)).collect();
    list(Func::cust("unhex").arg(Expr::col("value")).into(), json.to_string())
}

/// A list of pairs as a select of two columns, `first` and `second`: one parameter.
pub(crate) fn pairs<A, B>(pairs: impl IntoIterator<Item = (A, B)>) -> SelectStatement
where
    A: Into<serde_json::Value>,
    B: Into<serde_json::Value>,
{
    let json: serde_json::Value =
        pairs.into_iter().map(|(first, second)| vec![first.into(), second.into()]).collect();
    let part = |path| Func::cust("json_extract").arg(Expr::col("value")).arg(Expr::val(path));
    Query::select()
        .expr_as(part("$[0]"), "first")
        .expr_as(part("$[1]"), "second")
        .from_function(Func::cust("json_each").arg(Expr::val(json.to_string())), "list")
        // SQLite cannot tell the ON of a join from the ON of an ON CONFLICT without a WHERE.
        .and_where(Expr::val(1).eq(1))
        .take()
}

/// An expression that no index is used for, where the writer of the statement knows better.
pub(crate) fn without_index(column: Expr) -> Expr {
    Expr::cust_with_expr("+?", column)
}

/// Selects from the rows of `table` whose ids are in the column `value` of `ids`; those are read first.
pub(crate) fn each_of<'s>(
    select: &'s mut SelectStatement,
    ids: SelectStatement,
    table: &'static str,
) -> &'s mut SelectStatement {
    then_join(select.from_subquery(ids, "listed"), table, ("listed", "value"))
}

/// Joins the row of `table` whose id is in `column`, after the tables before: in this order and
/// no other.
pub(crate) fn then_join<'s>(
    select: &'s mut SelectStatement,
    table: &'static str,
    column: (&'static str, &'static str),
) -> &'s mut SelectStatement {
    // SQLite keeps the order of a cross join; the query builder writes it without ON.
    let is_row = Expr::col((table, "id")).equals(column);
    select.join(JoinType::CrossJoin, table, is_row.clone()).and_where(is_row)
}

fn list(element: Expr, json: String) -> SelectStatement {
    Query::select()
        .expr_as(element, "value")
        .from_function(Func::cust("json_each").arg(Expr::val(json)), "list")
        .take()
}

/// The column of a row's id, given by the database in ascending order.
pub(crate) fn row_id() -> ColumnDef {
    ColumnDef::new("id").integer().not_null().primary_key().take()
}

/// The column of a row's id that is never given twice, even after the row was deleted.
pub(crate) fn lasting_row_id() -> ColumnDef {
    ColumnDef::new("id").integer().not_null().primary_key().auto_increment().take()
}

/// Stores a table in the order of its primary key.
pub(crate) fn clustered(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    table.extra("WITHOUT ROWID")
}

/// The names of all tables, as column `name`.
pub(crate) fn tables() -> SelectStatement {
    Query::select()
        .column("name")
        .from("sqlite_schema")
        .and_where(Expr::col("type").eq("table"))
        .take()
}
