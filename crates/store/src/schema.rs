//! The tables and indexes of schema version 2.
//!
//! # Invariants
//!
//! - A text or hash that many rows name is stored once; the others hold its row id.
//! - Rows that end never leave: only captures that were not acknowledged, what was followed from
//!   reverted blocks, and what a client deletes (named queries, subscriptions) are deleted.

mod books;
mod exchange;
mod followed;
mod intake;
mod queried;
mod table;

use crate::dialect::BUILDER;
use table::Table;

/// The statements that create the schema in an empty database.
pub(crate) fn statements() -> Vec<String> {
    let tables = [
        intake::tables(),
        books::tables(),
        exchange::tables(),
        followed::tables(),
        queried::tables(),
    ];
    tables.into_iter().flatten().flat_map(Table::statements).collect()
}

/// The statements that bring a database of version 1 to version 2, but for the rows.
pub(crate) fn statements_from_1() -> Vec<String> {
    let mut statements = intake::statements_from_1();
    statements.extend(queried::tables().into_iter().flat_map(Table::statements));
    statements
}

impl Table {
    fn statements(self) -> Vec<String> {
        let (table, indexes) = self.into_parts();
        let mut statements = vec![table.build(BUILDER)];
        statements.extend(indexes.iter().map(|index| index.build(BUILDER)));
        statements
    }
}
