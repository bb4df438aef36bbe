//! The semantic rules of EPCIS 2.0, one function for each.

use crate::event::Event;

/// A rule of the standard that an event breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's stable name, such as `ilmd-only-with-add`.
    pub rule: &'static str,
    /// Where in the event.
    pub path: String,
    /// What the rule wants.
    pub expected: String,
    /// What was found.
    pub found: String,
}

/// Every rule that the event breaks; empty when it obeys the standard.
#[must_use]
pub fn check(_event: &Event) -> Vec<Violation> {
    Vec::new()
}
