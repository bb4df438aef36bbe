//! What an XML document says about itself.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::element::Open;
use super::{Document, EPCIS};
use crate::limits::MASTER_DATA_MAX;
use crate::read::{DocumentError, DocumentInfo, FieldName, Format, MasterDataElement, Place};

/// What is being read of the header.
#[derive(Default)]
pub(super) struct Header {
    text: String,
    vocabulary: String,
    element: Option<MasterDataElement>,
    attribute: String,
}

impl Header {
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// An element of master data begins.
    fn enter(&mut self, name: &str, open: &Open) {
        let attribute = |name: &str| open.attribute(name).unwrap_or_default().to_owned();
        match name {
            "Vocabulary" => self.vocabulary = attribute("type"),
            "VocabularyElement" => {
                self.element = Some(MasterDataElement {
                    vocabulary: self.vocabulary.clone(),
                    id: attribute("id"),
                    attributes: Vec::new(),
                });
            }
            "attribute" => self.attribute = attribute("id"),
            _ => {}
        }
    }

    /// An element of the header ends: its text is complete.
    pub(super) fn leave(&mut self, name: &str, outer: &[String], info: &mut DocumentInfo) {
        let text = std::mem::take(&mut self.text);
        let text = || Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match (outer.last().map(String::as_str), name) {
            (Some("Sender"), "Identifier") => info.sender = info.sender.take().or_else(text),
            (Some("Receiver"), "Identifier") => {
                info.receiver = info.receiver.take().or_else(text);
            }
            (_, "queryName") => info.query_name = text(),
            (_, "subscriptionID") => info.subscription_id = text(),
            (Some("VocabularyElement"), "attribute") => {
                if let Some(element) = &mut self.element {
                    let value = text().unwrap_or_default();
                    element.attributes.push((std::mem::take(&mut self.attribute), value));
                }
            }
            (_, "VocabularyElement") => {
                let room = info.master_data.len() < MASTER_DATA_MAX;
                info.master_data.extend(self.element.take().filter(|_| room));
            }
            _ => {}
        }
    }
}

impl<R: BufRead> Document<'_, R> {
    /// Takes note of a start tag outside of events.
    pub(super) fn describe(
        &mut self,
        start: &BytesStart<'_>,
        name: &str,
        place: &Place,
    ) -> Result<(), DocumentError> {
        self.header.text.clear();
        let open = self.open(start)?;
        let attribute = |name: &str| open.attribute(name).map(str::to_owned);
        if EPCIS.contains(&name) {
            self.is_epcis = true;
        }
        if self.root.is_none() {
            self.root = Some((start.name().into_inner().to_owned(), place.clone()));
        }
        if name.starts_with("EPCIS") && name.ends_with("Document") {
            self.has_document = true;
            self.info.schema_version = attribute("schemaVersion");
            self.info.creation_date = attribute("creationDate");
            let (namespace, _) = self.reader.resolver().resolve_element(start.name());
            let namespace = super::bound(namespace);
            let version = self.info.schema_version.as_deref();
            self.info.format = format(namespace.as_deref(), version);
        }
        self.header.enter(name, &open);
        if self.stack.last().is_some_and(|outer| outer == "ignoreFields") {
            let namespace = open.namespace().unwrap_or_default().to_owned();
            self.info.ignore_fields.push(FieldName { namespace, name: name.to_owned() });
        }
        self.info.repairs.append(&mut self.repairs);
        Ok(())
    }
}

/// EPCIS 2.0 when either the namespace or the version says so.
pub(super) fn format(namespace: Option<&str>, version: Option<&str>) -> Format {
    let by_namespace = namespace.is_some_and(|uri| uri.ends_with(":xsd:2"));
    let by_version = version.is_some_and(|version| version.starts_with('2'));
    if by_namespace || by_version { Format::Xml20 } else { Format::Xml12 }
}
