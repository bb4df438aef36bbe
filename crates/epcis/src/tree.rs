//! The form between a document and an [`Event`](crate::Event): one small tree for each event.
//!
//! JSON and XML are read into it alike: a JSON key or an XML element or attribute is an
//! [`Element`]; the items of a JSON array are children without a name.

use std::borrow::Cow;
use std::rc::Rc;

/// A field with its content.
#[derive(Debug, Clone, Default)]
pub(crate) struct Element<'a> {
    /// The namespace of XML; `None` for standard fields and for all JSON keys.
    pub(crate) namespace: Option<Rc<str>>,
    /// Local name of XML, or the JSON key with its prefix; empty for the item of an array.
    pub(crate) name: Cow<'a, str>,
    /// The plain value.
    pub(crate) scalar: Scalar<'a>,
    /// Fields or items inside.
    pub(crate) children: Vec<Element<'a>>,
    /// What it was in the document.
    pub(crate) shape: Shape,
}

/// What an element was in its document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A JSON object or scalar, or an XML element.
    #[default]
    Field,
    /// A JSON array.
    List,
    /// An XML attribute.
    Attribute,
    /// The `null` of JSON.
    Null,
}

/// A plain value.
#[derive(Debug, Clone, Default)]
pub(crate) enum Scalar<'a> {
    /// None: JSON `null`, an element without text.
    #[default]
    Empty,
    /// Text, trimmed when it comes from XML.
    Text(Cow<'a, str>),
    /// A JSON number.
    Number(serde_json::Number),
    /// A JSON boolean.
    Boolean(bool),
}

impl<'a> Element<'a> {
    /// Whether it is the standard's field of this name.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name && self.namespace.is_none()
    }

    /// The items: children of this name, and items of a JSON array.
    pub(crate) fn items<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element<'a>> {
        self.children.iter().filter(move |child| child.name.is_empty() || child.is(name))
    }

    /// The text, without white space around it.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.scalar {
            Scalar::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// What it holds, for an error message.
    pub(crate) fn describe(&self) -> String {
        match &self.scalar {
            Scalar::Text(text) => format!("{:?}", cut(text.trim())),
            Scalar::Number(number) => format!("the number {number}"),
            Scalar::Boolean(value) => value.to_string(),
            Scalar::Empty if self.shape == Shape::List => {
                format!("a list of {}", self.children.len())
            }
            Scalar::Empty if self.children.is_empty() => "nothing".to_owned(),
            Scalar::Empty => {
                let names: Vec<&str> =
                    self.children.iter().take(5).map(|child| &*child.name).collect();
                format!("fields {}", names.join(", "))
            }
        }
    }
}

/// A text cut to what an error message can carry.
pub(crate) fn cut(text: &str) -> &str {
    match text.char_indices().nth(120) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
