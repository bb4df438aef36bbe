//! Parameters that name an extension field.

use super::field::Fields;
use super::name::operator;
use super::typed::Given;
use crate::condition::{Field, FieldTest, Operator, Scope, Test};
use crate::error::QueryError;
use crate::value::ParamValue;

/// What a parameter asks of an extension field.
pub(super) fn read(given: &Given<'_>, fields: &mut Fields<'_>) -> Result<Option<Test>, QueryError> {
    let (operator, name) = match given.parameter.strip_prefix("EXISTS_") {
        Some(name) => (None, name),
        None => match operator(given.parameter) {
            Some((operator, name)) => (Some(operator), name),
            None => return Ok(None),
        },
    };
    let (inner, name) = match name.strip_prefix("INNER_") {
        Some(name) => (true, name),
        None => (false, name),
    };
    let (scope, name) = scope(name);
    let field = match name.strip_prefix('#') {
        // Only an inner field may be without a namespace.
        Some(name) => (inner && !name.is_empty()).then(|| Field::new("", name)),
        None => fields.resolve(given.parameter, name)?,
    };
    let Some(field) = field else { return Ok(None) };
    let test = match operator {
        None => given.present().map(|()| FieldTest::Exists)?,
        Some(operator) => field_test(given, operator)?,
    };
    Ok(Some(Test::Field { scope, inner, field, test }))
}

fn scope(name: &str) -> (Scope, &str) {
    const SCOPES: &[(&str, Scope)] = &[
        ("ILMD_", Scope::Ilmd),
        ("ERROR_DECLARATION_", Scope::ErrorDeclaration),
        ("SENSORELEMENT_", Scope::SensorElement),
        ("SENSORMETADATA_", Scope::SensorMetadata),
        ("SENSORREPORT_", Scope::SensorReport),
        ("readPoint_", Scope::ReadPoint),
        ("bizLocation_", Scope::BizLocation),
    ];
    let found =
        SCOPES.iter().find_map(|(prefix, scope)| Some((*scope, name.strip_prefix(prefix)?)));
    found.unwrap_or((Scope::Event, name))
}

/// What is asked of the value of a field, by the type of the parameter's value.
pub(super) fn field_test(given: &Given<'_>, operator: Operator) -> Result<FieldTest, QueryError> {
    const EXPECTED: &str = "a number, a date and time with its time zone, or a list of texts";
    match given.value {
        ParamValue::Int(_) | ParamValue::Float(_) => {
            Ok(FieldTest::Number(operator, given.number()?))
        }
        ParamValue::Time(time) => Ok(FieldTest::Time(operator, *time)),
        ParamValue::Text(_) | ParamValue::Untyped(_) => {
            let text = given.text();
            if let Ok(time) = given.time() {
                Ok(FieldTest::Time(operator, time))
            } else if operator == Operator::Equal {
                Ok(FieldTest::Texts(text.map_or_else(
                    |_| given.texts().map(<[String]>::to_vec),
                    |text| Ok(vec![text.to_owned()]),
                )?))
            } else {
                given.number().map(|number| FieldTest::Number(operator, number))
            }
        }
        ParamValue::List(_) if operator == Operator::Equal => {
            Ok(FieldTest::Texts(given.texts()?.to_vec()))
        }
        _ => Err(given.wrong(EXPECTED)),
    }
}
