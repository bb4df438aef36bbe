//! Conditions on what sensors measured (EPCIS 2.0, section 8.2.7.1).

use jiff::Timestamp;
use theriac_epcis::{Event, Number, SensorElement, SensorReport};

use super::uri::any_is;
use super::{Operator, TimeField, Uri, compare_decimals};
use crate::plan::canonical_uri;
use crate::unit;

/// A text that a sensor element names, in its metadata, its reports, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SensorText {
    Kind,
    Device,
    DataProcessingMethod,
    Microorganism,
    ChemicalSubstance,
    BizRules,
    StringValue,
    HexBinaryValue,
    UriValue,
}

/// A number of a sensor report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SensorNumber {
    Value,
    Least,
    Greatest,
    Mean,
    Deviation,
    PercentileRank,
    PercentileValue,
}

/// Whether one moment of this kind satisfies `wanted`.
pub(super) fn any_moment(
    field: TimeField,
    event: &Event,
    wanted: impl Fn(Timestamp) -> bool,
) -> bool {
    event.common().sensor_elements.iter().any(|element| {
        let metadata = element.metadata.as_ref();
        match field {
            TimeField::SensorStart => metadata.and_then(|metadata| metadata.start_time),
            TimeField::SensorEnd => metadata.and_then(|metadata| metadata.end_time),
            _ => metadata.and_then(|metadata| metadata.time),
        }
        .is_some_and(&wanted)
            || field == TimeField::Sensor
                && element.reports.iter().filter_map(|report| report.time).any(&wanted)
    })
}

/// Whether one text of this kind is one of those wanted.
pub(super) fn has_text(field: SensorText, wanted: &[Uri], event: &Event) -> bool {
    let found =
        |text: Option<&String>| text.is_some_and(|text| any_is(wanted, &field.comparable(text)));
    event.common().sensor_elements.iter().any(|element| {
        found(in_metadata(field, element))
            || element.reports.iter().any(|report| found(in_report(field, report)))
    })
}

fn in_metadata(field: SensorText, element: &SensorElement) -> Option<&String> {
    let metadata = element.metadata.as_ref()?;
    match field {
        SensorText::Device => metadata.device_id.as_ref(),
        SensorText::DataProcessingMethod => metadata.data_processing_method.as_ref(),
        SensorText::BizRules => metadata.biz_rules.as_ref(),
        _ => None,
    }
}

fn in_report(field: SensorText, report: &SensorReport) -> Option<&String> {
    match field {
        SensorText::Kind => report.kind.as_ref(),
        SensorText::Device => report.device_id.as_ref(),
        SensorText::DataProcessingMethod => report.data_processing_method.as_ref(),
        SensorText::Microorganism => report.microorganism.as_ref(),
        SensorText::ChemicalSubstance => report.chemical_substance.as_ref(),
        SensorText::BizRules => None,
        SensorText::StringValue => report.string_value.as_ref(),
        SensorText::HexBinaryValue => report.hex_binary_value.as_ref(),
        SensorText::UriValue => report.uri_value.as_ref(),
    }
}

impl SensorText {
    /// A text that a query gives, and the form in which texts of this kind are compared.
    pub(crate) fn wanted(self, text: &str) -> Uri {
        let text = if self == Self::Kind { bare_kind(text) } else { text };
        Uri { text: text.to_owned(), canonical: self.comparable(text) }
    }

    fn comparable(self, text: &str) -> String {
        match self {
            Self::StringValue => text.to_owned(),
            Self::HexBinaryValue => text.to_ascii_uppercase(),
            Self::Kind => bare_kind(text).to_owned(),
            _ => canonical_uri(text),
        }
    }
}

/// The bare word of a measurement type of the GS1 Web Vocabulary; another URI verbatim, and one
/// whose rest would be read as a URI of its own.
fn bare_kind(text: &str) -> &str {
    const STEMS: &[&str] =
        &["https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:"];
    let word = STEMS.iter().find_map(|stem| text.strip_prefix(stem));
    word.filter(|word| !word.contains(':')).unwrap_or(text)
}

/// Whether one report holds this truth value.
pub(super) fn has_truth(wanted: bool, event: &Event) -> bool {
    reports(event).any(|report| report.boolean_value == Some(wanted))
}

/// Whether one number of this kind stands in this relation to one of the numbers.
///
/// With a unit of measure, values in another unit of the same kind are converted.
pub(super) fn has_number(
    field: SensorNumber,
    operator: Operator,
    uom: Option<&str>,
    numbers: &[Number],
    event: &Event,
) -> bool {
    reports(event).any(|report| {
        let Some(found) = number(field, report) else { return false };
        numbers.iter().any(|wanted| match uom {
            None => operator.holds(compare_decimals(found, wanted)),
            Some(uom) => report
                .uom
                .as_deref()
                .and_then(|found_unit| unit::compare(found, found_unit, wanted, uom))
                .is_some_and(|order| operator.holds(order)),
        })
    })
}

fn number(field: SensorNumber, report: &SensorReport) -> Option<&Number> {
    match field {
        SensorNumber::Value => report.value.as_ref(),
        SensorNumber::Least => report.min_value.as_ref(),
        SensorNumber::Greatest => report.max_value.as_ref(),
        SensorNumber::Mean => report.mean_value.as_ref(),
        SensorNumber::Deviation => report.s_dev.as_ref(),
        SensorNumber::PercentileRank => report.perc_rank.as_ref(),
        SensorNumber::PercentileValue => report.perc_value.as_ref(),
    }
}

fn reports(event: &Event) -> impl Iterator<Item = &SensorReport> {
    event.common().sensor_elements.iter().flat_map(|element| &element.reports)
}
