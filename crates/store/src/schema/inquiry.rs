//! Questions of other members and authorities about packs: requests, approvals, answers, and who was
//! told what.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![inquiry(), inquiry_party(), inquiry_document(), told(), disclosure()]
}

/// Inquiries of this member and of others; the same ones at the asker and at those asked.
fn inquiry() -> Table {
    Table::with_lasting_id("inquiry")
        .blob("number")
        .int("asked_by")
        .int("kind")
        .int("state")
        .text("subject")
        .text("reason")
        .text("legal_basis")
        .text("statement")
        .text("signature")
        .int("asked_at")
        .opt_int("due_at")
        .opt_int("decided_at")
        .opt_text("decision")
        .unique(&["number", "asked_by"])
        .index(&["state"])
}

/// The members that this member has asked.
fn inquiry_party() -> Table {
    Table::with_id("inquiry_party")
        .refers("inquiry", "inquiry")
        .int("party")
        .int("state")
        .int("asked_at")
        .int("due_at")
        .opt_int("answered_at")
        .opt_text("reason")
        .int("reminders")
        .opt_int("reminded_at")
        .unique(&["inquiry", "party"])
        .index(&["state", "due_at"])
}

/// Documents that came with answers.
fn inquiry_document() -> Table {
    Table::with_id("inquiry_document")
        .refers("inquiry", "inquiry")
        .int("party")
        .text("name")
        .text("content_type")
        .blob("digest")
        .blob("body")
        .unique(&["inquiry", "party", "digest"])
}

/// The last that each party has told about an item, in each inquiry and apart from them
/// (`inquiry` 0).
fn told() -> Table {
    Table::with_id("told")
        .text("item")
        .int("party")
        .int("inquiry")
        .int("at")
        .text("statement")
        .text("signature")
        .unique(&["item", "party", "inquiry"])
        .index(&["inquiry"])
}

/// Who was told how much about which item, how often.
fn disclosure() -> Table {
    Table::with_id("disclosure")
        .int("asked_by")
        .text("item")
        .int("kind")
        .text("sight")
        .int("first_at")
        .int("last_at")
        .int("times")
        .unique(&["asked_by", "item", "kind", "sight"])
        .index(&["last_at"])
}
