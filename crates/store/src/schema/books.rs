//! The node's books: items, lots, holdings that it can open, cases.

use sea_query::{Expr, ExprTrait};

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![lot(), holding(), item(), event_item(), case_file()]
}

/// A lot without `expiry` is named by an item, and not on record yet.
fn lot() -> Table {
    Table::with_id("lot")
        .int("gtin")
        .text("lot")
        .opt_int("expiry")
        .opt_int("status")
        .opt_blob("salt")
        .opt_blob("lot_tag")
        .unique(&["gtin", "lot"])
        .index_present(&["lot_tag"])
        .index_where(&["status"], Expr::col("status").gt(0))
}

/// A holding without `root` is named by an item, and this node cannot open it.
fn holding() -> Table {
    Table::with_id("holding")
        .blob("hash")
        .opt_blob("root")
        .opt_int("height")
        .opt_blob("leaves")
        .opt_refers("opened_by", "transaction_out")
        .opt_refers("shipment_event", "event")
        .opt_int("shipment_from")
        .opt_int("shipment_to")
        .unique(&["hash"])
        .index_present(&["shipment_to"])
        .index_present(&["opened_by"])
}

/// An item without `status` is named by an event or as a parent, and not on record yet.
fn item() -> Table {
    Table::with_id("item")
        .text("key")
        .flag("unit")
        .opt_int("status")
        .opt_refers("lot", "lot")
        .opt_refers("parent", "item")
        .opt_refers("holding", "holding")
        .opt_int("position")
        .opt_blob("salt")
        .unique(&["key"])
        .index_present(&["parent"])
        .index_present(&["lot"])
        .index_present(&["holding", "position"])
        .index_where(&["status"], Expr::col("unit"))
}

fn event_item() -> Table {
    Table::keyless("event_item")
        .refers("item", "item")
        .refers("event", "event")
        .clustered(&["item", "event"])
}

fn case_file() -> Table {
    Table::with_id("case_file")
        .opt_refers("event", "event")
        .text("breach")
        .int("opened_at")
        .opt_int("closed_at")
        .opt_text("outcome")
        .opt_blob("uuid")
        .opt_int("state")
        .opt_int("counterparty")
        .opt_int("opened_by")
        .opt_int("deadline")
        .opt_int("due_at")
        .opt_int("packs")
        .index_present(&["event"])
        .index_where(&["opened_at"], Expr::col("closed_at").is_null())
        .unique(&["uuid"])
        .index_present(&["due_at"])
        .index_present(&["counterparty", "closed_at"])
}

/// The columns that version 3 did not have, and their indexes.
pub(super) fn additions_from_3() -> Vec<String> {
    let case_file = || Table::keyless("case_file");
    let mut statements = case_file()
        .opt_blob("uuid")
        .opt_int("state")
        .opt_int("counterparty")
        .opt_int("opened_by")
        .opt_int("deadline")
        .opt_int("due_at")
        .opt_int("packs")
        .additions();
    let indexes = case_file()
        .unique(&["uuid"])
        .index_present(&["due_at"])
        .index_present(&["counterparty", "closed_at"]);
    statements.extend(indexes.index_statements());
    statements
}
