//! The tables and indexes of schema version 4.
//!
//! # Invariants
//!
//! - A text or hash that many rows name is stored once; the others hold its row id.
//! - Rows that end never leave: only captures that were not acknowledged, what was followed from
//!   reverted blocks (with the messages about it that nobody has), attempts of transactions that can
//!   never be mined, and what a client deletes (named queries, subscriptions) are deleted.

mod arrival;
mod books;
mod case;
mod exchange;
mod followed;
mod inquiry;
mod intake;
mod partner;
mod queried;
mod recall;
mod scan;
mod table;
mod verification;

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
    let tables = tables.into_iter().flatten().chain(traded());
    tables.flat_map(Table::statements).collect()
}

/// The tables that version 3 did not have.
fn traded() -> impl Iterator<Item = Table> {
    let tables = [
        arrival::tables(),
        case::tables(),
        inquiry::tables(),
        partner::tables(),
        recall::tables(),
        scan::tables(),
        verification::tables(),
    ];
    tables.into_iter().flatten()
}

/// The statements that bring a database of version 1 to version 2, but for the rows.
pub(crate) fn statements_from_1() -> Vec<String> {
    let mut statements = intake::statements_from_1();
    statements.extend(queried::tables_from_1().into_iter().flat_map(Table::statements));
    statements
}

/// The statements that bring a database of version 2 to version 3, but for the rows.
pub(crate) fn statements_from_2() -> Vec<String> {
    let mut statements = intake::additions_from_2();
    statements.extend(exchange::additions_from_2());
    statements.extend(followed::additions_from_2());
    let tables = [intake::tables_from_2(), followed::tables_from_2()];
    statements.extend(tables.into_iter().flatten().flat_map(Table::statements));
    statements
}

/// The statements that bring a database of version 3 to version 4.
pub(crate) fn statements_from_3() -> Vec<String> {
    let mut statements = books::additions_from_3();
    statements.extend(exchange::additions_from_3());
    statements.extend(queried::additions_from_3());
    statements.extend(recall::additions_from_3());
    statements.extend(traded().flat_map(Table::statements));
    statements
}

impl Table {
    /// The statements that make the table and its indexes.
    fn statements(self) -> Vec<String> {
        let (table, indexes) = self.into_parts();
        let mut statements = vec![table.build(BUILDER)];
        statements.extend(indexes.iter().map(|index| index.build(BUILDER)));
        statements
    }
}
