//! A table and its indexes, in the few words that the schema needs.

use sea_query::{
    ColumnDef, ConditionalStatement, Expr, ExprTrait, ForeignKey, Index, IndexCreateStatement,
    TableAlterStatement, TableCreateStatement,
};

use crate::dialect::{self, BUILDER};

/// A table being declared.
pub(super) struct Table {
    name: &'static str,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
}

/// The kind of a column.
#[derive(Clone, Copy)]
enum Kind {
    Int,
    Text,
    Blob,
    Flag,
}

impl Table {
    /// A table with an `id` given by the database.
    pub(super) fn with_id(name: &'static str) -> Self {
        let mut table = Self::keyless(name);
        table.table.col(dialect::row_id());
        table
    }

    /// A table with an `id` that is never given twice.
    pub(super) fn with_lasting_id(name: &'static str) -> Self {
        let mut table = Self::keyless(name);
        table.table.col(dialect::lasting_row_id());
        table
    }

    /// A table whose primary key comes with [`key`](Self::key) or [`clustered`](Self::clustered).
    pub(super) fn keyless(name: &'static str) -> Self {
        let mut table = TableCreateStatement::new();
        table.table(name);
        Self { name, table, indexes: Vec::new() }
    }

    pub(super) fn int(self, name: &'static str) -> Self {
        self.column(name, Kind::Int, true)
    }

    pub(super) fn opt_int(self, name: &'static str) -> Self {
        self.column(name, Kind::Int, false)
    }

    /// A number that rows written before the column was there have.
    pub(super) fn int_or(mut self, name: &'static str, default: i64) -> Self {
        self.table.col(ColumnDef::new(name).big_integer().not_null().default(default));
        self
    }

    pub(super) fn text(self, name: &'static str) -> Self {
        self.column(name, Kind::Text, true)
    }

    pub(super) fn opt_text(self, name: &'static str) -> Self {
        self.column(name, Kind::Text, false)
    }

    pub(super) fn blob(self, name: &'static str) -> Self {
        self.column(name, Kind::Blob, true)
    }

    pub(super) fn opt_blob(self, name: &'static str) -> Self {
        self.column(name, Kind::Blob, false)
    }

    pub(super) fn flag(self, name: &'static str) -> Self {
        self.column(name, Kind::Flag, true)
    }

    /// A column that holds the id of a row of `table`.
    pub(super) fn refers(self, name: &'static str, table: &'static str) -> Self {
        self.int(name).foreign(name, table)
    }

    /// As [`refers`](Self::refers), or NULL.
    pub(super) fn opt_refers(self, name: &'static str, table: &'static str) -> Self {
        self.opt_int(name).foreign(name, table)
    }

    /// The primary key.
    pub(super) fn key(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create();
        for column in columns {
            index.col(*column);
        }
        self.table.primary_key(&mut index);
        self
    }

    /// The primary key of a table of small rows, which is stored in its order.
    pub(super) fn clustered(self, columns: &[&'static str]) -> Self {
        let mut table = self.key(columns);
        dialect::clustered(&mut table.table);
        table
    }

    pub(super) fn unique(self, columns: &[&'static str]) -> Self {
        let index = self.named(columns).unique().take();
        self.with(index)
    }

    pub(super) fn index(self, columns: &[&'static str]) -> Self {
        let index = self.named(columns);
        self.with(index)
    }

    /// An index of the rows where the first column is not NULL.
    pub(super) fn index_present(self, columns: &[&'static str]) -> Self {
        let mut index = self.named(columns);
        if let Some(first) = columns.first() {
            index.cond_where(Expr::col(*first).is_not_null());
        }
        self.with(index)
    }

    /// An index of the rows where `condition` holds.
    pub(super) fn index_where(self, columns: &[&'static str], condition: Expr) -> Self {
        let mut index = self.named(columns);
        index.cond_where(condition);
        self.with(index)
    }

    /// The statements that add the columns to the table, which is there already.
    pub(super) fn additions(self) -> Vec<String> {
        let add = |column: &ColumnDef| {
            TableAlterStatement::new().table(self.name).add_column(column.clone()).build(BUILDER)
        };
        self.table.get_columns().iter().map(add).collect()
    }

    /// The statements that make the indexes of a table that is there already.
    pub(super) fn index_statements(self) -> Vec<String> {
        self.indexes.iter().map(|index| index.build(BUILDER)).collect()
    }

    pub(super) fn into_parts(self) -> (TableCreateStatement, Vec<IndexCreateStatement>) {
        (self.table, self.indexes)
    }

    fn column(mut self, name: &'static str, kind: Kind, required: bool) -> Self {
        let mut column = ColumnDef::new(name);
        match kind {
            Kind::Int => column.big_integer(),
            Kind::Text => column.text(),
            Kind::Blob => column.blob(),
            Kind::Flag => column.boolean(),
        };
        if required {
            column.not_null();
        }
        self.table.col(column);
        self
    }

    fn foreign(mut self, column: &'static str, table: &'static str) -> Self {
        let mut key = ForeignKey::create();
        key.from(self.name, column).to(table, "id");
        self.table.foreign_key(&mut key);
        self
    }

    fn named(&self, columns: &[&'static str]) -> IndexCreateStatement {
        let mut index = Index::create();
        index.name(format!("{}_by_{}", self.name, columns.join("_"))).table(self.name);
        for column in columns {
            index.col(*column);
        }
        index
    }

    fn with(mut self, index: IndexCreateStatement) -> Self {
        self.indexes.push(index);
        self
    }
}
