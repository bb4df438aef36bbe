//! Which parameter a name is, and what it asks.

use super::field::Fields;
use super::typed::Given;
use super::{attribute, extension, sensor};
use crate::condition::{
    Bound, EpcField, EpcPattern, Operator, PlaceField, Test, TimeField, Uri, UriField,
};
use crate::error::QueryError;

/// What the parameter asks; `None` when the standard has no such parameter.
pub(super) fn read(given: &Given<'_>, fields: &mut Fields<'_>) -> Result<Option<Test>, QueryError> {
    if let Some(test) = plain(given)? {
        return Ok(Some(test));
    }
    if let Some(test) = list_by_type(given, fields)? {
        return Ok(Some(test));
    }
    if let Some(test) = quantity(given)? {
        return Ok(Some(test));
    }
    if let Some(test) = sensor::read(given)? {
        return Ok(Some(test));
    }
    if let Some(test) = attribute::read(given, fields)? {
        return Ok(Some(test));
    }
    extension::read(given, fields)
}

/// A parameter whose name is all fixed.
fn plain(given: &Given<'_>) -> Result<Option<Test>, QueryError> {
    const STEP: &str = "business steps of the CBV or absolute URIs";
    const DISPOSITION: &str = "dispositions of the CBV or absolute URIs";
    let test = match given.parameter {
        "eventType" => Test::Kinds(kinds(given)?),
        "EQ_action" => Test::Actions(given.words("ADD, OBSERVE or DELETE")?),
        "EQ_bizStep" => Test::BizSteps(given.words(STEP)?),
        "EQ_disposition" => Test::Dispositions(given.words(DISPOSITION)?),
        "EQ_persistentDisposition_set" => Test::PersistentlySet(given.words(DISPOSITION)?),
        "EQ_persistentDisposition_unset" => Test::PersistentlyUnset(given.words(DISPOSITION)?),
        "EQ_readPoint" => places(given, PlaceField::ReadPoint, false)?,
        "WD_readPoint" => places(given, PlaceField::ReadPoint, true)?,
        "EQ_bizLocation" => places(given, PlaceField::BizLocation, false)?,
        "WD_bizLocation" => places(given, PlaceField::BizLocation, true)?,
        "EQ_eventID" => Test::Uris(UriField::Event, given.texts()?.to_vec()),
        "EQ_transformationID" => Test::Uris(UriField::Transformation, given.texts()?.to_vec()),
        "EQ_correctiveEventID" => Test::Uris(UriField::CorrectiveEvent, given.texts()?.to_vec()),
        "EQ_errorReason" => Test::ErrorReasons(given.words("reasons of errors or absolute URIs")?),
        "EXISTS_errorDeclaration" => given.present().map(|()| Test::ErrorDeclared)?,
        _ => return moment_or_objects(given),
    };
    Ok(Some(test))
}

/// Kinds of events by their bare names; those of other vocabularies by their URIs.
fn kinds(given: &Given<'_>) -> Result<Vec<String>, QueryError> {
    let bare = |text: &String| {
        let uri = given.namespaces.expand(text);
        uri.strip_prefix("https://ref.gs1.org/epcis/").unwrap_or(&uri).to_owned()
    };
    Ok(given.texts()?.iter().map(bare).collect())
}

fn moment_or_objects(given: &Given<'_>) -> Result<Option<Test>, QueryError> {
    if let Some(name) = given.parameter.strip_prefix("MATCH_") {
        return objects(given, name);
    }
    let (bound, name) = match given.parameter.split_once('_') {
        Some(("GE", name)) => (Bound::From, name),
        Some(("LT", name)) => (Bound::Before, name),
        _ => return Ok(None),
    };
    let field = match name {
        "eventTime" => TimeField::Event,
        "recordTime" => TimeField::Record,
        "errorDeclarationTime" | "errorDeclaration_Time" => TimeField::ErrorDeclaration,
        "time" => TimeField::Sensor,
        "startTime" => TimeField::SensorStart,
        "endTime" => TimeField::SensorEnd,
        _ => return Ok(None),
    };
    Ok(Some(Test::Time(field, bound, given.time()?)))
}

fn objects(given: &Given<'_>, name: &str) -> Result<Option<Test>, QueryError> {
    let field = match name {
        "epc" => EpcField::Epc,
        "parentID" => EpcField::Parent,
        "inputEPC" => EpcField::Input,
        "outputEPC" => EpcField::Output,
        "anyEPC" => EpcField::Any,
        "epcClass" => EpcField::Class,
        "inputEPCClass" => EpcField::InputClass,
        "outputEPCClass" => EpcField::OutputClass,
        "anyEPCClass" => EpcField::AnyClass,
        _ => return Ok(None),
    };
    Ok(Some(Test::Epcs(field, given.each("EPCs or patterns of EPCs", EpcPattern::read)?)))
}

fn places(given: &Given<'_>, field: PlaceField, descendants: bool) -> Result<Test, QueryError> {
    let ids = given.texts()?.iter().map(|text| Uri::new(text)).collect();
    Ok(Test::Places { field, ids, descendants })
}

/// `EQ_bizTransaction_{type}`, `EQ_source_{type}`, `EQ_destination_{type}`.
fn list_by_type(given: &Given<'_>, fields: &mut Fields<'_>) -> Result<Option<Test>, QueryError> {
    const EXPECTED: &str = "a type of the CBV or an absolute URI after the last underscore";
    let Some(name) = given.parameter.strip_prefix("EQ_") else { return Ok(None) };
    let wrong = |kind: &str| given.wrong_text(EXPECTED, kind);
    let ids = || Ok(given.texts()?.iter().map(|text| Uri::new(text)).collect());
    if let Some(kind) = name.strip_prefix("bizTransaction_") {
        let kind = fields.expand(kind).parse().map_err(|_| wrong(kind))?;
        return Ok(Some(Test::BizTransactions { kind, ids: ids()? }));
    }
    if let Some(kind) = name.strip_prefix("source_") {
        let kind = fields.expand(kind).parse().map_err(|_| wrong(kind))?;
        return Ok(Some(Test::Sources { kind, ids: ids()? }));
    }
    if let Some(kind) = name.strip_prefix("destination_") {
        let kind = fields.expand(kind).parse().map_err(|_| wrong(kind))?;
        return Ok(Some(Test::Destinations { kind, ids: ids()? }));
    }
    Ok(None)
}

/// Whether the text has the form of a code of UN/CEFACT Recommendation 20.
pub(super) fn is_unit(text: &str) -> bool {
    (2..=4).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The operator at the beginning of a name, and the rest.
pub(super) fn operator(name: &str) -> Option<(Operator, &str)> {
    let (operator, rest) = name.split_once('_')?;
    let operator = match operator {
        "EQ" => Operator::Equal,
        "GT" => Operator::Greater,
        "GE" => Operator::GreaterOrEqual,
        "LT" => Operator::Less,
        "LE" => Operator::LessOrEqual,
        _ => return None,
    };
    Some((operator, rest))
}

/// `{operator}_quantity` and `{operator}_quantity_{uom}`.
fn quantity(given: &Given<'_>) -> Result<Option<Test>, QueryError> {
    let Some((operator, name)) = operator(given.parameter) else { return Ok(None) };
    let Some(rest) = name.strip_prefix("quantity") else { return Ok(None) };
    let uom = match rest.strip_prefix('_') {
        Some(uom) if is_unit(uom) => Some(uom.to_owned()),
        None if rest.is_empty() => None,
        _ => return Ok(None),
    };
    let numbers = match operator {
        Operator::Equal => given.numbers()?,
        _ => vec![given.number()?],
    };
    Ok(Some(Test::Quantity { operator, uom, numbers }))
}
