//! The fields of measurements, listed once for all that write or hash them.

use jiff::Timestamp;

use super::number::Number;
use super::sensor::{SensorMetadata, SensorReport};

/// The vocabulary of measured properties and of alarms.
pub(crate) const GS1_VOCABULARY: &str = "https://gs1.org/voc/";

/// What the components of a vector begin with.
pub(crate) const COMPONENT: &str = "https://ref.gs1.org/cbv/Comp-";

/// The value of a field of [`SensorMetadata`] or [`SensorReport`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum SensorValue<'a> {
    /// A point in time.
    Time(Timestamp),
    /// A URI.
    Uri(&'a str),
    /// A URI, whose words of this vocabulary are bare in JSON.
    Word(&'a str, &'static str),
    /// A number.
    Number(&'a Number),
    /// Any text.
    Text(&'a str),
    /// A code that is never read as a number.
    Code(&'a str),
    /// Yes or no.
    Boolean(bool),
}

use SensorValue::{Boolean, Code, Text, Time, Uri, Word};

/// The name of a field, and its value if it has one.
type Field<'a> = (&'static str, Option<SensorValue<'a>>);

/// The fields that have a value.
fn present<'a, const N: usize>(
    fields: [Field<'a>; N],
) -> impl Iterator<Item = (&'static str, SensorValue<'a>)> {
    fields.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

impl SensorMetadata {
    /// The standard's fields that have a value, in the order of the event hash (CBV 2.0, section 8.9).
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, SensorValue<'_>)> {
        present([
            ("time", self.time.map(Time)),
            ("startTime", self.start_time.map(Time)),
            ("endTime", self.end_time.map(Time)),
            ("deviceID", self.device_id.as_deref().map(Uri)),
            ("deviceMetadata", self.device_metadata.as_deref().map(Uri)),
            ("rawData", self.raw_data.as_deref().map(Uri)),
            ("dataProcessingMethod", self.data_processing_method.as_deref().map(Uri)),
            ("bizRules", self.biz_rules.as_deref().map(Uri)),
        ])
    }
}

impl SensorReport {
    /// The standard's fields that have a value, in the order of the event hash (CBV 2.0, section 8.9).
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, SensorValue<'_>)> {
        let gs1 = |uri| Word(uri, GS1_VOCABULARY);
        let number = SensorValue::Number;
        present([
            ("type", self.kind.as_deref().map(gs1)),
            ("exception", self.exception.as_deref().map(gs1)),
            ("deviceID", self.device_id.as_deref().map(Uri)),
            ("deviceMetadata", self.device_metadata.as_deref().map(Uri)),
            ("rawData", self.raw_data.as_deref().map(Uri)),
            ("dataProcessingMethod", self.data_processing_method.as_deref().map(Uri)),
            ("time", self.time.map(Time)),
            ("microorganism", self.microorganism.as_deref().map(Uri)),
            ("chemicalSubstance", self.chemical_substance.as_deref().map(Uri)),
            ("value", self.value.as_ref().map(number)),
            ("component", self.component.as_deref().map(|uri| Word(uri, COMPONENT))),
            ("stringValue", self.string_value.as_deref().map(Text)),
            ("booleanValue", self.boolean_value.map(Boolean)),
            ("hexBinaryValue", self.hex_binary_value.as_deref().map(Text)),
            ("uriValue", self.uri_value.as_deref().map(Uri)),
            ("minValue", self.min_value.as_ref().map(number)),
            ("maxValue", self.max_value.as_ref().map(number)),
            ("meanValue", self.mean_value.as_ref().map(number)),
            ("sDev", self.s_dev.as_ref().map(number)),
            ("percRank", self.perc_rank.as_ref().map(number)),
            ("percValue", self.perc_value.as_ref().map(number)),
            ("uom", self.uom.as_deref().map(Code)),
            ("coordinateReferenceSystem", self.coordinate_reference_system.as_deref().map(Uri)),
        ])
    }
}
