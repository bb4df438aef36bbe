//! One event as XML, elements in the order of the schema of its version.

use theriac_gs1::Epc;

use super::names::Names;
use crate::event::{
    AggregationEvent, AssociationEvent, Common, ErrorDeclaration, Event, Extension, ObjectEvent,
    QuantityElement, TransactionEvent, TransformationEvent,
};
use crate::write::options::{DocumentFormat, WriteOptions};
use crate::write::page::Page;

/// Which schema orders the elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// EPCIS 2.0.
    V20,
    /// EPCIS 1.2, with extension areas.
    V12,
}

/// Writes one event.
pub(in crate::write) struct EventWriter<'p, 'w> {
    pub(super) page: &'p mut Page<'w>,
    pub(super) options: WriteOptions<'p>,
    pub(super) layout: Layout,
    pub(super) names: Names,
}

/// A list of quantities and its name in this kind of event.
type Quantities<'e> = (&'static str, &'e [QuantityElement]);

impl<'p, 'w> EventWriter<'p, 'w> {
    /// A writer of events of this format.
    pub(in crate::write) fn new(
        page: &'p mut Page<'w>,
        format: DocumentFormat,
        options: WriteOptions<'p>,
    ) -> Self {
        let layout = match format {
            DocumentFormat::Json | DocumentFormat::Xml => Layout::V20,
            DocumentFormat::Xml12 => Layout::V12,
        };
        Self { page, options: options.within(format), layout, names: Names::default() }
    }

    /// The event in a list of events, where EPCIS 1.2 puts the kinds that came after 1.0 into
    /// extensions.
    pub(in crate::write) fn listed(&mut self, event: &Event) {
        let wrappers = match (self.layout, event) {
            (Layout::V12, Event::Transformation(_)) => 1,
            (Layout::V12, Event::Association(_)) => 2,
            _ => 0,
        };
        (0..wrappers).for_each(|_| self.page.open("extension"));
        self.event(event);
        (0..wrappers).for_each(|_| self.page.close("extension"));
    }

    /// The event alone.
    pub(in crate::write) fn event(&mut self, event: &Event) {
        self.names = Names::of(event);
        self.start(event.kind());
        let layout = self.layout;
        match event {
            Event::Object(event) => self.object(event),
            Event::Aggregation(event) => self.aggregation(event),
            Event::Association(event) => {
                // Within an extension area of 1.2 it stands as in 2.0, where it was made.
                self.layout = Layout::V20;
                self.association(event);
            }
            Event::Transaction(event) => self.transaction(event),
            Event::Transformation(event) => self.transformation(event),
        }
        self.event_fields(&event.common().extensions);
        self.layout = layout;
        self.page.close(event.kind());
    }

    /// The start tag, with all prefixes that the event uses.
    fn start(&mut self, name: &str) {
        self.page.push("<");
        self.page.push(name);
        self.declarations();
        self.page.push(">");
    }

    /// The prefixes in use, in a start tag that is open.
    pub(super) fn declarations(&mut self) {
        if self.names.has_types {
            self.page.attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
            self.page.attribute("xmlns:xsd", "http://www.w3.org/2001/XMLSchema");
        }
        for (prefix, namespace) in self.names.declared() {
            self.page.attribute(&format!("xmlns:{prefix}"), namespace);
        }
    }

    fn object(&mut self, event: &ObjectEvent) {
        let common = &event.common;
        self.when(common);
        self.epcs("epcList", &event.epc_list, self.layout == Layout::V12);
        self.page.leaf("action", event.action.word());
        self.why_and_where(common);
        self.biz_transactions(common);
        self.rest(("quantityList", &event.quantity_list), common, &event.ilmd);
    }

    fn aggregation(&mut self, event: &AggregationEvent) {
        let common = &event.common;
        self.when(common);
        self.id("parentID", event.parent_id.as_ref());
        self.epcs("childEPCs", &event.child_epcs, self.layout == Layout::V12);
        self.page.leaf("action", event.action.word());
        self.why_and_where(common);
        self.biz_transactions(common);
        self.rest(("childQuantityList", &event.child_quantity_list), common, &[]);
    }

    fn association(&mut self, event: &AssociationEvent) {
        let common = &event.common;
        self.when(common);
        self.id("parentID", event.parent_id.as_ref());
        self.epcs("childEPCs", &event.child_epcs, false);
        self.quantities("childQuantityList", &event.child_quantity_list);
        self.page.leaf("action", event.action.word());
        self.why_and_where(common);
        self.biz_transactions(common);
        self.rest(("childQuantityList", &[]), common, &[]);
    }

    fn transaction(&mut self, event: &TransactionEvent) {
        let common = &event.common;
        self.when(common);
        self.biz_transactions(common);
        self.id("parentID", event.parent_id.as_ref());
        self.epcs("epcList", &event.epc_list, self.layout == Layout::V12);
        self.page.leaf("action", event.action.word());
        self.why_and_where(common);
        self.rest(("quantityList", &event.quantity_list), common, &[]);
    }

    fn transformation(&mut self, event: &TransformationEvent) {
        let common = &event.common;
        self.when(common);
        self.epcs("inputEPCList", &event.input_epcs, false);
        self.quantities("inputQuantityList", &event.input_quantities);
        self.epcs("outputEPCList", &event.output_epcs, false);
        self.quantities("outputQuantityList", &event.output_quantities);
        if let Some(id) = &event.transformation_id {
            self.page.leaf("transformationID", id);
        }
        self.why_and_where(common);
        self.biz_transactions(common);
        if self.layout == Layout::V12 {
            self.parties(common);
            self.ilmd(&event.ilmd);
            self.later(common);
        } else {
            self.rest(("", &[]), common, &event.ilmd);
        }
    }

    fn when(&mut self, common: &Common) {
        self.page.leaf("eventTime", &common.event_time.to_string());
        if let Some(time) = common.record_time {
            self.page.leaf("recordTime", &time.to_string());
        }
        self.page.leaf("eventTimeZoneOffset", &common.time_zone_offset.to_string());
        match self.layout {
            Layout::V20 => self.identity_in_20(common),
            Layout::V12 => self.identity_in_12(common),
        }
    }

    /// The schema of 2.0 admits one certificate; more stand in the extension area, by their name
    /// in the ontology of EPCIS.
    fn identity_in_20(&mut self, common: &Common) {
        self.event_id_and_error(common);
        let Some((first, more)) = common.certification_info.split_first() else { return };
        self.page.leaf("certificationInfo", first);
        if more.is_empty() {
            return;
        }
        self.page.open("baseExtension");
        for one in more {
            self.page.push("<gs1epcis:certificationInfo");
            self.page.attribute("xmlns:gs1epcis", super::ONTOLOGY);
            self.page.push(">");
            self.page.text(one);
            self.page.close("gs1epcis:certificationInfo");
        }
        self.page.close("baseExtension");
    }

    fn identity_in_12(&mut self, common: &Common) {
        let certificates = &common.certification_info;
        let is_plain = common.event_id.is_none() && common.error_declaration.is_none();
        if is_plain && certificates.is_empty() {
            return;
        }
        self.page.open("baseExtension");
        self.event_id_and_error(common);
        if !certificates.is_empty() {
            self.page.open("extension");
            certificates.iter().for_each(|one| self.page.leaf("certificationInfo", one));
            self.page.close("extension");
        }
        self.page.close("baseExtension");
    }

    fn event_id_and_error(&mut self, common: &Common) {
        if let Some(id) = &common.event_id {
            self.page.leaf("eventID", id);
        }
        if let Some(declaration) = &common.error_declaration {
            self.error_declaration(declaration);
        }
    }

    fn error_declaration(&mut self, declaration: &ErrorDeclaration) {
        self.page.open("errorDeclaration");
        self.page.leaf("declarationTime", &declaration.declaration_time.to_string());
        if let Some(reason) = &declaration.reason {
            let word = self.options.word(reason.web_uri(), reason.urn());
            self.page.leaf("reason", &word);
        }
        if !declaration.corrective_event_ids.is_empty() {
            self.page.open("correctiveEventIDs");
            let ids = declaration.corrective_event_ids.iter();
            ids.for_each(|id| self.page.leaf("correctiveEventID", id));
            self.page.close("correctiveEventIDs");
        }
        self.fields(&declaration.extensions);
        self.page.close("errorDeclaration");
    }

    /// What stands behind the business transactions, in its area of the version.
    fn rest(&mut self, quantities: Quantities<'_>, common: &Common, ilmd: &[Extension]) {
        let (name, quantities) = quantities;
        if self.layout == Layout::V20 {
            self.quantities(name, quantities);
            self.parties(common);
            self.sensors(&common.sensor_elements);
            self.persistent_disposition(common);
            self.ilmd(ilmd);
            return;
        }
        let is_empty = quantities.is_empty()
            && common.sources.is_empty()
            && common.destinations.is_empty()
            && ilmd.is_empty()
            && !self.has_later(common);
        if is_empty {
            return;
        }
        self.page.open("extension");
        self.quantities(name, quantities);
        self.parties(common);
        self.ilmd(ilmd);
        self.later(common);
        self.page.close("extension");
    }

    /// Whether there is something that EPCIS 1.2 has no element for.
    fn has_later(&self, common: &Common) -> bool {
        !common.sensor_elements.is_empty()
            || common.persistent_disposition.is_some()
            || !self.split(&common.extensions).0.is_empty()
    }

    /// What EPCIS 1.2 has no element for, in its area for later versions.
    fn later(&mut self, common: &Common) {
        if !self.has_later(common) {
            return;
        }
        self.page.open("extension");
        self.sensors(&common.sensor_elements);
        self.persistent_disposition(common);
        let (local, _) = self.split(&common.extensions);
        self.local_fields(local);
        self.page.close("extension");
    }

    fn ilmd(&mut self, ilmd: &[Extension]) {
        if !ilmd.is_empty() {
            self.page.open("ilmd");
            self.fields(ilmd);
            self.page.close("ilmd");
        }
    }

    /// An identifier.
    pub(super) fn id(&mut self, name: &str, id: Option<&Epc>) {
        if let Some(id) = id {
            self.page.leaf(name, &self.options.epc(id));
        }
    }
}
