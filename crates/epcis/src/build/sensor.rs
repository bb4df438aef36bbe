//! What sensors measured.

use super::builder::{Builder, Fields, is_empty};
use crate::event::{COMPONENT, GS1_VOCABULARY, SensorElement, SensorMetadata, SensorReport};
use crate::read::ReadError;
use crate::tree::{Element, Scalar};

const ELEMENT: &[&str] = &["type", "sensorMetadata", "sensorReport"];
const METADATA: &[&str] = &[
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
];
const REPORT: &[&str] = &[
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
];

impl<'e> Builder<'e> {
    pub(super) fn sensor_elements(
        &mut self,
        fields: &Fields<'e>,
    ) -> Result<Vec<SensorElement>, ReadError> {
        const NAME: &str = "sensorElementList";
        let mut all = Vec::new();
        for list in fields.iter().filter(|field| field.is(NAME)) {
            self.at(NAME, |builder| {
                for (index, item) in list.items("sensorElement").enumerate() {
                    all.push(builder.at_item(index, |builder| builder.sensor_element(item))?);
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn sensor_element(&mut self, element: &'e Element<'e>) -> Result<SensorElement, ReadError> {
        let fields = self.fields(element);
        let metadata = match self.one(&fields, "sensorMetadata")? {
            Some(metadata) => {
                Some(self.at("sensorMetadata", |builder| builder.sensor_metadata(metadata))?)
            }
            None => None,
        };
        let mut reports = Vec::new();
        for report in fields.iter().filter(|field| field.is("sensorReport")) {
            let items = match report.shape {
                crate::tree::Shape::List => &report.children[..],
                _ => std::slice::from_ref(*report),
            };
            for item in items {
                let index = reports.len();
                let report = self.at("sensorReport", |builder| {
                    builder.at_item(index, |builder| builder.sensor_report(item))
                })?;
                reports.push(report);
            }
        }
        Ok(SensorElement { metadata, reports, extensions: self.extensions(&fields, ELEMENT)? })
    }

    fn sensor_metadata(&mut self, element: &'e Element<'e>) -> Result<SensorMetadata, ReadError> {
        let fields = self.fields(element);
        Ok(SensorMetadata {
            time: self.time(&fields, "time", None)?,
            start_time: self.time(&fields, "startTime", None)?,
            end_time: self.time(&fields, "endTime", None)?,
            device_id: self.string(&fields, "deviceID")?,
            device_metadata: self.string(&fields, "deviceMetadata")?,
            raw_data: self.string(&fields, "rawData")?,
            data_processing_method: self.string(&fields, "dataProcessingMethod")?,
            biz_rules: self.string(&fields, "bizRules")?,
            extensions: self.extensions(&fields, METADATA)?,
        })
    }

    fn sensor_report(&mut self, element: &'e Element<'e>) -> Result<SensorReport, ReadError> {
        let fields = self.fields(element);
        let kind = self.text(&fields, "type")?;
        let exception = self.text(&fields, "exception")?;
        let component = self.text(&fields, "component")?;
        Ok(SensorReport {
            kind: kind.map(|text| self.word_uri(text, GS1_VOCABULARY)),
            exception: exception.map(|text| self.word_uri(text, GS1_VOCABULARY)),
            device_id: self.string(&fields, "deviceID")?,
            device_metadata: self.string(&fields, "deviceMetadata")?,
            raw_data: self.string(&fields, "rawData")?,
            data_processing_method: self.string(&fields, "dataProcessingMethod")?,
            time: self.time(&fields, "time", None)?,
            microorganism: self.string(&fields, "microorganism")?,
            chemical_substance: self.string(&fields, "chemicalSubstance")?,
            value: self.number(&fields, "value")?,
            component: component.map(|text| self.word_uri(text, COMPONENT)),
            string_value: self.string(&fields, "stringValue")?,
            boolean_value: self.boolean(&fields, "booleanValue")?,
            hex_binary_value: self.string(&fields, "hexBinaryValue")?,
            uri_value: self.string(&fields, "uriValue")?,
            min_value: self.number(&fields, "minValue")?,
            max_value: self.number(&fields, "maxValue")?,
            mean_value: self.number(&fields, "meanValue")?,
            s_dev: self.number(&fields, "sDev")?,
            perc_rank: self.number(&fields, "percRank")?,
            perc_value: self.number(&fields, "percValue")?,
            uom: self.string(&fields, "uom")?,
            coordinate_reference_system: self.string(&fields, "coordinateReferenceSystem")?,
            extensions: self.extensions(&fields, REPORT)?,
        })
    }

    fn boolean(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<bool>, ReadError> {
        let Some(field) = self.one(fields, name)? else { return Ok(None) };
        if is_empty(field) {
            return Ok(None);
        }
        match (&field.scalar, field.text()) {
            (Scalar::Boolean(value), _) => Ok(Some(*value)),
            (_, Some("true" | "1")) => Ok(Some(true)),
            (_, Some("false" | "0")) => Ok(Some(false)),
            _ => self.at(name, |builder| Err(builder.error("true or false", &field.describe()))),
        }
    }
}
