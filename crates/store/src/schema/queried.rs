//! What clients ask by: the names of events, master data, named queries and their subscriptions.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![name(), event_name(), master_data(), named_query(), subscription()]
}

/// A text by which events are found; what part it plays in them is its role.
fn name() -> Table {
    Table::with_id("name").int("role").text("text").unique(&["role", "text"])
}

/// Which events have which name. Two small numbers a row, since every event has a handful.
fn event_name() -> Table {
    Table::keyless("event_name")
        .refers("name", "name")
        .refers("event", "event")
        .clustered(&["name", "event"])
}

/// What the latest capture says of an element of a vocabulary.
fn master_data() -> Table {
    described().int_or("own", 0).opt_int("told_by").unique(&ELEMENT)
}

/// The columns that every version of the table has.
fn described() -> Table {
    Table::with_id("master_data")
        .text("vocabulary")
        .text("element")
        .text("body")
        .refers("capture", "capture")
}

/// What an element is known by.
const ELEMENT: [&str; 2] = ["vocabulary", "element"];

/// The tables that version 1 did not have, as version 2 has them.
pub(super) fn tables_from_1() -> Vec<Table> {
    vec![name(), event_name(), described().unique(&ELEMENT), named_query(), subscription()]
}

/// The columns that version 3 did not have.
pub(super) fn additions_from_3() -> Vec<String> {
    Table::keyless("master_data").int_or("own", 0).opt_int("told_by").additions()
}

fn named_query() -> Table {
    Table::with_id("named_query").text("name").text("query").int("created_at").unique(&["name"])
}

/// `position` is the last event delivered, 0 before the first.
fn subscription() -> Table {
    Table::with_id("subscription")
        .text("name")
        .refers("query", "named_query")
        .text("dest")
        .opt_blob("token")
        .text("controls")
        .flag("report_if_empty")
        .opt_int("initial_record_time")
        .int("created_at")
        .opt_int("last_notified_at")
        .int("position")
        .int("failures")
        .opt_int("next_at")
        .int("state")
        .opt_text("error")
        .unique(&["name"])
        .index(&["query"])
        .index_present(&["next_at"])
}
