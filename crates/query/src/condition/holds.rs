//! Whether an event satisfies a condition.

use theriac_epcis::Event;

use super::Test;
use crate::query::About;

impl Test {
    /// Whether the event satisfies the condition.
    pub(crate) fn holds(&self, event: &Event, about: &About<'_>) -> bool {
        let common = event.common();
        match self {
            Self::Kinds(kinds) => kinds.iter().any(|kind| kind == event.kind()),
            Self::BizSteps(steps) => {
                common.biz_step.as_ref().is_some_and(|step| steps.contains(step))
            }
            _ => {
                let _ = about;
                true
            }
        }
    }

    /// Whether [`About::master_data`] is looked at.
    pub(crate) fn needs_master_data(&self) -> bool {
        matches!(self, Self::Places { descendants: true, .. })
    }
}
