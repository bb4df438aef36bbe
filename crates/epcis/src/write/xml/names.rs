//! Prefixes of one event's namespaces, and which fields XML can say.

use crate::event::{Event, Extension, ExtensionValue};
use crate::write::prefix::{Series, words};

/// Most namespaces that one event declares; readers limit them.
const NAMESPACES_MAX: usize = 64;

/// Deepest nesting of a field that is written as elements; readers limit it.
const DEPTH_MAX: usize = 32;

/// Prefixes that readers know, by namespace.
const FAMILIAR: &[(&str, &str)] =
    &[("urn:epcglobal:cbv:mda", "cbvmda"), ("http://epcis.gs1us.org/hc/ns", "gs1ushc")];

/// The prefixes that an event declares.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: Vec<(String, String)>,
    series: Series,
    /// Whether a value names its type.
    pub(super) has_types: bool,
}

impl Names {
    /// The prefixes that the fields of an event need.
    pub(super) fn of(event: &Event) -> Self {
        let mut names = Self { series: Series::free(words(event)), ..Self::default() };
        let common = event.common();
        names.take(&common.extensions);
        names.take(event.ilmd());
        for place in common.read_point.iter().chain(&common.biz_location) {
            names.take(&place.extensions);
        }
        if let Some(declaration) = &common.error_declaration {
            names.take(&declaration.extensions);
        }
        for element in &common.sensor_elements {
            names.take(&element.extensions);
            if let Some(metadata) = &element.metadata {
                names.take(&metadata.extensions);
            }
            element.reports.iter().for_each(|report| names.take(&report.extensions));
        }
        names
    }

    /// Declares what these fields need.
    pub(super) fn take(&mut self, fields: &[Extension]) {
        fields.iter().for_each(|field| self.take_field(field, 0));
    }

    fn take_field(&mut self, field: &Extension, depth: usize) {
        self.declare(&field.namespace);
        field.attributes.iter().for_each(|attribute| self.declare(&attribute.namespace));
        self.has_types |= type_of(&field.value).is_some();
        if depth < DEPTH_MAX {
            field.nested().iter().for_each(|inner| self.take_field(inner, depth + 1));
        }
    }

    fn declare(&mut self, namespace: &str) {
        let known = namespace.is_empty() || self.prefix(namespace).is_some();
        if known || is_reserved(namespace) || self.declared.len() >= NAMESPACES_MAX {
            return;
        }
        let familiar = FAMILIAR.iter().find(|(uri, _)| *uri == namespace);
        let prefix = match familiar {
            Some((_, prefix)) => (*prefix).to_owned(),
            None => self.series.prefix(self.declared.len()),
        };
        self.declared.push((namespace.to_owned(), prefix));
    }

    /// Each prefix with its namespace.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&str, &str)> {
        self.declared.iter().map(|(namespace, prefix)| (prefix.as_str(), namespace.as_str()))
    }

    fn prefix(&self, namespace: &str) -> Option<&str> {
        let mut declared = self.declared();
        declared.find(|(_, uri)| *uri == namespace).map(|(prefix, _)| prefix)
    }

    /// The qualified name; `None` when XML cannot say it.
    pub(super) fn qualified(&self, namespace: &str, name: &str) -> Option<String> {
        if !is_name(name) || name.starts_with("xmlns") {
            return None;
        }
        match namespace {
            "" => Some(name.to_owned()),
            namespace => Some(format!("{}:{name}", self.prefix(namespace)?)),
        }
    }

    /// Whether the field can be written as an element that reads as an equal field.
    pub(super) fn can_say(&self, field: &Extension) -> bool {
        self.can_say_at(field, 0)
    }

    fn can_say_at(&self, field: &Extension, depth: usize) -> bool {
        let mut before: Vec<(&str, &str)> = Vec::new();
        let attributes = field.attributes.iter().all(|attribute| {
            let key = (attribute.namespace.as_str(), attribute.name.as_str());
            let is_new = !before.contains(&key);
            before.push(key);
            is_new && self.qualified(key.0, key.1).is_some()
        });
        let inside = match &field.value {
            ExtensionValue::Nested(fields) => {
                field.attributes.is_empty()
                    && depth < DEPTH_MAX
                    && fields.iter().all(|inner| self.can_say_at(inner, depth + 1))
            }
            _ => true,
        };
        attributes && inside && self.qualified(&field.namespace, &field.name).is_some()
    }
}

/// The type of XML Schema that a value names: of those that text alone would not tell.
pub(super) fn type_of(value: &ExtensionValue) -> Option<&'static str> {
    match value {
        ExtensionValue::Number(number) if number.as_str().contains('.') => Some("xsd:decimal"),
        ExtensionValue::Number(_) => Some("xsd:integer"),
        ExtensionValue::Boolean(_) => Some("xsd:boolean"),
        ExtensionValue::Text(text) if text.is_empty() => Some("xsd:string"),
        ExtensionValue::Text(_) | ExtensionValue::Nested(_) => None,
    }
}

/// Namespaces whose elements readers take for the standard's own, and those of XML itself.
fn is_reserved(namespace: &str) -> bool {
    namespace.starts_with("urn:epcglobal:epcis")
        || namespace.starts_with("urn:epcglobal:xsd")
        || namespace.ends_with("/XMLSchema-instance")
        || namespace.starts_with("http://www.w3.org/XML/")
        || namespace.starts_with("http://www.w3.org/2000/xmlns")
        || namespace == super::FIELDS
        || namespace == super::ONTOLOGY
        || !is_reference(namespace)
}

/// Whether the text may be a URI reference (RFC 3986, section 4.1), which a namespace must be.
fn is_reference(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("x", |(scheme, _)| scheme);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && !text.contains(|character: char| {
            character <= ' ' || character == '\u{7f}' || "<>\"{}|\\^`".contains(character)
        })
}

/// Whether the text is a name without a colon (Namespaces in XML 1.0, `NCName`).
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    let starts = characters.next().is_some_and(|first| first == '_' || is_letter(first));
    let inside = |next: char| {
        is_letter(next)
            || next.is_ascii_digit()
            || matches!(next, '_' | '-' | '.' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
    };
    starts && characters.all(inside)
}

fn is_letter(character: char) -> bool {
    matches!(
        character,
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
            | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}'
            | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}'
            | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_references() {
        for text in ["urn:x", "foo:", "http://example.com/é/", "ns/relative"] {
            assert!(!is_reserved(text), "{text}");
        }
        for text in ["@xmlns:", "http://a b", "1:x", " urn:x", "urn:epcglobal:epcis:xsd:2"] {
            assert!(is_reserved(text), "{text}");
        }
    }

    #[test]
    fn names_of_xml_are_told_from_others() {
        for text in ["a", "_x", "été", "lot-1.2", "名前"] {
            assert!(is_name(text), "{text}");
        }
        for text in ["", "1a", "a b", "a:b", "@id", "-a", "a/b", "a\u{1}"] {
            assert!(!is_name(text), "{text}");
        }
    }
}
