//! Measurements as XML: metadata and reports are attributes.

use super::event::EventWriter;
use crate::event::{SensorElement, SensorMetadata, SensorReport, SensorValue};

impl EventWriter<'_, '_> {
    pub(super) fn sensors(&mut self, elements: &[SensorElement]) {
        if elements.is_empty() {
            return;
        }
        self.page.open("sensorElementList");
        for element in elements {
            self.page.open("sensorElement");
            if let Some(metadata) = &element.metadata {
                self.page.push("<sensorMetadata");
                self.sensor_metadata(metadata);
                self.page.push("/>");
            }
            for report in &element.reports {
                self.page.push("<sensorReport");
                self.sensor_report(report);
                self.page.push("/>");
            }
            self.fields(&element.extensions);
            self.page.close("sensorElement");
        }
        self.page.close("sensorElementList");
    }

    fn sensor_metadata(&mut self, metadata: &SensorMetadata) {
        self.sensor_fields(metadata.fields());
        self.attributes(&metadata.extensions);
    }

    fn sensor_report(&mut self, report: &SensorReport) {
        self.sensor_fields(report.fields());
        self.attributes(&report.extensions);
    }

    fn sensor_fields<'a>(&mut self, fields: impl Iterator<Item = (&'static str, SensorValue<'a>)>) {
        for (name, value) in fields {
            match value {
                SensorValue::Time(time) => self.page.attribute(name, &time.to_string()),
                SensorValue::Uri(text)
                | SensorValue::Word(text, _)
                | SensorValue::Text(text)
                | SensorValue::Code(text) => self.page.attribute(name, text),
                SensorValue::Number(number) => self.page.attribute(name, number.as_str()),
                SensorValue::Boolean(truth) => self.page.attribute(name, &truth.to_string()),
            }
        }
    }
}
