//! The tables and indexes of schema version 1.
//!
//! # Invariants
//!
//! - A text or hash that many rows name is stored once; the others hold its row id.
//! - Rows that end never leave: only captures that were not acknowledged, and what was followed
//!   from reverted blocks, are deleted.

mod books;
mod exchange;
mod followed;
mod intake;
mod table;

use crate::dialect::BUILDER;
use table::Table;

/// The statements that create the schema in an empty database.
pub(crate) fn statements() -> Vec<String> {
    let tables = [intake::tables(), books::tables(), exchange::tables(), followed::tables()];
    tables.into_iter().flatten().flat_map(Table::statements).collect()
}

impl Table {
    fn statements(self) -> Vec<String> {
        let (table, indexes) = self.into_parts();
        let mut statements = vec![table.build(BUILDER)];
        statements.extend(indexes.iter().map(|index| index.build(BUILDER)));
        statements
    }
}
