//! Questions of other members and authorities about packs: requests, approvals, answers.

use super::Table;

pub(super) fn tables() -> Vec<Table> {
    Vec::new()
}
