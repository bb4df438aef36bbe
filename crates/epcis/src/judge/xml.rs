//! Judges XML by the content models of the standard, token by token as the reader meets them.
//!
//! # Invariants
//!
//! - Memory is one frame for each open element.
//! - Extensions are lax, as the schemas say: only elements that EPCIS declares and values with
//!   `xsi:type` are judged inside them.

mod model;
mod order;
mod tables;

use std::borrow::Cow;

use super::finding::{Finding, Layer};
use super::lexical::Simple;
use crate::judge::json::is_uri;
use crate::limits::FINDINGS_MAX;
use crate::read::Place;
use crate::tree::cut;
use model::{Content, Model, Schema, Type};

const XML_SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A start tag as the reader resolved it.
pub(crate) struct Tag<'t> {
    pub(crate) namespace: Option<Cow<'t, str>>,
    pub(crate) name: &'t str,
    pub(crate) attributes: Vec<TagAttribute>,
    /// A prefix that nothing declares.
    pub(crate) undeclared: Option<String>,
    /// Namespace and name in `xsi:type`.
    pub(crate) instance_type: Option<(Option<String>, String)>,
}

/// An attribute of a [`Tag`].
pub(crate) struct TagAttribute {
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// An open element.
struct Frame {
    name: String,
    kind: Type,
    /// Nothing inside is judged, because the element itself is wrong.
    skipped: bool,
    nil: bool,
    text: String,
    /// The particle that was met last, those met, and those told as missing.
    position: usize,
    last: Option<usize>,
    seen: u64,
    told: u64,
}

/// What an element is where it stands.
#[derive(Clone, Copy)]
struct Placed {
    kind: Type,
    skipped: bool,
    nillable: bool,
}

impl Placed {
    fn as_declared(kind: Type) -> Self {
        Self { kind, skipped: false, nillable: false }
    }

    fn wrong() -> Self {
        Self { kind: Type::Any, skipped: true, nillable: false }
    }
}

/// The judge of an XML document.
#[derive(Default)]
pub(crate) struct XmlJudge {
    schema: Option<&'static Schema>,
    frames: Vec<Frame>,
    /// Told since they were last taken.
    pub(crate) findings: Vec<Finding>,
    /// Line and column of the token that is being judged.
    pub(crate) at: (u64, u64),
    /// The event that is being read, and the depth of its element.
    event: Option<(usize, usize)>,
}

impl XmlJudge {
    /// The next start tag is that of an event.
    pub(crate) fn begin_event(&mut self, ordinal: usize) {
        self.event = Some((ordinal, self.frames.len()));
    }

    /// The event has ended.
    pub(crate) fn end_event(&mut self) {
        self.event = None;
    }

    /// Whether the root element is one that the standard declares.
    pub(crate) fn knows_root(&self) -> bool {
        self.frames.first().is_some_and(|root| matches!(root.kind, Type::Complex(_)))
    }

    /// A start tag.
    pub(crate) fn start(&mut self, tag: &Tag<'_>) {
        let Placed { kind, skipped, nillable } = self.place_of(tag);
        let nil = tag.attributes.iter().any(|attribute| {
            attribute.namespace.as_deref() == Some(INSTANCE)
                && attribute.name == "nil"
                && matches!(attribute.value.trim(), "true" | "1")
        });
        self.frames.push(Frame {
            name: tag.name.to_owned(),
            kind,
            skipped,
            nil,
            text: String::new(),
            position: 0,
            last: None,
            seen: 0,
            told: 0,
        });
        if let Some(prefix) = &tag.undeclared {
            let found = format!("{prefix}:{}", tag.name);
            self.tell("prefix-declared", "a prefix that is declared", &found);
        }
        if skipped {
            return;
        }
        if nil && !nillable && kind != Type::Any {
            self.tell("nil", "an element without xsi:nil", tag.name);
        }
        let kind = self.instance_type(tag, kind);
        if let Some(frame) = self.frames.last_mut() {
            frame.kind = kind;
        }
        self.attributes(tag, kind);
    }

    /// Text inside the open element.
    pub(crate) fn text(&mut self, text: &str) {
        let Some(schema) = self.schema else { return };
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.skipped {
            return;
        }
        let wants_text = match frame.kind {
            Type::Simple(_) => true,
            Type::Any => return,
            Type::Complex(index) => match schema.at(index).content {
                Content::Text(_) => true,
                Content::Mixed => return,
                Content::Elements(_) => false,
            },
        };
        if wants_text {
            frame.text.push_str(text);
        } else if !text.trim().is_empty() {
            self.tell("no-text", "elements only", &format!("the text {:?}", cut(text.trim())));
        }
    }

    /// An end tag.
    pub(crate) fn end(&mut self) {
        let Some(schema) = self.schema else { return };
        let Some(frame) = self.frames.last() else { return };
        if !frame.skipped && !frame.nil {
            match frame.kind {
                Type::Any => {}
                Type::Simple(kind) => self.value(kind),
                Type::Complex(index) => match &schema.at(index).content {
                    Content::Text(kind) => self.value(*kind),
                    Content::Mixed => {}
                    Content::Elements(_) => self.missing(schema.at(index)),
                },
            }
        }
        self.frames.pop();
    }

    /// The text of the element that ends.
    fn value(&mut self, kind: Simple) {
        let Some(frame) = self.frames.last_mut() else { return };
        let text = std::mem::take(&mut frame.text);
        if let Some(expected) = kind.refuse(&text) {
            self.tell("value-form", &expected, &format!("{:?}", cut(&text)));
        }
        self.uri("", kind, &text);
    }

    /// `absolute-uri`: identifiers and words are absolute URIs (EPCIS 2.0, section 6.4; CBV 2.0,
    /// section 7.1), though XML Schema lets any text be a URI.
    fn uri(&mut self, attribute: &str, kind: Simple, text: &str) {
        let text = text.trim();
        if kind == Simple::Uri && !text.is_empty() && !is_uri(text) {
            let found = format!("{:?}", cut(text));
            let told = self.findings.len();
            self.tell_of(attribute, "absolute-uri", "an absolute URI", &found);
            if let Some(finding) = self.findings.get_mut(told) {
                finding.layer = Layer::Rules;
            }
        }
    }

    /// Elements that the one that ends should have had.
    fn missing(&mut self, model: &Model) {
        let Content::Elements(particles) = &model.content else { return };
        let Some(frame) = self.frames.last() else { return };
        let (seen, told) = (frame.seen, frame.told);
        for (index, particle) in particles.iter().enumerate() {
            let bit = 1_u64 << (index % 64);
            if particle.required && seen & bit == 0 && told & bit == 0 {
                self.tell("element-missing", &order::describe(particle), "nothing");
            }
        }
    }

    /// The type of an element where it stands, and whether what is inside is not judged.
    fn place_of(&mut self, tag: &Tag<'_>) -> Placed {
        let namespace = tag.namespace.as_deref().unwrap_or_default();
        let Some(schema) = self.schema else {
            let schema = Schema::of(namespace);
            self.schema = Some(schema);
            return self.root(schema, namespace, tag.name);
        };
        let Some(frame) = self.frames.last() else { return Placed::wrong() };
        if frame.skipped {
            return Placed::wrong();
        }
        let mut schema = schema;
        // Envelopes around the document say nothing of its version.
        let in_envelope = || self.frames.iter().all(|frame| frame.kind == Type::Any);
        if namespace.starts_with("urn:epcglobal:epcis") && in_envelope() {
            schema = Schema::of(namespace);
            self.schema = Some(schema);
        }
        let Some(frame) = self.frames.last() else { return Placed::wrong() };
        let declared =
            || Placed::as_declared(schema.root(namespace, tag.name).unwrap_or(Type::Any));
        match frame.kind {
            Type::Any => declared(),
            Type::Simple(_) => self.unexpected(tag, "text"),
            Type::Complex(index) => match &schema.at(index).content {
                Content::Mixed => declared(),
                Content::Text(_) => self.unexpected(tag, "text"),
                Content::Elements(_) => self.child(schema, schema.at(index), tag),
            },
        }
    }

    /// The root element. Bare events have no declaration of their own; foreign roots may be
    /// envelopes.
    fn root(&mut self, schema: &'static Schema, namespace: &str, name: &str) -> Placed {
        if let Some(kind) = schema.root(namespace, name) {
            return Placed::as_declared(kind);
        }
        if namespace.is_empty() && name.ends_with("Event") {
            return schema.kind(name).map_or_else(Placed::wrong, Placed::as_declared);
        }
        let foreign = !namespace.is_empty() && !namespace.starts_with("urn:epcglobal:");
        if !foreign {
            let expected = "a root element of EPCIS in its namespace";
            self.tell("root-element", expected, &format!("{{{namespace}}}{name}"));
        }
        Placed { skipped: !foreign, ..Placed::as_declared(Type::Any) }
    }

    fn unexpected(&mut self, tag: &Tag<'_>, expected: &str) -> Placed {
        let found = match tag.namespace.as_deref() {
            Some(namespace) => format!("{{{namespace}}}{}", tag.name),
            None => tag.name.to_owned(),
        };
        self.tell("element-order", expected, &found);
        Placed::wrong()
    }

    /// The type that `xsi:type` names instead of the declared one.
    fn instance_type(&mut self, tag: &Tag<'_>, declared: Type) -> Type {
        let Some((namespace, name)) = &tag.instance_type else { return declared };
        let schema = self.schema.unwrap_or_else(|| Schema::of(""));
        let named = match namespace.as_deref() {
            Some(XML_SCHEMA) if name == "anyType" => Some(Type::Any),
            Some(XML_SCHEMA) => Simple::of_xml_schema(name).map(Type::Simple),
            Some(uri) if uri.starts_with("urn:epcglobal:epcis") => {
                let query = uri.starts_with("urn:epcglobal:epcis-query");
                let name = name.strip_suffix("Type").unwrap_or(name);
                let full = if query { format!("q:{name}") } else { name.to_owned() };
                let empty = matches!(name, "VoidHolder" | "EmptyParms").then_some("Empty");
                Some(schema.kind(empty.unwrap_or(&full)).unwrap_or(declared))
            }
            _ => None,
        };
        named.unwrap_or_else(|| {
            let prefix = if namespace.is_none() { "an undeclared prefix: " } else { "" };
            let expected = "a type of XML Schema or EPCIS in xsi:type";
            self.tell("instance-type", expected, &format!("{prefix}{name}"));
            declared
        })
    }

    /// The attributes of a start tag.
    fn attributes(&mut self, tag: &Tag<'_>, kind: Type) {
        let none: (&[(&str, Simple, bool)], bool) = (&[], false);
        let schema = self.schema.unwrap_or_else(|| Schema::of(""));
        let (declared, any) = match kind {
            Type::Any => return,
            Type::Simple(_) => none,
            Type::Complex(index) => {
                let model = schema.at(index);
                (&model.attributes[..], model.any_attribute)
            }
        };
        for attribute in &tag.attributes {
            let TagAttribute { namespace, name, value } = attribute;
            if namespace.as_deref() == Some(INSTANCE) {
                continue;
            }
            let known = declared.iter().find(|(known, ..)| namespace.is_none() && known == name);
            match known {
                Some((_, kind, _)) => {
                    if let Some(expected) = kind.refuse(value) {
                        let found = format!("{:?}", cut(value));
                        self.tell_of(&format!("@{name}"), "value-form", &expected, &found);
                    }
                    self.uri(&format!("@{name}"), *kind, value);
                }
                None if any => {}
                None => self.tell("attribute-unknown", "no such attribute", name),
            }
        }
        for (name, _, required) in declared {
            let given =
                |attribute: &TagAttribute| attribute.namespace.is_none() && attribute.name == *name;
            if *required && !tag.attributes.iter().any(given) {
                self.tell_of(&format!("@{name}"), "attribute-missing", name, "nothing");
            }
        }
    }

    fn tell(&mut self, rule: &'static str, expected: &str, found: &str) {
        self.tell_of("", rule, expected, found);
    }

    /// Tells of an attribute of the open element, or of the element itself.
    fn tell_of(&mut self, attribute: &str, rule: &'static str, expected: &str, found: &str) {
        if self.findings.len() >= FINDINGS_MAX {
            return;
        }
        let names: Vec<&str> = self.frames.iter().map(|frame| &*frame.name).collect();
        let (around, inside) = match self.event {
            Some((_, depth)) => names.split_at((depth + 1).min(names.len())),
            None => (&[][..], &names[..]),
        };
        let document = if self.event.is_some() { around } else { inside };
        let mut path = match self.event {
            Some(_) => inside.join("."),
            None => inside.join("/"),
        };
        path.push_str(attribute);
        let (line, column) = self.at;
        self.findings.push(Finding {
            ordinal: self.event.map(|(ordinal, _)| ordinal),
            place: Place { line, column, path: format!("/{}", document.join("/")) },
            layer: Layer::Schema,
            rule,
            path,
            expected: expected.to_owned(),
            found: found.to_owned(),
        });
    }
}
