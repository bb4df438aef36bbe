//! What was followed from the ledger: blocks, logs, and the tables derived from them.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    let mut tables = vec![block(), log(), holding(), gather(), change(), retired(), lot()];
    tables.extend([retirement(), member(), member_account(), product()]);
    tables
}

/// The tables and columns that version 2 did not have.
pub(super) fn additions_from_2() -> Vec<String> {
    let holding = Table::keyless("ledger_holding").opt_int("pruned");
    let lot = Table::keyless("ledger_lot").opt_int("pruned").int_or("opened", 0);
    let retired = Table::keyless("ledger_retired").int_or("until", 0);
    let member = Table::keyless("member")
        .int_or("undo_days", UNDO_DAYS)
        .opt_blob("signing_key")
        .opt_blob("sealing_key");
    let account = Table::keyless("member_account").int_or("added", 0).opt_int("revoked");
    [holding, lot, retired, member, account].into_iter().flat_map(Table::additions).collect()
}

/// The tables that version 2 did not have, or had with another key.
pub(super) fn tables_from_2() -> Vec<Table> {
    vec![retirement(), product()]
}

/// Days for which a new member may undo a retirement.
const UNDO_DAYS: i64 = 10;

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

/// A holding without `root` is named by a gather, and its opening was not followed yet. `pruned` is
/// the block in which the ledger forgot it.
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
        .opt_int("pruned")
        .unique(&["hash"])
        .index_present(&["lot_tag"])
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
        .int_or("until", 0)
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
        .opt_int("pruned")
        .int_or("opened", 0)
        .key(&["lot_tag"])
}

/// Retirements that can be undone, one row for what one log ended: `places` are those that are not
/// restored, in the order of the log.
fn retirement() -> Table {
    Table::with_id("ledger_retirement")
        .blob("cause")
        .int("reason")
        .blob("holder")
        .int("until")
        .blob("places")
        .int("block")
        .int("log_index")
        .blob("transaction_hash")
        .unique(&["block", "log_index"])
        .index(&["cause"])
        .index(&["until"])
}

fn member() -> Table {
    Table::keyless("member")
        .int("gln")
        .text("name")
        .int("roles")
        .text("endpoint")
        .int("status")
        .int("licence_expiry")
        .int_or("undo_days", UNDO_DAYS)
        .opt_blob("signing_key")
        .opt_blob("sealing_key")
        .key(&["gln"])
}

/// An account acts for one member for ever; `added` and `revoked` are blocks. A revoked account
/// stays on record, for what it did before.
fn member_account() -> Table {
    Table::with_id("member_account")
        .blob("account")
        .int("gln")
        .int_or("added", 0)
        .opt_int("revoked")
        .unique(&["account"])
        .index(&["gln"])
}

/// Whose a product is from block `since` on.
fn product() -> Table {
    Table::keyless("product").int("gtin").int("since").int("gln").key(&["gtin", "since"])
}
