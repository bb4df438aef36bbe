//! Extension fields and what is asked of them.

use jiff::Timestamp;
use theriac_epcis::Number;

use super::Operator;

/// The name of an extension field.
///
/// # Invariants
///
/// The namespace has no `#`, `/` or `:` at its end: the sources write one namespace with and
/// without it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field {
    namespace: String,
    name: String,
}

impl Field {
    /// The field of this name in this namespace.
    #[must_use]
    pub fn new(namespace: &str, name: &str) -> Self {
        Self { namespace: trimmed(namespace).to_owned(), name: name.to_owned() }
    }

    /// Whether a field with this namespace and name is meant.
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace == trimmed(namespace)
    }
}

fn trimmed(namespace: &str) -> &str {
    namespace.strip_suffix(['#', '/', ':']).unwrap_or(namespace)
}

/// Where in an event a field is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Event,
    Ilmd,
    ErrorDeclaration,
    SensorElement,
    SensorMetadata,
    SensorReport,
    ReadPoint,
    BizLocation,
}

/// What is asked of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FieldTest {
    Exists,
    Texts(Vec<String>),
    Number(Operator, Number),
    Time(Operator, Timestamp),
}
