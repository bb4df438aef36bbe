//! Parameters on the master data of what an event names.

use super::extension::field_test;
use super::field::Fields;
use super::typed::Given;
use crate::condition::{AttributeField, Operator, Test};
use crate::error::QueryError;

/// `HASATTR_{field}`, and `EQATTR_{field}_{attribute}` (in EPCIS 2.0 JSON `EQ_ATTR_…`).
pub(super) fn read(given: &Given<'_>, fields: &mut Fields<'_>) -> Result<Option<Test>, QueryError> {
    if let Some(name) = given.parameter.strip_prefix("HASATTR_") {
        let Some(field) = field(given, fields, name)? else { return Ok(None) };
        let name = |name: &String| given.namespaces.expand(name).into_owned();
        let names = given.texts()?.iter().map(name).collect();
        return Ok(Some(Test::HasAttribute { field, names }));
    }
    let name = given.parameter;
    let Some(name) = name.strip_prefix("EQATTR_").or(name.strip_prefix("EQ_ATTR_")) else {
        return Ok(None);
    };
    let Some((field_name, attribute)) = split(name) else { return Ok(None) };
    let Some(field) = field(given, fields, field_name)? else { return Ok(None) };
    let (name, test) = (fields.expand(attribute), field_test(given, Operator::Equal)?);
    Ok(Some(Test::AttributeEquals { field, name, test }))
}

fn field(
    given: &Given<'_>,
    fields: &mut Fields<'_>,
    name: &str,
) -> Result<Option<AttributeField>, QueryError> {
    let standard = AttributeField::STANDARD.iter().find(|(standard, _)| *standard == name);
    match standard {
        Some((_, field)) => Ok(Some(field.clone())),
        None => {
            let field = fields.resolve(given.parameter, name)?;
            Ok(field.map(AttributeField::Extension))
        }
    }
}

/// The field and the attribute. A standard field ends at its first underscore; the name of an
/// extension field may have some in its namespace, before `#`.
fn split(name: &str) -> Option<(&str, &str)> {
    let standard = AttributeField::STANDARD.iter().find_map(|(field, _)| {
        name.strip_prefix(field)?.strip_prefix('_').map(|rest| (*field, rest))
    });
    let split = standard.or_else(|| {
        let start = name.find('#').unwrap_or(0);
        let end = start + name[start..].find('_')?;
        Some((&name[..end], &name[end + 1..]))
    });
    split.filter(|(field, attribute)| !field.is_empty() && !attribute.is_empty())
}
