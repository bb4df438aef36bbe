//! Fields of other vocabularies: company extensions and instance or lot master data.

use serde::{Deserialize, Serialize};

use super::number::Number;

/// A field that is not of the standard (EPCIS 2.0, section 9.2.2 and 10.2).
///
/// A field that occurs several times (a JSON array, repeated XML elements) is several extensions
/// of one name, side by side. Attributes of an XML element without text are nested extensions, as
/// in EPCIS JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The namespace exactly as declared; empty when the field has none.
    pub namespace: String,
    /// The local name.
    pub name: String,
    /// What it holds.
    pub value: ExtensionValue,
    /// XML attributes of an element that also has text.
    pub attributes: Vec<Attribute>,
}

/// The content of an extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtensionValue {
    /// Text, verbatim but for white space around it. XML content is always text or nested.
    Text(String),
    /// A JSON number.
    Number(Number),
    /// A JSON boolean.
    Boolean(bool),
    /// Fields inside it. Empty: an element without content.
    Nested(Vec<Extension>),
}

/// An attribute of an XML element.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// The namespace exactly as declared; empty when the attribute has none.
    pub namespace: String,
    /// The local name.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Extension {
    /// A field with text.
    pub fn text(
        namespace: impl Into<String>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            namespace: namespace.into(),
            name: name.into(),
            value: ExtensionValue::Text(text.into()),
            attributes: Vec::new(),
        }
    }

    /// The text, if the field holds text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            ExtensionValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The fields inside; none if the field holds a plain value.
    #[must_use]
    pub fn nested(&self) -> &[Extension] {
        match &self.value {
            ExtensionValue::Nested(fields) => fields,
            _ => &[],
        }
    }
}

/// Puts fields of one name side by side, each at the place of the first, and keeps their order.
pub(crate) fn group(fields: Vec<Extension>) -> Vec<Extension> {
    let mut first = std::collections::HashMap::with_capacity(fields.len());
    let mut order: Vec<usize> = Vec::with_capacity(fields.len());
    for (index, field) in fields.iter().enumerate() {
        order.push(*first.entry((&field.namespace, &field.name)).or_insert(index));
    }
    if order.iter().enumerate().all(|(index, rank)| index == *rank) {
        return fields;
    }
    let mut ranked: Vec<(usize, Extension)> = order.into_iter().zip(fields).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, field)| field).collect()
}
