//! Lists and places of an event: objects, quantities, business transactions, parties, words.

use theriac_gs1::Epc;

use super::event::EventWriter;
use crate::event::{Common, Location, QuantityElement};

impl EventWriter<'_, '_> {
    /// A list of identifiers; an empty one only where the schema wants it.
    pub(super) fn epcs(&mut self, name: &str, epcs: &[Epc], is_required: bool) {
        if epcs.is_empty() && !is_required {
            return;
        }
        self.page.open(name);
        epcs.iter().for_each(|epc| self.id("epc", Some(epc)));
        self.page.close(name);
    }

    pub(super) fn quantities(&mut self, name: &str, quantities: &[QuantityElement]) {
        if quantities.is_empty() {
            return;
        }
        self.page.open(name);
        for element in quantities {
            self.page.open("quantityElement");
            self.id("epcClass", Some(&element.epc_class));
            match &element.quantity {
                Some(quantity) => self.page.leaf("quantity", quantity.as_str()),
                // The schema wants a quantity before a unit of measure, if only an empty one.
                None if element.uom.is_some() => self.page.push(
                    "<quantity xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                     xsi:nil=\"true\"/>",
                ),
                None => {}
            }
            if let Some(uom) = &element.uom {
                self.page.leaf("uom", uom);
            }
            self.page.close("quantityElement");
        }
        self.page.close(name);
    }

    pub(super) fn why_and_where(&mut self, common: &Common) {
        if let Some(step) = &common.biz_step {
            self.page.leaf("bizStep", &self.options.word(step.web_uri(), step.urn()));
        }
        if let Some(disposition) = &common.disposition {
            let word = self.options.word(disposition.web_uri(), disposition.urn());
            self.page.leaf("disposition", &word);
        }
        self.location("readPoint", common.read_point.as_ref());
        self.location("bizLocation", common.biz_location.as_ref());
    }

    fn location(&mut self, name: &str, location: Option<&Location>) {
        if let Some(location) = location {
            self.page.open(name);
            self.id("id", Some(&location.id));
            self.fields(&location.extensions);
            self.page.close(name);
        }
    }

    pub(super) fn persistent_disposition(&mut self, common: &Common) {
        let Some(persistent) = &common.persistent_disposition else { return };
        self.page.open("persistentDisposition");
        for (name, words) in [("unset", &persistent.unset), ("set", &persistent.set)] {
            for word in words {
                self.page.leaf(name, &self.options.word(word.web_uri(), word.urn()));
            }
        }
        self.page.close("persistentDisposition");
    }

    pub(super) fn biz_transactions(&mut self, common: &Common) {
        const LIST: &str = "bizTransactionList";
        if common.biz_transactions.is_empty() {
            return;
        }
        self.page.open(LIST);
        for transaction in &common.biz_transactions {
            let kind = transaction.kind.as_ref();
            let kind = kind.map(|kind| self.options.word(kind.web_uri(), kind.urn()));
            self.typed("bizTransaction", kind.as_deref(), &transaction.id);
        }
        self.page.close(LIST);
    }

    /// Sources and destinations.
    pub(super) fn parties(&mut self, common: &Common) {
        if !common.sources.is_empty() {
            self.page.open("sourceList");
            for source in &common.sources {
                let kind = self.options.word(source.kind.web_uri(), source.kind.urn());
                let id = self.options.epc(&source.id);
                self.typed("source", Some(&kind), &id);
            }
            self.page.close("sourceList");
        }
        if !common.destinations.is_empty() {
            self.page.open("destinationList");
            for destination in &common.destinations {
                let kind = self.options.word(destination.kind.web_uri(), destination.kind.urn());
                let id = self.options.epc(&destination.id);
                self.typed("destination", Some(&kind), &id);
            }
            self.page.close("destinationList");
        }
    }

    fn typed(&mut self, name: &str, kind: Option<&str>, text: &str) {
        self.page.push("<");
        self.page.push(name);
        if let Some(kind) = kind {
            self.page.attribute("type", kind);
        }
        self.page.push(">");
        self.page.text(text);
        self.page.close(name);
    }
}
