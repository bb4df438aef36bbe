//! The semantic rules of EPCIS 2.0, one function for each.
//!
//! Structure is the reader's business and state is that of custody; here an event is judged by
//! itself. Extensions without a namespace are told by the reader as repairs.

mod identifiers;
mod sensors;
mod what;

use crate::event::Event;

/// A rule of the standard that an event breaks. The fault is with the event's maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule's stable name, such as `ilmd-only-with-add`.
    pub rule: &'static str,
    /// Where in the event, such as `quantityList[0].uom`.
    pub path: String,
    /// What the rule wants.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl Violation {
    fn new(
        rule: &'static str,
        path: impl Into<String>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        Self { rule, path: path.into(), expected: expected.into(), found: found.into() }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rule, path, expected, found } = self;
        write!(f, "{rule}: expected {expected}, found {found} at {path:?}")
    }
}

/// One rule: appends what it finds.
type Rule = fn(&Event, &mut Vec<Violation>);

/// All rules, in the order in which their violations are told.
const RULES: &[Rule] = &[
    what::object_names_something,
    what::ilmd_only_with_add,
    what::children_unless_delete,
    what::aggregation_parent,
    what::association_parent,
    what::transaction_documents,
    what::transaction_objects,
    what::transformation_sides,
    identifiers::identifiers_are_right,
    identifiers::classes_are_classes,
    identifiers::quantities_are_amounts,
    identifiers::ids_are_uris,
    sensors::sensor_reports,
    sensors::sensor_times,
];

/// Every rule that the event breaks; empty when it obeys the standard.
#[must_use]
pub fn check(event: &Event) -> Vec<Violation> {
    let mut violations = Vec::new();
    for rule in RULES {
        rule(event, &mut violations);
    }
    violations
}
