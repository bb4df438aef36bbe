//! What an XML document says about itself.

use std::io::BufRead;

use quick_xml::events::BytesStart;

use super::element::Open;
use super::{Document, EPCIS};
use crate::read::{DocumentInfo, Format, Place};

/// What is being read of the header.
#[derive(Default)]
pub(super) struct Header {
    text: String,
    vocabulary: String,
}

impl Header {
    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The vocabulary whose elements are being read.
    pub(super) fn vocabulary(&self) -> &str {
        &self.vocabulary
    }

    /// An element around events and master data ends: its text is complete.
    pub(super) fn leave(&mut self, name: &str, info: &mut DocumentInfo) {
        let text = std::mem::take(&mut self.text);
        let text = || Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match name {
            "queryName" => info.query_name = text(),
            "subscriptionID" => info.subscription_id = text(),
            _ => {}
        }
    }
}

impl<R: BufRead> Document<'_, R> {
    /// Takes note of a start tag around events and master data.
    pub(super) fn describe(
        &mut self,
        start: &BytesStart<'_>,
        open: &Open,
        name: &str,
        place: &Place,
    ) {
        self.header.text.clear();
        let attribute = |name: &str| open.attribute(name).map(str::to_owned);
        let declared = self.judge.as_ref().is_some_and(|judge| judge.knows_root());
        if EPCIS.contains(&name) || declared {
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
        if name == "Vocabulary" {
            self.header.vocabulary = attribute("type").unwrap_or_default();
        }
        self.info.keep(self.repairs.drain(..));
    }
}

/// EPCIS 2.0 when either the namespace or the version says so.
pub(super) fn format(namespace: Option<&str>, version: Option<&str>) -> Format {
    let by_namespace = namespace.is_some_and(|uri| uri.ends_with(":xsd:2"));
    let by_version = version.is_some_and(|version| version.starts_with('2'));
    if by_namespace || by_version { Format::Xml20 } else { Format::Xml12 }
}
