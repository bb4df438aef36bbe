//! What goes out and comes in: operations for the ledger, messages to and from other nodes.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![outbox(), delivery(), shipment(), inbox()]
}

fn outbox() -> Table {
    Table::with_id("outbox")
        .refers("event", "event")
        .text("operation")
        .int("state")
        .opt_refers("transaction_out", "transaction_out")
        .index(&["state"])
        .index(&["event"])
        .index_present(&["transaction_out"])
}

fn delivery() -> Table {
    Table::with_id("delivery")
        .int("recipient")
        .int("kind")
        .blob("body")
        .opt_refers("transaction_out", "transaction_out")
        .int("state")
        .int("attempts")
        .int("created_at")
        .int("next_at")
        .opt_int("acknowledged_at")
        .opt_text("error")
        .opt_blob("holding")
        .opt_blob("message")
        .index(&["state", "next_at"])
        .index_present(&["holding"])
}

/// The column that version 2 did not have, and its index.
pub(super) fn additions_from_2() -> Vec<String> {
    let delivery = || Table::keyless("delivery").opt_blob("holding");
    let mut statements = delivery().additions();
    statements.extend(delivery().index_present(&["holding"]).index_statements());
    statements
}

fn shipment() -> Table {
    Table::with_id("shipment")
        .blob("holding")
        .int("sender")
        .blob("body")
        .int("state")
        .int("received_at")
        .unique(&["holding"])
        .index(&["state"])
}

/// What other nodes sent.
fn inbox() -> Table {
    Table::with_lasting_id("inbox")
        .int("sender")
        .blob("message")
        .int("kind")
        .opt_blob("subject")
        .blob("body")
        .int("bytes")
        .int("state")
        .int("received_at")
        .opt_int("ended_at")
        .opt_text("error")
        .unique(&["sender", "message"])
        .index(&["state", "sender"])
}

/// The columns that version 3 did not have, and their indexes.
pub(super) fn additions_from_3() -> Vec<String> {
    let mut statements = Table::keyless("delivery").opt_blob("message").additions();
    statements.extend(inbox().statements());
    statements
}
