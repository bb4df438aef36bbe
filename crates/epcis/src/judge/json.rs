//! Judges JSON by the objects of the standard: each event and header field by itself, and at the
//! end the document that they make.
//!
//! # Invariants
//!
//! - Memory is one event, and the names of the fields around the events.

mod conditions;
mod model;
mod tables;
mod value;

use std::collections::{BTreeSet, HashMap, HashSet};

use super::finding::{Finding, Layer};
use crate::build::is_kind;
use crate::limits::FINDINGS_MAX;
use crate::read::Place;
use crate::tree::{Element, Shape};
pub(super) use value::is_uri;

use model::{Kind, Object, Others, object_of};

/// Paths of the objects around the events, and their names in the tables.
const CAPTURE: &[(&str, &str)] = &[
    ("", "EPCISDocument"),
    ("epcisHeader", "Header"),
    ("epcisHeader.epcisMasterData", "MasterData"),
    ("epcisBody", "Body"),
];

/// As [`CAPTURE`], of query documents.
const QUERY: &[(&str, &str)] = &[
    ("", "EPCISQueryDocument"),
    ("epcisBody", "QueryBody"),
    ("epcisBody.queryResults", "QueryResults"),
    ("epcisBody.queryResults.resultsBody", "ResultsBody"),
];

/// The judge of a JSON document.
#[derive(Default)]
pub(crate) struct JsonJudge {
    /// Told since they were last taken.
    pub(crate) findings: Vec<Finding>,
    /// Names of the fields of each object around the events.
    around: HashMap<String, BTreeSet<String>>,
}

/// Where a value stands, for its findings.
#[derive(Clone, Copy)]
struct At<'p> {
    ordinal: Option<usize>,
    place: &'p Place,
}

impl JsonJudge {
    /// An object around the events has a field of this name.
    pub(crate) fn key(&mut self, path: &str, key: &str) {
        let known = |table: &[(&str, &str)]| table.iter().any(|(known, _)| *known == path);
        if known(CAPTURE) || known(QUERY) {
            self.around.entry(path.to_owned()).or_default().insert(key.to_owned());
        }
    }

    /// The value of a field around the events that is not walked into.
    pub(crate) fn field(&mut self, path: &str, key: &str, value: &Element<'_>, place: &Place) {
        let tables = CAPTURE.iter().chain(QUERY).filter(|(known, _)| *known == path);
        let mut objects = tables.filter_map(|(_, name)| object_of(name));
        let known = objects.find_map(|object| object.fields.iter().find(|known| known.name == key));
        if let Some(field) = known {
            let inner = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            self.either(At { ordinal: None, place }, &field.kinds, &inner, value);
        }
    }

    /// An element of master data.
    pub(crate) fn element(&mut self, element: &Element<'_>, place: &Place) {
        self.object(At { ordinal: None, place }, "VocabularyElement", "", element);
    }

    /// The type of a vocabulary.
    pub(crate) fn vocabulary_type(&mut self, path: &str, value: &Element<'_>, place: &Place) {
        self.single(At { ordinal: None, place }, "uri", path, value);
    }

    /// The vocabulary that ends had no type.
    pub(crate) fn vocabulary_without_type(&mut self, path: &str, place: &Place) {
        let at = At { ordinal: None, place };
        self.tell(at, "field-missing", &format!("{path}.type"), "type", "nothing");
    }

    /// An event.
    pub(crate) fn event(&mut self, event: &Element<'_>, ordinal: usize, place: &Place) {
        let at = At { ordinal: Some(ordinal), place };
        let kind = event.children.iter().find(|child| child.is("type")).and_then(Element::text);
        let kind = kind.unwrap_or_default();
        let name = if is_kind(kind) && kind != "QuantityEvent" { kind } else { "Event" };
        self.object(at, name, "", event);
        let mut broken = Vec::new();
        conditions::conditions(name, event, &mut broken);
        for (rule, path, expected, found) in broken {
            self.tell(at, rule, path, &expected, &found);
        }
    }

    /// An event that is the document itself must name its context.
    pub(crate) fn bare_event(&mut self, place: &Place) {
        let at = At { ordinal: None, place };
        if !self.has("", "@context") {
            self.tell(at, "field-missing", "@context", "@context", "nothing");
        }
    }

    /// A list of events is no document.
    pub(crate) fn bare_list(&mut self, place: &Place) {
        let at = At { ordinal: None, place };
        self.tell(at, "document-root", "", "an EPCIS document or an event", "a list");
    }

    /// The document ends: what its objects lack, and which fields nothing knows.
    pub(crate) fn document(&mut self, kind: Option<&str>, place: &Place) {
        let at = At { ordinal: None, place };
        let table = match kind {
            Some("EPCISQueryDocument") => QUERY,
            Some("EPCISDocument") => CAPTURE,
            other => {
                let found = other.map_or("nothing".to_owned(), |kind| format!("{kind:?}"));
                self.tell(at, "value-form", "type", "EPCISDocument or EPCISQueryDocument", &found);
                CAPTURE
            }
        };
        for (path, name) in table {
            let Some(object) = object_of(name) else { continue };
            let Some(keys) = self.around.get(*path).cloned() else { continue };
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            self.keys(at, object, path, &keys);
        }
    }

    fn has(&self, path: &str, key: &str) -> bool {
        self.around.get(path).is_some_and(|keys| keys.contains(key))
    }

    /// The names of an object's fields.
    fn keys(&mut self, at: At<'_>, object: &Object, path: &str, keys: &[&str]) {
        for field in object.fields.iter().filter(|field| field.required) {
            if !keys.contains(&field.name) {
                self.tell(at, "field-missing", &join(path, field.name), field.name, "nothing");
            }
        }
        for key in keys {
            let known = object.fields.iter().any(|field| field.name == *key);
            let (rule, expected) = match object.others {
                Others::None if !known => ("field-unknown", "no such field"),
                Others::Uris if !known && !is_keyword(key) && !value::is_uri(key) => {
                    ("extension-name", "a URI or a name with a prefix")
                }
                _ => continue,
            };
            self.tell(at, rule, &join(path, key), expected, key);
        }
    }

    fn object(&mut self, at: At<'_>, name: &str, path: &str, value: &Element<'_>) {
        let Some(object) = object_of(name) else { return };
        if !value::is_object(value) {
            return self.tell(at, "json-type", path, "an object", &value.describe());
        }
        let keys: Vec<&str> = value.children.iter().map(|child| &*child.name).collect();
        self.keys(at, object, path, &keys);
        for child in &value.children {
            let known = object.fields.iter().find(|field| field.name == child.name);
            if let Some(field) = known {
                self.either(at, &field.kinds, &join(path, field.name), child);
            }
        }
    }

    /// A value of one of several kinds: lists are told apart from all else.
    fn either(&mut self, at: At<'_>, kinds: &[Kind], path: &str, value: &Element<'_>) {
        let is_list = value.shape == Shape::List;
        let [first, ..] = kinds else { return };
        let mut alike = kinds.iter().filter(|kind| kind.list.is_some() == is_list);
        let takes = |kind: &&Kind| value::refuse(kind.name, value).is_none();
        let kind = match alike.clone().count() {
            0 | 1 => alike.next().unwrap_or(first),
            _ => alike.clone().find(takes).or_else(|| alike.next()).unwrap_or(first),
        };
        self.value(at, kind, path, value);
    }

    fn value(&mut self, at: At<'_>, kind: &Kind, path: &str, value: &Element<'_>) {
        let Some(list) = &kind.list else { return self.single(at, kind.name, path, value) };
        if value.shape != Shape::List {
            return self.tell(at, "json-type", path, "a list", &value.describe());
        }
        if list.not_empty && value.children.is_empty() {
            self.tell(at, "list-empty", path, "at least one item", "none");
        }
        let mut seen = HashSet::new();
        for (index, item) in value.children.iter().enumerate() {
            let path = format!("{path}[{index}]");
            self.single(at, kind.name, &path, item);
            if list.no_repeats && item.text().is_some_and(|text| !seen.insert(text)) {
                self.tell(at, "list-repeats", &path, "each item once", &item.describe());
            }
        }
    }

    fn single(&mut self, at: At<'_>, kind: &str, path: &str, value: &Element<'_>) {
        if kind.starts_with(|first: char| first.is_ascii_uppercase()) {
            return self.object(at, kind, path, value);
        }
        if let Some(wrong) = value::refuse(kind, value) {
            self.tell(at, wrong.rule, path, wrong.expected, &value.describe());
        }
    }

    fn tell(&mut self, at: At<'_>, rule: &'static str, path: &str, expected: &str, found: &str) {
        if self.findings.len() >= FINDINGS_MAX {
            return;
        }
        self.findings.push(Finding {
            ordinal: at.ordinal,
            place: at.place.clone(),
            layer: Layer::Schema,
            rule,
            path: path.to_owned(),
            expected: expected.to_owned(),
            found: found.to_owned(),
        });
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Names that JSON-LD and the EPCIS context give to the type and identity of any object (JSON-LD
/// 1.1, section 9.2): examples of the standard have them where its schema lists none.
fn is_keyword(key: &str) -> bool {
    key == "type" || key.starts_with('@')
}
