//! Where and when packs were seen: sightings, and alarms about them.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![sighting(), pack_watch()]
}

/// All sightings of a pack by one member at one place for one purpose: the first and the last.
/// `place` is 0 where none was told.
fn sighting() -> Table {
    Table::with_id("sighting")
        .text("pack")
        .int("member")
        .int("place")
        .text("act")
        .int("first_at")
        .int("first_known")
        .opt_text("first_position")
        .int("last_at")
        .int("last_known")
        .opt_text("last_position")
        .unique(&["pack", "member", "place", "act"])
        .index(&["last_known"])
}

/// A pack whose sightings are to be judged again, or were an alarm.
fn pack_watch() -> Table {
    Table::with_id("pack_watch")
        .text("pack")
        .opt_int("due_at")
        .opt_int("alarm_at")
        .opt_text("alarm")
        .opt_refers("case_file", "case_file")
        .unique(&["pack"])
        .index_present(&["due_at"])
        .index_present(&["alarm_at"])
}
