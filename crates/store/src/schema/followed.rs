//! What was followed from the ledger: blocks, logs, and the tables derived from them.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    let mut tables = vec![block(), log(), holding(), gather(), change(), retired(), lot()];
    tables.extend([member(), member_account(), product()]);
    tables
}

fn block() -> Table {
    Table::keyless("ledger_block")
        .int("number")
        .blob("hash")
        .blob("parent_hash")
        .int("timestamp")
        .key(&["number"])
}

fn log() -> Table {
    Table::keyless("ledger_log")
        .int("block")
        .int("log_index")
        .blob("transaction_hash")
        .text("body")
        .key(&["block", "log_index"])
        .index(&["transaction_hash"])
}

/// A holding without `root` is named by a gather, and its opening was not followed yet.
fn holding() -> Table {
    Table::with_id("ledger_holding")
        .blob("hash")
        .opt_blob("root")
        .opt_int("height")
        .opt_blob("holder")
        .opt_blob("consignee")
        .opt_int("state")
        .opt_int("expiry")
        .opt_blob("cause")
        .opt_blob("opener")
        .opt_blob("lot_tag")
        .opt_int("block")
        .opt_blob("transaction_hash")
        .unique(&["hash"])
}

/// `first` and `last` are the leaf positions in the source that the node covers.
fn gather() -> Table {
    Table::keyless("ledger_gather")
        .refers("dest", "ledger_holding")
        .int("leaf_offset")
        .refers("source", "ledger_holding")
        .int("height")
        .int("node_index")
        .int("first")
        .int("last")
        .clustered(&["dest", "leaf_offset"])
        .index(&["source", "first"])
}

fn change() -> Table {
    Table::keyless("ledger_change")
        .refers("holding", "ledger_holding")
        .int("block")
        .int("log_index")
        .int("kind")
        .blob("account")
        .blob("cause")
        .blob("transaction_hash")
        .clustered(&["holding", "block", "log_index"])
}

/// `first` and `last` are the leaf positions that the node covers.
fn retired() -> Table {
    Table::keyless("ledger_retired")
        .refers("holding", "ledger_holding")
        .int("first")
        .int("last")
        .int("height")
        .int("node_index")
        .int("reason")
        .blob("holder")
        .blob("cause")
        .int("block")
        .blob("transaction_hash")
        .int("timestamp")
        .clustered(&["holding", "first"])
}

fn lot() -> Table {
    Table::keyless("ledger_lot")
        .blob("lot_tag")
        .blob("labeler")
        .int("expiry")
        .int("status")
        .int("block")
        .blob("transaction_hash")
        .key(&["lot_tag"])
}

fn member() -> Table {
    Table::keyless("member")
        .int("gln")
        .text("name")
        .int("roles")
        .text("endpoint")
        .int("status")
        .int("licence_expiry")
        .key(&["gln"])
}

fn member_account() -> Table {
    Table::with_id("member_account").blob("account").int("gln").unique(&["account"]).index(&["gln"])
}

fn product() -> Table {
    Table::keyless("product").int("gtin").int("gln").key(&["gtin"]).index(&["gln"])
}
