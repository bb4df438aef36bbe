//! Runs statements on a connection and reads their rows.

use sea_query::{Expr, InsertStatement, OnConflict, Query, Value};
use sea_query_sqlx::SqlxBinder;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Decode, IntoArguments, Row as _, Sqlite, SqliteConnection, Type};

use crate::column::Column;
use crate::dialect::{BUILDER, PARAMETERS_MAX};
use crate::error::{StoreError, ends_transaction};

/// A connection, in or outside of a transaction.
pub(crate) struct Connection<'c> {
    inner: &'c mut SqliteConnection,
    /// Whether an error undid the transaction; `None` outside of one.
    lost: Option<&'c mut bool>,
}

/// One row of an answer.
pub(crate) struct Row(SqliteRow);

/// A multi-row insert, before its rows.
pub(crate) struct Insert {
    /// The table.
    pub(crate) table: &'static str,
    /// The columns that a row gives, in its order.
    pub(crate) columns: &'static [&'static str],
    /// What happens to a row that is there already.
    pub(crate) conflict: Conflict,
    /// The columns that come back for each row written.
    pub(crate) returning: &'static [&'static str],
}

/// What happens to a row whose key is there already.
pub(crate) enum Conflict {
    /// The statement fails.
    Fail,
    /// The row is left out.
    Skip(&'static [&'static str]),
    /// The row there takes these values of the new one.
    Update(&'static [&'static str], &'static [&'static str]),
}

impl<'c> Connection<'c> {
    /// A connection to read from.
    pub(crate) fn reader(inner: &'c mut SqliteConnection) -> Self {
        Self { inner, lost: None }
    }

    /// A connection in a transaction, which notes in `lost` when an error undid all of it.
    pub(crate) fn in_transaction(inner: &'c mut SqliteConnection, lost: &'c mut bool) -> Self {
        Self { inner, lost: Some(lost) }
    }

    /// After the transaction is lost each statement would be a transaction of its own.
    fn check(&self) -> Result<(), StoreError> {
        match self.lost {
            Some(true) => Err(StoreError::RolledBack),
            _ => Ok(()),
        }
    }

    fn failed(&mut self, error: sqlx::Error) -> StoreError {
        if let Some(lost) = &mut self.lost {
            **lost |= ends_transaction(&error);
        }
        error.into()
    }

    /// All rows that `statement` answers.
    pub(crate) async fn all(
        &mut self,
        statement: &(impl SqlxBinder + Sync),
    ) -> Result<Vec<Row>, StoreError> {
        self.check()?;
        let (sql, arguments) = built(statement);
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
        match query.fetch_all(&mut *self.inner).await {
            Ok(rows) => Ok(rows.into_iter().map(Row).collect()),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// The first row that `statement` answers.
    pub(crate) async fn first(
        &mut self,
        statement: &(impl SqlxBinder + Sync),
    ) -> Result<Option<Row>, StoreError> {
        self.check()?;
        let (sql, arguments) = built(statement);
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
        match query.fetch_optional(&mut *self.inner).await {
            Ok(row) => Ok(row.map(Row)),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Runs `statement`; the number of rows that it changed.
    pub(crate) async fn run(
        &mut self,
        statement: &(impl SqlxBinder + Sync),
    ) -> Result<u64, StoreError> {
        self.check()?;
        let (sql, arguments) = built(statement);
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
        match query.execute(&mut *self.inner).await {
            Ok(done) => Ok(done.rows_affected()),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Runs `statement`, which must change the row `id` of `what`.
    pub(crate) async fn change(
        &mut self,
        statement: &(impl SqlxBinder + Sync),
        what: &'static str,
        id: i64,
    ) -> Result<(), StoreError> {
        match self.run(statement).await? {
            0 => Err(StoreError::Missing { what, id }),
            _ => Ok(()),
        }
    }

    /// Runs SQL without parameters, as the schema's is.
    pub(crate) async fn run_schema(&mut self, sql: String) -> Result<(), StoreError> {
        self.check()?;
        match sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *self.inner).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// How the database would run `statement`: which tables it scans and by which index.
    #[cfg(test)]
    pub(crate) async fn explain(&mut self, statement: &(impl SqlxBinder + Sync)) -> Vec<String> {
        let (sql, arguments) = built(statement);
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
        let rows = query.fetch_all(&mut *self.inner).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>("detail")).collect()
    }

    /// Writes `rows` in as few statements as the limit of parameters allows; what
    /// [`Insert::returning`] asks for, in no order.
    pub(crate) async fn insert(
        &mut self,
        insert: &Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut returned = Vec::new();
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let count = chunk_len(rows.len(), insert.columns.len());
            let statement = insert.statement(rows.by_ref().take(count));
            if insert.returning.is_empty() {
                self.run(&statement).await?;
            } else {
                returned.append(&mut self.all(&statement).await?);
            }
        }
        Ok(returned)
    }

    /// Writes one row and returns its id.
    pub(crate) async fn insert_one<T: Column<Raw = i64>>(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        row: Vec<Value>,
    ) -> Result<T, StoreError> {
        let insert = Insert { table, columns, conflict: Conflict::Fail, returning: &["id"] };
        let returned = self.insert(&insert, vec![row]).await?;
        returned.first().ok_or(StoreError::Database(sqlx::Error::RowNotFound))?.get("id")
    }
}

/// Rows in the next statement: a power of four, so that few different statements are prepared.
fn chunk_len(rows: usize, columns: usize) -> usize {
    let most = rows.min(PARAMETERS_MAX / columns.max(1)).clamp(1, 1 << 10);
    1 << (most.ilog2() & !1)
}

impl Insert {
    fn statement(&self, rows: impl Iterator<Item = Vec<Value>>) -> InsertStatement {
        let mut statement = Query::insert();
        statement.into_table(self.table).columns(self.columns.iter().copied());
        for row in rows {
            statement.values_panic(row.into_iter().map(Expr::val));
        }
        match self.conflict {
            Conflict::Fail => {}
            Conflict::Skip(key) => {
                statement
                    .on_conflict(OnConflict::columns(key.iter().copied()).do_nothing().to_owned());
            }
            Conflict::Update(key, columns) => {
                let mut update = OnConflict::columns(key.iter().copied());
                statement.on_conflict(update.update_columns(columns.iter().copied()).to_owned());
            }
        }
        if !self.returning.is_empty() {
            statement.returning(Query::returning().columns(self.returning.iter().copied()));
        }
        statement
    }
}

fn built(statement: &impl SqlxBinder) -> (String, SqliteArguments) {
    let (sql, values) = statement.build_sqlx(BUILDER);
    (sql, values.into_arguments())
}

impl Row {
    /// The value of `column`.
    pub(crate) fn get<T>(&self, column: &'static str) -> Result<T, StoreError>
    where
        T: Column,
        for<'r> T::Raw: Decode<'r, Sqlite> + Type<Sqlite> + std::fmt::Debug,
    {
        self.opt(column)?.ok_or_else(|| StoreError::Corrupt {
            column,
            expected: T::EXPECTED,
            found: "nothing".to_owned(),
        })
    }

    /// The value of `column`, `None` for NULL.
    pub(crate) fn opt<T>(&self, column: &'static str) -> Result<Option<T>, StoreError>
    where
        T: Column,
        for<'r> T::Raw: Decode<'r, Sqlite> + Type<Sqlite> + std::fmt::Debug,
    {
        let Some(raw) = self.0.try_get::<Option<T::Raw>, _>(column)? else { return Ok(None) };
        match T::read(raw) {
            Some(value) => Ok(Some(value)),
            None => Err(self.corrupt::<T>(column)?),
        }
    }

    /// The error that says what stands in `column` instead of a `T`.
    fn corrupt<T>(&self, column: &'static str) -> Result<StoreError, StoreError>
    where
        T: Column,
        for<'r> T::Raw: Decode<'r, Sqlite> + Type<Sqlite> + std::fmt::Debug,
    {
        let raw = self.0.try_get::<T::Raw, _>(column)?;
        let found = format!("{raw:?}").chars().take(80).collect();
        Ok(StoreError::Corrupt { column, expected: T::EXPECTED, found })
    }
}

#[cfg(test)]
mod tests {
    use super::{PARAMETERS_MAX, chunk_len};

    #[test]
    fn chunks_have_few_different_lengths_and_stay_below_the_limit() {
        let lengths: Vec<_> = [1, 3, 4, 5, 63, 64, 700, 5_000].map(|n| chunk_len(n, 7)).into();
        assert_eq!(lengths, [1, 1, 4, 4, 16, 64, 256, 1_024]);
        for columns in [1, 13, 16, 100, 20_000] {
            let rows = chunk_len(1_000_000, columns);
            assert!(rows >= 1 && (rows == 1 || rows * columns <= PARAMETERS_MAX), "{columns}");
        }
    }
}
