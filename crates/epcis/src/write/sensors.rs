//! Measurements as JSON.

use super::json::Object;
use crate::event::{SensorElement, SensorMetadata, SensorReport, SensorValue};

impl Object<'_> {
    pub(super) fn sensors(&mut self, elements: &[SensorElement]) {
        self.list("sensorElementList", elements, |inner, element| {
            if let Some(metadata) = &element.metadata {
                inner.nested("sensorMetadata", |inner| inner.sensor_metadata(metadata));
            }
            inner.list("sensorReport", &element.reports, Self::sensor_report);
            inner.extensions(&element.extensions);
        });
    }

    fn sensor_metadata(&mut self, metadata: &SensorMetadata) {
        self.sensor_fields(metadata.fields());
        self.extensions(&metadata.extensions);
    }

    fn sensor_report(&mut self, report: &SensorReport) {
        self.sensor_fields(report.fields());
        self.extensions(&report.extensions);
    }

    fn sensor_fields<'a>(&mut self, fields: impl Iterator<Item = (&'static str, SensorValue<'a>)>) {
        for (name, value) in fields {
            match value {
                SensorValue::Time(time) => self.put(name, time.to_string()),
                SensorValue::Uri(text) | SensorValue::Text(text) | SensorValue::Code(text) => {
                    self.put(name, text);
                }
                SensorValue::Word(uri, base) => self.word(name, uri, base),
                SensorValue::Number(number) => self.put(name, number.to_json()),
                SensorValue::Boolean(truth) => self.put(name, truth),
            }
        }
    }

    /// A URI of the vocabulary `base` as a bare word, another URI as it is.
    fn word(&mut self, name: &str, uri: &str, base: &str) {
        match uri.strip_prefix(base) {
            Some(word) if !word.is_empty() && !word.contains(':') => self.put(name, word),
            _ => self.put(name, uri),
        }
    }
}
