//! One XML element with all inside it, as a tree.

use std::borrow::Cow;
use std::io::BufRead;
use std::rc::Rc;

use quick_xml::events::{BytesRef, BytesStart, Event as Token};
use quick_xml::name::{PrefixDeclaration, ResolveResult};

use super::{Document, bound};
use crate::build::Repair;
use crate::event::Number;
use crate::limits::DEPTH_MAX;
use crate::read::DocumentError;
use crate::tree::{Element, Scalar, Shape, cut};
use crate::write::is_name;

/// An element whose start tag was read.
pub(super) struct Open {
    /// The local name.
    pub(super) name: Cow<'static, str>,
    namespace: Option<Rc<str>>,
    attributes: Vec<Element<'static>>,
    /// The local name of its `xsi:type`.
    kind: Option<String>,
}

impl<R: BufRead> Document<'_, R> {
    /// A start tag with its attributes.
    pub(super) fn open(&mut self, start: &BytesStart<'_>) -> Result<Open, DocumentError> {
        self.refuse_control(start)?;
        self.refuse_name(start.name().into_inner())?;
        self.declare(start)?;
        self.judge_start(start)?;
        let (resolved, local) = self.reader.resolver().resolve_element(start.name());
        let name = shared(local.into_inner());
        if let ResolveResult::Unknown(prefix) = &resolved {
            let found = format!("{prefix}:{name}");
            let read_as = format!("an element of the undeclared namespace {prefix:?}");
            self.repairs.push(Repair { path: found.clone(), found, read_as });
        }
        let namespace = bound(resolved).filter(|uri| !is_epcis(uri)).map(Rc::from);
        let (mut attributes, mut kind) = (Vec::new(), None);
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.fail(error.into()))?;
            self.refuse_name(attribute.key.into_inner())?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, local) = self.reader.resolver().resolve_attribute(attribute.key);
            let namespace = bound(resolved).filter(|uri| !is_epcis(uri));
            let name = local.into_inner().to_owned();
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            let value = value.map_err(|error| self.fail(error))?.trim().to_owned();
            if namespace.as_deref().is_some_and(is_schema_instance) {
                let is_type = name == "type";
                kind = kind.or(value.rsplit(':').next().filter(|_| is_type).map(str::to_owned));
                continue;
            }
            self.refuse_control(&value)?;
            attributes.push(Element {
                namespace: namespace.map(Rc::from),
                name: Cow::Owned(name),
                scalar: Scalar::Text(Cow::Owned(value)),
                children: Vec::new(),
                shape: Shape::Attribute,
            });
        }
        Ok(Open { name, namespace, attributes, kind })
    }

    /// Takes note of the prefixes that a start tag declares.
    pub(super) fn declare(&mut self, start: &BytesStart<'_>) -> Result<(), DocumentError> {
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.fail(error.into()))?;
            if let Some(PrefixDeclaration::Named(prefix)) = attribute.key.as_namespace_binding() {
                let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
                let value = value.map_err(|error| self.fail(error))?;
                self.declared.extend(self.context.declare_in_xml(prefix, &value));
            }
        }
        Ok(())
    }

    /// The rest of an element, up to its end tag.
    pub(super) fn element(
        &mut self,
        open: Open,
        depth: usize,
    ) -> Result<Element<'static>, DocumentError> {
        if depth >= DEPTH_MAX {
            let place = self.place();
            return Err(DocumentError::TooDeep { depth_max: DEPTH_MAX, place });
        }
        let is_foreign = open.namespace.is_some();
        self.foreign += usize::from(is_foreign);
        let mut children = open.attributes;
        let mut text = String::new();
        loop {
            match self.token(&mut text)? {
                Inside::Open(open) => children.push(self.element(open, depth + 1)?),
                Inside::Close => break,
                Inside::Skip => {}
            }
        }
        let trimmed = text.trim();
        let typed = open.kind.filter(|_| self.foreign > 0).and_then(|kind| typed(&kind, trimmed));
        self.foreign -= usize::from(is_foreign);
        let scalar = match trimmed {
            _ if typed.is_some() => typed.unwrap_or_default(),
            "" => Scalar::Empty,
            _ if trimmed.len() == text.len() => Scalar::Text(Cow::Owned(text)),
            _ => Scalar::Text(Cow::Owned(trimmed.to_owned())),
        };
        let (namespace, name) = (open.namespace, open.name);
        Ok(Element { namespace, name, scalar, children, shape: Shape::Field })
    }

    /// The next token inside an element; text is appended to `text`.
    fn token(&mut self, text: &mut String) -> Result<Inside, DocumentError> {
        self.judge_place();
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let token = match self.reader.read_event_into(&mut buffer) {
            Ok(token) => token,
            Err(error) => return Err(self.fail(error)),
        };
        let inside = match token {
            Token::Start(start) => self.open(&start).map(Inside::Open),
            Token::End(_) => {
                self.judge_end();
                Ok(Inside::Close)
            }
            Token::Text(more) => self.append(text, &more.xml10_content()),
            Token::CData(more) => self.append(text, &more.xml10_content()),
            Token::GeneralRef(reference) => {
                let more = self.reference(&reference)?;
                self.append(text, &more)
            }
            Token::Eof => Err(DocumentError::NotWellFormed {
                expected: "the end of the event".to_owned(),
                found: "the end of the document".to_owned(),
                place: self.place(),
            }),
            _ => Ok(Inside::Skip),
        };
        self.buffer = buffer;
        inside
    }

    /// Appends text, but no white space at its beginning, which is trimmed anyway.
    fn append(&mut self, text: &mut String, more: &str) -> Result<Inside, DocumentError> {
        self.judge_text(more);
        self.refuse_control(more)?;
        if !text.is_empty() || !more.trim().is_empty() {
            text.push_str(more);
        }
        Ok(Inside::Skip)
    }

    /// The name of an element or attribute is made of letters, digits and few marks (XML 1.0,
    /// section 2.3).
    fn refuse_name(&mut self, name: &str) -> Result<(), DocumentError> {
        if name.split(':').all(is_name) {
            return Ok(());
        }
        let expected = "a name of XML".to_owned();
        let found = format!("{:?}", cut(name));
        Err(DocumentError::NotWellFormed { expected, found, place: self.place() })
    }

    /// XML has no control characters but tabs and ends of lines (XML 1.0, section 2.2).
    pub(super) fn refuse_control(&mut self, text: &str) -> Result<(), DocumentError> {
        let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
        // Without a way out in between this is done for many bytes at once.
        if !text.bytes().fold(false, |any, byte| any | control(byte)) {
            return Ok(());
        }
        match text.bytes().find(|byte| control(*byte)) {
            None => Ok(()),
            Some(byte) => Err(DocumentError::NotWellFormed {
                expected: "characters of XML".to_owned(),
                found: format!("the control character {byte:#04x}"),
                place: self.place(),
            }),
        }
    }

    /// A character reference or one of the five entities of XML.
    pub(super) fn reference(&mut self, reference: &BytesRef<'_>) -> Result<String, DocumentError> {
        let character = reference.resolve_char_ref().map_err(|error| self.fail(error))?;
        if let Some(character) = character {
            return Ok(character.to_string());
        }
        match quick_xml::escape::resolve_xml_entity(reference) {
            Some(text) => Ok(text.to_owned()),
            None => Err(DocumentError::NotWellFormed {
                expected: "an entity of XML".to_owned(),
                found: format!("&{};", &**reference),
                place: self.place(),
            }),
        }
    }
}

/// A value of a type of XML Schema that JSON has too; `None` for others, which stay text.
fn typed(kind: &str, text: &str) -> Option<Scalar<'static>> {
    match (kind, text) {
        ("boolean", "true" | "1") => Some(Scalar::Boolean(true)),
        ("boolean", "false" | "0") => Some(Scalar::Boolean(false)),
        ("string", "") => Some(Scalar::Text(Cow::Borrowed(""))),
        ("integer" | "int" | "long" | "decimal" | "double" | "float", _) => {
            match text.parse::<Number>().ok()?.to_json() {
                serde_json::Value::Number(number) => Some(Scalar::Number(number)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// What stands inside an element.
enum Inside {
    Open(Open),
    Close,
    Skip,
}

/// The name without an allocation when it is the most frequent one.
fn shared(name: &str) -> Cow<'static, str> {
    if name == "epc" { Cow::Borrowed("epc") } else { Cow::Owned(name.to_owned()) }
}

/// What elements are given whose prefix is `epcis` and undeclared.
const UNDECLARED: &str = "epcis:";

/// Namespaces of the standard, whose elements count as unqualified.
fn is_epcis(uri: &str) -> bool {
    uri.is_empty()
        || uri == UNDECLARED
        || uri.starts_with("urn:epcglobal:epcis")
        || uri.starts_with("urn:epcglobal:xsd")
}

/// The namespace of `xsi:type` and `xsi:nil` (older and miswritten years too).
pub(super) fn is_schema_instance(uri: &str) -> bool {
    uri.ends_with("/XMLSchema-instance")
}

impl Open {
    /// The namespace, unless it is one of the standard's.
    pub(super) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The value of an attribute without a namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.is(name)).and_then(Element::text)
    }

    /// Removes an attribute without a namespace, and gives its value.
    pub(super) fn take_attribute(&mut self, name: &str) -> Option<String> {
        let at = self.attributes.iter().position(|attribute| attribute.is(name))?;
        self.attributes.remove(at).text().map(str::to_owned)
    }
}
