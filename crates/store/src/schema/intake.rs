//! What came in: captures, their outcomes, events.

use sea_query::Index;

use super::Table;
use crate::dialect::BUILDER;

pub(super) fn tables() -> Vec<Table> {
    vec![meta(), capture(), capture_chunk(), outcome(), transaction_out(), attempt(), event()]
}

fn meta() -> Table {
    Table::keyless("meta").text("key").text("value").key(&["key"])
}

fn capture() -> Table {
    Table::with_lasting_id("capture")
        .int("received_at")
        .int("source")
        .opt_text("content_type")
        .opt_int("sender")
        .opt_blob("sha256")
        .int("bytes")
        .int("state")
        .int("next_ordinal")
        .int("admitted")
        .int("held")
        .int("refused")
        .int("duplicate")
        .opt_text("error")
        .int_or("error_behaviour", PROCEED)
        .opt_int("finished_at")
        .index(&["state"])
}

/// Captures of version 1 proceeded whatever was refused.
const PROCEED: i64 = 1;

fn capture_chunk() -> Table {
    Table::keyless("capture_chunk")
        .refers("capture", "capture")
        .int("n")
        .blob("bytes")
        .key(&["capture", "n"])
}

fn outcome() -> Table {
    Table::keyless("outcome")
        .refers("capture", "capture")
        .int("ordinal")
        .text("place")
        .opt_text("kind")
        .int("state")
        .text("detail")
        .opt_blob("event_hash")
        .key(&["capture", "ordinal"])
}

/// `draft` is what the transaction is signed from, until it is mined.
fn transaction_out() -> Table {
    Table::with_id("transaction_out")
        .int("nonce")
        .blob("hash")
        .blob("raw")
        .int("signed_at")
        .int("state")
        .opt_int("block")
        .opt_int("gas")
        .opt_text("error")
        .int_or("max_fee", 0)
        .int_or("priority_fee", 0)
        .opt_text("draft")
        .unique(&["hash"])
        .index(&["state", "nonce"])
        .index(&["nonce"])
}

/// Transactions that were sent before with the same nonce and the same calls, and lower fees: any
/// of them may be the one that is mined.
fn attempt() -> Table {
    Table::with_id("attempt")
        .refers("transaction_out", "transaction_out")
        .blob("hash")
        .blob("raw")
        .int("signed_at")
        .int("max_fee")
        .int("priority_fee")
        .unique(&["hash"])
        .index(&["transaction_out"])
}

/// The columns that version 2 did not have.
pub(super) fn additions_from_2() -> Vec<String> {
    let table = Table::keyless("transaction_out").int_or("max_fee", 0).int_or("priority_fee", 0);
    table.opt_text("draft").additions()
}

/// The table that version 2 did not have.
pub(super) fn tables_from_2() -> Vec<Table> {
    vec![attempt()]
}

/// `case_file` is the latest case of the event, written by the same transaction as the case;
/// `declared_by` the latest event that declares this one erroneous, written with that one.
fn event() -> Table {
    Table::with_id("event")
        .blob("hash")
        .opt_text("event_id")
        .text("kind")
        .int("event_time")
        .int("record_time")
        .opt_text("biz_step")
        .opt_text("disposition")
        .opt_text("action")
        .refers("capture", "capture")
        .int("ordinal")
        .text("place")
        .text("body")
        .int("state")
        .opt_refers("transaction_out", "transaction_out")
        .opt_int("case_file")
        .opt_int("declares")
        .opt_int("declared_by")
        .unique(&["hash"])
        .index(&["capture", "ordinal"])
        .index(&["state"])
        .index(&["event_time"])
        .index(&["record_time"])
        .index_present(&["event_id"])
        .index_present(&["transaction_out"])
}

/// The columns that version 1 did not have, without the index that names of events replace.
pub(super) fn statements_from_1() -> Vec<String> {
    let capture =
        Table::keyless("capture").int_or("error_behaviour", PROCEED).opt_int("finished_at");
    let event = Table::keyless("event").opt_int("declares").opt_int("declared_by");
    let mut statements: Vec<_> = [capture, event].into_iter().flat_map(Table::additions).collect();
    statements.push(Index::drop().name("event_by_biz_step").build(BUILDER));
    statements
}
