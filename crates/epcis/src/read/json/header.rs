//! What a JSON document says about itself.

use std::io::BufRead;

use super::Document;
use super::event::parse;
use crate::build::Repair;
use crate::limits::MASTER_DATA_MAX;
use crate::read::{DocumentError, FieldName, MasterDataElement, Place};
use crate::tree::{Element, Scalar, cut};

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
        let text = tree.text().map(str::to_owned);
        match (path, key) {
            ("", "type" | "@type" | "isA") => {
                self.kind = text.map(|kind| kind.trim_start_matches("epcis:").to_owned());
            }
            ("", "schemaVersion") => self.schema_version(&tree),
            ("", "creationDate") => self.info.creation_date = text,
            ("", "sender") => self.info.sender = text,
            ("", "receiver") => self.info.receiver = text,
            ("", "epcisHeader") => self.master_data(&tree),
            (_, "queryName") => self.info.query_name = text,
            (_, "subscriptionID") => self.info.subscription_id = text,
            (_, key) if key.ends_with(":ignoreFields") => self.ignore_fields(&tree),
            _ => {}
        }
        Ok(())
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
        for name in list.children.iter().filter_map(Element::text) {
            let name = self.context.resolve(name);
            self.info.ignore_fields.push(FieldName { namespace: name.namespace, name: name.name });
        }
    }

    fn master_data(&mut self, header: &Element<'_>) {
        let vocabularies = ["epcisMasterData", "vocabularyList"]
            .iter()
            .try_fold(header, |inside, name| inside.children.iter().find(|child| child.is(name)));
        for vocabulary in vocabularies.map_or(&[][..], |list| &list.children) {
            let kind = field_text(vocabulary, "type");
            let elements =
                vocabulary.children.iter().find(|child| child.is("vocabularyElementList"));
            for element in elements.map_or(&[][..], |list| &list.children) {
                if self.info.master_data.len() < MASTER_DATA_MAX {
                    self.info.master_data.push(master_data_element(&kind, element));
                }
            }
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

fn master_data_element(vocabulary: &str, element: &Element<'_>) -> MasterDataElement {
    let attributes = element.children.iter().find(|child| child.is("attributes"));
    let attributes = attributes
        .map_or(&[][..], |list| &list.children)
        .iter()
        .map(|attribute| (field_text(attribute, "id"), field_text(attribute, "attribute")))
        .collect();
    MasterDataElement {
        vocabulary: vocabulary.to_owned(),
        id: field_text(element, "id"),
        attributes,
    }
}

fn field_text(element: &Element<'_>, name: &str) -> String {
    element
        .children
        .iter()
        .find(|child| child.is(name))
        .and_then(Element::text)
        .unwrap_or_default()
        .to_owned()
}
