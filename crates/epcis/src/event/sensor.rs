//! What sensors measured (EPCIS 2.0, section 7.3.7).

use jiff::Timestamp;

use super::extension::Extension;
use super::number::Number;

/// One set of measurements with what they have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SensorElement {
    /// What all reports of the set share.
    pub metadata: Option<SensorMetadata>,
    /// The measurements.
    pub reports: Vec<SensorReport>,
    /// Fields of other vocabularies.
    pub extensions: Vec<Extension>,
}

/// What all reports of a set share (section 7.3.7.2). Identifiers are URIs as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SensorMetadata {
    /// When it was measured.
    pub time: Option<Timestamp>,
    /// Begin of the measured period.
    pub start_time: Option<Timestamp>,
    /// End of the measured period.
    pub end_time: Option<Timestamp>,
    /// The device.
    pub device_id: Option<String>,
    /// Where the device is described.
    pub device_metadata: Option<String>,
    /// Where the raw data is.
    pub raw_data: Option<String>,
    /// How the data was processed.
    pub data_processing_method: Option<String>,
    /// The rules it was judged by.
    pub biz_rules: Option<String>,
    /// Fields of other vocabularies.
    pub extensions: Vec<Extension>,
}

/// One measurement (section 7.3.7.3). Identifiers are URIs as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SensorReport {
    /// The measured property as a URI, such as `https://gs1.org/voc/Temperature`.
    pub kind: Option<String>,
    /// An alarm or error as a URI, such as `https://gs1.org/voc/ALARM_CONDITION`.
    pub exception: Option<String>,
    /// The device.
    pub device_id: Option<String>,
    /// Where the device is described.
    pub device_metadata: Option<String>,
    /// Where the raw data is.
    pub raw_data: Option<String>,
    /// How the data was processed.
    pub data_processing_method: Option<String>,
    /// When it was measured.
    pub time: Option<Timestamp>,
    /// The microorganism that was looked for.
    pub microorganism: Option<String>,
    /// The substance that was looked for.
    pub chemical_substance: Option<String>,
    /// The measured value, in `uom`.
    pub value: Option<Number>,
    /// The component of a vector as a URI, such as `https://ref.gs1.org/cbv/Comp-latitude`.
    pub component: Option<String>,
    /// The measured text.
    pub string_value: Option<String>,
    /// The measured truth.
    pub boolean_value: Option<bool>,
    /// The measured bytes, in hexadecimal.
    pub hex_binary_value: Option<String>,
    /// The measured URI.
    pub uri_value: Option<String>,
    /// Least value of the period, in `uom`.
    pub min_value: Option<Number>,
    /// Greatest value of the period, in `uom`.
    pub max_value: Option<Number>,
    /// Mean value of the period, in `uom`.
    pub mean_value: Option<Number>,
    /// Standard deviation of the period, in `uom`.
    pub s_dev: Option<Number>,
    /// Percentile rank, 0 to 100.
    pub perc_rank: Option<Number>,
    /// The value at the percentile rank, in `uom`.
    pub perc_value: Option<Number>,
    /// UN/CEFACT Recommendation 20 code of the unit of measure.
    pub uom: Option<String>,
    /// The coordinate reference system of a position.
    pub coordinate_reference_system: Option<String>,
    /// Fields of other vocabularies.
    pub extensions: Vec<Extension>,
}
