//! One event as a JSON object, fields in the order of the standard's examples.

use jiff::Timestamp;
use serde_json::{Map, Value};
use theriac_gs1::Epc;

use super::extension::Prefixes;
use super::options::WriteOptions;
use super::prefix::{Series, words};
use crate::event::{
    Common, ErrorDeclaration, Event, Extension, Location, Number, PersistentDisposition,
    QuantityElement,
};

/// The event as EPCIS 2.0 JSON-LD (section 10). Reading it gives an equal event.
///
/// Prefixes beyond those of the EPCIS 2.0 context are declared in the event's own `@context`.
#[must_use]
pub fn to_json(event: &Event) -> Value {
    to_json_with(event, &WriteOptions::default())
}

/// As [`to_json`], with this form of identifiers.
#[must_use]
pub fn to_json_with(event: &Event, options: &WriteOptions<'_>) -> Value {
    let object = object(event, options, Series::default());
    match object.prefixes.free(words(event)) {
        series if series == Series::default() => object.finish(),
        series => self::object(event, options, series).finish(),
    }
}

/// The event with prefixes of this series.
fn object<'o>(event: &Event, options: &WriteOptions<'o>, series: Series) -> Object<'o> {
    let prefixes = Prefixes::of(series);
    let mut object = Object { options: *options, prefixes, ..Object::default() };
    let common = event.common();
    object.put("type", event.kind());
    object.when(common);
    object.what(event);
    object.why(event, common);
    object.where_(common);
    object.parties(common);
    object.sensors(&common.sensor_elements);
    if !event.ilmd().is_empty() {
        object.nested("ilmd", |ilmd| ilmd.extensions(event.ilmd()));
    }
    object.extensions(&common.extensions);
    object
}

/// A JSON object that is being written, and the prefixes in use.
#[derive(Default)]
pub(super) struct Object<'o> {
    options: WriteOptions<'o>,
    fields: Map<String, Value>,
    prefixes: Prefixes,
}

impl Object<'_> {
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    pub(super) fn text(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.put(name, value.as_str());
        }
    }

    pub(super) fn time(&mut self, name: &str, value: Option<Timestamp>) {
        if let Some(value) = value {
            self.put(name, value.to_string());
        }
    }

    pub(super) fn number(&mut self, name: &str, value: Option<&Number>) {
        if let Some(value) = value {
            self.put(name, value.to_json());
        }
    }

    /// An object inside this one; it shares the prefixes.
    fn inner(&mut self, write: impl FnOnce(&mut Self)) -> Value {
        let prefixes = std::mem::take(&mut self.prefixes);
        let mut inner = Self { prefixes, options: self.options, ..Self::default() };
        write(&mut inner);
        self.prefixes = inner.prefixes;
        Value::Object(inner.fields)
    }

    pub(super) fn nested(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        let value = self.inner(write);
        self.put(name, value);
    }

    /// A list of objects; nothing when it is empty.
    pub(super) fn list<T>(&mut self, name: &str, items: &[T], write: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            return;
        }
        let items: Vec<Value> =
            items.iter().map(|item| self.inner(|inner| write(inner, item))).collect();
        self.put(name, items);
    }

    pub(super) fn extensions(&mut self, extensions: &[Extension]) {
        self.prefixes.write(extensions, &mut self.fields);
    }

    fn finish(self) -> Value {
        let Self { fields, prefixes, .. } = self;
        let Some(context) = prefixes.context() else { return Value::Object(fields) };
        let mut object = Map::with_capacity(fields.len() + 1);
        object.insert("@context".to_owned(), context);
        object.extend(fields);
        Value::Object(object)
    }

    fn when(&mut self, common: &Common) {
        self.put("eventTime", common.event_time.to_string());
        self.put("eventTimeZoneOffset", common.time_zone_offset.to_string());
        self.time("recordTime", common.record_time);
        self.text("eventID", common.event_id.as_ref());
        if let Some(declaration) = &common.error_declaration {
            self.nested("errorDeclaration", |inner| inner.error_declaration(declaration));
        }
        if let [one] = &common.certification_info[..] {
            self.put("certificationInfo", one.as_str());
        } else if !common.certification_info.is_empty() {
            self.put("certificationInfo", common.certification_info.clone());
        }
    }

    fn error_declaration(&mut self, declaration: &ErrorDeclaration) {
        self.put("declarationTime", declaration.declaration_time.to_string());
        if let Some(reason) = &declaration.reason {
            self.put("reason", reason.word());
        }
        if !declaration.corrective_event_ids.is_empty() {
            self.put("correctiveEventIDs", declaration.corrective_event_ids.clone());
        }
        self.extensions(&declaration.extensions);
    }

    fn what(&mut self, event: &Event) {
        if let Some(parent) = event.parent_id() {
            self.epc("parentID", parent);
        }
        match event {
            Event::Object(event) => {
                self.epcs("epcList", &event.epc_list);
                self.quantities("quantityList", &event.quantity_list);
            }
            Event::Aggregation(event) => {
                self.epcs("childEPCs", &event.child_epcs);
                self.quantities("childQuantityList", &event.child_quantity_list);
            }
            Event::Association(event) => {
                self.epcs("childEPCs", &event.child_epcs);
                self.quantities("childQuantityList", &event.child_quantity_list);
            }
            Event::Transaction(event) => {
                self.epcs("epcList", &event.epc_list);
                self.quantities("quantityList", &event.quantity_list);
            }
            Event::Transformation(event) => {
                self.epcs("inputEPCList", &event.input_epcs);
                self.quantities("inputQuantityList", &event.input_quantities);
                self.epcs("outputEPCList", &event.output_epcs);
                self.quantities("outputQuantityList", &event.output_quantities);
                self.text("transformationID", event.transformation_id.as_ref());
            }
        }
    }

    fn epcs(&mut self, name: &str, epcs: &[Epc]) {
        if !epcs.is_empty() {
            let texts: Vec<String> = epcs.iter().map(|epc| self.options.epc(epc)).collect();
            self.put(name, texts);
        }
    }

    fn epc(&mut self, name: &str, epc: &Epc) {
        let text = self.options.epc(epc);
        self.put(name, text);
    }

    fn quantities(&mut self, name: &str, quantities: &[QuantityElement]) {
        self.list(name, quantities, |inner, element| {
            inner.epc("epcClass", &element.epc_class);
            inner.number("quantity", element.quantity.as_ref());
            inner.text("uom", element.uom.as_ref());
        });
    }

    fn why(&mut self, event: &Event, common: &Common) {
        if let Some(action) = event.action() {
            self.put("action", action.word());
        }
        if let Some(biz_step) = &common.biz_step {
            self.put("bizStep", biz_step.word());
        }
        if let Some(disposition) = &common.disposition {
            self.put("disposition", disposition.word());
        }
        if let Some(persistent) = &common.persistent_disposition {
            self.nested("persistentDisposition", |inner| inner.persistent(persistent));
        }
    }

    fn persistent(&mut self, persistent: &PersistentDisposition) {
        for (name, words) in [("set", &persistent.set), ("unset", &persistent.unset)] {
            if !words.is_empty() {
                let words: Vec<&str> = words.iter().map(|word| word.word()).collect();
                self.put(name, words);
            }
        }
    }

    fn where_(&mut self, common: &Common) {
        let places = [("readPoint", &common.read_point), ("bizLocation", &common.biz_location)];
        for (name, place) in places {
            if let Some(Location { id, extensions }) = place {
                self.nested(name, |inner| {
                    inner.epc("id", id);
                    inner.extensions(extensions);
                });
            }
        }
    }

    fn parties(&mut self, common: &Common) {
        self.list("bizTransactionList", &common.biz_transactions, |inner, item| {
            if let Some(kind) = &item.kind {
                inner.put("type", kind.word());
            }
            inner.put("bizTransaction", item.id.as_str());
        });
        self.list("sourceList", &common.sources, |inner, item| {
            inner.put("type", item.kind.word());
            inner.epc("source", &item.id);
        });
        self.list("destinationList", &common.destinations, |inner, item| {
            inner.put("type", item.kind.word());
            inner.epc("destination", &item.id);
        });
    }
}
