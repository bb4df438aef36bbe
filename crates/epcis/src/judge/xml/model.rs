//! The tables of content models, compiled once for each version.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tables::{Line, ROOTS, SHARED, VERSION_1, VERSION_2};
use crate::judge::lexical::Simple;

/// Namespace of the business document header.
const SBDH: &str = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";

/// Namespaces of EPCIS without their version, by the prefix of the tables.
const EPCIS: &[(&str, &str)] = &[
    ("epcis", "urn:epcglobal:epcis:xsd:"),
    ("md", "urn:epcglobal:epcis-masterdata:xsd:"),
    ("q", "urn:epcglobal:epcis-query:xsd:"),
];

/// The content models of one version.
pub(super) struct Schema {
    models: Vec<Model>,
    by_name: HashMap<String, usize>,
    /// By namespace and name.
    roots: HashMap<(String, &'static str), Type>,
    /// `1` or `2`, as namespaces end.
    version: char,
}

/// What may stand in an element.
pub(super) struct Model {
    pub(super) content: Content,
    pub(super) attributes: Vec<(&'static str, Simple, bool)>,
    pub(super) any_attribute: bool,
    /// The namespace that `##other` does not mean.
    pub(super) target: String,
}

pub(super) enum Content {
    Text(Simple),
    Elements(Vec<Particle>),
    Mixed,
}

/// One place in the order of elements.
pub(super) struct Particle {
    pub(super) choices: Vec<Choice>,
    pub(super) required: bool,
    pub(super) many: bool,
    pub(super) after_previous: bool,
}

pub(super) enum Choice {
    Named {
        namespace: Option<String>,
        name: &'static str,
        kind: Type,
        nillable: bool,
    },
    Other,
    Local,
    /// Any element of the query interface.
    Query,
}

/// The type of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Simple(Simple),
    Complex(usize),
    /// Anything, of which only what is declared elsewhere is judged.
    Any,
}

static SCHEMA_1: LazyLock<Schema> = LazyLock::new(|| Schema::new('1', VERSION_1));
static SCHEMA_2: LazyLock<Schema> = LazyLock::new(|| Schema::new('2', VERSION_2));

impl Schema {
    /// The schema that judges a root element of this namespace; events without one are of 2.0.
    pub(super) fn of(namespace: &str) -> &'static Self {
        if namespace.starts_with("urn:epcglobal:epcis") && namespace.ends_with(":1") {
            return &SCHEMA_1;
        }
        &SCHEMA_2
    }

    fn new(version: char, own: &[Line]) -> Self {
        let lines: Vec<Line> = SHARED.iter().chain(own).copied().collect();
        let parts: HashMap<&str, &str> =
            lines.iter().filter(|(name, _)| name.starts_with('%')).copied().collect();
        let types: Vec<Line> =
            lines.into_iter().filter(|(name, _)| !name.starts_with('%')).collect();
        let by_name: HashMap<String, usize> = types
            .iter()
            .enumerate()
            .map(|(index, (name, _))| ((*name).to_owned(), index))
            .collect();
        let mut schema = Self { models: Vec::new(), by_name, roots: HashMap::new(), version };
        schema.models = types.iter().map(|(name, text)| schema.model(name, text, &parts)).collect();
        for (prefix, name, kind) in ROOTS {
            if let Some(kind) = schema.kind(kind) {
                schema.roots.insert((schema.namespace(prefix), name), kind);
            }
        }
        schema
    }

    fn namespace(&self, prefix: &str) -> String {
        match EPCIS.iter().find(|(known, _)| *known == prefix) {
            Some((_, uri)) => format!("{uri}{}", self.version),
            None => SBDH.to_owned(),
        }
    }

    /// The type of this name; `None`: this version has none.
    pub(super) fn kind(&self, name: &str) -> Option<Type> {
        if name == "any" {
            return Some(Type::Any);
        }
        Simple::named(name)
            .map(Type::Simple)
            .or_else(|| self.by_name.get(name).map(|index| Type::Complex(*index)))
    }

    pub(super) fn at(&self, index: usize) -> &Model {
        &self.models[index]
    }

    /// The type of an element that is declared for any place.
    pub(super) fn root(&self, namespace: &str, name: &str) -> Option<Type> {
        let mut roots = self.roots.iter();
        roots.find(|((uri, known), _)| uri == namespace && *known == name).map(|(_, kind)| *kind)
    }

    /// Whether this is an element of the query interface.
    pub(super) fn is_query(&self, namespace: &str, name: &str) -> bool {
        namespace == self.namespace("q")
            && self.root(namespace, name).is_some()
            && name != "EPCISQueryDocument"
    }

    fn model(&self, name: &str, text: &'static str, parts: &HashMap<&str, &'static str>) -> Model {
        let target = name.split_once(':').map_or("epcis", |(prefix, _)| prefix);
        let mut model = Model {
            content: Content::Elements(Vec::new()),
            attributes: Vec::new(),
            any_attribute: false,
            target: self.namespace(target),
        };
        let mut particles = Vec::new();
        let tokens = text.split_ascii_whitespace().flat_map(|token| match parts.get(token) {
            Some(part) => part.split_ascii_whitespace().collect::<Vec<_>>(),
            None => vec![token],
        });
        for token in tokens {
            if token == "@*" {
                model.any_attribute = true;
            } else if let Some(attribute) = token.strip_prefix('@') {
                let (attribute, required) = match attribute.strip_suffix('!') {
                    Some(attribute) => (attribute, true),
                    None => (attribute, false),
                };
                let (name, kind) = attribute.split_once(':').unwrap_or((attribute, "string"));
                let kind = Simple::named(kind).unwrap_or(Simple::String);
                model.attributes.push((name, kind, required));
            } else if let Some(kind) = token.strip_prefix('=') {
                model.content = Content::Text(Simple::named(kind).unwrap_or(Simple::String));
            } else if token == "mixed" {
                model.content = Content::Mixed;
            } else {
                particles.push(self.particle(token));
            }
        }
        if let Content::Elements(elements) = &mut model.content {
            *elements = particles;
        }
        model
    }

    fn particle(&self, token: &'static str) -> Particle {
        let (token, after_previous) = match token.strip_prefix('&') {
            Some(token) => (token, true),
            None => (token, false),
        };
        let (token, required, many) = match token.as_bytes().last() {
            Some(b'?') => (&token[..token.len() - 1], false, false),
            Some(b'*') => (&token[..token.len() - 1], false, true),
            Some(b'+') => (&token[..token.len() - 1], true, true),
            _ => (token, true, false),
        };
        let inner = token.strip_prefix('(').and_then(|token| token.strip_suffix(')'));
        let choices = inner.unwrap_or(token).split('|').map(|token| self.choice(token)).collect();
        Particle { choices, required, many, after_previous }
    }

    fn choice(&self, token: &'static str) -> Choice {
        match token {
            "##other" => return Choice::Other,
            "##local" => return Choice::Local,
            "##query" => return Choice::Query,
            _ => {}
        }
        let (token, nillable) = match token.strip_suffix('~') {
            Some(token) => (token, true),
            None => (token, false),
        };
        let (namespace, token) = match token.strip_prefix("sbdh:") {
            Some(token) => (Some(SBDH.to_owned()), token),
            None => (None, token),
        };
        let (name, kind) = token.split_once(':').unwrap_or((token, "any"));
        Choice::Named { namespace, name, kind: self.kind(kind).unwrap_or(Type::Any), nillable }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_tables_exists() {
        for (version, own) in [('1', VERSION_1), ('2', VERSION_2)] {
            let schema = Schema::new(version, own);
            for (name, text) in SHARED.iter().chain(own) {
                for token in text.split([' ', '|', '(', ')']).filter(|token| token.contains(':')) {
                    let token = token.trim_end_matches(['?', '*', '+', '~', '!']);
                    let token = token.trim_start_matches(['&', '@']).trim_start_matches("sbdh:");
                    let kind = token.split_once(':').map_or(token, |(_, kind)| kind);
                    assert!(schema.kind(kind).is_some(), "{version} {name}: {token}");
                }
            }
        }
    }
}
