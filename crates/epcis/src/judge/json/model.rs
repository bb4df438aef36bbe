//! The tables of objects, compiled once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::tables::OBJECTS;

/// An object of the tables.
pub(super) struct Object {
    pub(super) others: Others,
    pub(super) fields: Vec<Field>,
}

/// Which fields an object may have beside its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    None,
    /// Those whose names are URIs or compact URIs.
    Uris,
    Any,
}

/// A field of an object.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    /// Either of these.
    pub(super) kinds: Vec<Kind>,
}

/// What a field holds.
pub(super) struct Kind {
    /// A plain value or an object.
    pub(super) name: &'static str,
    pub(super) list: Option<List>,
}

/// How a list is restricted.
pub(super) struct List {
    pub(super) not_empty: bool,
    pub(super) no_repeats: bool,
}

static TABLE: LazyLock<HashMap<&'static str, Object>> = LazyLock::new(|| {
    let parts: HashMap<&str, &'static str> =
        OBJECTS.iter().filter(|(name, _)| name.starts_with('%')).copied().collect();
    let objects = OBJECTS.iter().filter(|(name, _)| !name.starts_with('%'));
    objects.map(|(name, text)| (*name, object(text, &parts))).collect()
});

/// The object of this name.
pub(super) fn object_of(name: &str) -> Option<&'static Object> {
    TABLE.get(name)
}

fn object(text: &'static str, parts: &HashMap<&str, &'static str>) -> Object {
    let mut words = text.split_ascii_whitespace();
    let others = match words.next() {
        Some("closed") => Others::None,
        Some("uris") => Others::Uris,
        _ => Others::Any,
    };
    let mut fields: Vec<Field> = Vec::new();
    for word in words {
        let inner: &'static str = parts.get(word).copied().unwrap_or(word);
        for word in inner.split_ascii_whitespace() {
            let field = field(word);
            // A line's own restriction goes before that of a part.
            if !fields.iter().any(|known| known.name == field.name) {
                fields.push(field);
            }
        }
    }
    Object { others, fields }
}

fn field(word: &'static str) -> Field {
    let (word, required) = match word.strip_suffix('!') {
        Some(word) => (word, true),
        None => (word, false),
    };
    let (name, kinds) = word.split_once(':').unwrap_or((word, "any"));
    Field { name, required, kinds: kinds.split('|').map(kind).collect() }
}

fn kind(word: &'static str) -> Kind {
    let Some(list) = word.strip_prefix('[') else { return Kind { name: word, list: None } };
    let (name, marks) = list.split_once(']').unwrap_or((list, ""));
    let list = List { not_empty: marks.contains('+'), no_repeats: marks.contains('=') };
    Kind { name, list: Some(list) }
}
