//! Where and when packs were seen: scans, and alarms about them.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    Vec::new()
}
