//! Fields of other vocabularies, and the prefixes of their namespaces.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::prefix::Series;
use crate::build::Context;
use crate::event::{Extension, ExtensionValue};

/// Prefixes that an event needs beyond those of the EPCIS 2.0 context, in order of use.
#[derive(Default)]
pub(super) struct Prefixes {
    series: Series,
    namespaces: Vec<String>,
    indices: HashMap<String, usize>,
    /// Names without a namespace that may look like prefixes.
    bare: Vec<String>,
}

impl Prefixes {
    /// None yet, of this series.
    pub(super) fn of(series: Series) -> Self {
        Self { series, ..Self::default() }
    }

    /// The series to write with: this one, unless a namespace, a name without one or one of these
    /// texts begins with one of its prefixes.
    pub(super) fn free<'t>(&'t self, texts: impl Iterator<Item = &'t str>) -> Series {
        if self.namespaces.is_empty() {
            return self.series;
        }
        let written = self.namespaces.iter().chain(&self.bare);
        Series::free(written.map(String::as_str).chain(texts))
    }

    /// The context that declares them; `None` when none is needed.
    pub(super) fn context(&self) -> Option<Value> {
        if self.namespaces.is_empty() {
            return None;
        }
        let declared = self.namespaces.iter().enumerate();
        let context = declared
            .map(|(index, namespace)| (self.series.prefix(index), Value::String(namespace.clone())))
            .collect();
        Some(Value::Array(vec![Value::Object(context)]))
    }

    /// Every prefix that is declared.
    pub(super) fn names(&self) -> Vec<String> {
        (0..self.namespaces.len()).map(|index| self.series.prefix(index)).collect()
    }

    /// Writes the fields; several of one name become an array.
    pub(super) fn write(&mut self, extensions: &[Extension], object: &mut Map<String, Value>) {
        for field in extensions {
            let key = self.key(&field.namespace, &field.name);
            let value = self.value(field);
            match object.get_mut(&key) {
                None => {
                    object.insert(key, value);
                }
                Some(Value::Array(values)) => values.push(value),
                Some(first) => {
                    let values = vec![first.take(), value];
                    *first = Value::Array(values);
                }
            }
        }
    }

    fn key(&mut self, namespace: &str, name: &str) -> String {
        if namespace.is_empty() {
            if name.starts_with("ext") {
                self.bare.push(name.to_owned());
            }
            return name.to_owned();
        }
        if let Some(prefix) = Context::standard_prefix(namespace) {
            return format!("{prefix}:{name}");
        }
        let index = match self.indices.get(namespace) {
            Some(index) => *index,
            None => {
                let index = self.namespaces.len();
                self.namespaces.push(namespace.to_owned());
                self.indices.insert(namespace.to_owned(), index);
                index
            }
        };
        format!("{}:{name}", self.series.prefix(index))
    }

    fn value(&mut self, field: &Extension) -> Value {
        let value = match &field.value {
            ExtensionValue::Text(text) => Value::String(text.clone()),
            ExtensionValue::Number(number) => number.to_json(),
            ExtensionValue::Boolean(value) => Value::Bool(*value),
            ExtensionValue::Nested(fields) => {
                let mut object = Map::with_capacity(fields.len());
                self.write(fields, &mut object);
                Value::Object(object)
            }
        };
        if field.attributes.is_empty() {
            return value;
        }
        let mut object = Map::with_capacity(1 + field.attributes.len());
        object.insert("@value".to_owned(), value);
        for attribute in &field.attributes {
            let key = self.key(&attribute.namespace, &attribute.name);
            object.insert(key, Value::String(attribute.value.clone()));
        }
        Value::Object(object)
    }
}
