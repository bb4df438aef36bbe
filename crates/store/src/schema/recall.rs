//! Recalls: scope, holders, acknowledgements.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    Vec::new()
}
