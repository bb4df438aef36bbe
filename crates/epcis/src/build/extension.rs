//! Fields of other vocabularies.

use super::Context;
use super::builder::Builder;
use crate::event::{Attribute, Extension, ExtensionValue, Number};
use crate::read::ReadError;
use crate::read::json_tree::Tree;
use crate::tree::{Element, Scalar, Shape};
use crate::write::{FIELDS, ONTOLOGY};

/// Keys of JSON-LD that are about an object, and no fields of it.
const KEYWORDS: &[&str] = &["@context", "@value"];

impl<'e> Builder<'e> {
    /// Every field that is not one of the standard's names for this place.
    pub(super) fn extensions(
        &mut self,
        fields: &[&'e Element<'e>],
        standard: &[&str],
    ) -> Result<Vec<Extension>, ReadError> {
        let mut extensions = Vec::new();
        for field in fields {
            let known = match field.namespace.as_deref() {
                None => standard.contains(&&*field.name) || KEYWORDS.contains(&&*field.name),
                Some(namespace) => namespace == ONTOLOGY && standard.contains(&&*field.name),
            };
            if known {
                continue;
            }
            self.at(&field.name, |builder| match builder.carried(field)? {
                Some(carried) => {
                    extensions.extend(carried);
                    Ok(())
                }
                None => builder.extension(field, &mut extensions, true),
            })?;
        }
        // XML has areas of their own for fields without a namespace, before the others.
        let (local, foreign): (Vec<_>, Vec<_>) =
            extensions.into_iter().partition(|field| field.namespace.is_empty());
        Ok(crate::event::group(local.into_iter().chain(foreign).collect()))
    }

    /// The fields that an element or attribute carries as JSON, because XML cannot say them.
    fn carried(&mut self, field: &Element<'_>) -> Result<Option<Vec<Extension>>, ReadError> {
        let is_carried = field.namespace.as_deref() == Some(FIELDS) && field.name == "fields";
        let Some(json) = field.text().filter(|_| is_carried) else { return Ok(None) };
        let tree = serde_json::from_str::<Tree>(json)
            .map_err(|error| self.error("a JSON object", &error.to_string()))?
            .0;
        let mut context = Context::standard();
        if let Some(own) = tree.children.iter().find(|child| child.is("@context")) {
            context.extend_from_tree(own);
        }
        let fields: Vec<&Element<'_>> = tree.children.iter().collect();
        let mut builder = Builder::new(&context, Vec::new());
        builder.extensions(&fields, &[]).map(Some)
    }

    /// One field, or each item of a list, as an extension.
    fn extension(
        &mut self,
        field: &'e Element<'e>,
        extensions: &mut Vec<Extension>,
        outermost: bool,
    ) -> Result<(), ReadError> {
        let (namespace, name) = self.extension_name(field, outermost);
        self.extension_values(field, &namespace, &name, extensions)
    }

    fn extension_name(&mut self, field: &Element<'_>, outermost: bool) -> (String, String) {
        if let Some(namespace) = &field.namespace {
            let namespace = self.whole_namespace(&field.name, namespace.to_string());
            return (namespace, field.name.clone().into_owned());
        }
        let name = self.context.resolve(&field.name);
        if name.undeclared && (outermost || !name.namespace.is_empty()) {
            let read_as = match &*name.namespace {
                "" => "an extension without a namespace".to_owned(),
                namespace => format!("an extension of the undeclared namespace {namespace:?}"),
            };
            self.repair(&field.name, read_as);
        }
        (self.whole_namespace(&field.name, name.namespace), name.name)
    }

    /// A namespace that is itself a compact URI, such as `cbvmda:`, which an undeclared prefix of
    /// XML gives, is the namespace that JSON-LD reads it as.
    fn whole_namespace(&mut self, field: &str, namespace: String) -> String {
        let Some(whole) = Context::expand_standard(&namespace) else { return namespace };
        self.repair(field, format!("an extension of the namespace {whole:?}"));
        whole
    }

    fn extension_values(
        &mut self,
        field: &'e Element<'e>,
        namespace: &str,
        name: &str,
        extensions: &mut Vec<Extension>,
    ) -> Result<(), ReadError> {
        if field.shape == Shape::List {
            for item in &field.children {
                self.extension_values(item, namespace, name, extensions)?;
            }
            return Ok(());
        }
        let (value, attributes) = match field.children.iter().find(|child| child.is("@context")) {
            Some(own) => self.value_in(own, field)?,
            None => self.extension_value(field)?,
        };
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        extensions.push(Extension { namespace, name, value, attributes });
        Ok(())
    }

    /// The value of an object that declares prefixes of its own.
    fn value_in(
        &mut self,
        own: &Element<'_>,
        field: &Element<'_>,
    ) -> Result<(ExtensionValue, Vec<Attribute>), ReadError> {
        let mut context = self.context.clone();
        context.extend_from_tree(own);
        let mut builder = Builder::new(&context, Vec::new());
        let value = builder.extension_value(field);
        self.repair_all(builder.into_repairs());
        value
    }

    pub(super) fn extension_value(
        &mut self,
        field: &'e Element<'e>,
    ) -> Result<(ExtensionValue, Vec<Attribute>), ReadError> {
        if let Some(inner) = field.children.iter().find(|child| child.is("@value")) {
            let (value, _) = self.extension_value(inner)?;
            if let ExtensionValue::Nested(_) = value {
                return Ok((self.nested(field)?, Vec::new()));
            }
            let rest = field.children.iter().filter(|child| !child.is("@value"));
            return Ok((value, rest.map(|child| self.attribute(child)).collect()));
        }
        let elements = field.children.iter().any(|child| child.shape != Shape::Attribute);
        let value = match &field.scalar {
            _ if elements => return Ok((self.nested(field)?, Vec::new())),
            Scalar::Empty => return Ok((self.nested(field)?, Vec::new())),
            Scalar::Text(text) => ExtensionValue::Text(text.trim().to_owned()),
            Scalar::Boolean(value) => ExtensionValue::Boolean(*value),
            Scalar::Number(number) => ExtensionValue::Number(
                Number::from_json(number)
                    .map_err(|error| self.error("a number of 15 digits", &error.found))?,
            ),
        };
        let attributes = field.children.iter().map(|child| self.attribute(child)).collect();
        Ok((value, attributes))
    }

    fn nested(&mut self, field: &'e Element<'e>) -> Result<ExtensionValue, ReadError> {
        let mut nested = Vec::with_capacity(field.children.len());
        for child in field.children.iter().filter(|child| !child.is("@context")) {
            self.at(&child.name, |builder| builder.extension(child, &mut nested, false))?;
        }
        Ok(ExtensionValue::Nested(crate::event::group(nested)))
    }

    fn attribute(&mut self, field: &Element<'_>) -> Attribute {
        let (namespace, name) = self.extension_name(field, false);
        let value = match &field.scalar {
            Scalar::Text(text) => text.trim().to_owned(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Boolean(value) => value.to_string(),
            Scalar::Empty => String::new(),
        };
        Attribute { namespace, name, value }
    }
}
