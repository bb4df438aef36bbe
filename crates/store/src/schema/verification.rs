//! Verification requests and answers, archived; who answers for products whose labeler has no node;
//! links of products.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![verification(), responder(), product_link()]
}

/// A question about a unit, sent or answered, with both messages as they were.
fn verification() -> Table {
    Table::with_id("verification")
        .int("direction")
        .int("protocol")
        .text("correlation")
        .int("gtin")
        .text("serial")
        .opt_text("lot")
        .opt_int("expiry")
        .int("requester")
        .opt_text("responder")
        .opt_text("url")
        .text("request")
        .int("asked_at")
        .opt_int("answered_at")
        .opt_int("status")
        .opt_text("answer")
        .opt_int("verified")
        .opt_text("error")
        .index(&["gtin", "serial", "direction"])
        .index(&["correlation"])
}

/// Which responder answers for which packs of a GTIN: those that expire within the window.
fn responder() -> Table {
    Table::with_id("responder")
        .int("gtin")
        .int("gln")
        .text("url")
        .int("first_expiry")
        .int("last_expiry")
        .int("path_form")
        .opt_text("contact")
        .unique(&["gtin", "first_expiry"])
}

fn product_link() -> Table {
    Table::with_id("product_link")
        .int("gtin")
        .text("link_type")
        .text("href")
        .text("title")
        .opt_text("media_type")
        .opt_text("language")
        .unique(&["gtin", "link_type", "href"])
}
