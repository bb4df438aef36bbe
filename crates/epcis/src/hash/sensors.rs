//! Measurements in the canonical text.

use super::prehash::Text;
use crate::event::{SensorElement, SensorMetadata, SensorReport};

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
        self.time("time", metadata.time);
        self.time("startTime", metadata.start_time);
        self.time("endTime", metadata.end_time);
        self.uri("deviceID", metadata.device_id.as_ref());
        self.uri("deviceMetadata", metadata.device_metadata.as_ref());
        self.uri("rawData", metadata.raw_data.as_ref());
        self.uri("dataProcessingMethod", metadata.data_processing_method.as_ref());
        self.uri("bizRules", metadata.biz_rules.as_ref());
        self.extensions(&metadata.extensions);
    }

    fn sensor_report(&mut self, report: &SensorReport) {
        self.out.push_str("sensorReport");
        self.uri("type", report.kind.as_ref());
        self.uri("exception", report.exception.as_ref());
        self.uri("deviceID", report.device_id.as_ref());
        self.uri("deviceMetadata", report.device_metadata.as_ref());
        self.uri("rawData", report.raw_data.as_ref());
        self.uri("dataProcessingMethod", report.data_processing_method.as_ref());
        self.time("time", report.time);
        self.uri("microorganism", report.microorganism.as_ref());
        self.uri("chemicalSubstance", report.chemical_substance.as_ref());
        self.number("value", report.value.as_ref());
        self.uri("component", report.component.as_ref());
        self.text("stringValue", report.string_value.as_ref());
        if let Some(value) = report.boolean_value {
            self.leaf("booleanValue", if value { "true" } else { "false" });
        }
        self.text("hexBinaryValue", report.hex_binary_value.as_ref());
        self.uri("uriValue", report.uri_value.as_ref());
        self.number("minValue", report.min_value.as_ref());
        self.number("maxValue", report.max_value.as_ref());
        self.number("meanValue", report.mean_value.as_ref());
        self.number("sDev", report.s_dev.as_ref());
        self.number("percRank", report.perc_rank.as_ref());
        self.number("percValue", report.perc_value.as_ref());
        self.leaf("uom", report.uom.as_deref().unwrap_or_default().trim());
        self.uri("coordinateReferenceSystem", report.coordinate_reference_system.as_ref());
        self.extensions(&report.extensions);
    }
}
