//! Trading partners: how files go to them, what was sent and received, and how good the data is that
//! comes from them.

use sea_query::{Expr, ExprTrait};

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![partner(), consignment(), trade_file(), trade_file_chunk(), data_quality()]
}

fn partner() -> Table {
    Table::keyless("partner").int("gln").text("settings").int("updated_at").key(&["gln"])
}

/// What was shipped and received; `part` tells the parts of one shipment apart. Without `body` it is
/// noted, and its content is still to be put on record.
fn consignment() -> Table {
    Table::with_id("consignment")
        .int("direction")
        .blob("cause")
        .blob("part")
        .int("partner")
        .int("shipped_at")
        .opt_int("packs")
        .opt_blob("body")
        .unique(&["cause", "direction", "part"])
        .index(&["shipped_at"])
        .index_where(&["direction"], Expr::col("body").is_null())
}

fn trade_file() -> Table {
    Table::with_lasting_id("trade_file")
        .int("direction")
        .opt_int("partner")
        .text("name")
        .opt_blob("sha256")
        .int("bytes")
        .int("at")
        .int("state")
        .text("report")
        .opt_blob("cause")
        .opt_refers("capture", "capture")
        .index_present(&["sha256"])
        .index_present(&["cause"])
        .index(&["state"])
}

fn trade_file_chunk() -> Table {
    Table::keyless("trade_file_chunk")
        .refers("trade_file", "trade_file")
        .int("n")
        .blob("bytes")
        .key(&["trade_file", "n"])
}

fn data_quality() -> Table {
    Table::keyless("data_quality")
        .int("partner")
        .text("kind")
        .int("count")
        .int("last_at")
        .text("examples")
        .key(&["partner", "kind"])
}
