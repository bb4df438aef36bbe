//! Recalls: scope, holders, acknowledgements.

use sea_query::{Expr, ExprTrait};

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![recall(), holder(), event()]
}

/// `hash` is that of the event that orders it; `effective_at` is when the ledger was first seen to
/// have the lots recalled; `answer` is the last one that this node gave as a holder.
fn recall() -> Table {
    Table::with_id("recall")
        .blob("hash")
        .int("issuer")
        .int("part")
        .int("state")
        .int("class")
        .text("depth")
        .text("scope")
        .opt_text("told")
        .text("reason")
        .text("notice")
        .int("ordered_at")
        .opt_text("document")
        .opt_int("effective_at")
        .opt_int("ended_at")
        .opt_text("answer")
        .opt_text("report")
        .opt_text("lift")
        .unique(&["hash"])
        .index(&["state"])
}

/// A company that has, or had, packs of a recall; only at who recalls.
fn holder() -> Table {
    Table::keyless("recall_holder")
        .refers("recall", "recall")
        .int("gln")
        .int("state")
        .opt_int("told_at")
        .opt_int("reminded_at")
        .int("reminders")
        .opt_int("answered_at")
        .text("told")
        .opt_text("answer")
        .opt_text("note")
        .opt_int("overdue_case")
        .clustered(&["recall", "gln"])
}

/// The events by which this node has set packs apart for a recall, and whether they are back.
fn event() -> Table {
    Table::keyless("recall_event")
        .refers("recall", "recall")
        .blob("hash")
        .int("packs")
        .flag("over")
        .clustered(&["recall", "hash"])
}

/// The index by which the packs of a lot are found on the ledger, which version 3 did not have.
pub(super) fn additions_from_3() -> Vec<String> {
    let holding = Table::keyless("ledger_holding").index_present(&["lot_tag"]);
    let lot = Table::keyless("lot").index_where(&["status"], Expr::col("status").gt(0));
    [holding, lot].into_iter().flat_map(Table::index_statements).collect()
}
