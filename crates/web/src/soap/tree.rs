//! The XML of a request as a tree, within limits and without a document type.

use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event as Token};
use quick_xml::name::ResolveResult;

use super::limits::{DEPTH_MAX, ELEMENTS_MAX};

/// An element with all inside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its namespace.
    pub(super) namespace: Option<String>,
    /// Its name without prefix.
    pub(super) name: String,
    /// Its attributes, but for declarations of namespaces.
    pub(super) attributes: Vec<Attribute>,
    /// All its text, children's left out.
    pub(super) text: String,
    /// The elements in it.
    pub(super) children: Vec<Element>,
}

/// An attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Its namespace.
    pub(super) namespace: Option<String>,
    /// Its name without prefix.
    pub(super) name: String,
    /// Its value.
    pub(super) value: String,
}

/// Why a request is no XML that is read here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum TreeError {
    /// Other bytes than UTF-8.
    #[error("expected text in UTF-8, found other bytes at byte {at}")]
    Encoding { at: usize },
    /// Not well-formed.
    #[error("expected well-formed XML, found at byte {at}: {found}")]
    NotWellFormed { at: u64, found: String },
    /// A document type, which SOAP forbids (SOAP 1.1, section 3).
    #[error("expected no document type, found one")]
    DocumentType,
    /// Too much of something.
    #[error("expected at most {limit} {what}, found more")]
    TooMuch { what: &'static str, limit: usize },
}

impl Element {
    /// The first child of this name, in whatever namespace.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Its text without white space around it.
    pub(super) fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

/// Reads the root element of a document.
///
/// # Errors
///
/// [`TreeError`].
pub(super) fn parse(bytes: &[u8]) -> Result<Element, TreeError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| TreeError::Encoding { at: error.valid_up_to() })?;
    let mut reader = NsReader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    reader.config_mut().expand_empty_elements = true;
    let mut tree = Tree::default();
    loop {
        let token = reader.read_event();
        let at = reader.buffer_position();
        let wrong = |found: String| TreeError::NotWellFormed { at, found };
        match token.map_err(|error| wrong(error.to_string()))? {
            Token::Start(start) => tree.start(element(&reader, &start).map_err(wrong)?)?,
            Token::End(_) => tree.end(),
            Token::Text(text) => tree.text(&text.xml10_content()).map_err(wrong)?,
            Token::CData(text) => tree.text(&text.xml10_content()).map_err(wrong)?,
            Token::GeneralRef(name) => {
                tree.text(&reference(&name).map_err(wrong)?).map_err(wrong)?;
            }
            Token::DocType(_) => return Err(TreeError::DocumentType),
            Token::Eof => return tree.finish().ok_or_else(|| wrong("the end".to_owned())),
            Token::Empty(_) | Token::Comment(_) | Token::Decl(_) | Token::PI(_) => {}
        }
    }
}

/// The elements that are open, outermost first, and the root once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn start(&mut self, element: Element) -> Result<(), TreeError> {
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return Err(TreeError::TooMuch { what: "elements", limit: ELEMENTS_MAX });
        }
        if self.open.len() >= DEPTH_MAX {
            return Err(TreeError::TooMuch { what: "levels of elements", limit: DEPTH_MAX });
        }
        if self.root.is_some() {
            return Err(TreeError::TooMuch { what: "root elements", limit: 1 });
        }
        self.open.push(element);
        Ok(())
    }

    fn end(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
        if let Some(byte) = text.bytes().find(|byte| control(*byte)) {
            return Err(format!("the control character {byte:#04x}"));
        }
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.trim().is_empty() => {}
            None => return Err("text outside of the root element".to_owned()),
        }
        Ok(())
    }

    fn finish(self) -> Option<Element> {
        self.root.filter(|_| self.open.is_empty())
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Element, String> {
    let (resolved, local) = reader.resolver().resolve_element(start.name());
    let name = local.into_inner().to_owned();
    let namespace = bound(resolved)?;
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (resolved, local) = reader.resolver().resolve_attribute(attribute.key);
        let (namespace, name) = (bound(resolved)?, local.into_inner().to_owned());
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
        let value = value.map_err(|error| error.to_string())?.into_owned();
        attributes.push(Attribute { namespace, name, value });
    }
    Ok(Element { namespace, name, attributes, ..Element::default() })
}

fn bound(resolved: ResolveResult<'_>) -> Result<Option<String>, String> {
    match resolved {
        ResolveResult::Bound(namespace) => Ok(Some(namespace.into_inner().to_owned())),
        ResolveResult::Unbound => Ok(None),
        ResolveResult::Unknown(prefix) => {
            let prefix: String = prefix.chars().take(40).collect();
            Err(format!("the undeclared prefix {prefix:?}"))
        }
    }
}

/// A character reference or one of the five entities of XML.
fn reference(reference: &BytesRef<'_>) -> Result<String, String> {
    match reference.resolve_char_ref().map_err(|error| error.to_string())? {
        Some(character) => Ok(character.to_string()),
        None => {
            quick_xml::escape::resolve_xml_entity(reference).map(str::to_owned).ok_or_else(|| {
                format!("the entity {:?}", reference.chars().take(40).collect::<String>())
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_text_and_namespaces_are_read() {
        let root = parse(
            b"\xef\xbb\xbf<?xml version='1.0'?><a:x xmlns:a='urn:a' a:t='1 &lt; 2'><y>b&amp;&#x63;\
              <![CDATA[<d>]]></y><y/></a:x>",
        )
        .unwrap();
        assert_eq!((root.namespace.as_deref(), &*root.name), (Some("urn:a"), "x"));
        assert_eq!(root.attributes[0].value, "1 < 2");
        assert_eq!(root.child("y").unwrap().trimmed(), "b&c<d>");
        assert_eq!(root.children.len(), 2);
    }

    #[test]
    fn what_is_no_small_xml_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(DEPTH_MAX + 1), "</a>".repeat(DEPTH_MAX + 1));
        let wide = format!("<a>{}</a>", "<b/>".repeat(ELEMENTS_MAX));
        for text in
            ["", "a", "<a>", "<a></b>", "<a/><b/>", "<p:a/>", "<a>&x;</a>", "<a b='1' b='2'/>"]
                .into_iter()
                .chain([
                    deep.as_str(),
                    &wide,
                    "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
                    "<a>\u{0}</a>",
                ])
        {
            assert!(parse(text.as_bytes()).is_err(), "{}", &text[..text.len().min(80)]);
        }
        assert_eq!(parse(b"<a>\xff</a>"), Err(TreeError::Encoding { at: 3 }));
    }
}
