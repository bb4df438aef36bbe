//! The canonical text of an event: all fields in the order of the table of CBV 2.0.

use jiff::Timestamp;

use super::extension::extensions;
use super::key::{epc, item, uri};
use super::{FieldOrder, HashOptions};
use crate::event::{Common, Event, Location, Number, QuantityElement};

/// The canonical text.
pub(super) fn prehash(event: &Event, options: &HashOptions) -> String {
    let common = event.common();
    let mut text = Text::new(options);
    text.leaf("eventType", event.kind());
    text.leaf("eventTime", &time(common.event_time));
    text.leaf("eventTimeZoneOffset", &common.time_zone_offset.to_string());
    text.sorted(
        "",
        common
            .certification_info
            .iter()
            .map(|info| format!("certificationInfo={}", uri(info.trim()))),
    );
    text.objects(event);
    if let Some(action) = event.action() {
        text.leaf("action", action.word());
    }
    if let Event::Transformation(event) = event {
        text.uri("transformationID", event.transformation_id.as_ref());
    }
    text.why_and_where(common);
    text.rest(event, common);
    text.out
}

/// The text that is being written.
pub(super) struct Text<'o> {
    pub(super) out: String,
    options: &'o HashOptions,
}

impl<'o> Text<'o> {
    fn new(options: &'o HashOptions) -> Self {
        Self { out: String::with_capacity(256), options }
    }

    pub(super) fn leaf(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.out.push_str(name);
            self.out.push('=');
            self.out.push_str(value);
        }
    }

    pub(super) fn uri(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.leaf(name, &uri(value.trim()));
        }
    }

    pub(super) fn number(&mut self, name: &str, value: Option<&Number>) {
        if let Some(value) = value {
            self.leaf(name, value.as_str());
        }
    }

    /// A list: its name once, then its items in byte order; nothing when it is empty.
    pub(super) fn sorted(&mut self, name: &str, items: impl Iterator<Item = String>) {
        let mut items: Vec<String> = items.collect();
        if items.is_empty() {
            return;
        }
        items.sort_unstable();
        self.out.push_str(name);
        for item in &items {
            self.out.push_str(item);
        }
    }

    /// An item that is rendered apart.
    pub(super) fn apart(&self, write: impl FnOnce(&mut Text<'o>)) -> String {
        let mut text = Text { out: String::new(), options: self.options };
        write(&mut text);
        text.out
    }

    fn epcs(&mut self, name: &str, epcs: &[theriac_gs1::Epc]) {
        self.sorted(name, epcs.iter().map(|id| item("epc=", id)));
    }

    fn quantities(&mut self, name: &str, quantities: &[QuantityElement]) {
        let items: Vec<String> = quantities
            .iter()
            .map(|element| {
                self.apart(|text| {
                    text.out.push_str("quantityElement");
                    text.leaf("epcClass", &epc(&element.epc_class));
                    text.number("quantity", element.quantity.as_ref());
                    text.leaf("uom", element.uom.as_deref().unwrap_or_default().trim());
                })
            })
            .collect();
        self.sorted(name, items.into_iter());
    }

    fn objects(&mut self, event: &Event) {
        let parent = event.parent_id().map(epc).unwrap_or_default();
        match event {
            Event::Object(event) => {
                self.epcs("epcList", &event.epc_list);
                self.quantities("quantityList", &event.quantity_list);
            }
            Event::Aggregation(event) => {
                self.leaf("parentID", &parent);
                self.epcs("childEPCs", &event.child_epcs);
                self.quantities("childQuantityList", &event.child_quantity_list);
            }
            Event::Association(event) => {
                self.leaf("parentID", &parent);
                self.epcs("childEPCs", &event.child_epcs);
                self.quantities("childQuantityList", &event.child_quantity_list);
            }
            Event::Transaction(event) => {
                self.epcs("epcList", &event.epc_list);
                self.leaf("parentID", &parent);
                self.quantities("quantityList", &event.quantity_list);
            }
            Event::Transformation(event) => {
                self.epcs("inputEPCList", &event.input_epcs);
                self.quantities("inputQuantityList", &event.input_quantities);
                self.epcs("outputEPCList", &event.output_epcs);
                self.quantities("outputQuantityList", &event.output_quantities);
            }
        }
    }

    fn why_and_where(&mut self, common: &Common) {
        if let Some(biz_step) = &common.biz_step {
            self.leaf("bizStep", &biz_step.web_uri());
        }
        if let Some(disposition) = &common.disposition {
            self.leaf("disposition", &disposition.web_uri());
        }
        if let Some(persistent) = &common.persistent_disposition {
            self.out.push_str("persistentDisposition");
            self.sorted("", persistent.set.iter().map(|word| format!("set={}", word.web_uri())));
            self.sorted(
                "",
                persistent.unset.iter().map(|word| format!("unset={}", word.web_uri())),
            );
        }
        self.location("readPoint", common.read_point.as_ref());
        self.location("bizLocation", common.biz_location.as_ref());
    }

    fn location(&mut self, name: &str, location: Option<&Location>) {
        if let Some(location) = location {
            self.out.push_str(name);
            self.leaf("id", &epc(&location.id));
            self.extensions(&location.extensions);
        }
    }

    pub(super) fn extensions(&mut self, fields: &[crate::event::Extension]) {
        self.sorted("", extensions(fields, self.options).into_iter());
    }

    /// Business documents, parties, sensors, master data, extensions: where tools differ in order.
    fn rest(&mut self, event: &Event, common: &Common) {
        let documents = self.apart(|text| text.biz_transactions(common));
        let sources = self.apart(|text| {
            let items = common
                .sources
                .iter()
                .map(|source| format!("type={}source={}", source.kind.web_uri(), epc(&source.id)));
            text.sorted("sourceList", items);
        });
        let destinations = self.apart(|text| {
            let items = common.destinations.iter().map(|destination| {
                let (kind, id) = (destination.kind.web_uri(), epc(&destination.id));
                format!("type={kind}destination={id}")
            });
            text.sorted("destinationList", items);
        });
        let sensors = self.apart(|text| text.sensors(&common.sensor_elements));
        let ilmd = self.apart(|text| {
            text.sorted("ilmd", extensions(event.ilmd(), text.options).into_iter());
        });
        let extensions = extensions(&common.extensions, self.options);
        match self.options.order {
            FieldOrder::Table => {
                for part in [documents, sources, destinations, sensors, ilmd] {
                    self.out.push_str(&part);
                }
                self.sorted("", extensions.into_iter());
            }
            FieldOrder::ReferenceTool => {
                self.out.push_str(&sensors);
                let parts = [documents, sources, destinations, ilmd].into_iter();
                self.sorted("", parts.chain(extensions));
            }
        }
    }

    fn biz_transactions(&mut self, common: &Common) {
        let items: Vec<String> = common
            .biz_transactions
            .iter()
            .map(|transaction| {
                self.apart(|text| {
                    if let Some(kind) = &transaction.kind {
                        text.leaf("type", &kind.web_uri());
                    }
                    text.leaf("bizTransaction", &uri(transaction.id.trim()));
                })
            })
            .collect();
        self.sorted("bizTransactionList", items.into_iter());
    }
}

/// A time in UTC with exactly three decimals, rounded half up at the fourth.
pub(super) fn time(time: Timestamp) -> String {
    let milliseconds = (time.as_nanosecond() + 500_000).div_euclid(1_000_000);
    let rounded = i64::try_from(milliseconds)
        .ok()
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok())
        .unwrap_or(time);
    format!("{rounded:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_three_decimals_rounded_half_up() {
        for (text, want) in [
            ("2023-02-02T11:04:03.1415Z", "2023-02-02T11:04:03.142Z"),
            ("2023-02-02T11:04:03.1414Z", "2023-02-02T11:04:03.141Z"),
            ("2023-02-02T11:04:03.1405Z", "2023-02-02T11:04:03.141Z"),
            ("2023-02-02T11:04:59.9995Z", "2023-02-02T11:05:00.000Z"),
            ("2023-02-02T12:04:03+01:00", "2023-02-02T11:04:03.000Z"),
            ("1969-12-31T23:59:59.9994Z", "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(time(text.parse().expect("a time")), want);
        }
    }
}
