//! Fields of other vocabularies as elements and attributes.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::FIELDS;
use super::event::{EventWriter, Layout};
use super::names::{Names, type_of};
use crate::event::{Extension, ExtensionValue};
use crate::write::extension::Prefixes;
use crate::write::page::Page;
use crate::write::prefix::Series;

/// Writes fields by the names of one event.
struct Fields<'p, 'w> {
    page: &'p mut Page<'w>,
    names: &'p Names,
}

impl EventWriter<'_, '_> {
    /// The fields of an element with an area for extensions: those without a namespace in its
    /// `extension`, then the others.
    pub(super) fn fields(&mut self, fields: &[Extension]) {
        let (local, foreign) = self.split(fields);
        if !local.is_empty() {
            self.page.open("extension");
            self.local_fields(local);
            self.page.close("extension");
        }
        self.foreign_fields(foreign);
    }

    /// The fields without a namespace, as far as they are written as elements, and all others.
    /// Those behind one that is not would change their order.
    pub(super) fn split<'e>(&self, fields: &'e [Extension]) -> (&'e [Extension], &'e [Extension]) {
        let is_local = |field: &&Extension| {
            field.namespace.is_empty() && !has_types(field) && self.names.can_say(field)
        };
        fields.split_at(fields.iter().take_while(is_local).count())
    }

    pub(super) fn local_fields(&mut self, fields: &[Extension]) {
        let mut writer = Fields { page: &mut *self.page, names: &self.names };
        fields.iter().for_each(|field| writer.element(field));
    }

    /// Fields that the schema admits beside the standard's; what XML cannot say is carried as JSON.
    fn foreign_fields(&mut self, fields: &[Extension]) {
        let mut writer = Fields { page: &mut *self.page, names: &self.names };
        for field in fields {
            if !field.namespace.is_empty() && writer.names.can_say(field) {
                writer.element(field);
            } else {
                writer.carried(field);
            }
        }
    }

    /// Fields where any element may stand, with or without a namespace.
    pub(super) fn any_fields(&mut self, fields: &[Extension]) {
        let mut writer = Fields { page: &mut *self.page, names: &self.names };
        for field in fields {
            match writer.names.can_say(field) {
                true => writer.element(field),
                false => writer.carried(field),
            }
        }
    }

    /// A field that declares the prefixes it uses.
    pub(super) fn foreign_field_alone(&mut self, field: &Extension) {
        let name = self.names.qualified(&field.namespace, &field.name);
        let can_say = !field.namespace.is_empty() && self.names.can_say(field);
        match name.filter(|_| can_say) {
            Some(name) => {
                self.page.push("<");
                self.page.push(&name);
                self.declarations();
                Fields { page: &mut *self.page, names: &self.names }.rest(&name, field);
            }
            None => Fields { page: &mut *self.page, names: &self.names }.carried(field),
        }
    }

    /// The fields of an event itself: EPCIS 2.0 has no area for those without a namespace.
    pub(super) fn event_fields(&mut self, fields: &[Extension]) {
        let behind = match self.layout {
            Layout::V20 => fields,
            Layout::V12 => self.split(fields).1,
        };
        self.foreign_fields(behind);
    }

    /// The fields of an element that may only have attributes.
    pub(super) fn attributes(&mut self, fields: &[Extension]) {
        let mut said: Vec<String> = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let name = self.names.qualified(&field.namespace, &field.name);
            let name = name.filter(|name| field.attributes.is_empty() && !said.contains(name));
            match (name, &field.value) {
                (Some(name), ExtensionValue::Text(text)) => {
                    self.page.attribute(&name, text);
                    said.push(name);
                }
                _ => {
                    self.page.attribute("xmlns:theriac", FIELDS);
                    self.page.attribute("theriac:fields", &as_json(&fields[index..]));
                    return;
                }
            }
        }
    }
}

impl Fields<'_, '_> {
    fn element(&mut self, field: &Extension) {
        let Some(name) = self.names.qualified(&field.namespace, &field.name) else { return };
        self.page.push("<");
        self.page.push(&name);
        self.rest(&name, field);
    }

    /// The rest of an element whose start tag is open.
    fn rest(&mut self, name: &str, field: &Extension) {
        for attribute in &field.attributes {
            if let Some(name) = self.names.qualified(&attribute.namespace, &attribute.name) {
                self.page.attribute(&name, &attribute.value);
            }
        }
        let value = &field.value;
        if let Some(kind) = type_of(value) {
            self.page.attribute("xsi:type", kind);
        }
        let text = match value {
            ExtensionValue::Text(text) => Cow::Borrowed(text.as_str()),
            ExtensionValue::Number(number) => Cow::Borrowed(number.as_str()),
            ExtensionValue::Boolean(value) => Cow::Owned(value.to_string()),
            ExtensionValue::Nested(_) => Cow::Borrowed(""),
        };
        if text.is_empty() && value_is_leaf(value) {
            self.page.push("/>");
            return;
        }
        self.page.push(">");
        self.page.text(&text);
        if let ExtensionValue::Nested(fields) = value {
            fields.iter().for_each(|inner| self.element(inner));
        }
        self.page.close(name);
    }

    fn carried(&mut self, field: &Extension) {
        self.page.push("<theriac:fields");
        self.page.attribute("xmlns:theriac", FIELDS);
        self.page.push(">");
        self.page.text(&as_json(std::slice::from_ref(field)));
        self.page.close("theriac:fields");
    }
}

/// Whether a value names its type, which readers look for in other vocabularies only.
fn has_types(field: &Extension) -> bool {
    type_of(&field.value).is_some() || field.nested().iter().any(has_types)
}

fn value_is_leaf(value: &ExtensionValue) -> bool {
    !matches!(value, ExtensionValue::Nested(fields) if !fields.is_empty())
}

/// Fields as a JSON object with the context of their names.
fn as_json(fields: &[Extension]) -> String {
    let (mut object, mut prefixes) = object_of(fields, Series::default());
    let series = prefixes.free(std::iter::empty());
    if series != Series::default() {
        (object, prefixes) = object_of(fields, series);
    }
    match prefixes.context() {
        Some(context) => object.insert("@context".to_owned(), context),
        None => object.shift_remove("@context"),
    };
    Value::Object(object).to_string()
}

/// Fields with prefixes of this series, and room for a context.
fn object_of(fields: &[Extension], series: Series) -> (Map<String, Value>, Prefixes) {
    let mut prefixes = Prefixes::of(series);
    let mut object = Map::with_capacity(fields.len() + 1);
    object.insert("@context".to_owned(), Value::Null);
    prefixes.write(fields, &mut object);
    (object, prefixes)
}
