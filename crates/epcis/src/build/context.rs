//! Names of JSON-LD: which namespace a prefix or a term stands for. Nothing is ever fetched.

use std::collections::HashMap;
use std::rc::Rc;

use crate::tree::{Element, Scalar, Shape};

/// Prefixes that the EPCIS 2.0 context declares.
const STANDARD: &[(&str, &str)] = &[
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("cbvmda", "urn:epcglobal:cbv:mda:"),
    ("gs1", "https://gs1.org/voc/"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("dcterms", "http://purl.org/dc/terms/"),
];

/// Published contexts by the beginning of their URL, with the prefixes that they declare.
const PUBLISHED: &[(&str, &[(&str, &str)])] = &[(
    "https://ref.gs1eg.org/extensions/epcis/hc/",
    &[("gs1egypthc", "https://ref.gs1eg.org/extensions/epcis/hc/voc/")],
)];

/// The prefixes and terms in force.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    names: HashMap<String, Rc<str>>,
    /// Names of JSON-LD that stand for a whole URI.
    terms: HashMap<String, Rc<str>>,
    vocabulary: Option<Rc<str>>,
}

/// A declaration of XML, with what the prefix stood for before.
#[derive(Debug)]
pub(crate) struct Declared {
    prefix: String,
    before: Option<Rc<str>>,
}

/// A name with its namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// The prefix or the lack of one was not declared.
    pub(crate) undeclared: bool,
}

impl Context {
    /// What the EPCIS 2.0 context declares.
    pub(crate) fn standard() -> Self {
        let names =
            STANDARD.iter().map(|(prefix, uri)| ((*prefix).to_owned(), Rc::from(*uri))).collect();
        Self { names, ..Self::default() }
    }

    /// The prefix of the EPCIS 2.0 context for this namespace.
    pub(crate) fn standard_prefix(namespace: &str) -> Option<&'static str> {
        STANDARD.iter().find(|(_, uri)| *uri == namespace).map(|(prefix, _)| *prefix)
    }

    /// The URI of a compact one by the EPCIS 2.0 context; `None` when it is not compact.
    pub(crate) fn expand_standard(text: &str) -> Option<String> {
        let (prefix, rest) = text.split_once(':').filter(|(_, rest)| !rest.starts_with("//"))?;
        let (_, uri) = STANDARD.iter().find(|(known, _)| *known == prefix)?;
        Some(format!("{uri}{rest}"))
    }

    /// Adds a prefix of XML, when its namespace is one that URIs can begin with, as JSON-LD 1.1
    /// has it: it ends in a delimiter.
    pub(crate) fn declare_in_xml(&mut self, prefix: &str, uri: &str) -> Option<Declared> {
        let is_known = self.names.get(prefix).is_some_and(|known| &**known == uri);
        if is_known || !uri.ends_with(['/', '#', ':', '?', '=', '&']) {
            return None;
        }
        let before = self.names.insert(prefix.to_owned(), uri.into());
        Some(Declared { prefix: prefix.to_owned(), before })
    }

    /// Takes back declarations of XML, which hold inside their element alone.
    pub(crate) fn undo(&mut self, declared: &mut Vec<Declared>) {
        while let Some(Declared { prefix, before }) = declared.pop() {
            match before {
                Some(uri) => self.names.insert(prefix, uri),
                None => self.names.remove(&prefix),
            };
        }
    }

    /// Adds a prefix.
    pub(crate) fn declare(&mut self, prefix: &str, uri: &str) {
        if self.names.get(prefix).is_some_and(|known| &**known == uri) {
            return;
        }
        self.names.insert(prefix.to_owned(), uri.into());
    }

    /// Adds what a JSON-LD context declares: one object, or a list of URLs and objects.
    pub(crate) fn extend_from_tree(&mut self, context: &Element<'_>) {
        if context.shape == Shape::List {
            for item in &context.children {
                self.extend_from_tree(item);
            }
            return;
        }
        if let Some(url) = context.text() {
            self.extend_from_published(url);
        }
        for term in &context.children {
            let uri = match &term.scalar {
                Scalar::Text(uri) => Some(&**uri),
                _ => term.children.iter().find(|child| child.is("@id")).and_then(Element::text),
            };
            if term.shape == Shape::Null {
                self.names.remove(&*term.name);
                self.terms.remove(&*term.name);
            }
            let Some(uri) = uri else { continue };
            let uri = self.expand(uri).unwrap_or_else(|| uri.to_owned());
            match &*term.name {
                "@vocab" => self.vocabulary = Some(uri.into()),
                name if name.starts_with('@') => {}
                name => {
                    match uri.ends_with(['/', '#', ':']) {
                        true => self.terms.remove(name),
                        false => self.terms.insert(name.to_owned(), uri.as_str().into()),
                    };
                    self.declare(name, &uri);
                }
            }
        }
    }

    /// Adds what a published context declares, without fetching it; others declare nothing.
    fn extend_from_published(&mut self, url: &str) {
        let known = PUBLISHED.iter().filter(|(start, _)| url.starts_with(start));
        for (prefix, uri) in known.flat_map(|(_, prefixes)| *prefixes) {
            self.declare(prefix, uri);
        }
    }

    /// The URI of a compact one (`gs1:Temperature`); `None` when it is not compact.
    pub(crate) fn expand(&self, text: &str) -> Option<String> {
        let (prefix, rest) = text.split_once(':')?;
        if rest.starts_with("//") {
            return None;
        }
        let uri = self.names.get(prefix)?;
        Some(format!("{uri}{rest}"))
    }

    /// The namespace and local name of a JSON key.
    pub(crate) fn resolve(&self, key: &str) -> Resolved {
        if let Some((prefix, name)) = key.split_once(':') {
            if let (false, Some(uri)) = (name.starts_with("//"), self.names.get(prefix)) {
                return resolved(uri, name, false);
            }
            let cut = key.rfind(['/', '#', ':']).map_or(0, |end| end + 1);
            return resolved(&key[..cut], &key[cut..], !name.starts_with("//") && prefix != "urn");
        }
        if let Some(uri) = self.terms.get(key) {
            return cut(uri);
        }
        match &self.vocabulary {
            // No prefix can stand before two slashes.
            Some(uri) if key.starts_with("//") => cut(&format!("{uri}{key}")),
            Some(uri) => resolved(uri, key, false),
            None => resolved("", key, true),
        }
    }
}

/// A URI, cut behind its last delimiter.
fn cut(uri: &str) -> Resolved {
    let cut = uri.rfind(['/', '#', ':']).map_or(0, |end| end + 1);
    resolved(&uri[..cut], &uri[cut..], false)
}

fn resolved(namespace: &str, name: &str, undeclared: bool) -> Resolved {
    Resolved { namespace: namespace.to_owned(), name: name.to_owned(), undeclared }
}
