//! Elements that are read as one tree: events, master data, the business header, extensions.

use std::io::BufRead;
use std::ops::ControlFlow;

use super::element::Open;
use super::{Document, header};
use crate::build::{business_header, event_from_tree, header_extensions, master_data};
use crate::limits::FIELD_BYTES_MAX;
use crate::read::{DocumentError, FieldName, Format, Item, Parsed, Place, ReadEvent, Told};

/// What an element is that is read as one tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Event,
    MasterData,
    BusinessHeader,
    /// A field of another vocabulary in the header.
    HeaderExtension,
    /// A field of another vocabulary beside header and body.
    Extension,
}

/// Elements of the standard around events and master data, whatever namespace they are given.
const AROUND: &[&str] = &[
    "EPCISHeader",
    "EPCISBody",
    "EventList",
    "extension",
    "EPCISMasterData",
    "VocabularyList",
    "Vocabulary",
    "VocabularyElementList",
    "QueryResults",
    "queryName",
    "subscriptionID",
    "resultsBody",
    "Poll",
    "PollResponse",
];

impl<R: BufRead> Document<'_, R> {
    /// What an element is here, if it is read as one tree and is no event.
    pub(super) fn whole_of(&self, name: &str, open: &Open) -> Option<Whole> {
        let mut outer = self.stack.iter().rev().map(String::as_str);
        let inside = outer.next()?;
        match name {
            "VocabularyElement" => return Some(Whole::MasterData),
            "StandardBusinessDocumentHeader" => return Some(Whole::BusinessHeader),
            _ => {}
        }
        open.namespace().filter(|_| !AROUND.contains(&name))?;
        match (inside, outer.next()) {
            ("EPCISHeader", _) | ("extension", Some("EPCISHeader" | "extension")) => {
                Some(Whole::HeaderExtension)
            }
            (inside, _) if inside.starts_with("EPCIS") => Some(Whole::Extension),
            ("extension", _) => Some(Whole::Extension),
            _ => None,
        }
    }

    /// Reads the rest of an element and hands it over or keeps it.
    pub(super) fn whole(
        &mut self,
        whole: Whole,
        open: Open,
        place: Place,
    ) -> Result<ControlFlow<()>, DocumentError> {
        if whole == Whole::Event {
            return self.event(open, place);
        }
        let start = self.reader.get_mut().taken();
        let tree = self.element(open, self.stack.len())?;
        self.info.keep(self.repairs.drain(..));
        match whole {
            Whole::MasterData => {
                let (element, repairs) =
                    master_data(self.header.vocabulary(), &tree, &self.context);
                self.info.keep(repairs);
                self.info.master_data += 1;
                return Ok((self.sink)(Told::Item(Item::MasterData(element))));
            }
            Whole::BusinessHeader => {
                let header = business_header(&tree);
                let first = |partners: &[crate::read::Partner]| {
                    let identifier = partners.first().map(|partner| partner.identifier.clone());
                    identifier.filter(|identifier| !identifier.is_empty())
                };
                self.info.sender = first(&header.senders);
                self.info.receiver = first(&header.receivers);
                self.info.instance_identifier.clone_from(&header.instance_identifier);
                self.info.business_header = Some(header);
            }
            _ => {
                self.around += self.reader.get_mut().taken() - start;
                if self.around > FIELD_BYTES_MAX as u64 {
                    let what = "fields of other vocabularies around the events";
                    return Err(DocumentError::TooLarge {
                        what,
                        bytes_max: FIELD_BYTES_MAX,
                        place,
                    });
                }
                if tree.name == "ignoreFields" {
                    self.info.ignore_fields.extend(tree.children.iter().map(|child| FieldName {
                        namespace: child.namespace.as_deref().unwrap_or_default().to_owned(),
                        name: child.name.clone().into_owned(),
                    }));
                }
                let (fields, repairs) = header_extensions(&tree, &self.context);
                self.info.keep(repairs);
                match whole {
                    Whole::HeaderExtension => self.info.header_extensions.extend(fields),
                    _ => self.info.extensions.extend(fields),
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn event(&mut self, mut open: Open, place: Place) -> Result<ControlFlow<()>, DocumentError> {
        if self.root.is_none() {
            self.root = Some((open.name.clone().into_owned(), place.clone()));
            self.info.schema_version = open.take_attribute("schemaVersion");
            self.info.creation_date = open.take_attribute("creationDate");
            self.info.format = header::format(None, self.info.schema_version.as_deref());
        }
        let kind = open.name.clone().into_owned();
        let tree = self.element(open, self.stack.len())?;
        let repairs = std::mem::take(&mut self.repairs);
        let mut outcome = event_from_tree(&tree, &self.context, repairs)
            .map(|built| Parsed { event: built.event, repairs: built.repairs });
        if let (Format::Xml12, Ok(parsed)) = (self.info.format, &mut outcome) {
            // EPCIS 1.x has quantity events of its own (EPCIS 1.2, section 7.4.4).
            parsed.repairs.retain(|repair| repair.found != "QuantityEvent");
        }
        let ordinal = self.info.events;
        self.info.events += 1;
        if let Some(judge) = &mut self.judge {
            judge.end_event();
        }
        self.tell_findings();
        let event = ReadEvent { ordinal, place, kind: Some(kind), outcome };
        Ok((self.sink)(Told::Item(Item::Event(event))))
    }
}
