//! Measurements in the canonical text.

use super::extension::scalar_text;
use super::key::uri;
use super::prehash::{Text, time};
use crate::event::{SensorElement, SensorMetadata, SensorReport, SensorValue};

impl Text<'_> {
    pub(super) fn sensors(&mut self, elements: &[SensorElement]) {
        let items: Vec<String> = elements
            .iter()
            .map(|element| self.apart(|text| text.sensor_element(element)))
            .collect();
        self.sorted("sensorElementList", items.into_iter());
    }

    fn sensor_element(&mut self, element: &SensorElement) {
        self.out.push_str("sensorElement");
        if let Some(metadata) = &element.metadata {
            let metadata = self.apart(|text| text.sensor_metadata(metadata));
            if !metadata.is_empty() {
                self.out.push_str("sensorMetadata");
                self.out.push_str(&metadata);
            }
        }
        let reports: Vec<String> = element
            .reports
            .iter()
            .map(|report| self.apart(|text| text.sensor_report(report)))
            .collect();
        self.sorted("", reports.into_iter());
        self.extensions(&element.extensions);
    }

    fn sensor_metadata(&mut self, metadata: &SensorMetadata) {
        self.sensor_fields(metadata.fields());
        self.extensions(&metadata.extensions);
    }

    fn sensor_report(&mut self, report: &SensorReport) {
        self.out.push_str("sensorReport");
        self.sensor_fields(report.fields());
        self.extensions(&report.extensions);
    }

    fn sensor_fields<'a>(&mut self, fields: impl Iterator<Item = (&'static str, SensorValue<'a>)>) {
        for (name, value) in fields {
            match value {
                SensorValue::Time(at) => self.leaf(name, &time(at)),
                SensorValue::Uri(text) | SensorValue::Word(text, _) => {
                    self.leaf(name, &uri(text.trim()));
                }
                SensorValue::Number(number) => self.leaf(name, number.as_str()),
                SensorValue::Text(text) => self.leaf(name, &scalar_text(name, text)),
                SensorValue::Code(code) => self.leaf(name, code.trim()),
                SensorValue::Boolean(truth) => {
                    self.leaf(name, if truth { "true" } else { "false" })
                }
            }
        }
    }
}
