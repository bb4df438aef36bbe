//! Prefixes of the namespaces of extension fields, and names of fields under them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Prefixes that the context of EPCIS 2.0 declares, and no query needs to.
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

/// Which namespace a prefix stands for, from `GS1-Extensions` or `@context`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Namespaces {
    prefixes: BTreeMap<String, String>,
}

impl Namespaces {
    /// No prefix.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares a prefix; the last declaration counts.
    pub fn declare(&mut self, prefix: impl Into<String>, namespace: impl Into<String>) {
        self.prefixes.insert(prefix.into(), namespace.into());
    }

    /// Reads the header `GS1-Extensions`: `prefix=URI` pairs with commas between.
    #[must_use]
    pub fn from_header(header: &str) -> Self {
        let mut namespaces = Self::new();
        for pair in header.split(',') {
            if let Some((prefix, uri)) = pair.split_once('=') {
                namespaces.declare(prefix.trim(), uri.trim());
            }
        }
        namespaces
    }

    /// Adds what a JSON-LD `@context` declares: its text entries that are not keywords.
    pub fn declare_context(&mut self, context: &Value) {
        match context {
            Value::Array(entries) => entries.iter().for_each(|entry| self.declare_context(entry)),
            Value::Object(entries) => {
                for (prefix, uri) in entries {
                    if let (false, Value::String(uri)) = (prefix.starts_with('@'), uri) {
                        self.declare(prefix, uri);
                    }
                }
            }
            _ => {}
        }
    }

    /// The namespace of a prefix, one of the context of EPCIS 2.0 included.
    #[must_use]
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        let standard = || STANDARD.iter().find(|(known, _)| *known == prefix).map(|(_, uri)| *uri);
        self.prefixes.get(prefix).map(String::as_str).or_else(standard)
    }

    /// The URI that a text with a declared prefix stands for, else the text.
    pub(crate) fn expand<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some((prefix, rest)) = text.split_once(':') else { return Cow::Borrowed(text) };
        match self.namespace(prefix) {
            Some(namespace) if !rest.starts_with("//") => format!("{namespace}{rest}").into(),
            _ => Cow::Borrowed(text),
        }
    }

    /// Whether no prefix is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.prefixes.is_empty()
    }

    /// The prefixes as one object of a JSON-LD `@context`.
    pub(crate) fn to_context(&self) -> Value {
        let entry = |(prefix, uri): (&String, &String)| (prefix.clone(), uri.as_str().into());
        Value::Object(self.prefixes.iter().map(entry).collect::<Map<_, _>>())
    }

    /// Adds the prefixes of another query; one that means something else there is replaced.
    pub(crate) fn merge(&mut self, other: Self) {
        self.prefixes.extend(other.prefixes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_declared_by_the_header_and_by_the_context() {
        let mut namespaces =
            Namespaces::from_header("ex=https://ns.example.com/epcis/, own = urn:example:own, bad");
        namespaces.declare_context(&serde_json::json!([
            "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
            {"@version": 1.1, "third": "https://third.example/#", "term": {"@id": "ex:term"}}
        ]));
        assert_eq!(namespaces.namespace("ex"), Some("https://ns.example.com/epcis/"));
        assert_eq!(namespaces.namespace("own"), Some("urn:example:own"));
        assert_eq!(namespaces.namespace("third"), Some("https://third.example/#"));
        assert_eq!(namespaces.namespace("cbvmda"), Some("urn:epcglobal:cbv:mda:"));
        assert_eq!((namespaces.namespace("bad"), namespaces.namespace("@version")), (None, None));
    }

    #[test]
    fn a_text_with_a_declared_prefix_stands_for_a_uri() {
        let namespaces = Namespaces::from_header("ex=https://ns.example.com/epcis/");
        for (text, uri) in [
            ("ex:own", "https://ns.example.com/epcis/own"),
            ("cbv:BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
            ("ex://own", "ex://own"),
            ("other:own", "other:own"),
            ("shipping", "shipping"),
        ] {
            assert_eq!(namespaces.expand(text), uri);
        }
    }
}
