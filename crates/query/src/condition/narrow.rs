//! What an index can answer of a condition.

use super::Test;
use crate::master_data::MasterData;
use crate::plan::Plan;

impl Test {
    /// Adds to the plan what an index can answer of the condition.
    pub(crate) fn narrow(&self, plan: &mut Plan, master_data: Option<&dyn MasterData>) {
        let _ = (plan, master_data);
    }
}
