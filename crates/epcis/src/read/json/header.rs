//! What a JSON document says about itself.

use std::io::BufRead;

use super::Document;
use super::event::parse;
use crate::build::{Repair, header_extensions, plain_kind};
use crate::read::{DocumentError, FieldName, Place};
use crate::tree::{Element, Scalar, Shape, cut};

/// Fields of a document and of the objects on the way to its events (EPCIS 2.0, JSON schema).
const STANDARD: &[&str] = &[
    "@context",
    "@id",
    "id",
    "type",
    "@type",
    "isA",
    "schemaVersion",
    "creationDate",
    "instanceIdentifier",
    "sender",
    "receiver",
    "epcisHeader",
    "epcisBody",
    "epcisMasterData",
    "vocabularyList",
    "queryResults",
    "queryName",
    "subscriptionID",
    "resultsBody",
    "eventList",
];

/// A field, of any vocabulary, that lists names of fields which hashes leave out.
const IGNORE_FIELDS: &str = ":ignoreFields";

impl<R: BufRead> Document<'_, R> {
    /// Takes note of a field that is not on the way to the events.
    pub(super) fn note(
        &mut self,
        path: &str,
        key: &str,
        bytes: &[u8],
        place: Place,
    ) -> Result<(), DocumentError> {
        let tree = parse(bytes, &place)?;
        self.judged(|judge| judge.field(path, key, &tree, &place));
        let text = tree.text().map(str::to_owned);
        match (path, key) {
            ("", "type" | "@type" | "isA") => {
                self.kind = text.map(|kind| plain_kind(&kind).to_owned());
            }
            ("", "schemaVersion") => self.schema_version(&tree),
            ("", "creationDate") => self.info.creation_date = text,
            ("", "sender") => self.info.sender = text,
            ("", "receiver") => self.info.receiver = text,
            ("", "instanceIdentifier") => self.info.instance_identifier = text,
            ("", "id" | "@id") if self.info.instance_identifier.is_none() => {
                self.info.instance_identifier = text;
            }
            (_, "queryName") => self.info.query_name = text,
            (_, "subscriptionID") => self.info.subscription_id = text,
            (_, key) if key.ends_with(IGNORE_FIELDS) => self.ignore_fields(&tree),
            _ => {}
        }
        if !STANDARD.contains(&key) && !path.is_empty() {
            self.extension(path, key, tree);
        }
        Ok(())
    }

    /// A field of another vocabulary, of the header or beside header and body.
    pub(super) fn extension(&mut self, path: &str, key: &str, mut tree: Element<'_>) {
        if key.ends_with(IGNORE_FIELDS) {
            tree = listed_fields(tree);
        }
        tree.name = std::borrow::Cow::Owned(key.to_owned());
        let (fields, repairs) = header_extensions(&tree, &self.context);
        self.info.keep(repairs);
        match path.starts_with("epcisHeader") {
            true => self.info.header_extensions.extend(fields),
            false => self.info.extensions.extend(fields),
        }
    }

    /// Fields of other vocabularies of the outermost object, once its context is known.
    pub(super) fn outer_extensions(&mut self) {
        for (key, bytes) in std::mem::take(&mut self.fields) {
            if STANDARD.contains(&key.as_str()) {
                continue;
            }
            // The bytes were parsed before, when the field was met.
            if let Ok(tree) = parse(&bytes, &self.cursor.place("")) {
                self.extension("", &key, tree);
            }
        }
    }

    /// The version is text; a number is told.
    fn schema_version(&mut self, version: &Element<'_>) {
        self.info.schema_version = match &version.scalar {
            Scalar::Number(number) => {
                let path = "schemaVersion".to_owned();
                let (found, read_as) = (version.describe(), format!("\"{number}\""));
                self.info.repairs.push(Repair { path, found, read_as });
                Some(number.to_string())
            }
            _ => version.text().map(str::to_owned),
        };
    }

    fn ignore_fields(&mut self, list: &Element<'_>) {
        for field in &listed_fields(list.clone()).children {
            let name = self.context.resolve(&field.name);
            self.info.ignore_fields.push(FieldName { namespace: name.namespace, name: name.name });
        }
    }

    /// The bytes of the bare event whose fields were read.
    pub(super) fn bare_event(&mut self) -> Vec<u8> {
        let mut bytes = vec![b'{'];
        for (index, (key, value)) in self.fields.drain(..).enumerate() {
            if index > 0 {
                bytes.push(b',');
            }
            bytes.extend_from_slice(serde_json::Value::from(key).to_string().as_bytes());
            bytes.push(b':');
            bytes.extend_from_slice(&value);
        }
        bytes.push(b'}');
        bytes
    }

    /// What the document is, when it is no EPCIS.
    pub(super) fn describe(&self) -> String {
        let keys: Vec<&str> = self.fields.iter().take(6).map(|(key, _)| cut(key)).collect();
        match &self.kind {
            Some(kind) => format!("a JSON object of type {:?}", cut(kind)),
            None => format!("a JSON object with the fields {}", keys.join(", ")),
        }
    }
}

/// The list of `ignoreFields` with each name as a field without content, as XML has it. The names
/// are then kept with their namespaces, whatever prefixes another document has for them.
fn listed_fields(list: Element<'_>) -> Element<'_> {
    if list.shape != Shape::List {
        return list;
    }
    let named = list.children.into_iter().map(|item| match item.scalar {
        Scalar::Text(name) => Element { name: name.trim().to_owned().into(), ..Element::default() },
        _ => item,
    });
    Element { children: named.collect(), shape: Shape::Field, ..list }
}
