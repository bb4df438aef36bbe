//! Goods that arrive: receiving sessions and what was scanned in them; items of events of which a part
//! was admitted and the rest waits.

use sea_query::{Expr, ExprTrait};

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![event_rest(), arrival(), arrival_scan(), arrival_request()]
}

/// An item of an admitted event that is not admitted with it.
fn event_rest() -> Table {
    Table::with_id("event_rest")
        .refers("event", "event")
        .refers("item", "item")
        .text("reason")
        .int("state")
        .opt_refers("case_file", "case_file")
        .opt_int("passed")
        .opt_text("report")
        .opt_int("checked_at")
        .int("tries")
        .opt_int("next_at")
        .unique(&["event", "item"])
        .index(&["item"])
        .index_where(&["state", "event"], Expr::col("state").eq(0))
        .index_present(&["next_at"])
}

fn arrival() -> Table {
    Table::with_id("arrival")
        .int("kind")
        .int("state")
        .opt_blob("holding")
        .opt_int("sender")
        .opt_refers("container", "item")
        .opt_text("place")
        .opt_text("request_key")
        .int("opened_at")
        .opt_int("ended_at")
        .opt_text("outcome")
        .unique(&["request_key"])
        .index(&["state"])
}

fn arrival_scan() -> Table {
    Table::with_id("arrival_scan")
        .refers("arrival", "arrival")
        .refers("item", "item")
        .text("code")
        .int("answer")
        .text("reason")
        .int("scanned_at")
        .unique(&["arrival", "item"])
}

/// The answer that a request was given, which the same request gets again.
fn arrival_request() -> Table {
    Table::keyless("arrival_request")
        .refers("arrival", "arrival")
        .text("request_key")
        .text("answer")
        .clustered(&["arrival", "request_key"])
}
