//! Parameters on what sensors measured.

use super::name::{is_unit, operator};
use super::typed::Given;
use crate::condition::{Operator, SensorNumber, SensorText, Test};
use crate::error::QueryError;

/// What the parameter asks; `None` when it is not one on sensors.
pub(super) fn read(given: &Given<'_>) -> Result<Option<Test>, QueryError> {
    let text = |field: SensorText| {
        let wanted = |text: &String| match field {
            SensorText::Kind => field.wanted(&given.namespaces.expand(text)),
            _ => field.wanted(text),
        };
        Ok(Some(Test::SensorTexts(field, given.texts()?.iter().map(wanted).collect())))
    };
    match given.parameter {
        "EXISTS_sensorElementList" => given.present().map(|()| Some(Test::SensorsExist)),
        "EQ_type" => text(SensorText::Kind),
        "EQ_deviceID" => text(SensorText::Device),
        "EQ_dataProcessingMethod" => text(SensorText::DataProcessingMethod),
        "EQ_microorganism" => text(SensorText::Microorganism),
        "EQ_chemicalSubstance" => text(SensorText::ChemicalSubstance),
        "EQ_bizRules" => text(SensorText::BizRules),
        "EQ_stringValue" => text(SensorText::StringValue),
        "EQ_hexBinaryValue" => text(SensorText::HexBinaryValue),
        "EQ_uriValue" => text(SensorText::UriValue),
        "EQ_booleanValue" => given.truth().map(|truth| Some(Test::SensorTruth(truth))),
        _ => number(given),
    }
}

/// `{operator}_{field}_{uom}`, and `{operator}_percRank`; only `value` may be asked to be equal.
fn number(given: &Given<'_>) -> Result<Option<Test>, QueryError> {
    let Some((operator, name)) = operator(given.parameter) else { return Ok(None) };
    let (name, uom) = match name.split_once('_') {
        Some((name, uom)) if is_unit(uom) => (name, Some(uom.to_owned())),
        None => (name, None),
        _ => return Ok(None),
    };
    let field = match (name, &uom) {
        ("value", Some(_)) => SensorNumber::Value,
        ("minValue", Some(_)) => SensorNumber::Least,
        ("maxValue", Some(_)) => SensorNumber::Greatest,
        ("meanValue", Some(_)) => SensorNumber::Mean,
        ("sDev", Some(_)) => SensorNumber::Deviation,
        ("percValue", Some(_)) => SensorNumber::PercentileValue,
        ("percRank", None) => SensorNumber::PercentileRank,
        _ => return Ok(None),
    };
    let numbers = match (operator, field) {
        (Operator::Equal, SensorNumber::Value) => given.numbers()?,
        (Operator::Equal, _) => return Ok(None),
        _ => vec![given.number()?],
    };
    Ok(Some(Test::SensorNumbers { field, operator, uom, numbers }))
}
