//! Measurements as JSON.

use super::json::Object;
use crate::event::{SensorElement, SensorMetadata, SensorReport};

const GS1_VOCABULARY: &str = "https://gs1.org/voc/";
const COMPONENT: &str = "https://ref.gs1.org/cbv/Comp-";

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
        self.time("time", metadata.time);
        self.time("startTime", metadata.start_time);
        self.time("endTime", metadata.end_time);
        self.text("deviceID", metadata.device_id.as_ref());
        self.text("deviceMetadata", metadata.device_metadata.as_ref());
        self.text("rawData", metadata.raw_data.as_ref());
        self.text("dataProcessingMethod", metadata.data_processing_method.as_ref());
        self.text("bizRules", metadata.biz_rules.as_ref());
        self.extensions(&metadata.extensions);
    }

    fn sensor_report(&mut self, report: &SensorReport) {
        self.word("type", report.kind.as_ref(), GS1_VOCABULARY);
        self.word("exception", report.exception.as_ref(), GS1_VOCABULARY);
        self.text("deviceID", report.device_id.as_ref());
        self.text("deviceMetadata", report.device_metadata.as_ref());
        self.text("rawData", report.raw_data.as_ref());
        self.text("dataProcessingMethod", report.data_processing_method.as_ref());
        self.time("time", report.time);
        self.text("microorganism", report.microorganism.as_ref());
        self.text("chemicalSubstance", report.chemical_substance.as_ref());
        self.number("value", report.value.as_ref());
        self.word("component", report.component.as_ref(), COMPONENT);
        self.text("stringValue", report.string_value.as_ref());
        if let Some(value) = report.boolean_value {
            self.put("booleanValue", value);
        }
        self.text("hexBinaryValue", report.hex_binary_value.as_ref());
        self.text("uriValue", report.uri_value.as_ref());
        self.number("minValue", report.min_value.as_ref());
        self.number("maxValue", report.max_value.as_ref());
        self.number("meanValue", report.mean_value.as_ref());
        self.number("sDev", report.s_dev.as_ref());
        self.number("percRank", report.perc_rank.as_ref());
        self.number("percValue", report.perc_value.as_ref());
        self.text("uom", report.uom.as_ref());
        self.text("coordinateReferenceSystem", report.coordinate_reference_system.as_ref());
        self.extensions(&report.extensions);
    }

    /// A URI of the vocabulary `base` as a bare word, another URI as it is.
    fn word(&mut self, name: &str, uri: Option<&String>, base: &str) {
        let Some(uri) = uri else { return };
        match uri.strip_prefix(base) {
            Some(word) if !word.is_empty() && !word.contains(':') => self.put(name, word),
            _ => self.put(name, uri.as_str()),
        }
    }
}
