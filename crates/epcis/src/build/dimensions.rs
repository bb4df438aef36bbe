//! When, where, why and how: what all kinds of events share.

use super::builder::{Builder, Fields};
use crate::event::{
    Common, Destination, ErrorDeclaration, Location, Offset, PersistentDisposition, Source,
};
use crate::read::ReadError;
use crate::tree::Element;
use crate::write::ONTOLOGY;

/// Names of the standard's fields that every kind of event has.
const COMMON: &[&str] = &[
    "type",
    "@type",
    "isA",
    "eventTime",
    "recordTime",
    "eventTimeZoneOffset",
    "eventID",
    "errorDeclaration",
    "certificationInfo",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
];

impl<'e> Builder<'e> {
    /// The shared part of an event; `own` are the names of the fields of its kind.
    pub(super) fn common(
        &mut self,
        fields: &Fields<'e>,
        own: &[&str],
    ) -> Result<Common, ReadError> {
        let offset = self.offset(fields)?;
        let mut common = Common::at(self.required_time(fields, "eventTime", Some(offset))?, offset);
        common.record_time = self.time(fields, "recordTime", Some(offset))?;
        let event_id = self.text(fields, "eventID")?;
        common.event_id = event_id.map(|id| self.event_id("eventID", id));
        common.error_declaration = self.error_declaration(fields, offset)?;
        common.certification_info = self.certification_info(fields)?;
        common.biz_step = self.word_field(fields, "bizStep")?;
        common.disposition = self.word_field(fields, "disposition")?;
        common.persistent_disposition = self.persistent_disposition(fields)?;
        common.read_point = self.location(fields, "readPoint")?;
        common.biz_location = self.location(fields, "bizLocation")?;
        common.biz_transactions = self.biz_transactions(fields)?;
        common.sources = self
            .parties(fields, "sourceList", "source")?
            .into_iter()
            .map(|(kind, id)| Source { kind, id })
            .collect();
        common.destinations = self
            .parties(fields, "destinationList", "destination")?
            .into_iter()
            .map(|(kind, id)| Destination { kind, id })
            .collect();
        common.sensor_elements = self.sensor_elements(fields)?;
        let standard: Vec<&str> = COMMON.iter().chain(own).copied().collect();
        common.extensions = self.extensions(fields, &standard)?;
        Ok(common)
    }

    /// The identifier of an event; a bare UUID becomes a URN.
    fn event_id(&mut self, field: &'e str, id: &str) -> String {
        let groups: Vec<usize> = id.split('-').map(str::len).collect();
        let is_uuid = groups == [8, 4, 4, 4, 12]
            && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        if !is_uuid {
            return id.to_owned();
        }
        let urn = format!("urn:uuid:{id}");
        self.repair_at(field, id, &urn);
        urn
    }

    fn certification_info(&mut self, fields: &Fields<'e>) -> Result<Vec<String>, ReadError> {
        const NAME: &str = "certificationInfo";
        let mut all: Vec<String> =
            self.texts_or_items(fields, NAME)?.into_iter().map(str::to_owned).collect();
        // The schema of XML admits one; others stand under their name in the ontology.
        let more = fields
            .iter()
            .filter(|field| field.namespace.as_deref() == Some(ONTOLOGY) && field.name == NAME);
        all.extend(more.filter_map(|field| field.text()).map(str::to_owned));
        all.dedup();
        Ok(all)
    }

    /// Texts of a field; of a field with children of its own name, their texts.
    fn texts_or_items(
        &mut self,
        fields: &Fields<'e>,
        name: &'e str,
    ) -> Result<Vec<&'e str>, ReadError> {
        let mut flat = Fields::new();
        for field in fields.iter().filter(|field| field.is(name)) {
            match field.children.iter().any(|child| child.is(name)) {
                true => flat.extend(&field.children),
                false => flat.push(field),
            }
        }
        self.texts(&flat, name)
    }

    fn error_declaration(
        &mut self,
        fields: &Fields<'e>,
        offset: Offset,
    ) -> Result<Option<ErrorDeclaration>, ReadError> {
        const NAME: &str = "errorDeclaration";
        const OWN: &[&str] = &["declarationTime", "reason", "correctiveEventIDs", "type"];
        let Some(element) = self.one(fields, NAME)? else { return Ok(None) };
        self.at(NAME, |builder| {
            let fields = builder.fields(element);
            let mut corrective_event_ids = Vec::new();
            for list in fields.iter().filter(|field| field.is("correctiveEventIDs")) {
                for id in list.items("correctiveEventID").filter_map(Element::text) {
                    corrective_event_ids.push(builder.event_id("correctiveEventIDs", id));
                }
            }
            Ok(Some(ErrorDeclaration {
                declaration_time: builder.required_time(
                    &fields,
                    "declarationTime",
                    Some(offset),
                )?,
                reason: builder.word_field(&fields, "reason")?,
                corrective_event_ids,
                extensions: builder.extensions(&fields, OWN)?,
            }))
        })
    }

    fn persistent_disposition(
        &mut self,
        fields: &Fields<'e>,
    ) -> Result<Option<PersistentDisposition>, ReadError> {
        const NAME: &str = "persistentDisposition";
        let Some(element) = self.one(fields, NAME)? else { return Ok(None) };
        self.at(NAME, |builder| {
            let fields = builder.fields(element);
            let mut words = [Vec::new(), Vec::new()];
            for (name, words) in ["set", "unset"].into_iter().zip(&mut words) {
                for text in builder.texts(&fields, name)? {
                    words.push(builder.at(name, |builder| builder.word(text))?);
                }
            }
            let [set, unset] = words;
            Ok((!set.is_empty() || !unset.is_empty())
                .then_some(PersistentDisposition { set, unset }))
        })
    }

    fn location(
        &mut self,
        fields: &Fields<'e>,
        name: &'e str,
    ) -> Result<Option<Location>, ReadError> {
        let Some(element) = self.one(fields, name)? else { return Ok(None) };
        if super::builder::is_empty(element) {
            return Ok(None);
        }
        self.at(name, |builder| {
            let fields = builder.fields(element);
            let id = match builder.text(&fields, "id")? {
                Some(id) => id,
                None => match element.text() {
                    Some(id) => {
                        builder.repair(id, "the id of the place");
                        id
                    }
                    None => return Err(builder.error("id", &element.describe())),
                },
            };
            let Some(id) = builder.place(id)? else { return Ok(None) };
            Ok(Some(Location { id, extensions: builder.extensions(&fields, &["id", "type"])? }))
        })
    }
}
