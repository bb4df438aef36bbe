//! Cases beyond their own row: the packs concerned, what is said and done.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![case_pack(), case_entry()]
}

/// The packs that a case is about.
fn case_pack() -> Table {
    Table::keyless("case_pack")
        .refers("case_file", "case_file")
        .refers("item", "item")
        .clustered(&["case_file", "item"])
        .index(&["item"])
}

/// What was said and done in a case; rows are added and never changed.
fn case_entry() -> Table {
    Table::with_id("case_entry")
        .refers("case_file", "case_file")
        .blob("uuid")
        .int("number")
        .int("author")
        .int("at")
        .flag("shared")
        .text("body")
        .unique(&["case_file", "uuid"])
}
