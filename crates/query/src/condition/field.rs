//! Extension fields and what is asked of them.

use jiff::Timestamp;
use theriac_epcis::{Event, Extension, ExtensionValue, Number};

use super::{Operator, compare_decimals};

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

impl FieldTest {
    /// Whether one field of this name, in this part of the event, satisfies the test.
    pub(crate) fn holds_in(&self, scope: Scope, inner: bool, field: &Field, event: &Event) -> bool {
        fields_of(scope, event).any(|fields| match inner {
            false => fields.iter().any(|found| self.holds_of_field(field, found)),
            true => fields.iter().any(|outer| self.holds_inside(field, outer.nested())),
        })
    }

    /// Whether one of the fields, or one inside them at any depth, satisfies the test.
    fn holds_inside(&self, field: &Field, fields: &[Extension]) -> bool {
        fields.iter().any(|found| {
            self.holds_of_field(field, found) || self.holds_inside(field, found.nested())
        })
    }

    fn holds_of_field(&self, field: &Field, found: &Extension) -> bool {
        field.is(&found.namespace, &found.name) && self.holds_of(&found.value)
    }

    /// Whether the value satisfies the test. A test of numbers holds of numbers only, one of
    /// moments of moments only; XML does not tell them from texts, so the text is read.
    pub(crate) fn holds_of(&self, value: &ExtensionValue) -> bool {
        match (self, value) {
            (Self::Exists, _) => true,
            (Self::Texts(wanted), ExtensionValue::Text(text)) => wanted.contains(text),
            (Self::Texts(wanted), ExtensionValue::Boolean(truth)) => {
                wanted.iter().any(|wanted| *wanted == truth.to_string())
            }
            (Self::Texts(wanted), ExtensionValue::Number(number)) => wanted
                .iter()
                .any(|wanted| wanted.parse().is_ok_and(|wanted: Number| wanted == *number)),
            (Self::Number(operator, wanted), ExtensionValue::Number(number)) => {
                operator.holds(compare_decimals(number, wanted))
            }
            (Self::Number(operator, wanted), ExtensionValue::Text(text)) => {
                text.parse().is_ok_and(|number| operator.holds(compare_decimals(&number, wanted)))
            }
            (Self::Time(operator, wanted), ExtensionValue::Text(text)) => {
                text.parse().is_ok_and(|time: Timestamp| operator.holds(time.cmp(wanted)))
            }
            _ => false,
        }
    }
}

/// The lists of extension fields in a part of the event.
fn fields_of(scope: Scope, event: &Event) -> Box<dyn Iterator<Item = &[Extension]> + '_> {
    let common = event.common();
    let sensors = common.sensor_elements.iter();
    match scope {
        Scope::Event => Box::new(std::iter::once(&common.extensions[..])),
        Scope::Ilmd => Box::new(std::iter::once(event.ilmd())),
        Scope::ErrorDeclaration => {
            Box::new(common.error_declaration.iter().map(|part| &part.extensions[..]))
        }
        Scope::SensorElement => Box::new(sensors.map(|part| &part.extensions[..])),
        Scope::SensorMetadata => Box::new(
            sensors.filter_map(|part| part.metadata.as_ref()).map(|part| &part.extensions[..]),
        ),
        Scope::SensorReport => {
            Box::new(sensors.flat_map(|part| &part.reports).map(|part| &part.extensions[..]))
        }
        Scope::ReadPoint => Box::new(common.read_point.iter().map(|part| &part.extensions[..])),
        Scope::BizLocation => Box::new(common.biz_location.iter().map(|part| &part.extensions[..])),
    }
}
