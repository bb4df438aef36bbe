//! Measurements as XML: metadata and reports are attributes.

use super::event::EventWriter;
use crate::event::{Number, SensorElement, SensorMetadata, SensorReport};

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
        let times = [
            ("time", metadata.time),
            ("startTime", metadata.start_time),
            ("endTime", metadata.end_time),
        ];
        for (name, time) in times {
            if let Some(time) = time {
                self.page.attribute(name, &time.to_string());
            }
        }
        self.optional("deviceID", metadata.device_id.as_ref());
        self.optional("deviceMetadata", metadata.device_metadata.as_ref());
        self.optional("rawData", metadata.raw_data.as_ref());
        self.optional("dataProcessingMethod", metadata.data_processing_method.as_ref());
        self.optional("bizRules", metadata.biz_rules.as_ref());
        self.attributes(&metadata.extensions);
    }

    fn sensor_report(&mut self, report: &SensorReport) {
        self.optional("type", report.kind.as_ref());
        self.optional("exception", report.exception.as_ref());
        self.optional("deviceID", report.device_id.as_ref());
        self.optional("deviceMetadata", report.device_metadata.as_ref());
        self.optional("rawData", report.raw_data.as_ref());
        self.optional("dataProcessingMethod", report.data_processing_method.as_ref());
        if let Some(time) = report.time {
            self.page.attribute("time", &time.to_string());
        }
        self.optional("microorganism", report.microorganism.as_ref());
        self.optional("chemicalSubstance", report.chemical_substance.as_ref());
        self.number("value", report.value.as_ref());
        self.optional("component", report.component.as_ref());
        self.optional("stringValue", report.string_value.as_ref());
        if let Some(value) = report.boolean_value {
            self.page.attribute("booleanValue", if value { "true" } else { "false" });
        }
        self.optional("hexBinaryValue", report.hex_binary_value.as_ref());
        self.optional("uriValue", report.uri_value.as_ref());
        self.number("minValue", report.min_value.as_ref());
        self.number("maxValue", report.max_value.as_ref());
        self.number("meanValue", report.mean_value.as_ref());
        self.number("sDev", report.s_dev.as_ref());
        self.number("percRank", report.perc_rank.as_ref());
        self.number("percValue", report.perc_value.as_ref());
        self.optional("uom", report.uom.as_ref());
        self.optional("coordinateReferenceSystem", report.coordinate_reference_system.as_ref());
        self.attributes(&report.extensions);
    }

    fn optional(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.page.attribute(name, value);
        }
    }

    fn number(&mut self, name: &str, value: Option<&Number>) {
        if let Some(value) = value {
            self.page.attribute(name, value.as_str());
        }
    }
}
