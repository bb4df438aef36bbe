//! Reads the parameters of a `SimpleEventQuery` (EPCIS 2.0, section 8.2.7.1).

mod attribute;
mod control;
mod extension;
mod field;
mod name;
mod sensor;
mod typed;

use serde_json::{Map, Value};

use crate::condition::Condition;
use crate::error::QueryError;
use crate::limits::PARAMETERS_MAX;
use crate::namespaces::Namespaces;
use crate::query::EventQuery;
use crate::value::ParamValue;

pub(crate) use typed::Given;

/// The name of the query in error messages.
const QUERY: &str = "SimpleEventQuery";

/// Reads a JSON query object.
pub(crate) fn read_json(
    query: &Map<String, Value>,
    namespaces: &Namespaces,
) -> Result<EventQuery, QueryError> {
    let mut known = namespaces.clone();
    if let Some(context) = query.get("@context") {
        known.declare_context(context);
    }
    let given = from_json_values(query)?;
    read(&given, &known, Void::IsAValue)
}

/// The values of a JSON query object, `@context` left out.
pub(crate) fn from_json_values(
    query: &Map<String, Value>,
) -> Result<Vec<(String, ParamValue)>, QueryError> {
    let mut given = Vec::with_capacity(query.len());
    for (name, value) in query.iter().filter(|(name, _)| *name != "@context") {
        let value = ParamValue::from_json(value).ok_or_else(|| QueryError::Value {
            parameter: name.clone(),
            expected: "a text, a number, a truth value or a list of these",
            found: crate::value::shown(&value.to_string()),
        })?;
        given.push((name.clone(), value));
    }
    Ok(given)
}

/// Reads the decoded pairs of a query string.
pub(crate) fn read_pairs(
    pairs: &[(String, String)],
    namespaces: &Namespaces,
) -> Result<EventQuery, QueryError> {
    read(&from_pair_values(pairs), namespaces, Void::IsAValue)
}

/// The pairs of a query string, those of one name together. A text with bars is a list, as the
/// `OpenAPI` document of EPCIS 2.0 has it (`style: pipeDelimited`), and so is a JSON array.
pub(crate) fn from_pair_values(pairs: &[(String, String)]) -> Vec<(String, ParamValue)> {
    let mut given: Vec<(String, Vec<String>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (name, text) in pairs {
        let place = *places.entry(name.as_str()).or_insert_with(|| {
            given.push((name.clone(), Vec::new()));
            given.len() - 1
        });
        match json_array(text) {
            Some(items) => given[place].1.extend(items),
            None => given[place].1.extend(text.split('|').map(str::to_owned)),
        }
    }
    given.into_iter().map(|(name, texts)| (name, ParamValue::Untyped(texts))).collect()
}

fn json_array(text: &str) -> Option<Vec<String>> {
    if !text.starts_with('[') {
        return None;
    }
    match ParamValue::from_json(&serde_json::from_str(text).ok()?)? {
        ParamValue::List(items) => Some(items),
        _ => None,
    }
}

/// Reads the parameters of a SOAP request.
pub(crate) fn read_soap(parameters: &[(String, ParamValue)]) -> Result<EventQuery, QueryError> {
    read(parameters, &Namespaces::new(), Void::IsUnset)
}

/// What no value means for a parameter that wants one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Void {
    /// The wrong value.
    IsAValue,
    /// The parameter is left out: a SOAP request may carry an empty `value`.
    IsUnset,
}

fn read(
    parameters: &[(String, ParamValue)],
    namespaces: &Namespaces,
    void: Void,
) -> Result<EventQuery, QueryError> {
    if parameters.len() > PARAMETERS_MAX {
        let found = parameters.len();
        return Err(QueryError::TooComplex { what: "parameters", limit: PARAMETERS_MAX, found });
    }
    let mut query = EventQuery::default();
    let mut seen = std::collections::HashSet::new();
    for (name, value) in parameters {
        if !seen.insert(name.as_str()) {
            return Err(QueryError::Repeated { parameter: name.clone() });
        }
        let given = Given { parameter: name, value, namespaces };
        let read = read_one(&given, &mut query);
        match read {
            Err(QueryError::Value { .. })
                if void == Void::IsUnset && *value == ParamValue::Void => {}
            read => read?,
        }
    }
    query.controls.check()?;
    Ok(query)
}

/// Reads one parameter into the query.
fn read_one(given: &Given<'_>, query: &mut EventQuery) -> Result<(), QueryError> {
    let namespaces = given.namespaces;
    let mut fields = field::Fields { namespaces, used: &mut query.namespaces };
    if control::read(given, &mut fields, &mut query.controls)? {
        return Ok(());
    }
    let parameter = given.parameter.to_owned();
    match name::read(given, &mut fields)? {
        None => Err(QueryError::Unknown { query: QUERY, parameter }),
        // A query string asks `EXISTS_…=false`, which asks nothing.
        Some(_) if parameter.starts_with("EXISTS_") && given.is_false() => Ok(()),
        Some(test) => {
            query.conditions.push(Condition { parameter, test });
            Ok(())
        }
    }
}
